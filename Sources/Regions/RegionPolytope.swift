internal import LinearProgramming

/// Regions as polytopes of a scope, by linear programs in doubles.
struct RegionPolytope {
  /// Regions without a ball of this radius are taken for flat.
  private static let leastRadius = 1e-9

  let scope: Scope

  /// The largest ball, where its radius is not negligible.
  func largestBall(
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

  /// The region of a pattern, where it has interior.
  func region(
    _ pattern: ActivationPattern, _ rows: PatternRows, isCancelled: () -> Bool
  ) throws(RegionsError) -> Region? {
    guard rows.constantsAgree,
      let found = try interior(of: rows.sides, isCancelled: isCancelled)
    else { return nil }
    return Region(
      pattern: pattern, map: rows.map, facets: found.facets, interiorPoint: found.point,
      corners: [])
  }

  /// The needed ones of some sides and of the scope's, and a point inside; nothing where there is no
  /// interior.
  func interior(
    of sides: [Region.Facet], isCancelled: () -> Bool
  ) throws(RegionsError) -> (facets: [Region.Facet], point: [Double])? {
    var polytope = scope.polytope
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
    return (facets, ball.centre)
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
