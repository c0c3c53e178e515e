internal import LinearProgramming

/// The best combination of affine lower functions over a polytope, as GLPK finds it: a candidate.
struct RowCombination {
  /// A weight for each function.
  ///
  /// Nonnegative and summing to one, or all zero where the input rows contradict each other.
  let weights: [Double]
  /// Nonnegative; a multiplier for each input row.
  let inputRows: [Double]
  /// The largest value that the lowest of the functions is known to exceed.
  let value: Double
  /// Where the largest of the functions is smallest.
  let minimiser: [Double]

  /// Minimises, over the box and the input rows, the largest of the functions.
  ///
  /// - Returns: nil where GLPK found no optimum.
  init?(
    of functions: [LowerFunction], lower: [Double], upper: [Double],
    inputRows rows: [FloatProblem.Row]
  ) {
    let size = lower.count
    let result = try? withProblem { problem throws(ProblemError) -> Self? in
      for entry in 0..<size {
        try problem.addColumn(in: .between(lower[entry], upper[entry]))
      }
      let excess = try problem.addColumn(in: .free, cost: 1)
      for function in functions {
        var entries = function.coefficients.indices.filter { function.coefficients[$0] != 0 }
          .map { Entry($0, function.coefficients[$0]) }
        entries.append(Entry(excess, -1))
        try problem.addRow(entries, in: .atMost(-function.constant))
      }
      for row in rows {
        try problem.addRow(
          row.inputs.map { Entry($0.index, $0.coefficient) }, in: .atMost(row.bound))
      }
      return Self(solving: &problem, functions: functions.count, size: size)
    }
    guard let found = result ?? nil else { return nil }
    self = found
  }

  private init?(solving problem: inout Problem, functions: Int, size: Int) {
    let multipliers: [Double]
    switch problem.minimise(SimplexOptions(iterationLimit: 10_000)) {
    case .optimal(let objective):
      multipliers = problem.rowDuals
      value = objective
    case .reportedInfeasible:
      guard let ray = problem.infeasibilityRay() else { return nil }
      multipliers = ray.rowMultipliers
      value = .infinity
    case .reportedUnbounded, .stopped: return nil
    }
    // Rows have upper limits only, so that their multipliers are not positive.
    weights = multipliers[..<functions].map { max(0, -$0) }
    inputRows = multipliers[functions...].map { max(0, -$0) }
    minimiser = Array(problem.columnValues[..<size])
  }
}
