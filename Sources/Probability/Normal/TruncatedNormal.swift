internal import Foundation

/// The standard normal law cut to an interval.
struct TruncatedNormal {
  /// The probability of the interval is `scaled · exp(−nearest²/2)`.
  let scaled: Double
  let nearest: Double
  /// The density of the cut law at the lower end; zero at infinity.
  let densityBelow: Double
  /// The density of the cut law at the upper end; zero at infinity.
  let densityAbove: Double
  /// Its mean, which does not cancel where the interval is narrow.
  let mean: Double
  /// Its variance, roughly where the interval is far out.
  let variance: Double

  /// The logarithm of the probability of the interval.
  var logProbability: Double { log(scaled) - nearest * nearest / 2 }

  /// Cuts to an interval that is not empty.
  init(_ lower: Double, _ upper: Double) {
    let (scaled, nearest) = StandardNormal.scaledProbability(lower, upper)
    func density(_ x: Double) -> Double {
      guard x.isFinite else { return 0 }
      return exp((nearest - x) * (nearest + x) / 2) * StandardNormal.inverseRootTwoPi / scaled
    }
    (self.scaled, self.nearest) = (scaled, nearest)
    (densityBelow, densityAbove) = (density(lower), density(upper))
    let width = upper - lower
    if width * max(abs(lower), abs(upper), 1) < 1 {
      (mean, variance) = Self.narrowMoments(lower, width, nearest)
    } else {
      mean = densityBelow - densityAbove
      let ends =
        (lower.isFinite ? lower * densityBelow : 0) - (upper.isFinite ? upper * densityAbove : 0)
      // Far out the law is exponential, and the formula cancels.
      let floor = abs(nearest) > 30 ? 0.5 / (nearest * nearest) : 1e-12
      variance = min(max(1 + ends - mean * mean, floor), 1)
    }
  }

  private static func narrowMoments(
    _ lower: Double, _ width: Double, _ nearest: Double
  ) -> (mean: Double, variance: Double) {
    let rule = GaussLegendre.ten
    let middle = lower + width / 2
    var (mass, first, second) = (0.0, 0.0, 0.0)
    for (node, weight) in zip(rule.nodes, rule.weights) {
      let offset = width / 2 * node
      let x = middle + offset
      let density = weight * exp((nearest - x) * (nearest + x) / 2)
      mass += density
      first += density * offset
      second += density * offset * offset
    }
    let shift = first / mass
    return (middle + shift, second / mass - shift * shift)
  }
}
