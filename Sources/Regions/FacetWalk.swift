/// Finds all regions by walking from each region through its facets to its neighbours.
///
/// The regions that meet the interior of a convex set are connected through facets that do, so the
/// walk is complete as far as the linear programs see every facet.
struct FacetWalk {
  private let network: RegionNetwork
  private let scope: Scope
  private let root: PrefixForms
  private let polytope: RegionPolytope

  /// Prepares the walk.
  ///
  /// - Parameters:
  ///   - network: The network.
  ///   - scope: Any dimension from one on, without a ball.
  /// - Throws: ``RegionsError/unusableSet(_:)`` for a ball.
  init(_ network: RegionNetwork, _ scope: Scope) throws(RegionsError) {
    guard scope.ball == nil else {
      throw .unusableSet(
        "found a Euclidean ball in \(scope.dimension) dimensions, expected at most 2")
    }
    self.network = network
    self.scope = scope
    polytope = RegionPolytope(scope: scope)
    root = PrefixForms(network, on: scope.chart, tracksMagnitudes: true)
  }

  /// Walks.
  ///
  /// - Parameters:
  ///   - isCancelled: Asked now and then.
  ///   - visit: Called for each region.
  /// - Throws: ``RegionsError``, and what `visit` throws.
  mutating func forEachRegion(
    isCancelled: () -> Bool, _ visit: (Region) throws(RegionsError) -> Void
  ) throws(RegionsError) {
    guard let start = try start(isCancelled) else { return }
    var seen: Set<ActivationPattern> = [start]
    var open = [start]
    while let pattern = open.popLast() {
      if isCancelled() { throw .cancelled }
      let cell = PatternRows(pattern, from: root)
      guard let region = try polytope.region(pattern, cell, isCancelled: isCancelled) else {
        continue
      }
      try visit(region)
      for facet in region.facets {
        guard case .unit = facet.origin else { continue }
        let next = cell.neighbour(across: facet, near: region.interiorPoint)
        if seen.insert(next).inserted { open.append(next) }
      }
    }
  }

  /// The pattern at a point inside the scope that lies on no boundary, as far as can be.
  private func start(_ isCancelled: () -> Bool) throws(RegionsError) -> ActivationPattern? {
    guard let (centre, radius) = try polytope.largestBall(in: scope.polytope, isCancelled) else {
      return nil
    }
    // Some direction with nothing special about it.
    var state: UInt64 = 0x9E37_79B9_7F4A_7C15
    let step = centre.map { _ in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double(state >> 11) * 0x1p-53 - 0.5
    }
    let length = step.reduce(0) { $0 + $1 * $1 }.squareRoot()
    let reach = min(radius, 1) * 0.37 / max(length, 1e-3)
    return try network.pattern(at: scope.chart.point(at: zip(centre, step).map { $0 + reach * $1 }))
  }
}
