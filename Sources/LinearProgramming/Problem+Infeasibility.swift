internal import CGLPK

/// Row multipliers whose combination contradicts the bounds, as far as floating point can tell.
///
/// Let y be the multipliers. The rows' bounds let the combination of the rows by y be no less than
/// the sum of `y[i] · lower[i]` where `y[i] > 0` and `y[i] · upper[i]` where `y[i] < 0`. The same
/// combination, written by columns, can on the columns' bounds be no more than some value below
/// that.
public struct InfeasibilityRay: Hashable, Sendable {
  /// One multiplier for each row, of magnitude at most one; `[rowCount]`.
  public let rowMultipliers: [Double]
  /// By how much the two sides miss each other, computed in floating point.
  public let margin: Double
}

extension Problem {
  /// Multipliers that show the rows and bounds to be contradictory.
  ///
  /// Quick right after a solve that ended with ``SimplexOutcome/reportedInfeasible``: the last
  /// basis has them. Otherwise, or where rounding spoilt them, a second problem is solved, which
  /// minimises by how much the rows are violated.
  ///
  /// - Parameter isCancelled: Asked now and then during the second problem's solve.
  /// - Returns: The multipliers, or `nil` where none were found.
  public mutating func infeasibilityRay(
    isCancelled: () -> Bool = { false }
  ) -> InfeasibilityRay? {
    raySeenFromBasis() ?? rayByRelaxation(isCancelled: isCancelled)
  }

  // MARK: From the basis

  /// The multipliers of the current basis for "reduce the violation".
  ///
  /// The dual method ends at one basic variable that no pivot can bring within its bounds, the
  /// primal method at a least sum of violations. Either way the gradient of the violation is
  /// carried to the rows by the transposed basis matrix.
  private mutating func raySeenFromBasis() -> InfeasibilityRay? {
    guard rowCount > 0, unsafe glp_bf_exists(handle) != 0 || glp_factorize(handle) == 0 else {
      return nil
    }
    let stuck = unsafe glp_get_unbnd_ray(handle)
    var gradient = [0.0]
    for position in 1...Int32(rowCount) {
      let variable = unsafe glp_get_bhead(handle, position)
      gradient.append(stuck == 0 || stuck == variable ? violationSign(of: variable) : 0)
    }
    unsafe glp_btran(handle, &gradient)
    return ray(gradient[1...].map { -$0 })
  }

  /// −1 for a basic variable below its lower bound, 1 above its upper bound, 0 between them.
  private func violationSign(of variable: Int32) -> Double {
    let row = variable <= Int32(rowCount)
    let index = row ? variable : variable - Int32(rowCount)
    let value =
      unsafe row ? glp_get_row_prim(handle, index) : glp_get_col_prim(handle, index)
    let bounds = row ? rowBounds(index) : columnBounds(index)
    // Half the solver's tolerance: what it calls violated is above, what it calls met mostly below.
    let tolerance = 5e-8
    if value < bounds.lower - tolerance * (1 + bounds.lower.magnitude) { return -1 }
    if value > bounds.upper + tolerance * (1 + bounds.upper.magnitude) { return 1 }
    return 0
  }

  // MARK: By relaxation

  /// The duals of: minimise the sum of what each row lacks and exceeds.
  private func rayByRelaxation(isCancelled: () -> Bool) -> InfeasibilityRay? {
    var relaxed = Problem()
    unsafe glp_copy_prob(relaxed.handle, handle, GLP_OFF)
    for column in 0...Int32(columnCount) {
      unsafe glp_set_obj_coef(relaxed.handle, column, 0)
    }
    for row in 1..<(Int32(rowCount) + 1) {
      let bounds = rowBounds(row)
      if bounds.lower.isFinite { relaxed.addViolation(ofRow: row, coefficient: 1) }
      if bounds.upper.isFinite { relaxed.addViolation(ofRow: row, coefficient: -1) }
    }
    unsafe glp_std_basis(relaxed.handle)
    switch relaxed.minimise(SimplexOptions(method: .primal), isCancelled: isCancelled) {
    case .optimal: return ray(relaxed.rowDuals)
    case .reportedInfeasible, .reportedUnbounded, .stopped: return nil
    }
  }

  private mutating func addViolation(ofRow row: Int32, coefficient: Double) {
    let column = unsafe glp_add_cols(handle, 1)
    unsafe glp_set_col_bnds(handle, column, GLP_LO, 0, 0)
    unsafe glp_set_obj_coef(handle, column, 1)
    unsafe glp_set_mat_col(handle, column, 1, [0, row], [0, coefficient])
  }

  // MARK: Judging

  /// Scales and cleans candidate multipliers, and keeps them if they seem to show a contradiction.
  private func ray(_ candidates: [Double]) -> InfeasibilityRay? {
    let largest = candidates.reduce(0) { max($0, $1.magnitude) }
    guard largest > 0, largest.isFinite else { return nil }
    var columnSums = [Double](repeating: 0, count: columnCount)
    var multipliers: [Double] = []
    var least = 0.0
    var magnitude = 0.0
    for (row, candidate) in candidates.enumerated() {
      let bounds = rowBounds(Int32(row) + 1)
      let multiplier = candidate / largest
      let bound = multiplier > 0 ? bounds.lower : bounds.upper
      guard bound.isFinite, multiplier.magnitude > 1e-12 else {
        multipliers.append(0)
        continue
      }
      multipliers.append(multiplier)
      least += multiplier * bound
      magnitude += (multiplier * bound).magnitude
      accumulate(row: Int32(row) + 1, times: multiplier, into: &columnSums)
    }
    let margin = least - greatest(of: columnSums, addingMagnitudeTo: &magnitude)
    // Less could be rounding noise of the sums.
    guard margin > 1e-12 * magnitude else { return nil }
    return InfeasibilityRay(rowMultipliers: multipliers, margin: margin)
  }

  private func accumulate(row: Int32, times multiplier: Double, into sums: inout [Double]) {
    let capacity = Int(unsafe glp_get_mat_row(handle, row, nil, nil)) + 1
    unsafe withUnsafeTemporaryAllocation(of: Int32.self, capacity: capacity) { columns in
      unsafe withUnsafeTemporaryAllocation(of: Double.self, capacity: capacity) { values in
        unsafe glp_get_mat_row(handle, row, columns.baseAddress, values.baseAddress)
        for entry in 1..<capacity {
          unsafe sums[Int(columns[entry]) - 1] += multiplier * values[entry]
        }
      }
    }
  }

  /// The greatest value of a linear function on the columns' bounds; rounding noise on a column
  /// without a bound counts as nothing.
  private func greatest(
    of coefficients: [Double], addingMagnitudeTo magnitude: inout Double
  ) -> Double {
    var sum = 0.0
    for (column, coefficient) in coefficients.enumerated() where coefficient != 0 {
      let bounds = columnBounds(Int32(column) + 1)
      let bound = coefficient > 0 ? bounds.upper : bounds.lower
      guard bound.isFinite || coefficient.magnitude > 1e-9 else { continue }
      sum += coefficient * bound
      magnitude += (coefficient * bound).magnitude
    }
    return sum
  }

  func rowBounds(_ row: Int32) -> Bounds {
    let (lower, upper) = unsafe (glp_get_row_lb(handle, row), glp_get_row_ub(handle, row))
    return Bounds(glpkLower: lower, glpkUpper: upper)
  }

  func columnBounds(_ column: Int32) -> Bounds {
    let (lower, upper) = unsafe (glp_get_col_lb(handle, column), glp_get_col_ub(handle, column))
    return Bounds(glpkLower: lower, glpkUpper: upper)
  }
}

extension Bounds {
  /// Translates GLPK's marks for a missing bound.
  fileprivate init(glpkLower lower: Double, glpkUpper upper: Double) {
    self.init(
      from: lower == -.greatestFiniteMagnitude ? -.infinity : lower,
      to: upper == .greatestFiniteMagnitude ? .infinity : upper)
  }
}
