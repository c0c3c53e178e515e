internal import Foundation

/// A normal law that stands for one that was cut by half-spaces: each half-space is replaced by a
/// Gaussian factor, and the factors are adjusted to one another (expectation propagation).
///
/// An estimate without error bound: it ranks prefixes in a search, and nothing else relies on it.
/// Source: Cunningham, Hennig and Lacoste-Julien, arXiv:1111.6832.
struct FilteredNormal: Sendable {
  /// A half-space and the factor `exp(−precision·v²/2 + pull·v)` of v = normal · u that stands for it.
  private struct Site {
    let normal: [Double]
    let offset: Double
    var precision = 0.0
    var pull = 0.0
  }

  /// What is left of a factor's form when the factor is taken out.
  private struct Cavity {
    let mean: Double
    let variance: Double
  }

  private var mean: [Double]
  /// Row-major.
  private var covariance: [Double]
  /// The sum of the factors' pulls along their normals.
  private var pull: [Double]
  /// The logarithm of the covariance's determinant, less that before the first cut.
  private var logDeterminant = 0.0
  private var sites: [Site] = []
  /// The logarithm of what is left.
  private(set) var logMass = 0.0

  /// Independent entries with mean zero.
  init(variances: [Double]) {
    mean = Array(repeating: 0, count: variances.count)
    pull = mean
    covariance = Array(repeating: 0, count: variances.count * variances.count)
    for (place, variance) in variances.enumerated() {
      covariance[place * (variances.count + 1)] = variance
    }
  }

  /// The logarithms of the share of a half-space and of the other side.
  func logShares(of space: HalfSpace) -> (inside: Double, outside: Double) {
    let form = projection(on: space.normal)
    let (middle, deviation) = (form.middle + space.offset, max(0, form.variance).squareRoot())
    guard deviation > 1e-9 * (middle.magnitude + deviation), deviation > 0 else {
      return middle > 0 ? (0, -.infinity) : (-.infinity, 0)
    }
    let ratio = middle / deviation
    return (
      StandardNormal.logProbability(-ratio, .infinity),
      StandardNormal.logProbability(-.infinity, -ratio)
    )
  }

  /// Cuts at a half-space.
  mutating func cut(to space: HalfSpace) {
    let length = space.normal.reduce(0) { $0 + $1 * $1 }.squareRoot()
    guard length > 0 else {
      if space.offset < 0 { logMass = -.infinity }
      return
    }
    sites.append(Site(normal: space.normal.map { $0 / length }, offset: space.offset / length))
    adjust(sites.count - 1)
    for site in sites.indices { adjust(site) }
    logMass = normaliser()
  }

  /// Moves a factor to where its form's mean and variance are those of its law without the factor, cut.
  private mutating func adjust(_ index: Int) {
    let site = sites[index]
    let form = projection(on: site.normal)
    guard let cavity = cavity(of: site, form.middle, form.variance) else { return }
    let deviation = cavity.variance.squareRoot()
    let ratio = (cavity.mean + site.offset) / deviation
    let hazard = Self.hazard(ratio)
    let shrink = min(max(hazard * (hazard + ratio), 0), 1 - 1e-12)
    let variance = cavity.variance * (1 - shrink)
    let newMean = cavity.mean + deviation * hazard
    let precision = max(1 / variance - 1 / cavity.variance, 0)
    let pull = newMean / variance - cavity.mean / cavity.variance
    let (morePrecision, morePull) = (precision - site.precision, pull - site.pull)
    let scale = 1 + morePrecision * form.variance
    guard scale > 1e-12, scale.isFinite, morePull.isFinite else { return }
    sites[index].precision = precision
    sites[index].pull = pull
    logDeterminant -= log(scale)
    let step = (morePull - morePrecision * form.middle) / scale
    let size = mean.count
    for row in 0..<size {
      self.pull[row] += morePull * site.normal[row]
      mean[row] += form.image[row] * step
      let factor = form.image[row] * morePrecision / scale
      for column in 0..<size { covariance[row * size + column] -= factor * form.image[column] }
    }
  }

  private func cavity(of site: Site, _ middle: Double, _ variance: Double) -> Cavity? {
    guard variance > 0 else { return nil }
    let precision = 1 / variance - site.precision
    guard precision > 1e-10 / variance else { return nil }
    return Cavity(
      mean: (middle / variance - site.pull) / precision, variance: 1 / precision)
  }

  /// The logarithm of the product of the factors' integrals, each scaled as its half-space demands.
  private func normaliser() -> Double {
    var sum = logDeterminant / 2
    for (one, other) in zip(pull, mean) { sum += one * other / 2 }
    for site in sites {
      let form = projection(on: site.normal)
      guard let cavity = cavity(of: site, form.middle, form.variance) else { continue }
      let scale = 1 + site.precision * cavity.variance
      let (mean, variance) = (cavity.mean, cavity.variance)
      sum += StandardNormal.logProbability(
        -(mean + site.offset) / variance.squareRoot(), .infinity)
      sum += log(scale) / 2
      sum -=
        (site.pull * site.pull * variance + 2 * site.pull * mean
          - mean * mean * site.precision) / (2 * scale)
    }
    return sum
  }

  /// φ/Φ.
  private static func hazard(_ ratio: Double) -> Double {
    guard ratio > -30 else { return -ratio - 1 / ratio }
    return StandardNormal.density(ratio)
      / exp(StandardNormal.logProbability(-ratio, .infinity))
  }

  /// Mean and variance of a form, and the covariance times its normal.
  private func projection(
    on normal: [Double]
  ) -> (middle: Double, variance: Double, image: [Double]) {
    let size = mean.count
    var (middle, variance) = (0.0, 0.0)
    var image = [Double](repeating: 0, count: size)
    for row in 0..<size {
      var sum = 0.0
      for column in 0..<size { sum += covariance[row * size + column] * normal[column] }
      image[row] = sum
      middle += normal[row] * mean[row]
      variance += normal[row] * sum
    }
    return (middle, variance, image)
  }
}
