internal import CGLPK

/// A linear program, or with integer columns a mixed-integer one, held by GLPK.
///
/// Rows and columns are counted from zero. A new column starts at the end of its bounds nearest to
/// zero, a new row is basic: after an edit, a solve goes on from the last basis. GLPK computes in
/// `Double` with tolerances, so every answer is a hint and every multiplier a candidate.
///
/// Only ``withProblem(_:)`` makes one: a problem lives and dies on one thread.
@safe
public struct Problem: ~Copyable {
  /// The largest magnitude of any number that a problem accepts.
  public static let largestMagnitude = 1e20

  var handle: OpaquePointer
  /// Index and value of each nonzero entry of the vector being handed over; slot 0 is not used.
  private var indices: [Int32] = [0]
  private var values: [Double] = [0]
  /// For each row or column index, the number of the last vector that named it.
  private var lastNamed: [Int] = []
  private var vectorNumber = 0

  init() {
    cglpk_silence()
    unsafe handle = glp_create_prob()
  }

  deinit { unsafe glp_delete_prob(handle) }

  /// How many rows there are.
  public var rowCount: Int { unsafe Int(glp_get_num_rows(handle)) }

  /// How many columns there are.
  public var columnCount: Int { unsafe Int(glp_get_num_cols(handle)) }

  // MARK: Columns

  /// Adds a column: a variable, and its coefficients in the rows that exist.
  ///
  /// - Parameters:
  ///   - bounds: Where its value must lie.
  ///   - cost: Its coefficient in the objective.
  ///   - entries: Its nonzero coefficients by row.
  /// - Returns: The index of the new column.
  /// - Throws: A ``ProblemError`` for an argument that makes no sense.
  @discardableResult
  public mutating func addColumn(
    in bounds: Bounds, cost: Double = 0, entries: [Entry] = []
  ) throws(ProblemError) -> Int {
    try bounds.check(for: .columnBounds)
    try checkNumber(cost, for: .cost)
    try gather(entries, counting: .rows)
    let column = unsafe glp_add_cols(handle, 1)
    unsafe glp_set_col_bnds(handle, column, bounds.glpkType, bounds.lower, bounds.upper)
    unsafe glp_set_obj_coef(handle, column, cost)
    handOver(toColumn: column)
    return Int(column) - 1
  }

  /// Replaces the bounds of a column.
  ///
  /// - Parameters:
  ///   - column: Its index.
  ///   - bounds: Where its value must lie; integers for an integer column.
  /// - Throws: A ``ProblemError`` for an argument that makes no sense.
  public mutating func setColumnBounds(
    _ column: Int, to bounds: Bounds
  ) throws(ProblemError) {
    let index = try glpkColumn(column)
    try bounds.check(for: .columnBounds)
    if unsafe glp_get_col_kind(handle, index) != GLP_CV {
      try checkIntegral(bounds, column: column)
    }
    unsafe glp_set_col_bnds(handle, index, bounds.glpkType, bounds.lower, bounds.upper)
  }

  /// Replaces the coefficients of a column.
  ///
  /// - Parameters:
  ///   - column: Its index.
  ///   - entries: Its nonzero coefficients by row.
  /// - Throws: A ``ProblemError`` for an argument that makes no sense.
  public mutating func setColumn(_ column: Int, to entries: [Entry]) throws(ProblemError) {
    let index = try glpkColumn(column)
    try gather(entries, counting: .rows)
    handOver(toColumn: index)
  }

  /// Removes columns; those behind them move up.
  ///
  /// - Parameter columns: Their indices, each once, in any order.
  /// - Throws: A ``ProblemError`` for an index that is wrong or repeated.
  public mutating func removeColumns(_ columns: [Int]) throws(ProblemError) {
    let count = try gatherIndices(columns, counting: .columns)
    guard count > 0 else { return }
    unsafe indices.withUnsafeBufferPointer {
      unsafe glp_del_cols(handle, count, $0.baseAddress)
    }
  }

  // MARK: Rows

  /// Adds a row: a linear function of the columns whose value must lie in `bounds`.
  ///
  /// - Parameters:
  ///   - entries: Its nonzero coefficients by column.
  ///   - bounds: Where its value must lie.
  /// - Returns: The index of the new row.
  /// - Throws: A ``ProblemError`` for an argument that makes no sense.
  @discardableResult
  public mutating func addRow(
    _ entries: [Entry], in bounds: Bounds
  ) throws(ProblemError) -> Int {
    try bounds.check(for: .rowBounds)
    try gather(entries, counting: .columns)
    return addGatheredRow(in: bounds)
  }

  /// Adds a row given by one coefficient for each column.
  ///
  /// - Parameters:
  ///   - coefficients: The coefficients, `columnCount` of them.
  ///   - bounds: Where its value must lie.
  /// - Returns: The index of the new row.
  /// - Throws: A ``ProblemError`` for an argument that makes no sense.
  @discardableResult
  public mutating func addRow(
    dense coefficients: some Collection<Double>, in bounds: Bounds
  ) throws(ProblemError) -> Int {
    try bounds.check(for: .rowBounds)
    try gather(dense: coefficients)
    return addGatheredRow(in: bounds)
  }

  /// Replaces the bounds of a row.
  ///
  /// - Parameters:
  ///   - row: Its index.
  ///   - bounds: Where its value must lie.
  /// - Throws: A ``ProblemError`` for an argument that makes no sense.
  public mutating func setRowBounds(_ row: Int, to bounds: Bounds) throws(ProblemError) {
    let index = try glpkRow(row)
    try bounds.check(for: .rowBounds)
    unsafe glp_set_row_bnds(handle, index, bounds.glpkType, bounds.lower, bounds.upper)
  }

  /// Replaces the coefficients of a row.
  ///
  /// - Parameters:
  ///   - row: Its index.
  ///   - entries: Its nonzero coefficients by column.
  /// - Throws: A ``ProblemError`` for an argument that makes no sense.
  public mutating func setRow(_ row: Int, to entries: [Entry]) throws(ProblemError) {
    let index = try glpkRow(row)
    try gather(entries, counting: .columns)
    handOver(toRow: index)
  }

  /// Replaces the coefficients of a row by one for each column.
  ///
  /// - Parameters:
  ///   - row: Its index.
  ///   - coefficients: The coefficients, `columnCount` of them.
  /// - Throws: A ``ProblemError`` for an argument that makes no sense.
  public mutating func setRow(
    _ row: Int, toDense coefficients: some Collection<Double>
  ) throws(ProblemError) {
    let index = try glpkRow(row)
    try gather(dense: coefficients)
    handOver(toRow: index)
  }

  /// Removes rows; those behind them move up.
  ///
  /// - Parameter rows: Their indices, each once, in any order.
  /// - Throws: A ``ProblemError`` for an index that is wrong or repeated.
  public mutating func removeRows(_ rows: [Int]) throws(ProblemError) {
    let count = try gatherIndices(rows, counting: .rows)
    guard count > 0 else { return }
    unsafe indices.withUnsafeBufferPointer {
      unsafe glp_del_rows(handle, count, $0.baseAddress)
    }
  }

  // MARK: Objective

  /// Replaces one column's coefficient in the objective.
  ///
  /// - Parameters:
  ///   - column: The column's index.
  ///   - cost: The new coefficient.
  /// - Throws: A ``ProblemError`` for an argument that makes no sense.
  public mutating func setCost(of column: Int, to cost: Double) throws(ProblemError) {
    let index = try glpkColumn(column)
    try checkNumber(cost, for: .cost)
    unsafe glp_set_obj_coef(handle, index, cost)
  }

  /// Replaces the objective.
  ///
  /// - Parameters:
  ///   - costs: The coefficients, `columnCount` of them.
  ///   - constant: What is added to their combination.
  /// - Throws: A ``ProblemError`` for an argument that makes no sense.
  public mutating func setObjective(
    _ costs: some Collection<Double>, constant: Double = 0
  ) throws(ProblemError) {
    guard costs.count == columnCount else {
      throw .wrongCount(found: costs.count, expected: columnCount)
    }
    for cost in costs { try checkNumber(cost, for: .cost) }
    try checkNumber(constant, for: .objectiveConstant)
    for (column, cost) in costs.enumerated() {
      unsafe glp_set_obj_coef(handle, Int32(column) + 1, cost)
    }
    unsafe glp_set_obj_coef(handle, 0, constant)
  }
}

// MARK: - Handing vectors over

extension Problem {
  /// What the indices of a sparse vector count.
  private enum Counted { case rows, columns }

  private mutating func gather(
    _ entries: [Entry], counting counted: Counted
  ) throws(ProblemError) {
    startVector()
    for entry in entries {
      let index = try name(entry.index, counting: counted)
      try append(entry.coefficient, at: index)
    }
  }

  private mutating func gather(dense coefficients: some Collection<Double>) throws(ProblemError) {
    guard coefficients.count == columnCount else {
      throw .wrongCount(found: coefficients.count, expected: columnCount)
    }
    startVector()
    for (column, coefficient) in coefficients.enumerated() {
      try append(coefficient, at: Int32(column) + 1)
    }
  }

  private mutating func gatherIndices(
    _ list: [Int], counting counted: Counted
  ) throws(ProblemError) -> Int32 {
    startVector()
    for index in list { indices.append(try name(index, counting: counted)) }
    return Int32(list.count)
  }

  private mutating func startVector() {
    vectorNumber += 1
    indices.removeLast(indices.count - 1)
    values.removeLast(values.count - 1)
  }

  private mutating func append(_ value: Double, at index: Int32) throws(ProblemError) {
    try checkNumber(value, for: .coefficient)
    guard value != 0 else { return }
    indices.append(index)
    values.append(value)
  }

  /// Notes that the current vector names `index`; GLPK's own index for it.
  private mutating func name(
    _ index: Int, counting counted: Counted
  ) throws(ProblemError) -> Int32 {
    let glpkIndex =
      switch counted {
      case .rows: try glpkRow(index)
      case .columns: try glpkColumn(index)
      }
    if lastNamed.count <= index {
      lastNamed += Array(repeating: 0, count: index + 1 - lastNamed.count)
    }
    guard lastNamed[index] != vectorNumber else { throw .repeatedIndex(index) }
    lastNamed[index] = vectorNumber
    return glpkIndex
  }

  private mutating func addGatheredRow(in bounds: Bounds) -> Int {
    let row = unsafe glp_add_rows(handle, 1)
    unsafe glp_set_row_bnds(handle, row, bounds.glpkType, bounds.lower, bounds.upper)
    handOver(toRow: row)
    return Int(row) - 1
  }

  private func handOver(toRow row: Int32) {
    unsafe glp_set_mat_row(handle, row, Int32(values.count - 1), indices, values)
  }

  private func handOver(toColumn column: Int32) {
    unsafe glp_set_mat_col(handle, column, Int32(values.count - 1), indices, values)
  }

  func glpkRow(_ row: Int) throws(ProblemError) -> Int32 {
    guard (0..<rowCount).contains(row) else { throw .noSuchRow(row, count: rowCount) }
    return Int32(row) + 1
  }

  func glpkColumn(_ column: Int) throws(ProblemError) -> Int32 {
    guard (0..<columnCount).contains(column) else {
      throw .noSuchColumn(column, count: columnCount)
    }
    return Int32(column) + 1
  }
}
