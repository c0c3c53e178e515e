internal import LinearProgramming

/// The best combination of affine lower functions over a polytope: a candidate.
struct RowCombination {
  /// Up to this many inputs a dense tableau is quicker than GLPK.
  private static let mostDenseInputs = 32

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
  /// - Returns: nil where no optimum was found.
  init?(
    of functions: [LowerFunction], lower: [Double], upper: [Double],
    inputRows rows: [FloatProblem.Row]
  ) {
    if lower.count <= Self.mostDenseInputs,
      var program = MinimaxProgram(
        of: functions, where: rows.map { $0.function(inputs: lower.count) }, lower: lower,
        upper: upper),
      let solution = program.solve()
    {
      self.init(solution, functions: functions.count, lower: lower, upper: upper)
    } else {
      self.init(solving: functions, lower: lower, upper: upper, inputRows: rows)
    }
  }

  private init(
    _ solution: MinimaxProgram.Solution, functions: Int, lower: [Double], upper: [Double]
  ) {
    switch solution {
    case .optimum(let weights, let multipliers, let value, let point):
      (self.weights, inputRows, self.value, minimiser) = (weights, multipliers, value, point)
    case .contradiction(let multipliers):
      weights = [Double](repeating: 0, count: functions)
      (inputRows, value) = (multipliers, .infinity)
      minimiser = zip(lower, upper).map { $0 / 2 + $1 / 2 }
    }
  }

  /// The same by GLPK.
  private init?(
    solving functions: [LowerFunction], lower: [Double], upper: [Double],
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

extension FloatProblem.Row {
  /// The excess of a row over the inputs alone.
  func function(inputs count: Int) -> LowerFunction {
    var function = LowerFunction(
      coefficients: [Double](repeating: 0, count: count), constant: -bound, minimum: 0)
    for entry in inputs { function.coefficients[entry.index] += entry.coefficient }
    return function
  }
}
