extension Certification {
  /// What supports an answer.
  public enum Evidence: Equatable, Sendable {
    /// A proof that the claim holds, in a file of its own.
    case proof(Proof)
    /// A point that refutes the claim.
    case witness([Variable])
    /// A proof at one end of the interval of a number, and a point that refutes the claim of the other
    /// end, where there is one.
    case interval(Interval, Proof, witness: [Variable]?)
    /// A proof that a probability lies in an interval, which decides the claim.
    case probability(Interval, Proof)
    /// Nothing: the claim is undecided.
    case none
  }

  /// A proof file.
  public struct Proof: Equatable, Sendable {
    /// The only format of proofs.
    public static let format = "affidavit-proof/1"

    /// The file's name, beside the certificate.
    public var name: String
    /// The file's digest.
    public var digest: Digest
    /// The file's size in bytes.
    public var size: Int

    /// A proof file.
    ///
    /// - Parameters:
    ///   - name: The file's name, beside the certificate.
    ///   - digest: The file's digest.
    ///   - size: The file's size in bytes.
    public init(name: String, digest: Digest, size: Int) {
      self.name = name
      self.digest = digest
      self.size = size
    }
  }

  /// The value of one variable of the claim at the point that refutes it.
  public struct Variable: Equatable, Sendable {
    /// The variable's name in the claim's text.
    public var name: String
    /// Its type in the claim's text, such as `real` or `float32`.
    public var type: String
    /// Its shape; empty for a single number.
    public var shape: [Int]
    /// Its values in row-major order, as exact decimal numbers.
    public var values: [String]

    /// The value of one variable.
    ///
    /// - Parameters:
    ///   - name: The variable's name in the claim's text.
    ///   - type: Its type in the claim's text.
    ///   - shape: Its shape; empty for a single number.
    ///   - values: Its values in row-major order, as exact decimal numbers.
    public init(name: String, type: String, shape: [Int], values: [String]) {
      self.name = name
      self.type = type
      self.shape = shape
      self.values = values
    }
  }

  /// A program with its version.
  public struct Tool: Equatable, Sendable {
    /// The program's name.
    public var name: String
    /// The program's version.
    public var version: String

    /// A program with its version.
    ///
    /// - Parameters:
    ///   - name: The program's name.
    ///   - version: The program's version.
    public init(name: String, version: String) {
      self.name = name
      self.version = version
    }
  }

  /// The program that checked the evidence before signing.
  public struct Checker: Equatable, Sendable {
    /// What the checker said.
    public enum Verdict: String, CaseIterable, Sendable {
      /// It replayed the proof, or evaluated the witness, and accepted it.
      case accepted
      /// There was nothing to check.
      case notRun = "not-run"
    }

    /// The program's name.
    public var name: String
    /// The program's version.
    public var version: String
    /// The arithmetic in which it decides.
    public var arithmetic: String
    /// What it said.
    public var verdict: Verdict
    /// How many steps of the proof it replayed.
    public var steps: Int

    /// The program that checked the evidence.
    ///
    /// - Parameters:
    ///   - name: The program's name.
    ///   - version: The program's version.
    ///   - arithmetic: The arithmetic in which it decides.
    ///   - verdict: What it said.
    ///   - steps: How many steps of the proof it replayed.
    public init(name: String, version: String, arithmetic: String, verdict: Verdict, steps: Int) {
      self.name = name
      self.version = version
      self.arithmetic = arithmetic
      self.verdict = verdict
      self.steps = steps
    }
  }

  /// When and how the answer was found.
  public struct Run: Equatable, Sendable {
    /// When it began, in UTC: `2026-11-03T12:00:00Z`.
    public var startedOn: String
    /// When it ended, in the same form.
    public var finishedOn: String
    /// The seed of everything random.
    public var seed: UInt64
    /// How many threads worked.
    public var threads: Int
    /// The command line.
    public var arguments: [String]

    /// When and how the answer was found.
    ///
    /// - Parameters:
    ///   - startedOn: When it began, in UTC: `2026-11-03T12:00:00Z`.
    ///   - finishedOn: When it ended, in the same form.
    ///   - seed: The seed of everything random.
    ///   - threads: How many threads worked.
    ///   - arguments: The command line.
    public init(
      startedOn: String, finishedOn: String, seed: UInt64, threads: Int, arguments: [String]
    ) {
      self.startedOn = startedOn
      self.finishedOn = finishedOn
      self.seed = seed
      self.threads = threads
      self.arguments = arguments
    }
  }
}
