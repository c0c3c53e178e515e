/// The points x of a box that meet `rows · x <= limits`.
public struct Polytope: Hashable, Sendable {
  /// The box, one interval for each coordinate; ends may be infinite.
  public let box: [Bounds]
  /// The coefficients, row-major `[rowCount][dimension]`.
  public private(set) var coefficients: [Double] = []
  /// What each row may be at most; `[rowCount]`.
  public private(set) var limits: [Double] = []

  /// Creates the polytope of a box alone.
  ///
  /// - Parameter box: One interval for each coordinate; ends may be infinite.
  /// - Throws: A ``ProblemError`` for an interval that is empty or not a number.
  public init(box: [Bounds]) throws(ProblemError) {
    for bounds in box { try bounds.check(for: .columnBounds) }
    self.box = box
  }

  /// How many coordinates a point has.
  public var dimension: Int { box.count }

  /// How many rows there are.
  public var rowCount: Int { limits.count }

  /// The coefficients of one row.
  ///
  /// - Parameter row: Its index; a wrong one traps.
  /// - Returns: The coefficients; `[dimension]`.
  public func row(_ row: Int) -> ArraySlice<Double> {
    coefficients[(row * dimension)..<((row + 1) * dimension)]
  }

  /// Adds the half-space `row · x <= limit`.
  ///
  /// - Parameters:
  ///   - row: The coefficients; `[dimension]`.
  ///   - limit: What the combination may be at most; `infinity` for anything.
  /// - Throws: A ``ProblemError`` for a wrong count or a number that is not usable.
  public mutating func add(_ row: some Collection<Double>, atMost limit: Double)
    throws(ProblemError)
  {
    guard row.count == dimension else {
      throw .wrongCount(found: row.count, expected: dimension)
    }
    for value in row { try checkNumber(value, for: .coefficient) }
    try Bounds.atMost(limit).check(for: .rowBounds)
    coefficients += row
    limits.append(limit)
  }

  /// Builds the linear program of the polytope: one column a coordinate, one row a row.
  ///
  /// - Returns: What `body` returns.
  func withRows<Result: ~Copyable>(
    _ body: (inout Problem) throws(ProblemError) -> Result
  ) throws(ProblemError) -> Result {
    var problem = Problem()
    for bounds in box { try problem.addColumn(in: bounds) }
    for index in 0..<rowCount {
      try problem.addRow(dense: row(index), in: .atMost(limits[index]))
    }
    return try body(&problem)
  }
}
