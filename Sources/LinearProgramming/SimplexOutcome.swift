/// What the simplex method reported.
///
/// GLPK computes in `Double` with tolerances, so no case is a proof.
public enum SimplexOutcome: Hashable, Sendable {
  /// A basis that is optimal up to the solver's tolerances, and its objective.
  case optimal(objective: Double)
  /// No point meets all bounds; ``Problem/infeasibilityRay(isCancelled:)`` gives the multipliers.
  case reportedInfeasible
  /// The objective has no bound on the feasible points.
  case reportedUnbounded
  /// The solver ended without an answer: nothing may be concluded.
  case stopped(StopReason)
}

/// What ended a solve before it had an answer.
public enum StopReason: Hashable, Sendable {
  /// The time limit was reached.
  case timeLimit
  /// The iteration limit was reached.
  case iterationLimit
  /// The caller's check asked for an end.
  case cancelled
  /// The basis stayed singular or unstable from every start; GLPK's last code or status.
  case numericalTrouble(code: Int32)
  /// One of GLPK's own assertions failed. The problem is lost, and now empty.
  case solverFailure
}

/// Which simplex method runs.
public enum SimplexMethod: Hashable, Sendable, CaseIterable {
  /// Keeps primal feasibility: best after a change of the objective.
  case primal
  /// Keeps dual feasibility: best after a change of bounds or a new row.
  case dual
  /// The dual method, and the primal one where it fails.
  case dualThenPrimal
}

/// How a linear program is solved.
public struct SimplexOptions: Hashable, Sendable {
  /// Which method runs.
  public var method: SimplexMethod
  /// Whether the problem is simplified first, which gives up the last basis.
  public var presolves: Bool
  /// How long the whole solve may take; `nil` for any time.
  public var timeLimit: Duration?
  /// How many iterations the whole solve may take; `nil` for any number.
  public var iterationLimit: Int?

  /// Creates options; each has a default.
  ///
  /// - Parameters:
  ///   - method: Which method runs.
  ///   - presolves: Whether the problem is simplified first, which gives up the last basis.
  ///   - timeLimit: How long the whole solve may take; `nil` for any time.
  ///   - iterationLimit: How many iterations the whole solve may take; `nil` for any number.
  public init(
    method: SimplexMethod = .dualThenPrimal, presolves: Bool = false,
    timeLimit: Duration? = nil, iterationLimit: Int? = nil
  ) {
    self.method = method
    self.presolves = presolves
    self.timeLimit = timeLimit
    self.iterationLimit = iterationLimit
  }
}
