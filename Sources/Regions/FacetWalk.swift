internal import LinearProgramming

/// Finds all regions by walking from each region through its facets to its neighbours.
///
/// The regions that meet the interior of a convex set are connected through facets that do, so the
/// walk is complete as far as the linear programs see every facet.
struct FacetWalk {
  /// Regions without a ball of this radius are taken for flat.
  private static let leastRadius = 1e-9

  private let network: RegionNetwork
  private let scope: Scope
  private let root: PrefixForms

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
      guard let region = try region(pattern, cell, isCancelled) else { continue }
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
    guard let (centre, radius) = try largestBall(in: scope.polytope, isCancelled) else {
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

  private func largestBall(
    in polytope: Polytope, _ isCancelled: () -> Bool
  ) throws(RegionsError) -> (centre: [Double], radius: Double)? {
    switch try attempt({ () throws(ProblemError) in
      try polytope.largestBall(isCancelled: isCancelled)
    }) {
    case .ball(let centre, let radius): return radius > Self.leastRadius ? (centre, radius) : nil
    case .flat, .reportedEmpty: return nil
    case .stopped(.cancelled): throw .cancelled
    case .stopped(let reason): throw .stopped(reason)
    }
  }

  private func region(
    _ pattern: ActivationPattern, _ rows: PatternRows, _ isCancelled: () -> Bool
  ) throws(RegionsError) -> Region? {
    var polytope = scope.polytope
    let sides = rows.sides
    for side in sides { try add(side, to: &polytope) }
    guard let ball = try largestBall(in: polytope, isCancelled) else { return nil }
    let needed: [Int]
    switch try attempt({ () throws(ProblemError) in
      try polytope.neededRows(isCancelled: isCancelled)
    }) {
    case .needed(let rows): needed = rows
    case .reportedEmpty: return nil
    case .stopped(.cancelled, remaining: _): throw .cancelled
    case .stopped(let reason, remaining: _): throw .stopped(reason)
    }
    let scopeRows = scope.polytope.rowCount
    let facets = needed.map { row in
      row >= scopeRows
        ? sides[row - scopeRows]
        : Region.Facet(
          normal: scope.polytope.row(row).map { -$0 }, offset: scope.polytope.limits[row],
          origin: .scope)
    }
    return Region(
      pattern: pattern, map: rows.map, facets: facets, interiorPoint: ball.centre, corners: [])
  }

  private func add(_ side: Region.Facet, to polytope: inout Polytope) throws(RegionsError) {
    try attempt { () throws(ProblemError) in
      try polytope.add(side.normal.map { -$0 }, atMost: side.offset)
    }
  }

  private func attempt<Result>(
    _ body: () throws(ProblemError) -> Result
  ) throws(RegionsError) -> Result {
    do { return try body() } catch { throw .unusableSet("\(error)") }
  }
}

/// The pre-activations of all units under a pattern.
struct PatternRows {
  private let pattern: ActivationPattern
  private let root: PrefixForms
  /// Per rectifier.
  private let groups: [Forms]
  let map: AffineMap

  init(_ pattern: ActivationPattern, from root: PrefixForms) {
    var forms = root
    var groups: [Forms] = []
    while let ordinal = forms.ordinal, let rows = forms.preActivations {
      groups.append(rows)
      forms.fix(pattern.group(ordinal))
    }
    self.pattern = pattern
    self.root = root
    self.groups = groups
    map = AffineMap(forms.outputs)
  }

  /// The half-spaces of all units whose pre-activation is no constant, with normals of length one.
  var sides: [Region.Facet] {
    var sides: [Region.Facet] = []
    var unit = 0
    for rows in groups {
      for entry in 0..<rows.count {
        if let length = rows.length(ofRow: entry) {
          let scale = (pattern[unit] ? 1 : -1) / length
          let row = rows.row(entry)
          sides.append(
            Region.Facet(
              normal: row.dropLast().map { $0 * scale }, offset: row[row.endIndex - 1] * scale,
              origin: .unit(unit)))
        }
        unit += 1
      }
    }
    return sides
  }

  /// The pattern on the other side of a facet.
  ///
  /// Pre-activations are continuous, so only units that vanish on all of the facet can change. What
  /// such a unit is on the other side is a multiple of the facet's own form.
  ///
  /// - Parameters:
  ///   - facet: Of the region with these rows.
  ///   - point: Inside the region.
  /// - Returns: The neighbour's pattern.
  func neighbour(across facet: Region.Facet, near point: [Double]) -> ActivationPattern {
    let height = zip(facet.normal, point).reduce(facet.offset) { $0 + $1.0 * $1.1 }
    let foot = zip(point, facet.normal).map { $0 - height * $1 }
    var neighbour = pattern
    var forms = root
    var unit = 0
    while let ordinal = forms.ordinal, let rows = forms.preActivations {
      let old = groups[ordinal]
      for entry in 0..<rows.count {
        if old.vanishes(row: entry, onPlane: facet.normal, through: foot) {
          neighbour[unit] = rows.isNegativeMultiple(row: entry, of: facet.normal)
        }
        unit += 1
      }
      forms.fix(neighbour.group(ordinal))
    }
    return neighbour
  }
}

extension Forms {
  /// The length of a form's linear part, or nothing where that is no more than rounding.
  fileprivate func length(ofRow row: Int) -> Double? {
    var (sum, size) = (0.0, 0.0)
    for place in row * width..<(row + 1) * width - 1 {
      sum += values[place] * values[place]
      size += magnitudes[place]
    }
    let length = sum.squareRoot()
    return length > 1e-12 * size && length > 0 ? length : nil
  }

  /// Whether a form is zero on a plane, given by a normal of length one and one of its points.
  fileprivate func vanishes(
    row: Int, onPlane normal: [Double], through point: [Double]
  ) -> Bool {
    let form = self.row(row)
    let tolerance = 1e-9
    var (value, size) = (form[form.endIndex - 1], magnitudes[(row + 1) * width - 1])
    for (place, number) in point.enumerated() {
      value += form[form.startIndex + place] * number
      size += magnitudes[row * width + place] * number.magnitude
    }
    guard value.magnitude <= tolerance * size else { return false }
    guard let length = length(ofRow: row) else { return true }
    var along = 0.0
    for (place, number) in normal.enumerated() { along += form[form.startIndex + place] * number }
    return along.magnitude >= (1 - tolerance) * length
  }

  /// Whether a form that vanishes on a plane falls along the plane's normal.
  fileprivate func isNegativeMultiple(row: Int, of normal: [Double]) -> Bool {
    guard length(ofRow: row) != nil else { return false }
    var along = 0.0
    for (place, number) in normal.enumerated() { along += values[row * width + place] * number }
    return along < 0
  }
}
