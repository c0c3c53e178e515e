internal import Approximation
internal import ExactArithmetic
internal import NetworkModel

extension Distribution {
  /// How often a point is drawn again before a truncated law counts as one that cannot be sampled.
  private static let mostRejections = 10_000_000

  /// Draws a point.
  ///
  /// - Parameter generator: Where the randomness comes from.
  /// - Returns: The point, rounded to binary64.
  /// - Throws: ``DistributionError`` for a law truncated to a box so improbable that drawing again and
  ///   again does not meet it; where all noise is independent that does not happen.
  public func sample(
    using generator: inout SeededGenerator
  ) throws(DistributionError) -> [Double] {
    switch form {
    case .gaussian(let gaussian): return Component(gaussian).sample(using: &generator)
    case .uniform(let box): return Component(box).sample(using: &generator)
    case .discrete(let law): return law.sample(using: &generator)
    case .kernel(let law, let spread):
      let centre = law.sample(using: &generator)
      var noise = Component(try Gaussian(mean: law.point(0), spread: spread))
      noise.centre = centre
      return noise.sample(using: &generator)
    case .mixture(let parts):
      var rest = generator.uniform()
      for (weight, law) in parts.dropLast() {
        rest -= weight.nearestDouble
        if rest < 0 { return try law.sample(using: &generator) }
      }
      return try parts[parts.count - 1].law.sample(using: &generator)
    case .product(let parts):
      var point: [Double] = []
      for part in parts { point += try part.sample(using: &generator) }
      return point
    case .clipped(let law, let box):
      let point = try law.sample(using: &generator)
      return point.indices.map { min(max(point[$0], box.lowerEnds[$0]), box.upperEnds[$0]) }
    case .truncated(let law, let box):
      return try law.sample(within: box, using: &generator)
    }
  }

  /// Draws a point given that it lies in a box.
  private func sample(
    within box: Box, using generator: inout SeededGenerator
  ) throws(DistributionError) -> [Double] {
    if let component = independentComponent?.truncated(to: box) {
      return component.sample(using: &generator)
    }
    for _ in 0..<Self.mostRejections {
      let point = try sample(using: &generator)
      let isInside = point.indices.allSatisfy {
        box.lowerEnds[$0] <= point[$0] && point[$0] <= box.upperEnds[$0]
      }
      if isInside { return point }
    }
    throw DistributionError(
      .whole, "found a law whose truncation box none of \(Self.mostRejections) drawn points meets")
  }

  /// The one component of a law whose entries are independent.
  private var independentComponent: Component? {
    switch form {
    case .gaussian(let gaussian):
      gaussian.factor.columns == 0 ? Component(gaussian) : nil
    case .uniform(let box): Component(box)
    case .mixture, .product, .discrete, .kernel, .truncated, .clipped: nil
    }
  }
}

extension DiscreteLaw {
  /// Draws a point by its place in the sum of probabilities.
  fileprivate func sample(using generator: inout SeededGenerator) -> [Double] {
    point(place(of: generator.uniform())).doubles
  }
}

extension Component {
  /// Draws a point; noise that entries share is not cut.
  fileprivate func sample(using generator: inout SeededGenerator) -> [Double] {
    var point = centre
    if factor.columns > 0 {
      let normals = (0..<factor.columns).map { _ in generator.normal() }
      for entry in point.indices {
        point[entry] += zip(factor.row(entry), normals).reduce(0) { $0 + $1.0 * $1.1 }
      }
    }
    for entry in point.indices {
      let low = (truncation?.lower[entry] ?? -.infinity) - centre[entry]
      let high = (truncation?.upper[entry] ?? .infinity) - centre[entry]
      switch noise[entry] {
      case .none: break
      case .normal(let deviation):
        point[entry] += deviation * generator.normal(from: low / deviation, to: high / deviation)
      case .uniform(let halfWidth):
        let (start, end) = (max(low, -halfWidth), min(high, halfWidth))
        point[entry] += start + (end - start) * generator.uniform()
      }
    }
    return point
  }
}
