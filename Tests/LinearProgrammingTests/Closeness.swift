import LinearProgramming

/// Whether two numbers agree to about the solver's tolerance.
func isClose(_ left: Double, _ right: Double) -> Bool {
  (left - right).magnitude <= 1e-6 * (1 + max(left.magnitude, right.magnitude))
}

extension SimplexOutcome {
  /// The objective, where one was reported optimal.
  var objective: Double? {
    switch self {
    case .optimal(let objective): objective
    case .reportedInfeasible, .reportedUnbounded, .stopped: nil
    }
  }
}
