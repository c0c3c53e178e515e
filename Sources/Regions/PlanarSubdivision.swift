internal import LinearProgramming

/// Finds all regions in the plane by cutting polygons, rectifier by rectifier.
///
/// Which regions there are is decided exactly: doubles with error bounds first, dyadics where they do
/// not tell. Lower-dimensional regions are left out; a unit that is zero on all of a region is
/// inactive there.
struct PlanarSubdivision {
  private let scope: Scope
  private let root: PrefixForms
  private let rootPrefix: ExactPrefix
  private var cutter = PlanarCutter()

  /// One polygon whose units are fixed up to some unit of the rectifier that waits.
  private struct Piece {
    var polygon: PlanarPolygon
    var pattern: ActivationPattern
    /// The next unit to fix, within the rectifier.
    var unit: Int
  }

  /// A rectifier under a prefix.
  private struct Stage {
    let forms: PrefixForms
    let prefix: ExactPrefix
    let lines: [PlanarLine]
    let firstUnit: Int
  }

  /// Prepares the search.
  ///
  /// - Parameters:
  ///   - network: The network.
  ///   - scope: At most two-dimensional.
  init(_ network: RegionNetwork, _ scope: Scope) {
    precondition(scope.dimension <= 2, "this is the plane")
    self.scope = scope
    let chart = scope.chart.padded(to: 2)
    root = PrefixForms(network, on: chart, tracksMagnitudes: true)
    rootPrefix = ExactPrefix(network, on: chart)
  }

  /// Finds the regions.
  ///
  /// - Parameters:
  ///   - isCancelled: Asked now and then.
  ///   - visit: Called for each region.
  /// - Throws: ``RegionsError/cancelled``, and what `visit` throws.
  mutating func forEachRegion(
    isCancelled: () -> Bool, _ visit: (Region) throws(RegionsError) -> Void
  ) throws(RegionsError) {
    guard let polygon = try startingPolygon() else { return }
    let pattern = ActivationPattern(groupSizes: root.network.groupSizes)
    try subdivide(
      Piece(polygon: polygon, pattern: pattern, unit: 0), stage(root, rootPrefix), isCancelled,
      visit)
  }

  private func stage(_ forms: PrefixForms, _ prefix: ExactPrefix) -> Stage {
    guard let rows = forms.preActivations, let ordinal = forms.ordinal,
      case .rectifier(_, let node) = forms.network.steps[forms.next].operation
    else { return Stage(forms: forms, prefix: prefix, lines: [], firstUnit: 0) }
    let firstUnit = forms.network.firstUnit(of: ordinal)
    let factor = 2 * (forms.network.steps[node].roundings + 1) * Double.ulpOfOne
    let lines = (0..<rows.count).map { entry in
      let (values, sizes) = (rows.values, rows.magnitudes)
      let error = { (place: Int) in sizes[place] == 0 ? 0 : sizes[place] * factor + 1e-300 }
      let place = entry * 3
      return PlanarLine(
        values[place], values[place + 1], values[place + 2],
        errors: (error(place), error(place + 1), error(place + 2)),
        source: .unit(prefix, node: node, entry: entry), origin: .unit(firstUnit + entry))
    }
    return Stage(forms: forms, prefix: prefix, lines: lines, firstUnit: firstUnit)
  }

  private mutating func subdivide(
    _ piece: Piece, _ stage: Stage, _ isCancelled: () -> Bool,
    _ visit: (Region) throws(RegionsError) -> Void
  ) throws(RegionsError) {
    guard stage.forms.ordinal != nil else { return try finish(piece, stage.forms, visit) }
    var open = [piece]
    while var piece = open.popLast() {
      while piece.unit < stage.lines.count {
        let unit = piece.unit
        piece.unit += 1
        switch cutter.cut(piece.polygon, by: stage.lines[unit]) {
        case .positive: piece.pattern[stage.firstUnit + unit] = true
        case .negative: break
        case .both(let negative, let positive):
          var other = piece
          other.polygon = positive
          other.pattern[stage.firstUnit + unit] = true
          open.append(other)
          piece.polygon = negative
        }
      }
      if isCancelled() { throw .cancelled }
      var forms = stage.forms
      let bits = (0..<stage.lines.count).map { piece.pattern[stage.firstUnit + $0] }
      let prefix = ExactPrefix(stage.prefix, fixing: forms.next, to: bits)
      forms.fix(bits)
      piece.unit = 0
      try subdivide(piece, self.stage(forms, prefix), isCancelled, visit)
    }
  }

  // MARK: The scope

  private mutating func startingPolygon() throws(RegionsError) -> PlanarPolygon? {
    var polygon = PlanarCutter.plane
    for line in scopeLines {
      switch cutter.cut(polygon, by: line) {
      case .positive: break
      case .negative: return nil
      case .both(_, let positive): polygon = positive
      }
    }
    return polygon
  }

  /// The half-spaces of the scope, positive inside; missing coordinates go from 0 to 1.
  private var scopeLines: [PlanarLine] {
    let polytope = scope.polytope
    var lines: [PlanarLine] = []
    func add(_ a: Double, _ b: Double, _ c: Double) {
      lines.append(PlanarLine(a, b, c, source: .given(a, b, c), origin: .scope))
    }
    for coordinate in 0..<2 {
      let bounds =
        coordinate < scope.dimension ? polytope.box[coordinate] : .between(0, 1)
      let (x, y) = coordinate == 0 ? (1.0, 0.0) : (0.0, 1.0)
      if bounds.lower.isFinite { add(x, y, -bounds.lower) }
      if bounds.upper.isFinite { add(-x, -y, bounds.upper) }
    }
    for row in 0..<polytope.rowCount where polytope.limits[row].isFinite {
      let values = Array(polytope.row(row)) + [0, 0]
      add(-values[0], scope.dimension > 1 ? -values[1] : 0, polytope.limits[row])
    }
    return lines
  }

  // MARK: Regions

  private func finish(
    _ piece: Piece, _ forms: PrefixForms, _ visit: (Region) throws(RegionsError) -> Void
  ) throws(RegionsError) {
    let corners = piece.polygon.vertices.map(cutter.corner)
    if let ball = scope.ball, !ball.meets(corners, dimension: scope.dimension) { return }
    let facets = piece.polygon.sides.map { side in
      let line = cutter.line(side)
      return Region.Facet(
        normal: line.origin == .infinity ? [0, 0] : [line.a, line.b], offset: line.c,
        origin: line.origin)
    }
    let region = Region(
      pattern: piece.pattern, map: AffineMap(forms.outputs), facets: facets,
      interiorPoint: interiorPoint(of: corners), corners: corners)
    try visit(region.restricted(to: scope.dimension))
  }

  private func interiorPoint(of corners: [Region.Corner]) -> [Double] {
    let finite = corners.filter { !$0.isAtInfinity }
    var point = [0.0, 0.0]
    for corner in finite {
      point[0] += corner.x / Double(finite.count)
      point[1] += corner.y / Double(finite.count)
    }
    // Far enough to matter beside the corners.
    let reach = finite.reduce(1) { max($0, $1.x.magnitude, $1.y.magnitude) }
    for corner in corners where corner.isAtInfinity && !finite.isEmpty {
      point[0] += corner.x * reach
      point[1] += corner.y * reach
    }
    return point
  }
}

extension Region {
  /// A region in the plane as one of fewer dimensions.
  fileprivate func restricted(to dimension: Int) -> Region {
    guard dimension < 2 else { return self }
    let width = map.columns
    var matrix: [Double] = []
    for row in 0..<map.rows { matrix += map.matrix[row * width..<row * width + dimension] }
    let facets = facets.filter { dimension > 0 && $0.normal[0] != 0 }
    return Region(
      pattern: pattern,
      map: AffineMap(rows: map.rows, columns: dimension, matrix: matrix, offset: map.offset),
      facets: facets.map {
        Facet(normal: Array($0.normal.prefix(dimension)), offset: $0.offset, origin: $0.origin)
      },
      interiorPoint: Array(interiorPoint.prefix(dimension)), corners: [])
  }
}

extension Scope.EuclideanBall {
  /// Whether a polygon has points within the ball.
  fileprivate func meets(_ corners: [Region.Corner], dimension: Int) -> Bool {
    guard dimension == 2 else { return true }
    let finite = corners.filter { !$0.isAtInfinity }
    guard finite.count == corners.count else { return true }
    var isInside = true
    for (one, next) in zip(finite, finite.dropFirst() + finite.prefix(1)) {
      let (dx, dy) = (next.x - one.x, next.y - one.y)
      let (px, py) = (centre[0] - one.x, centre[1] - one.y)
      if dx * py - dy * px < 0 { isInside = false }
      let length = dx * dx + dy * dy
      let place = length > 0 ? min(max((px * dx + py * dy) / length, 0), 1) : 0
      let (ex, ey) = (px - place * dx, py - place * dy)
      if ex * ex + ey * ey < radius * radius { return true }
    }
    return isInside
  }
}
