internal import BigInt
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
  public struct Tails: Hashable, Sendable {
    /// `P(X ≤ v)`.
    public let below: Interval
    /// `P(X > v)`.
    public let above: Interval
  }

  /// Encloses the masses on both sides of a cut; the value itself belongs to the lower side.
  ///
  /// - Parameter cut: The value.
  /// - Returns: Both masses.
  public func tails(at cut: Dyadic) -> Tails {
    switch self {
    case .normal(let mean, let variance):
      let place = Self.standardised(Rational(cut), mean, variance)
      return Tails(below: NormalTail.above(-place), above: NormalTail.above(place))
    case .truncatedNormal(let mean, let variance, let lower, let upper):
      return truncatedTails(at: Rational(cut), mean, variance, lower, upper)
    case .uniform(let lower, let upper):
      let place = max(lower, min(upper, Rational(cut)))
      let width = upper - lower
      return Tails(
        below: Interval((place - lower) / width).probability,
        above: Interval((upper - place) / width).probability)
    case .points(let points):
      let value = Rational(cut)
      let below = points.reduce(Rational.zero) { $1.value <= value ? $0 + $1.probability : $0 }
      return Tails(
        below: Interval(below).probability, above: Interval(Rational.one - below).probability)
    case .clipped(let law, let lower, let upper):
      let value = Rational(cut)
      if value < lower { return Tails(below: .zero, above: .one) }
      return value < upper ? law.tails(at: cut) : Tails(below: .one, above: .zero)
    }
  }

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
    if low.above.upper <= Interval.half.upper {
      difference = low.above - high.above
    } else if high.below.upper <= Interval.half.upper {
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

  /// `(value − mean) / √variance`.
  private static func standardised(_ value: Rational, _ mean: Rational, _ variance: Rational)
    -> Interval
  {
    Interval(value - mean) / Interval(variance).squareRoot
  }

  private func truncatedTails(
    at cut: Rational, _ mean: Rational, _ variance: Rational, _ lower: Rational?, _ upper: Rational?
  ) -> Tails {
    if let lower, cut <= lower { return Tails(below: .zero, above: .one) }
    if let upper, cut >= upper { return Tails(below: .one, above: .zero) }
    let tails = { (end: Rational) in
      let place = Self.standardised(end, mean, variance)
      return Tails(below: NormalTail.above(-place), above: NormalTail.above(place))
    }
    let (first, middle, last) = (lower.map(tails), tails(cut), upper.map(tails))
    let below = Self.mass(above: first, upTo: middle)
    let above = Self.mass(above: middle, upTo: last)
    // Of two positive numbers: a / (a + b), so that each end depends on the right ends.
    guard below.lower.signum > 0, above.lower.signum > 0 else {
      return Tails(below: Interval(.zero, .one), above: Interval(.zero, .one))
    }
    return Tails(below: below / (below + above), above: above / (below + above)).bounded
  }
}

extension CoordinateLaw.Tails {
  /// Both within 0 and 1.
  fileprivate var bounded: Self { Self(below: below.probability, above: above.probability) }
}
