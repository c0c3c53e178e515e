extension RegionNetwork {
  /// Finds all regions that meet a set.
  ///
  /// A region counts when what it has in common with the set has interior: all others have no mass
  /// under any density. Up to two coordinates which regions there are is decided exactly; beyond,
  /// by linear programs in doubles, and regions narrower than about 1e-9 may be missed.
  ///
  /// - Parameters:
  ///   - scope: Where to look.
  ///   - limit: More regions than this are an error.
  ///   - isCancelled: Asked now and then; `true` ends the search.
  /// - Returns: The regions, each cut to the scope's polytope.
  /// - Throws: ``RegionsError``.
  public func regions(
    meeting scope: Scope, atMost limit: Int = .max, isCancelled: () -> Bool = { false }
  ) throws(RegionsError) -> [Region] {
    var regions: [Region] = []
    try forEachRegion(meeting: scope, isCancelled: isCancelled) { region throws(RegionsError) in
      guard regions.count < limit else { throw .tooMany(limit: limit) }
      regions.append(region)
    }
    return regions
  }

  /// Calls `visit` with each region that meets a set, as ``regions(meeting:atMost:isCancelled:)``
  /// finds them.
  ///
  /// - Parameters:
  ///   - scope: Where to look.
  ///   - isCancelled: Asked now and then; `true` ends the search.
  ///   - visit: Gets each region once.
  /// - Throws: ``RegionsError``, and what `visit` throws.
  public func forEachRegion(
    meeting scope: Scope, isCancelled: () -> Bool = { false },
    _ visit: (Region) throws(RegionsError) -> Void
  ) throws(RegionsError) {
    guard scope.chart.origin.count == inputSize else {
      throw .wrongCount(of: "inputs", found: scope.chart.origin.count, expected: inputSize)
    }
    if scope.dimension <= 2 {
      var subdivision = PlanarSubdivision(self, scope)
      try subdivision.forEachRegion(isCancelled: isCancelled, visit)
    } else {
      var walk = try FacetWalk(self, scope)
      try walk.forEachRegion(isCancelled: isCancelled, visit)
    }
  }
}
