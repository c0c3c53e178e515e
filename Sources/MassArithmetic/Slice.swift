public import ExactArithmetic

/// The values of one coordinate between two cuts, the upper one among them.
public struct Slice: Sendable {
  /// The cuts; at the root the ends of the law's range.
  public private(set) var cuts: (lower: Dyadic, upper: Dyadic)
  /// No value is less than this: the lower cut, unless the law has single values only.
  public private(set) var low: Dyadic
  /// No value is greater than this.
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
    cuts = (low, high)
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
    (low.cuts.upper, low.highTails) = (cut, tails)
    (high.cuts.lower, high.lowTails) = (cut, tails)
    (low.low, low.high) = low.cuts
    (high.low, high.high) = high.cuts
    (low.isCut.above, high.isCut.below) = (true, true)
    low.mass = CoordinateLaw.mass(above: low.lowTails, upTo: low.highTails)
    high.mass = CoordinateLaw.mass(above: high.lowTails, upTo: high.highTails)
    return (low, high)
  }

  /// Moves the ends to the least and the greatest value of a law of points, rounded outward, where there is one.
  ///
  /// - Parameter law: The law.
  public mutating func narrow(to law: CoordinateLaw) {
    guard case .points(let points) = law else { return }
    let values = points.map(\.value).filter {
      (lowTails == nil || Rational(cuts.lower) < $0) && $0 <= Rational(cuts.upper)
    }
    guard let first = values.first, let last = values.last else { return }
    (low, high) = (Interval(first).lower, Interval(last).upper)
  }
}
