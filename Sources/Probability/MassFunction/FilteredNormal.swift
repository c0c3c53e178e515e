internal import Foundation

/// A normal law that stands for one that was cut by half-spaces, one after the other: each cut keeps
/// the mean and the covariance (assumed density filtering).
///
/// An estimate without error bound: it ranks prefixes in a search, and nothing else relies on it.
struct FilteredNormal: Sendable {
  private(set) var mean: [Double]
  /// Row-major.
  private(set) var covariance: [Double]
  /// The logarithm of what is left.
  private(set) var logMass = 0.0

  /// Independent entries with mean zero.
  init(variances: [Double]) {
    mean = Array(repeating: 0, count: variances.count)
    covariance = Array(repeating: 0, count: variances.count * variances.count)
    for (place, variance) in variances.enumerated() {
      covariance[place * (variances.count + 1)] = variance
    }
  }

  /// The logarithms of the share of a half-space and of the other side.
  func logShares(of space: HalfSpace) -> (inside: Double, outside: Double) {
    let (middle, deviation, _) = projection(on: space)
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
    let (middle, deviation, image) = projection(on: space)
    guard deviation > 1e-9 * (middle.magnitude + deviation), deviation > 0 else {
      if middle <= 0 { logMass = -.infinity }
      return
    }
    let ratio = middle / deviation
    let logShare = StandardNormal.logProbability(-ratio, .infinity)
    logMass += logShare
    guard logShare > -700 else { return }
    let hazard = exp(-ratio * ratio / 2 - logShare) * StandardNormal.inverseRootTwoPi
    let shrink = min(max(hazard * (hazard + ratio), 0), 1)
    let size = mean.count
    for row in 0..<size {
      mean[row] += image[row] / deviation * hazard
      let factor = image[row] / (deviation * deviation) * shrink
      for column in 0..<size { covariance[row * size + column] -= factor * image[column] }
    }
  }

  /// Mean and standard deviation of the half-space's form, and the covariance times its normal.
  private func projection(
    on space: HalfSpace
  ) -> (middle: Double, deviation: Double, image: [Double]) {
    let size = mean.count
    var (middle, variance) = (space.offset, 0.0)
    var image = [Double](repeating: 0, count: size)
    for row in 0..<size {
      var sum = 0.0
      for column in 0..<size { sum += covariance[row * size + column] * space.normal[column] }
      image[row] = sum
      middle += space.normal[row] * mean[row]
      variance += space.normal[row] * sum
    }
    return (middle, max(0, variance).squareRoot(), image)
  }
}
