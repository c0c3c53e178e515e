public import ExactArithmetic

/// A half-open interval `(low, high]` of one coordinate.
public struct Slice: Sendable {
  /// The lower cut; at the root the lower end of the law's range.
  public private(set) var low: Dyadic
  /// The upper cut; at the root the upper end of the law's range.
  public private(set) var high: Dyadic
  /// What lies on both sides of the lower cut; nil where no mass lies below.
  public private(set) var lowTails: CoordinateLaw.Tails?
  /// What lies on both sides of the upper cut; nil where no mass lies above.
  public private(set) var highTails: CoordinateLaw.Tails?
  /// Whether it was cut below, and above.
  private(set) var isCut = (below: false, above: false)
  /// Its mass.
  public private(set) var mass: Interval

  /// The whole range of a law, but for the tails beyond it.
  ///
  /// - Parameter law: The law.
  public init(_ law: CoordinateLaw) {
    let range = law.range
    (low, high) = (range.lower, range.upper)
    lowTails = range.isBounded.below ? nil : law.tails(at: low)
    highTails = range.isBounded.above ? nil : law.tails(at: high)
    mass = CoordinateLaw.mass(above: lowTails, upTo: highTails)
  }

  /// The parts up to a cut and above it.
  ///
  /// - Parameters:
  ///   - cut: A value between the ends.
  ///   - tails: What lies on both sides of it.
  /// - Returns: Both parts.
  public func split(at cut: Dyadic, _ tails: CoordinateLaw.Tails) -> (low: Slice, high: Slice) {
    var (low, high) = (self, self)
    (low.high, low.highTails) = (cut, tails)
    (high.low, high.lowTails) = (cut, tails)
    (low.isCut.above, high.isCut.below) = (true, true)
    low.mass = CoordinateLaw.mass(above: low.lowTails, upTo: low.highTails)
    high.mass = CoordinateLaw.mass(above: high.lowTails, upTo: high.highTails)
    return (low, high)
  }
}
