internal import ExactArithmetic

/// A law's density around a place: `f(c + w t) = Σ coefficient_n t^n`, for `t` from −1 to 1.
struct DensitySeries {
  /// Of the powers from 0 on.
  let coefficients: [Interval]
  /// At least the magnitude of what the other powers add up to.
  let rest: WideDyadic

  /// The highest power that is kept.
  private static let degree = 20

  /// Expands a density, of a clipped law that between its ends; where the law's support ends, the series goes on.
  ///
  /// - Parameters:
  ///   - measure: The law.
  ///   - centre: The place `c`.
  ///   - reach: The distance `w`, of either sign.
  /// - Returns: The series; nil where the law has no density, or where the terms do not fall fast
  ///   enough to bound the rest.
  static func of(_ measure: CoordinateMeasure, around centre: Dyadic, reach: Dyadic)
    -> DensitySeries?
  {
    switch measure.law {
    case .uniform(let lower, let upper):
      return DensitySeries(
        coefficients: [Interval(Rational.one / (upper - lower))], rest: .zero)
    case .normal, .truncatedNormal:
      guard let shape = measure.shape,
        let series = normal(
          at: shape.standardised(Rational(centre)), reach: Interval(reach) / shape.deviation)
      else { return nil }
      let scale = shape.deviation * (measure.kept?.mass ?? .one)
      guard scale.low.signum > 0 else { return nil }
      return DensitySeries(
        coefficients: series.coefficients.map { $0 / scale },
        rest: (Interval(series.rest, series.rest) / scale).high)
    case .clipped: return of(measure.inner[0], around: centre, reach: reach)
    case .points: return nil
    }
  }

  /// `φ(x + w t)`: with `f_n = φ^(n)(x) w^n / n!`, `(n + 1) f_(n+1) = −w x f_n − w² f_(n−1)`.
  ///
  /// From the last two terms on, where `4 |w x| + 16 w² ≤ n + 1`, each term is at most a quarter of a
  /// bound of the one before, which is the larger of the last one and a quarter of the one before it:
  /// the rest is at most a third of that. It must be tiny beside the density, or small masses drown.
  private static func normal(at x: Interval, reach w: Interval) -> DensitySeries? {
    let (shift, square) = (w * x, w * w)
    let growth = Interval(4) * Interval(shift.magnitude, shift.magnitude) + Interval(16) * square
    guard growth.high <= WideDyadic(Int128(degree + 1)) else { return nil }
    var (last, next) = (Interval.zero, NormalTail.density(at: x))
    var coefficients = [next]
    for place in 1...degree {
      (last, next) = (next, -(shift * next + square * last) / Interval(place))
      coefficients.append(next)
    }
    let rest = max(last.magnitude, next.magnitude)
    guard rest < coefficients[0].low.times(WideDyadic(1, exponent: -40)) else { return nil }
    return DensitySeries(coefficients: coefficients, rest: rest)
  }

  /// `Σ |coefficient| + rest`.
  var magnitude: Interval {
    coefficients.reduce(Interval(rest, rest)) {
      $0 + Interval($1.magnitude, $1.magnitude)
    }
  }

  /// Without the last powers, as long as they add up to less than 2^-bits of the density.
  func shortened(to bits: Int) -> DensitySeries {
    var (kept, rest) = (coefficients, Interval(rest, rest))
    let most = coefficients[0].low.times(WideDyadic(1, exponent: -bits))
    while let last = kept.last, kept.count > 1 {
      let more = rest + Interval(last.magnitude, last.magnitude)
      guard more.high < most else { break }
      kept.removeLast()
      rest = more
    }
    return DensitySeries(coefficients: kept, rest: rest.high)
  }
}
