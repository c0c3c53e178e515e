import LinearProgramming
import Testing

@Suite("Arguments")
struct ArgumentTests {
  static let unusable = [Double.nan, .infinity, -.infinity, 1e21, -1e300]

  /// Runs `body` on a problem with two columns and one row, which it must leave alone.
  private func expect(
    _ error: ProblemError, _ body: (inout Problem) throws -> Void
  ) throws {
    try withProblem { problem in
      try problem.addColumn(in: .between(0, 2), cost: 1)
      try problem.addColumn(in: .between(0, 2), cost: 1)
      try problem.addRow([Entry(0, 1), Entry(1, 1)], in: .atLeast(1))
      do {
        try body(&problem)
        Issue.record("expected: \(error)")
      } catch let thrown as ProblemError {
        // NaN differs from itself, so errors are compared as text.
        #expect(thrown.description == error.description)
      }
      #expect(problem.rowCount == 1 && problem.columnCount == 2)
      #expect(problem.minimise() == .optimal(objective: 1))
    }
  }

  @Test("Numbers that GLPK cannot use are refused", arguments: unusable)
  func unusableNumbers(value: Double) throws {
    try expect(.unusableNumber(value, for: .cost)) { try $0.setCost(of: 0, to: value) }
    try expect(.unusableNumber(value, for: .cost)) {
      try $0.setObjective([1, value])
    }
    try expect(.unusableNumber(value, for: .objectiveConstant)) {
      try $0.setObjective([1, 1], constant: value)
    }
    try expect(.unusableNumber(value, for: .coefficient)) {
      try $0.addRow([Entry(1, value)], in: .free)
    }
    try expect(.unusableNumber(value, for: .coefficient)) {
      try $0.setRow(0, toDense: [value, 1])
    }
    try expect(.unusableNumber(value, for: .coefficient)) {
      try $0.addColumn(in: .free, entries: [Entry(0, value)])
    }
    try expect(.unusableNumber(value, for: .rowBounds)) {
      try $0.setRowBounds(0, to: .exactly(value))
    }
    try expect(.unusableNumber(value, for: .columnBounds)) {
      try $0.setColumnBounds(0, to: .exactly(value))
    }
    try expect(.unusableNumber(value, for: .gap)) {
      _ = try $0.minimiseInteger(IntegerOptions(relativeGap: value))
    }
  }

  @Test("Bounds that no value meets are refused")
  func crossedBounds() throws {
    try expect(.crossedBounds(lower: 1, upper: 0, of: .rowBounds)) {
      try $0.setRowBounds(0, to: .between(1, 0))
    }
    try expect(.crossedBounds(lower: 1, upper: 0, of: .columnBounds)) {
      try $0.addColumn(in: .between(1, 0))
    }
    try expect(.unusableNumber(.infinity, for: .rowBounds)) {
      try $0.addRow([], in: .atLeast(.infinity))
    }
    try expect(.unusableNumber(-.infinity, for: .columnBounds)) {
      try $0.setColumnBounds(1, to: .atMost(-.infinity))
    }
    try expect(.unusableNumber(-1, for: .gap)) {
      _ = try $0.maximiseInteger(IntegerOptions(relativeGap: -1))
    }
  }

  @Test("Indices outside are refused", arguments: [-1, 2, .min, .max])
  func outside(index: Int) throws {
    try expect(.noSuchColumn(index, count: 2)) { try $0.setCost(of: index, to: 1) }
    try expect(.noSuchColumn(index, count: 2)) { try $0.setColumnBounds(index, to: .free) }
    try expect(.noSuchColumn(index, count: 2)) { try $0.setColumn(index, to: []) }
    try expect(.noSuchColumn(index, count: 2)) { try $0.addRow([Entry(index, 1)], in: .free) }
    try expect(.noSuchColumn(index, count: 2)) { try $0.removeColumns([0, index]) }
    try expect(.noSuchColumn(index, count: 2)) { try $0.setKind(of: index, to: .integer) }
    try expect(.noSuchRow(index, count: 1)) { try $0.setRowBounds(index, to: .free) }
    try expect(.noSuchRow(index, count: 1)) { try $0.setRow(index, to: []) }
    try expect(.noSuchRow(index, count: 1)) { try $0.removeRows([index]) }
    try expect(.noSuchRow(index, count: 1)) {
      try $0.addColumn(in: .free, entries: [Entry(index, 1)])
    }
  }

  @Test("Repeated indices and wrong counts are refused")
  func repeatedAndMiscounted() throws {
    try expect(.repeatedIndex(1)) { try $0.addRow([Entry(1, 1), Entry(1, 0)], in: .free) }
    try expect(.repeatedIndex(0)) { try $0.removeColumns([0, 1, 0]) }
    try expect(.repeatedIndex(0)) { try $0.removeRows([0, 0]) }
    try expect(.wrongCount(found: 1, expected: 2)) { try $0.addRow(dense: [1.0], in: .free) }
    try expect(.wrongCount(found: 3, expected: 2)) { try $0.setObjective([1.0, 2, 3]) }
  }

  @Test("Fractional bounds of integer columns are refused")
  func fractionalBounds() throws {
    try expect(.fractionalBound(2.5, column: 0)) {
      try $0.setKind(of: 0, to: .integer)
      try $0.setColumnBounds(0, to: .between(0, 2.5))
    }
    try withProblem { problem in
      try problem.addColumn(in: .atLeast(0.5))
      #expect(throws: ProblemError.fractionalBound(0.5, column: 0)) {
        try problem.setKind(of: 0, to: .integer)
      }
    }
  }

  @Test("Refusals are sentences")
  func sentences() {
    #expect(
      ProblemError.crossedBounds(lower: 1, upper: 0, of: .rowBounds).description
        == "1.0 to 0.0 as the bounds of a row: expected a lower bound not above the upper one")
  }
}
