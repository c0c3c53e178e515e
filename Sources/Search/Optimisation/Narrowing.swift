internal import BoundPropagation
public import ExactArithmetic

/// What a search for a number found: an interval between a proof and a witness.
public struct Narrowing: Sendable {
  /// The end at which the claim is proved.
  public struct ProvedEnd: Sendable {
    /// The threshold.
    public let threshold: Rational
    /// The proof of its claim.
    public let proof: Proof
  }

  /// The end at which the claim is refuted.
  public struct RefutedEnd: Sendable {
    /// The threshold.
    public let threshold: Rational
    /// A witness against its claim.
    public let witness: Witness
  }

  /// How a search for a number ended.
  public enum End: Sendable {
    /// The ends are as close to each other as was asked for.
    case narrow
    /// The claim is proved at a radius beyond which all claims say the same.
    case unlimited
    /// The claim is refuted at the smallest radius, zero.
    case refutedAtCentre
    /// Something else came first.
    case stopped(StopReason)
  }

  /// The end at which the claim is proved; nil where nothing was proved.
  public let proved: ProvedEnd?
  /// The end at which the claim is refuted; nil where nothing was refuted.
  public let refuted: RefutedEnd?
  /// How the search ended.
  public let end: End
  /// How many nodes were bounded, in all searches together.
  public let nodes: Int
  /// Wall-clock seconds.
  public let seconds: Double

  /// The lower end of the interval in which the number lies; nil where none is known.
  ///
  /// - Parameter side: The family's side.
  /// - Returns: The threshold.
  public func lower(on side: ClaimFamily.Side) -> Rational? {
    side == .above ? refuted?.threshold : proved?.threshold
  }

  /// The upper end of the interval in which the number lies; nil where none is known.
  ///
  /// - Parameter side: The family's side.
  /// - Returns: The threshold.
  public func upper(on side: ClaimFamily.Side) -> Rational? {
    side == .above ? proved?.threshold : refuted?.threshold
  }
}

/// How wide an interval may be whose ends are known.
public typealias AllowedWidth = @Sendable (_ lower: Rational, _ upper: Rational) -> Rational

extension Search {
  /// Narrows the interval of the number that a family of claims asks for.
  ///
  /// Witnesses move one end, climbing from one to the next; the other end is proved by ordinary
  /// decisions, first as close to the witness as is asked for, and farther off while that takes too
  /// long.
  ///
  /// Blocks the calling thread; works on `options.threads` of its own.
  ///
  /// - Parameters:
  ///   - family: The claims.
  ///   - width: How wide the interval may be; positive, and not smaller for a wider interval.
  ///   - options: Limits, for all decisions together, and the seed.
  ///   - interrupt: Ends the search early.
  ///   - progress: Told how far the current decision is, from any thread.
  /// - Returns: Both ends as far as they are known; each is proved or exactly confirmed.
  public static func narrow(
    _ family: ClaimFamily, to width: @escaping AllowedWidth, options: SearchOptions,
    interrupt: Interrupt = Interrupt(), progress: (@Sendable (Progress) -> Void)? = nil
  ) -> Narrowing {
    var narrower = Narrower(
      family, width: width, options: options, interrupt: interrupt, progress: progress)
    let end = narrower.run()
    return Narrowing(
      proved: narrower.proved, refuted: narrower.refuted, end: end, nodes: narrower.nodes,
      seconds: narrower.seconds)
  }
}
