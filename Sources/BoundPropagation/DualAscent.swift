extension Propagator {
  /// Climbs towards the best lower bounds that multipliers give, with unit bounds fixed.
  ///
  /// Projected gradient ascent on the dual of Wang et al., "Beta-CROWN" (2021). The gradient comes from
  /// one forward pass through the lines at the input where the current affine function is least. The
  /// start is bounded first, so that no result is worse.
  ///
  /// - Parameters:
  ///   - objectives: What to bound; those of a batch climb together.
  ///   - subproblems: Where, with their unit bounds.
  ///   - settings: How long and how fast to climb.
  /// - Returns: One result per objective.
  public func ascend(
    _ objectives: [Objective], on subproblems: [Subproblem], settings: AscentSettings
  ) -> [AscentResult] {
    var results: [AscentResult] = []
    results.reserveCapacity(objectives.count)
    var first = 0
    while first < objectives.count {
      let batch = first..<min(first + batchSize, objectives.count)
      var climb = Climb(self, objectives[batch], on: subproblems, settings: settings)
      results += climb.run()
      first = batch.upperBound
    }
    return results
  }
}
