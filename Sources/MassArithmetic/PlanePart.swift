internal import BigInt
internal import ExactArithmetic

/// The part of a rectangle of two coordinates with densities, or of an interval of one, where
/// `a x + b y + constant > 0`.
///
/// Where all values of y count, the mass is a product. Where some do, it is `∫ f(x) T(x) dx` with the
/// mass `T(x)` of y beyond the line: both are series around the middle, and pieces are halved until these
/// converge. The line is moved by less than 2^-60 of the rectangle, so that less counts.
struct PlanePart {
  struct Side {
    let coefficient: Dyadic
    let slice: Slice
    let support: (lower: Dyadic, upper: Dyadic)
    let measure: CoordinateMeasure

    /// The ends of the coordinate's term.
    var ends: (lower: Rational, upper: Rational) {
      let ends = [support.lower, support.upper].map { Rational(coefficient * $0) }
      return coefficient.signum > 0 ? (ends[0], ends[1]) : (ends[1], ends[0])
    }

    /// The mass of the support, but for what lies beyond its end where the term is greatest: the
    /// support is rounded inward, so that what lies before it may not count.
    var mass: WideDyadic {
      mass(beyond: coefficient.signum > 0 ? support.lower : support.upper).low
    }

    /// The mass from a place on in the direction in which the term grows.
    func mass(beyond place: Dyadic) -> Interval {
      coefficient.signum > 0
        ? CoordinateLaw.mass(
          above: place == slice.low ? slice.lowTails : measure.newTails(at: place),
          upTo: slice.highTails)
        : CoordinateLaw.mass(
          above: slice.lowTails,
          upTo: place == slice.high ? slice.highTails : measure.newTails(at: place))
    }

    /// How many fractional bits are kept of its numbers.
    var bits: Int {
      let width = support.upper - support.lower
      return 64 - width.exponent - width.mantissa.magnitude.bitWidth
    }

    /// Rounds a place so that less lies beyond it.
    func rounded(_ place: Rational) -> Dyadic {
      coefficient.signum > 0
        ? place.roundedUp(toFractionalBits: bits) : place.roundedDown(toFractionalBits: bits)
    }
  }

  /// How often a piece may be halved.
  private static let mostHalvings = 12

  private let constant: Rational
  private let x: Side?
  private let y: Side

  /// The part of one or two sides.
  init(_ sides: [Side], constant: Dyadic) {
    self.constant = Rational(constant)
    y = sides[sides.count - 1]
    x = sides.count > 1 ? sides[0] : nil
  }

  /// A number not above the mass.
  var lowerMass: WideDyadic {
    guard let x else { return massBeyond(-constant / Rational(y.coefficient)) }
    // Where a x is at least the first, all of y counts; where it is at most the second, nothing.
    let (all, none) = (-constant - y.ends.lower, -constant - y.ends.upper)
    let whole = x.rounded(all / Rational(x.coefficient))
    var sum = x.ends.lower >= all ? x.mass : .zero
    if x.ends.lower < all, all < x.ends.upper {
      sum = x.mass(beyond: whole).low
    }
    sum = sum.times(y.mass)
    // The places between, rounded inward.
    let isRising = x.coefficient.signum > 0
    let places = [isRising ? none : all, isRising ? all : none].map { $0 / Rational(x.coefficient) }
    let (low, high) = (
      max(x.support.lower, places[0].roundedUp(toFractionalBits: x.bits)),
      min(x.support.upper, places[1].roundedDown(toFractionalBits: x.bits))
    )
    return low < high ? sum.plus(integral(low, high, x, halvings: 0)) : sum
  }

  /// The mass of y beyond a place.
  private func massBeyond(_ place: Rational) -> WideDyadic {
    let cut = y.rounded(place)
    let isOutside = (cut <= y.support.lower, cut >= y.support.upper)
    if isOutside.0 || isOutside.1 {
      return isOutside.0 == (y.coefficient.signum > 0) ? y.mass : .zero
    }
    return y.mass(beyond: cut).low
  }

  /// `∫ f(x) T(x) dx` between two places, where the line crosses the rectangle.
  private func integral(_ low: Dyadic, _ high: Dyadic, _ x: Side, halvings: Int) -> WideDyadic {
    let half = Dyadic(1, exponent: -1)
    let (centre, reach) = ((low + high) * half, (high - low) * half)
    if let sum = series(around: centre, reach: reach, x) { return sum }
    guard halvings < Self.mostHalvings else { return .zero }
    return integral(low, centre, x, halvings: halvings + 1)
      .plus(integral(centre, high, x, halvings: halvings + 1))
  }

  private func series(around centre: Dyadic, reach: Dyadic, _ x: Side) -> WideDyadic? {
    let (a, b) = (Rational(x.coefficient), Rational(y.coefficient))
    // Of the line y = g(x); what rounding its slope costs within reach is less than a last place of y.
    let slopeBits = y.bits + max(0, reach.exponent + reach.mantissa.magnitude.bitWidth)
    let slope = (-a / b).roundedDown(toFractionalBits: slopeBits)
    let last = Dyadic(1, exponent: -y.bits)
    let place =
      y.rounded((-constant - a * Rational(centre)) / b)
      + (y.coefficient.signum > 0 ? last : -last)
    guard place > y.support.lower, place < y.support.upper else { return .zero }
    let tilt = slope * reach
    guard let density = DensitySeries.of(x.measure, around: centre, reach: reach),
      let other = DensitySeries.of(y.measure, around: place, reach: tilt)
    else { return nil }
    // T falls with y in the direction of its term.
    let factor = Interval(y.coefficient.signum > 0 ? -tilt : tilt)
    var masses = [y.mass(beyond: place)]
    for (power, coefficient) in other.coefficients.enumerated() {
      masses.append(factor * coefficient / Interval(power + 1))
    }
    let rest =
      (density.magnitude * Interval(other.rest, other.rest)
      * Interval(factor.magnitude, factor.magnitude)
      + Interval(density.rest, density.rest)).high
    var sum = Interval(-rest, rest)
    for (first, one) in density.coefficients.enumerated() {
      for (second, other) in masses.enumerated() where (first + second) % 2 == 0 {
        sum = sum + one * other / Interval(first + second + 1)
      }
    }
    return (sum * Interval(reach + reach)).low
  }
}
