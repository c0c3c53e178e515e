internal import ExactArithmetic

/// The standard normal law's tail: `Q(x) = P(Z > x)`.
public enum NormalTail {
  /// Beyond this the tail is only known to be smaller than there, less than 2^-47,000.
  static let farthest = WideDyadic(256)
  /// Up to here the power series is used, beyond it the continued fraction.
  static let near = WideDyadic(5, exponent: -1)

  /// Encloses `P(Z > x)`.
  ///
  /// Rounding: outward; the relative width is below 2^-90 for an exact `x` from −256 to 256.
  ///
  /// - Parameter x: An enclosure of the place.
  /// - Returns: An enclosure of the tail, within 0 and 1.
  public static func above(_ x: Interval) -> Interval {
    let lower = x.low == x.high ? nil : above(x.high).low
    let upper = above(x.low)
    return Interval(lower ?? upper.low, upper.high)
  }

  private static func above(_ place: WideDyadic) -> Interval {
    if place.signum < 0 { return (Interval.one - above(-place)).probability }
    if place > farthest { return Interval(.zero, above(farthest).high) }
    let x = Interval(place, place)
    let tail =
      place <= near
      ? Interval.half - density(at: x) * series(x) : density(at: x) / fraction(x)
    return tail.probability
  }

  /// Encloses the density `φ(x)`.
  static func density(at x: Interval) -> Interval {
    let size = x.low.signum >= 0 ? x : -x
    // Around zero the least square is zero; far out only the top is known.
    if size.low > farthest { return Interval(.zero, density(at: Interval(256)).high) }
    let root = size.low.signum >= 0 ? size : Interval(.zero, x.magnitude)
    return Interval.exponential(ofNegative: (root * root).halved) / rootOfTwoPi
  }

  private static let rootOfTwoPi = (Interval.pi + Interval.pi).squareRoot

  /// `(1/2 − Q(x)) / φ(x) = Σ x^(2n+1) / (2n+1)!!`, with `0 ≤ x ≤ 5/2` (Abramowitz and Stegun, 26.2.11).
  ///
  /// All terms are positive. Where the ratio of two terms has come below 1/2, the rest is less than
  /// the last term.
  private static func series(_ x: Interval) -> Interval {
    let square = x * x
    var (sum, term) = (x, x)
    var divisor = 1
    repeat {
      divisor += 2
      term = term * square / Interval(divisor)
      sum = sum + term
    } while term.high > Interval.unit || divisor < 13
    return sum + Interval(.zero, term.high)
  }

  /// `φ(x) / Q(x) = x + 1/(x + 2/(x + 3/(x + …)))`, with `x ≥ 5/2` (Abramowitz and Stegun, 26.2.14).
  ///
  /// With `I(n) = ∫ (t − x)^n / n! φ(t) dt` from x on, `I(−1) = φ(x)`, the value is `t(1)` where
  /// `t(n + 1) = I(n − 1) / I(n)`; by parts, `I(n − 1) = x I(n) + (n + 1) I(n + 1)`, so that
  /// `t(n) = x + n / t(n + 1)`. All are positive: `x < t(n) < x + n / x`, and from such an enclosure
  /// of one far out that of the first follows.
  private static func fraction(_ x: Interval) -> Interval {
    var depth = 20
    while (Interval(depth - 20) * x * x).low < WideDyadic(1600) { depth += 4 }
    var value = Interval(x.low, (x + Interval(depth) / x).high)
    for place in stride(from: depth - 1, through: 1, by: -1) {
      value = x + Interval(place) / value
    }
    return value
  }
}
