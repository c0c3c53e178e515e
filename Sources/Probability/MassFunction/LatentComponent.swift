internal import LinearProgramming
public import NetworkModel
public import Regions

/// A component of a law in the few coordinates that a network can tell apart.
///
/// The inputs are `chart.origin + chart.basis · u`, where the first ``normalCount`` coordinates of u
/// are independent standard normal and the others uniform from −1 to 1, up to directions that the
/// network does not depend on. What the component is truncated to are rows of the scope.
public struct LatentComponent: Sendable {
  /// What the component's measure is multiplied with.
  public let weight: Double
  /// The network, behind a clipping where the law is clipped.
  public let network: RegionNetwork
  /// The coordinates and where they count.
  public let scope: Scope
  /// How many coordinates, the first ones, are normal.
  public let normalCount: Int
  /// How many rectifiers, the first ones, stand for the clipping.
  public let clippingGroups: Int
  /// Whether the law's own numbers are binary ones, so that its atoms are where they are computed.
  public let hasBinaryNumbers: Bool

  /// Looks at a component with the eyes of a network.
  ///
  /// - Parameters:
  ///   - component: One piece of the law of the network's inputs.
  ///   - network: With one input.
  /// - Throws: ``RegionsError``.
  public init(_ component: Component, of network: Network) throws(RegionsError) {
    weight = component.weight
    hasBinaryNumbers = component.hasBinaryNumbers
    var (network, addsRectifier) = (network, false)
    if let clipping = component.clipping {
      (network, addsRectifier) = network.clippingInputs(to: clipping)
    }
    clippingGroups = addsRectifier ? 1 : 0
    self.network = try RegionNetwork(network)
    guard component.dimension == self.network.inputSize else {
      throw .wrongCount(
        of: "entries of a law", found: component.dimension, expected: self.network.inputSize)
    }
    let noise = try Noise(component)
    (scope, normalCount) = try noise.scope(seenBy: self.network, component.truncation)
  }

  /// The number of coordinates.
  public var dimension: Int { scope.dimension }

  /// The pattern of the network itself, without the units of the clipping.
  ///
  /// - Parameter pattern: Of ``network``.
  /// - Returns: The pattern of the network that was given.
  public func withoutClipping(_ pattern: ActivationPattern) -> ActivationPattern {
    guard clippingGroups > 0 else { return pattern }
    let skipped = pattern.groupSizes[..<clippingGroups].reduce(0, +)
    var rest = ActivationPattern(groupSizes: Array(pattern.groupSizes[clippingGroups...]))
    for unit in 0..<rest.unitCount { rest[unit] = pattern[skipped + unit] }
    return rest
  }
}

/// The noise of a component as charts.
private struct Noise {
  private let centre: [Double]
  /// The columns of shared and own normal noise, row-major.
  private let normals: Chart
  /// Place and half width of each uniform entry.
  private var uniforms: [(entry: Int, halfWidth: Double)] = []

  init(_ component: Component) throws(RegionsError) {
    centre = component.centre
    var own: [(entry: Int, deviation: Double)] = []
    for (entry, noise) in component.noise.enumerated() {
      switch noise {
      case .none: break
      case .normal(let deviation): own.append((entry, deviation))
      case .uniform(let halfWidth): uniforms.append((entry, halfWidth))
      }
    }
    let shared = component.factor.columns
    let width = shared + own.count
    var basis = [Double](repeating: 0, count: centre.count * width)
    for entry in centre.indices {
      for (column, value) in component.factor.row(entry).enumerated() {
        basis[entry * width + column] = value
      }
    }
    for (column, noise) in own.enumerated() {
      basis[noise.entry * width + shared + column] = noise.deviation
    }
    normals = try Chart(origin: centre, basis: basis, dimension: width)
  }

  /// The coordinates that matter, and how many of them are normal.
  func scope(
    seenBy network: RegionNetwork, _ truncation: Component.Ends?
  ) throws(RegionsError) -> (Scope, Int) {
    let cut = centre.indices.filter {
      (truncation?.lower[$0] ?? -.infinity) > -.infinity
        || (truncation?.upper[$0] ?? .infinity) < .infinity
    }
    var seen = network.dependence(on: normals)
    for entry in cut {
      seen += normals.basis[entry * normals.dimension..<(entry + 1) * normals.dimension]
    }
    // As many forms as coordinates cannot be reduced, or hardly.
    let rank = normals.dimension > 0 && seen.count / normals.dimension < normals.dimension
    let normal = rank || normals.dimension <= 64 ? reduced(to: seen) : normals
    let uniform = try seenUniforms(by: network, cut)
    let width = normal.dimension + uniform.count
    var basis: [Double] = []
    for entry in centre.indices {
      basis += normal.basis[entry * normal.dimension..<(entry + 1) * normal.dimension]
      basis += uniform.map { $0.entry == entry ? $0.halfWidth : 0 }
    }
    let chart = try Chart(origin: centre, basis: basis, dimension: width)
    let box = (0..<width).map { $0 < normal.dimension ? Bounds.free : .between(-1, 1) }
    var scope = try Scope(chart: chart, box: box)
    for entry in cut {
      guard let truncation else { break }
      let row = Array(chart.basis[entry * width..<(entry + 1) * width])
      let (low, high) = (truncation.lower[entry], truncation.upper[entry])
      if high < .infinity { try scope.add(row, atMost: high - centre[entry]) }
      if low > -.infinity { try scope.add(row.map { -$0 }, atMost: centre[entry] - low) }
    }
    return (scope, normal.dimension)
  }

  /// The normal noise along the directions that something depends on.
  private func reduced(to rows: [Double]) -> Chart {
    let space = RowSpace(rows: rows, dimension: normals.dimension)
    // Without a direction to lose the coordinates stay what they are, free of rounding.
    return space.directions.count == normals.dimension ? normals : normals.along(space.directions)
  }

  /// The uniform entries that something depends on.
  private func seenUniforms(
    by network: RegionNetwork, _ cut: [Int]
  ) throws(RegionsError) -> [(entry: Int, halfWidth: Double)] {
    guard !uniforms.isEmpty else { return [] }
    let chart = try Chart(free: uniforms.map(\.entry), origin: centre)
    let forms = network.dependence(on: chart)
    return uniforms.enumerated().filter { place, uniform in
      cut.contains(uniform.entry)
        || stride(from: place, to: forms.count, by: uniforms.count).contains { forms[$0] != 0 }
    }.map(\.element)
  }
}
