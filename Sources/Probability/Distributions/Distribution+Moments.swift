internal import Approximation
public import NetworkModel

internal import ExactArithmetic

extension Distribution {
  /// The mean and the covariance of a point.
  public struct Moments: Sendable {
    /// The mean, one number per entry.
    public var mean: [Double]
    /// The covariance, `[entries][entries]`.
    public var covariance: DenseMatrix
  }

  /// The mean and the covariance of a point, in floating point.
  ///
  /// - Returns: The moments; `nil` where entries that share noise are truncated or clipped, for which
  ///   there is no closed form here.
  public var moments: Moments? {
    switch form {
    case .gaussian(let gaussian): return Component(gaussian).moments
    case .uniform(let box): return Component(box).moments
    case .discrete(let law):
      return Moments.mixed(Component.atoms(of: law).map { ($0.weight, $0.moments) })
    case .kernel(let law, let spread):
      guard let kernel = try? Gaussian(mean: law.point(0), spread: spread) else { return nil }
      let noise = Component(kernel).moments
      return Distribution(law).moments.map {
        Moments(mean: $0.mean, covariance: $0.covariance.adding(noise.covariance))
      }
    case .mixture(let parts):
      return Moments.mixed(parts.map { ($0.weight.nearestDouble, $0.law.moments) })
    case .product(let parts):
      var result = Moments(mean: [], covariance: DenseMatrix(rows: 0, columns: 0, weights: []))
      for part in parts {
        guard let moments = part.moments else { return nil }
        result = Moments(
          mean: result.mean + moments.mean,
          covariance: .blocks(result.covariance, moments.covariance))
      }
      return result
    case .truncated, .clipped: return momentsOfComponents
    }
  }

  /// Those of a truncated or clipped law, component by component.
  private var momentsOfComponents: Moments? {
    var isIndependent = true
    let components = try? components {
      _ in
      isIndependent = false
      return 0
    }
    guard isIndependent, let components else { return nil }
    return Moments.mixed(
      components.map { ($0.weight * $0.truncationProbability { _ in 1 }, $0.momentsOfEntries) })
  }
}

extension Distribution.Moments {
  /// The moments of a mixture.
  static func mixed(_ parts: [(weight: Double, moments: Self?)]) -> Self? {
    guard let size = parts.first?.moments?.mean.count else { return nil }
    var mean = [Double](repeating: 0, count: size)
    for (weight, moments) in parts {
      guard let moments else { return nil }
      for entry in 0..<size { mean[entry] += weight * moments.mean[entry] }
    }
    var covariance = [Double](repeating: 0, count: size * size)
    for (weight, moments) in parts {
      guard let moments else { return nil }
      let shift = (0..<size).map { moments.mean[$0] - mean[$0] }
      for row in 0..<size {
        for column in 0..<size {
          covariance[row * size + column] +=
            weight
            * (moments.covariance.weights[row * size + column] + shift[row] * shift[column])
        }
      }
    }
    return Self(mean: mean, covariance: DenseMatrix(rows: size, columns: size, weights: covariance))
  }
}

extension DenseMatrix {
  fileprivate func adding(_ other: DenseMatrix) -> DenseMatrix {
    DenseMatrix(
      rows: rows, columns: columns, weights: weights.indices.map { weights[$0] + other.weights[$0] }
    )
  }
}

extension Component {
  /// The moments of a component that is neither truncated nor clipped.
  var moments: Distribution.Moments {
    let size = dimension
    var covariance = [Double](repeating: 0, count: size * size)
    for row in 0..<size {
      for column in 0...row where factor.columns > 0 {
        let product = zip(factor.row(row), factor.row(column)).reduce(0) { $0 + $1.0 * $1.1 }
        covariance[row * size + column] = product
        covariance[column * size + row] = product
      }
      let deviation = deviation(row)
      covariance[row * size + row] = deviation * deviation
    }
    return Distribution.Moments(
      mean: centre, covariance: DenseMatrix(rows: size, columns: size, weights: covariance))
  }

  /// The moments where every entry that is truncated or clipped has no noise but its own; nil else.
  var momentsOfEntries: Distribution.Moments? {
    var moments = self.moments
    let everywhere = Ends.everywhere(dimension)
    let (cut, clip) = (truncation ?? everywhere, clipping ?? everywhere)
    for entry in 0..<dimension {
      let ends = [cut.lower[entry], cut.upper[entry], clip.lower[entry], clip.upper[entry]]
      guard ends.contains(where: \.isFinite) else { continue }
      guard factor.row(entry).allSatisfy({ $0 == 0 }) else { return nil }
      let (mean, variance) = noise[entry].moments(
        centre: centre[entry], truncation: (ends[0], ends[1]), clipping: (ends[2], ends[3]))
      moments.mean[entry] = mean
      var weights = moments.covariance.weights
      weights[entry * dimension + entry] = variance
      moments.covariance = DenseMatrix(rows: dimension, columns: dimension, weights: weights)
    }
    return moments
  }
}

extension Component.Noise {
  /// The mean and the variance of a number with this noise, truncated and then clipped.
  func moments(
    centre: Double, truncation: (low: Double, high: Double), clipping: (low: Double, high: Double)
  ) -> (mean: Double, variance: Double) {
    let total = probability(from: truncation.low - centre, to: truncation.high - centre)
    let start = max(truncation.low, clipping.low)
    let end = min(truncation.high, clipping.high)
    guard !isNone, total > 0 else {
      return (min(max(centre, clipping.low), clipping.high), 0)
    }
    // Below and above the clipping lie atoms; the middle is measured from the end nearest the centre,
    // so that little cancels.
    let origin = min(max(centre, start), max(start, end))
    var (first, second) = (0.0, 0.0)
    func add(_ probability: Double, at value: Double) {
      guard probability > 0 else { return }
      first += probability * (value - origin)
      second += probability * (value - origin) * (value - origin)
    }
    let below = min(clipping.low, truncation.high)
    add(probability(from: truncation.low - centre, to: below - centre), at: clipping.low)
    let above = max(clipping.high, truncation.low)
    add(probability(from: above - centre, to: truncation.high - centre), at: clipping.high)
    if start < end {
      let middle = partialMoments(from: start - centre, to: end - centre)
      let shift = centre - origin
      first += middle.first + shift * middle.mass
      second += middle.second + 2 * shift * middle.first + shift * shift * middle.mass
    }
    let mean = first / total
    return (origin + mean, max(0, second / total - mean * mean))
  }

  /// The integrals of 1, t and t² over an interval.
  private func partialMoments(
    from low: Double, to high: Double
  ) -> (mass: Double, first: Double, second: Double) {
    switch self {
    case .none: return (0, 0, 0)
    case .normal(let deviation):
      let (a, b) = (low / deviation, high / deviation)
      let mass = StandardNormal.probability(a, b)
      let (start, end) = (StandardNormal.density(a), StandardNormal.density(b))
      let edge = (a.isFinite ? a * start : 0) - (b.isFinite ? b * end : 0)
      return (mass, deviation * (start - end), deviation * deviation * (mass + edge))
    case .uniform(let halfWidth):
      let (a, b) = (max(low, -halfWidth), min(high, halfWidth))
      guard a < b else { return (0, 0, 0) }
      let scale = 1 / (2 * halfWidth)
      return (
        (b - a) * scale, (b - a) * (b + a) / 2 * scale,
        (b - a) * (a * a + a * b + b * b) / 3 * scale
      )
    }
  }
}
