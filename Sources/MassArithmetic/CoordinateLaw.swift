public import ExactArithmetic

/// The law of one coordinate, with exact parameters.
public indirect enum CoordinateLaw: Hashable, Sendable {
  /// Normal; the variance is positive.
  case normal(mean: Rational, variance: Rational)
  /// Normal, given that the value lies between two ends, the lower one first; nil stands for no end.
  case truncatedNormal(mean: Rational, variance: Rational, lower: Rational?, upper: Rational?)
  /// Uniform between two ends, the lower one first.
  case uniform(lower: Rational, upper: Rational)
  /// Finitely many values, ascending, with positive probabilities that sum to one.
  case points([Point])
  /// Another law, with what lies outside of two ends moved to the nearest one.
  case clipped(CoordinateLaw, lower: Rational, upper: Rational)

  /// One value.
  public struct Point: Hashable, Sendable {
    /// The value.
    public let value: Rational
    /// Its probability.
    public let probability: Rational

    /// Gives a value its probability.
    public init(value: Rational, probability: Rational) {
      self.value = value
      self.probability = probability
    }
  }

  /// How many standard deviations around the mean the ``range`` of a normal law has.
  static let reach = 64

  /// What lies to both sides of a cut.
  public struct Tails: Equatable, Sendable {
    /// `P(X ≤ v)`.
    public let below: Interval
    /// `P(X > v)`.
    public let above: Interval
  }

  /// Encloses the masses on both sides of a cut; the value itself belongs to the lower side.
  ///
  /// - Parameter cut: The value.
  /// - Returns: Both masses.
  public func tails(at cut: Dyadic) -> Tails { CoordinateMeasure(self).newTails(at: cut) }

  /// Encloses the mass of the values above one cut and not above another one.
  ///
  /// Rounding: outward, and by differences of the smaller tails, so that small masses far out keep
  /// their leading digits.
  ///
  /// - Parameters:
  ///   - low: The tails at the lower cut; nil where there is none.
  ///   - high: The tails at the upper cut; nil where there is none.
  /// - Returns: The mass, within 0 and 1.
  public static func mass(above low: Tails?, upTo high: Tails?) -> Interval {
    let low = low ?? Tails(below: .zero, above: .one)
    let high = high ?? Tails(below: .one, above: .zero)
    let difference: Interval
    if low.above.high <= Interval.half.high {
      difference = low.above - high.above
    } else if high.below.high <= Interval.half.high {
      difference = high.below - low.below
    } else {
      difference = Interval.one - low.below - high.above
    }
    return difference.probability
  }

  /// An interval with dyadic ends that holds all values, but for normal tails beyond ``reach``
  /// standard deviations; and whether no value lies below and above it.
  public var range: (lower: Dyadic, upper: Dyadic, isBounded: (below: Bool, above: Bool)) {
    switch self {
    case .normal(let mean, let variance):
      let reach =
        Interval(Dyadic(Self.reach)) * Interval(variance).squareRoot
      return (
        (Interval(mean) - reach).lower, (Interval(mean) + reach).upper, (false, false)
      )
    case .truncatedNormal(let mean, let variance, let lower, let upper):
      let whole = Self.normal(mean: mean, variance: variance).range
      return (
        lower.map { Interval($0).lower } ?? min(whole.lower, Interval(upper ?? mean).lower),
        upper.map { Interval($0).upper } ?? max(whole.upper, Interval(lower ?? mean).upper),
        (lower != nil, upper != nil)
      )
    case .uniform(let lower, let upper), .clipped(_, let lower, let upper):
      return (Interval(lower).lower, Interval(upper).upper, (true, true))
    case .points(let points):
      let values = points.map(\.value)
      return (
        Interval(values.reduce(values[0], min)).lower,
        Interval(values.reduce(values[0], max)).upper, (true, true)
      )
    }
  }
}
