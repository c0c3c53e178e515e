internal import BoundPropagation
internal import LinearProgramming

/// The linear program of a disjunct over a branch: every unit between its lines, every row at most the
/// excess, which is the last column.
///
/// Kept in a GLPK problem, so that each solve goes on from the basis of the last.
struct RelaxedProgram {
  let forms: RelaxedForms
  private let inputRows: [FloatProblem.Row]
  private let options = SimplexOptions(method: .primal, iterationLimit: 20_000)

  init(_ forms: RelaxedForms, inputRows: [FloatProblem.Row]) {
    self.forms = forms
    self.inputRows = inputRows
  }

  private var excess: Int { forms.columnCount }
  private var firstAbove: Int { forms.units.count }
  private var firstRow: Int { 2 * forms.units.count }
  private var firstInputRow: Int { firstRow + forms.rows.count }

  /// Adds the columns and rows.
  func build(in problem: inout Problem, _ subproblem: Subproblem) throws(ProblemError) {
    for entry in 0..<forms.inputCount {
      try problem.addColumn(in: .between(subproblem.lower[entry], subproblem.upper[entry]))
    }
    for _ in forms.units { try problem.addColumn(in: .free) }
    try problem.addColumn(in: .free)
    for place in forms.units.indices {
      var entries = forms.preactivations[place].coefficients
      entries[forms.inputCount + place] -= 1
      try problem.addRow(dense: entries + [0], in: .free)
    }
    for _ in forms.units { try problem.addRow([], in: .free) }
    for form in forms.rows {
      try problem.addRow(dense: form.coefficients + [-1], in: .atMost(-form.constant))
    }
    for row in inputRows {
      try problem.addRow(
        row.inputs.map { Entry($0.index, $0.coefficient) }, in: .atMost(row.bound))
    }
  }

  /// Sets the lines and bounds of a branch.
  func load(
    _ subproblem: Subproblem, splits: [Int: Bool], into problem: inout Problem
  ) throws(ProblemError) {
    for (place, unit) in forms.units.enumerated() {
      let column = forms.inputCount + place
      let form = forms.preactivations[place]
      let (low, high) = (subproblem.unitLower[unit], subproblem.unitUpper[unit])
      let isSplit = splits[unit] != nil
      if high <= 0 {
        try problem.setColumnBounds(column, to: .exactly(0))
        try problem.setRowBounds(place, to: isSplit ? .atMost(-form.constant) : .free)
        try problem.setRowBounds(firstAbove + place, to: .free)
        continue
      }
      let isActive = low >= 0
      try problem.setColumnBounds(column, to: isActive && !isSplit ? .free : .atLeast(0))
      try problem.setRowBounds(place, to: .atMost(-form.constant))
      let slope = isActive ? 1 : high / (high - low)
      var entries = form.coefficients.map { -slope * $0 }
      entries[column] += 1
      try problem.setRow(firstAbove + place, toDense: entries + [0])
      try problem.setRowBounds(
        firstAbove + place, to: .atMost(slope * (form.constant - (isActive ? 0 : low))))
    }
  }

  /// What a solve gives.
  struct Solution {
    let value: Double
    let point: [Double]
    let multipliers: RelaxedCombination.Multipliers
  }

  /// Minimises the largest excess of a row.
  func leastExcess(in problem: inout Problem) throws(ProblemError) -> Solution? {
    try problem.setColumnBounds(excess, to: .free)
    try problem.setObjective([Double](repeating: 0, count: excess) + [1])
    return solve(&problem)
  }

  /// Asks from now on for points where no row has an excess.
  func requireRows(in problem: inout Problem) throws(ProblemError) {
    try problem.setColumnBounds(excess, to: .atMost(0))
  }

  /// Minimises plus or minus a pre-activation.
  func least(
    _ place: Int, sign: Double, in problem: inout Problem
  ) throws(ProblemError) -> Solution? {
    let form = forms.preactivations[place]
    try problem.setObjective(form.coefficients.map { sign * $0 } + [0])
    return solve(&problem)
  }

  private func solve(_ problem: inout Problem) -> Solution? {
    switch problem.minimise(options) {
    case .optimal(let value):
      let duals = problem.rowDuals.map { max(0, -$0) }
      let count = forms.units.count
      return Solution(
        value: value, point: problem.columnValues,
        multipliers: .init(
          rows: Array(duals[firstRow..<firstInputRow]), below: Array(duals[..<count]),
          above: Array(duals[firstAbove..<firstRow]), inputRows: Array(duals[firstInputRow...])))
    case .reportedInfeasible, .reportedUnbounded, .stopped: return nil
    }
  }
}
