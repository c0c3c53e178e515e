internal import Approximation
internal import ExactArithmetic
internal import NetworkModel

extension Distribution {
  /// The most components that a law is taken apart into.
  public static let largestComponentCount = 1_000_000

  /// How many components the law has; no more than ``Int/max``.
  public var componentCount: Int {
    switch form {
    case .gaussian, .uniform: return 1
    case .discrete(let law), .kernel(let law, _):
      return (0..<law.count).count { law.probability($0).signum > 0 }
    case .mixture(let parts): return parts.reduce(0) { $0.saturatingSum($1.law.componentCount) }
    case .product(let parts): return parts.reduce(1) { $0.saturatingProduct($1.componentCount) }
    case .truncated(let law, _), .clipped(let law, _): return law.componentCount
    }
  }

  /// The law as a sum of components.
  ///
  /// - Parameter boxProbability: The probability that a component, untruncated, lies in its truncation
  ///   box; called where entries that share noise are truncated.
  /// - Returns: The components, those without weight left out.
  /// - Throws: ``DistributionError`` for more than ``largestComponentCount``, and for a law that is
  ///   truncated to a box that it never meets.
  public func components(
    boxProbability: (Component) -> Double
  ) throws(DistributionError) -> [Component] {
    guard componentCount <= Self.largestComponentCount else {
      throw DistributionError(
        .whole,
        "found a law of more than \(Self.largestComponentCount) components, expected fewer")
    }
    return try parts(boxProbability)
  }

  private func parts(
    _ boxProbability: (Component) -> Double
  ) throws(DistributionError) -> [Component] {
    switch form {
    case .gaussian(let gaussian): return [Component(gaussian)]
    case .uniform(let box): return [Component(box)]
    case .discrete(let law): return Component.atoms(of: law)
    case .kernel(let law, let spread): return try Component.kernels(of: law, spread)
    case .mixture(let laws):
      var components: [Component] = []
      for (weight, law) in laws {
        components += try law.parts(boxProbability).map { $0.scaled(by: weight.nearestDouble) }
      }
      return components
    case .product(let laws):
      var components = try laws[0].parts(boxProbability)
      for law in laws.dropFirst() {
        let others = try law.parts(boxProbability)
        components = components.flatMap { first in others.map { first.beside($0) } }
      }
      return components
    case .truncated(let law, let box):
      return try Self.truncate(try law.parts(boxProbability), box, boxProbability)
    case .clipped(let law, let box):
      return try law.parts(boxProbability).map { $0.clipped(to: box) }
    }
  }

  /// Cuts components at a box and divides their weights by what is left.
  private static func truncate(
    _ components: [Component], _ box: Box, _ boxProbability: (Component) -> Double
  ) throws(DistributionError) -> [Component] {
    var (kept, total): ([Component], Double) = ([], 0)
    for component in components {
      guard let cut = component.truncated(to: box) else { continue }
      let mass = cut.truncationProbability(boxProbability)
      guard mass > 0 else { continue }
      kept.append(cut)
      total += cut.weight * mass
    }
    guard total > 0 else {
      throw DistributionError(
        .whole, "found a law that lies in the box it is truncated to with probability 0")
    }
    return kept.map { $0.scaled(by: 1 / total) }
  }
}

extension Int {
  fileprivate func saturatingSum(_ other: Int) -> Int {
    let (sum, overflow) = addingReportingOverflow(other)
    return overflow ? .max : sum
  }

  fileprivate func saturatingProduct(_ other: Int) -> Int {
    let (product, overflow) = multipliedReportingOverflow(by: other)
    return overflow ? .max : product
  }
}
