internal import BigInt
internal import ExactArithmetic

/// The standard normal law's tail: `Q(x) = P(Z > x)`.
public enum NormalTail {
  /// Beyond this the tail is only known to be smaller than there, less than 2^-47,000.
  static let farthest = Dyadic(256)
  /// Up to here the power series is used, beyond it the continued fraction.
  static let near = Dyadic(5, exponent: -1)

  /// Encloses `P(Z > x)`.
  ///
  /// Rounding: outward; the relative width is below 2^-90 for an exact `x` from −256 to 256.
  ///
  /// - Parameter x: An enclosure of the place.
  /// - Returns: An enclosure of the tail, within 0 and 1.
  public static func above(_ x: Interval) -> Interval {
    let lower = x.upper == x.lower ? nil : above(x.upper).lower
    let upper = above(x.lower)
    return Interval(lower ?? upper.lower, upper.upper)
  }

  private static func above(_ x: Dyadic) -> Interval {
    if x.signum < 0 { return (Interval.one - above(-x)).probability }
    if x > farthest { return Interval(.zero, above(farthest).upper) }
    let square = Interval(x) * Interval(x)
    let density = Interval.exponential(ofNegative: square.halved) / rootOfTwoPi
    let tail =
      x <= near
      ? Interval.half - density * series(x, square: square) : density / fraction(Interval(x))
    return tail.probability
  }

  private static let rootOfTwoPi = (Interval.pi + Interval.pi).squareRoot

  /// `(1/2 − Q(x)) / φ(x) = Σ x^(2n+1) / (2n+1)!!`, with `0 ≤ x ≤ 5/2` (Abramowitz and Stegun, 26.2.11).
  ///
  /// All terms are positive. Where the ratio of two terms has come below 1/2, the rest is less than
  /// the last term.
  private static func series(_ x: Dyadic, square: Interval) -> Interval {
    var (sum, term) = (Interval(x), Interval(x))
    var divisor = 1
    repeat {
      divisor += 2
      term = term * square / Interval(Dyadic(divisor))
      sum = sum + term
    } while term.upper > Dyadic(1, exponent: -Interval.bits) || divisor < 13
    return sum + Interval(.zero, term.upper)
  }

  /// `φ(x) / Q(x) = x + 1/(x + 2/(x + 3/(x + …)))`, with `x ≥ 5/2` (Abramowitz and Stegun, 26.2.14).
  ///
  /// With `I(n) = ∫ (t − x)^n / n! φ(t) dt` from x on, `I(−1) = φ(x)`, the value is `t(1)` where
  /// `t(n + 1) = I(n − 1) / I(n)`; by parts, `I(n − 1) = x I(n) + (n + 1) I(n + 1)`, so that
  /// `t(n) = x + n / t(n + 1)`. All are positive: `x < t(n) < x + n / x`, and from such an enclosure
  /// of one far out that of the first follows.
  private static func fraction(_ x: Interval) -> Interval {
    var depth = 20
    while Dyadic(depth - 20) * x.lower * x.lower < Dyadic(1600) { depth += 4 }
    var value = Interval(x.lower, (x + Interval(Dyadic(depth)) / x).upper)
    for place in stride(from: depth - 1, through: 1, by: -1) {
      value = x + Interval(Dyadic(place)) / value
    }
    return value
  }
}
