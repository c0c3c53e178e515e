/// Where a polytope's largest ball lies.
public enum InteriorOutcome: Hashable, Sendable {
  /// A ball of positive radius that fits, and the largest such up to the solver's tolerances.
  case ball(centre: [Double], radius: Double)
  /// No ball fits, but this point does, up to the solver's tolerances.
  case flat(point: [Double])
  /// No point meets all rows; the multipliers that say so, where they were found.
  case reportedEmpty(InfeasibilityRay?)
  /// The solver ended without an answer: nothing may be concluded.
  case stopped(StopReason)
}

extension Polytope {
  /// The largest ball that fits: its centre (the Chebyshev centre) is as far inside as can be.
  ///
  /// Coordinates whose interval is a single value stay there, and distances are measured within
  /// the others.
  ///
  /// Edge cases: a ball of `largestRadius` may not be the largest; this keeps unbounded polytopes
  /// in hand. When no coordinate is free to move, a point that fits counts as a ball of that radius.
  ///
  /// - Parameters:
  ///   - largestRadius: The radius beyond which none is needed, above zero.
  ///   - isCancelled: Asked now and then; `true` ends the solve.
  /// - Returns: The ball, or what there is instead.
  /// - Throws: ``ProblemError/unusableNumber(_:for:)`` for a radius that is not above zero.
  public func largestBall(
    ofRadiusAtMost largestRadius: Double = 1e6, isCancelled: () -> Bool = { false }
  ) throws(ProblemError) -> InteriorOutcome {
    try checkNumber(largestRadius, for: .radius)
    guard largestRadius > 0 else { throw .unusableNumber(largestRadius, for: .radius) }
    return try withRows { problem throws(ProblemError) in
      let radius = try addRadius(to: &problem, atMost: largestRadius)
      switch problem.maximise(isCancelled: isCancelled) {
      case .optimal(let largest):
        var point = problem.columnValues
        point.remove(at: radius)
        return largest > 1e-9 ? .ball(centre: point, radius: largest) : .flat(point: point)
      case .reportedInfeasible:
        return .reportedEmpty(try emptinessRay(isCancelled: isCancelled))
      case .reportedUnbounded:
        // Cannot be, since the radius is bounded: the solver lost its way.
        return .stopped(.numericalTrouble(code: SolutionStatus.unbounded.rawValue))
      case .stopped(let reason): return .stopped(reason)
      }
    }
  }

  /// Multipliers, one a row, that show the polytope to be empty.
  ///
  /// - Parameter isCancelled: Asked now and then; `true` ends the solve.
  /// - Returns: The multipliers, none positive since rows have upper limits only; `nil` where the
  ///   polytope was not reported empty, or no multipliers were found.
  /// - Throws: Nothing for a polytope that could be built.
  public func emptinessRay(
    isCancelled: () -> Bool = { false }
  ) throws(ProblemError) -> InfeasibilityRay? {
    try withRows { problem throws(ProblemError) in
      switch problem.minimise(isCancelled: isCancelled) {
      case .reportedInfeasible: problem.infeasibilityRay(isCancelled: isCancelled)
      case .optimal, .reportedUnbounded, .stopped: nil
      }
    }
  }

  /// Adds a column for the radius, whose distance every row and every face of the box keeps.
  private func addRadius(
    to problem: inout Problem, atMost largestRadius: Double
  ) throws(ProblemError) -> Int {
    let norms = (0..<rowCount).map { Entry($0, freeNorm(ofRow: $0)) }
    let radius = try problem.addColumn(
      in: .between(0, largestRadius), cost: 1, entries: norms)
    for (column, bounds) in box.enumerated() where bounds.lower < bounds.upper {
      if bounds.lower.isFinite {
        try problem.addRow([Entry(column, 1), Entry(radius, -1)], in: .atLeast(bounds.lower))
      }
      if bounds.upper.isFinite {
        try problem.addRow([Entry(column, 1), Entry(radius, 1)], in: .atMost(bounds.upper))
      }
    }
    return radius
  }

  /// The Euclidean norm of a row's coefficients on the coordinates that can move.
  func freeNorm(ofRow index: Int) -> Double {
    var sum = 0.0
    for (value, bounds) in zip(row(index), box) where bounds.lower < bounds.upper {
      sum += value * value
    }
    return sum.squareRoot()
  }
}
