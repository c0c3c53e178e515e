internal import ClaimLanguage
public import ExactArithmetic
public import ProofChecker

/// What a search found.
public enum Verdict: Sendable {
  /// No case has a point: the checker accepted the proof.
  case holds(Proof)
  /// A point of a case, confirmed in the claim's meaning.
  case refuted(Witness)
  /// Neither was shown.
  case undecided(StopReason)
}

/// A proof that the checker accepted.
public struct Proof: Sendable {
  /// The bytes, in the format of `specs/format/proof.md`.
  public let bytes: [UInt8]
  /// The checker's evidence.
  public let verified: Verified
}

/// A point that refutes a claim.
public struct Witness: Sendable {
  /// The exact joint input, by entry of ``Problem/inputNames``.
  public let point: [Rational]
  /// The outputs of a binary32 evaluation, by place in ``Problem/outputs``.
  public let outputs: [Double]
  /// The exact confirmation.
  public let confirmed: ConfirmedWitness
  /// Whether the point is one of binary32 numbers and that evaluation satisfies the rows too.
  public let holdsInBinary32: Bool
}

/// Why a search ended without an answer.
public enum StopReason: Error, Hashable, Sendable, CustomStringConvertible {
  /// The time limit was reached.
  case timeLimit
  /// The caller interrupted it.
  case interrupted
  /// Memory for open nodes ran out.
  case nodeLimit(Int)
  /// The process holds more than so many bytes.
  case memoryLimit(Int)
  /// Boxes or branches are too small to be told apart in binary64.
  case resolution
  /// A point seems to refute the claim, but only within rounding.
  case unconfirmedWitness(String)
  /// The checker did not accept the proof.
  case proofRejected(String)
  /// The problem is beyond the search's or the checker's arithmetic.
  case unsupported(String)

  /// One phrase.
  public var description: String {
    switch self {
    case .timeLimit: "the time limit was reached"
    case .interrupted: "interrupted"
    case .nodeLimit(let limit): "more than \(limit) nodes are open"
    case .memoryLimit(let limit): "more than \(limit >> 20) MiB of memory are used"
    case .resolution: "what is left is too small for binary64"
    case .unconfirmedWitness(let reason): "a point refutes it within rounding only: \(reason)"
    case .proofRejected(let reason): "the checker rejected the proof: \(reason)"
    case .unsupported(let reason): reason
    }
  }
}

/// The answer to one problem, with what it took.
public struct Decision: Sendable {
  /// The answer.
  public let verdict: Verdict
  /// How many nodes were bounded.
  public let nodes: Int
  /// Wall-clock seconds.
  public let seconds: Double
}

/// What a search may use.
public struct SearchOptions: Sendable {
  /// Wall-clock seconds; nil for no limit.
  public var timeLimit: Double?
  /// How many threads work.
  public var threads: Int
  /// The seed of the attack's random numbers; a seed gives the same answer on any number of threads.
  public var seed: UInt64
  /// How many nodes may be open at once.
  public var nodeLimit: Int
  /// How many bytes the process may hold, looked at a few times a second.
  public var memoryLimit: Int

  /// Chooses limits.
  ///
  /// - Parameters:
  ///   - timeLimit: Wall-clock seconds; nil for no limit.
  ///   - threads: How many threads work.
  ///   - seed: The seed of the attack's random numbers.
  ///   - nodeLimit: How many nodes may be open at once.
  ///   - memoryLimit: How many bytes the process may hold; 2 GiB where it is left out.
  public init(
    timeLimit: Double? = nil, threads: Int = 2, seed: UInt64 = 1, nodeLimit: Int = 4_000_000,
    memoryLimit: Int = 2 << 30
  ) {
    self.timeLimit = timeLimit
    self.threads = threads
    self.seed = seed
    self.nodeLimit = nodeLimit
    self.memoryLimit = memoryLimit
  }
}

/// How far a search has come.
public struct Progress: Sendable {
  /// Wall-clock seconds so far.
  public let seconds: Double
  /// How many nodes were bounded.
  public let nodes: Int
  /// How many nodes are open.
  public let open: Int
  /// The share of the tree that is proved, in [0, 1]: each split halves its node's share.
  public let provedShare: Double
  /// The lowest bound among the nodes last bounded; positive bounds are closed.
  public let lowestBound: Double
}
