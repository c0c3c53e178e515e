import LinearProgramming
import Testing

@Suite("Simplex")
struct SimplexTests {
  /// Dantzig's example in many textbooks: the optimum 36 is at (2, 6).
  private func loadTextbookExample(into problem: inout Problem) throws {
    try problem.addColumn(in: .atLeast(0), cost: 3)
    try problem.addColumn(in: .atLeast(0), cost: 5)
    try problem.addRow([Entry(0, 1)], in: .atMost(4))
    try problem.addRow([Entry(1, 2)], in: .atMost(12))
    try problem.addRow([Entry(0, 3), Entry(1, 2)], in: .atMost(18))
  }

  @Test("A textbook example has its known optimum and duals", arguments: SimplexMethod.allCases)
  func textbookExample(method: SimplexMethod) throws {
    try withProblem { problem in
      try loadTextbookExample(into: &problem)
      for presolves in [false, true] {
        let options = SimplexOptions(method: method, presolves: presolves)
        let objective = try #require(problem.maximise(options).objective)
        #expect(isClose(objective, 36))
        #expect(zip(problem.columnValues, [2, 6]).allSatisfy(isClose))
        #expect(zip(problem.rowValues, [2, 12, 18]).allSatisfy(isClose))
        #expect(zip(problem.rowDuals, [0, 1.5, 1]).allSatisfy(isClose))
        #expect(zip(problem.reducedCosts, [0, 0]).allSatisfy(isClose))
      }
    }
  }

  @Test("Minimising, a binding lower row has a positive multiplier and an upper one a negative")
  func dualSigns() throws {
    try withProblem { problem in
      try problem.addColumn(in: .free, cost: 2)
      try problem.addColumn(in: .between(-1, 1), cost: -3)
      try problem.addRow([Entry(0, 1)], in: .atLeast(5))
      try problem.addRow([Entry(1, 1)], in: .atMost(0.5))
      let objective = try #require(problem.minimise().objective)
      #expect(isClose(objective, 8.5))
      #expect(zip(problem.rowDuals, [2, -3]).allSatisfy(isClose))
    }
  }

  @Test("Edits go on from the last basis")
  func edits() throws {
    try withProblem { problem in
      try loadTextbookExample(into: &problem)
      #expect(isClose(try #require(problem.maximise().objective), 36))
      try problem.setRowBounds(2, to: .atMost(12))
      #expect(isClose(try #require(problem.maximise().objective), 30))
      try problem.setCost(of: 0, to: 9)
      #expect(isClose(try #require(problem.maximise().objective), 36))
      try problem.setColumnBounds(0, to: .exactly(1))
      #expect(isClose(try #require(problem.maximise().objective), 9 + 22.5))
      let column = try problem.addColumn(in: .between(0, 1), cost: 1, entries: [Entry(2, 1)])
      #expect(column == 2)
      try problem.setColumn(column, to: [])
      #expect(isClose(try #require(problem.maximise().objective), 9 + 22.5 + 1))
      try problem.setRow(2, to: [Entry(1, 1)])
      #expect(isClose(try #require(problem.maximise().objective), 9 + 30 + 1))
      try problem.setRow(2, toDense: [0.0, 2, 0])
      try problem.removeRows([2, 1])
      #expect(problem.rowCount == 1)
      #expect(problem.maximise() == .reportedUnbounded)
      try problem.removeColumns([1])
      #expect(problem.columnCount == 2)
      try problem.setObjective([-1.0, -1], constant: 7)
      #expect(isClose(try #require(problem.maximise().objective), 6))
    }
  }

  @Test("Nothing at all is optimal at the constant")
  func nothing() throws {
    try withProblem { problem in
      #expect(problem.minimise() == .optimal(objective: 0))
      try problem.setObjective([], constant: 3)
      #expect(problem.minimise() == .optimal(objective: 3))
      #expect(problem.minimise(SimplexOptions(presolves: true)) == .optimal(objective: 3))
      #expect(problem.columnValues.isEmpty && problem.rowDuals.isEmpty)
      #expect(problem.infeasibilityRay() == nil)
    }
  }

  @Test("Columns without rows go to their best bounds")
  func noRows() throws {
    try withProblem { problem in
      try problem.addColumn(in: .between(-2, 3), cost: 1)
      try problem.addColumn(in: .between(-2, 3), cost: -1)
      #expect(problem.minimise() == .optimal(objective: -5))
      try problem.addColumn(in: .atLeast(0), cost: -1)
      #expect(problem.minimise() == .reportedUnbounded)
    }
  }

  @Test("A row of zeros is met or not", arguments: [(0.0, true), (1.0, false)])
  func zeroRow(lower: Double, isMet: Bool) throws {
    try withProblem { problem in
      try problem.addColumn(in: .between(0, 1), cost: 1)
      try problem.addRow([], in: .atLeast(lower))
      try problem.addRow([Entry(0, 1)], in: .atMost(1))
      let outcome = problem.minimise()
      #expect(outcome == (isMet ? .optimal(objective: 0) : .reportedInfeasible))
      #expect((problem.infeasibilityRay()?.rowMultipliers == [1, 0]) == !isMet)
    }
  }

  @Test("A row without columns is met or not")
  func noColumns() throws {
    try withProblem { problem in
      try problem.addRow([], in: .between(1, 2))
      #expect(problem.minimise() == .reportedInfeasible)
      #expect(problem.infeasibilityRay()?.rowMultipliers == [1])
    }
  }

  @Test("Unbounded is told from infeasible, by every method", arguments: SimplexMethod.allCases)
  func unboundedOrInfeasible(method: SimplexMethod) throws {
    for presolves in [false, true] {
      let options = SimplexOptions(method: method, presolves: presolves)
      try withProblem { problem in
        try problem.addColumn(in: .free, cost: -1)
        try problem.addColumn(in: .free)
        try problem.addRow([Entry(0, 1), Entry(1, -1)], in: .atLeast(1))
        #expect(problem.minimise(options) == .reportedUnbounded)
        // Now there is neither a feasible point nor a bound by duality.
        try problem.addRow([Entry(0, 1), Entry(1, -1)], in: .atMost(0))
        #expect(problem.minimise(options) == .reportedInfeasible)
        let candidate = problem.infeasibilityRay()
        let ray = try #require(candidate)
        #expect(ray.rowMultipliers == [1, -1])
      }
    }
  }

  @Test("Free columns find their equations' solution")
  func freeColumns() throws {
    try withProblem { problem in
      try problem.addColumn(in: .free)
      try problem.addColumn(in: .free, cost: 1)
      try problem.addRow([Entry(0, 2), Entry(1, 1)], in: .exactly(-3))
      try problem.addRow([Entry(0, 1), Entry(1, -1)], in: .exactly(9))
      #expect(isClose(try #require(problem.minimise().objective), -7))
      #expect(zip(problem.columnValues, [2, -7]).allSatisfy(isClose))
    }
  }

  /// Beale's example, on which the plain simplex method goes in circles.
  @Test("A degenerate problem comes to an end", arguments: SimplexMethod.allCases)
  func beale(method: SimplexMethod) throws {
    try withProblem { problem in
      for cost in [-0.75, 150, -0.02, 6] { try problem.addColumn(in: .atLeast(0), cost: cost) }
      try problem.addRow(dense: [0.25, -60, -0.04, 9], in: .atMost(0))
      try problem.addRow(dense: [0.5, -90, -0.02, 3], in: .atMost(0))
      try problem.addRow([Entry(2, 1)], in: .atMost(1))
      let objective = try #require(problem.minimise(SimplexOptions(method: method)).objective)
      #expect(isClose(objective, -0.05))
    }
  }

  @Test("Rows that depend on each other, and a basis that removals broke, are survived")
  func brokenBasis() throws {
    try withProblem { problem in
      for _ in 0..<3 { try problem.addColumn(in: .between(-1, 1), cost: 1) }
      for factor in [1.0, 2, 3, 4] {
        try problem.addRow(dense: [factor, factor, -factor], in: .exactly(factor))
      }
      #expect(isClose(try #require(problem.minimise().objective), -1))
      try problem.removeRows([0, 2])
      #expect(isClose(try #require(problem.minimise().objective), -1))
      try problem.removeColumns([1])
      #expect(isClose(try #require(problem.minimise().objective), -1))
    }
  }
}
