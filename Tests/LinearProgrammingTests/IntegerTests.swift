import LinearProgramming
import Testing

@Suite("Integer columns")
struct IntegerTests {
  private struct Knapsack {
    var values: [Int]
    var weights: [Int]
    var capacity: Int

    init(items: Int, using random: inout SplitMix) {
      values = (0..<items).map { _ in Int.random(in: 1...30, using: &random) }
      weights = (0..<items).map { _ in Int.random(in: 1...20, using: &random) }
      capacity = weights.reduce(0, +) / 2
    }

    /// The best value of all subsets.
    var best: Int {
      var best = 0
      for subset in 0..<(1 << values.count) {
        let chosen = values.indices.filter { subset >> $0 & 1 == 1 }
        guard chosen.reduce(0, { $0 + weights[$1] }) <= capacity else { continue }
        best = max(best, chosen.reduce(0) { $0 + values[$1] })
      }
      return best
    }

    func load(into problem: inout Problem) throws {
      for value in values {
        let column = try problem.addColumn(in: .free, cost: Double(value))
        try problem.setKind(of: column, to: .binary)
      }
      let row = weights.map(Double.init)
      try problem.addRow(dense: row, in: .atMost(Double(capacity)))
    }
  }

  @Test("Knapsacks hold what trying all subsets finds", arguments: [true, false])
  func knapsacks(cutsAndTightening: Bool) throws {
    var random = SplitMix(seed: 3)
    let options = IntegerOptions(cuts: cutsAndTightening, tightensNodes: cutsAndTightening)
    for round in 0..<40 {
      let knapsack = Knapsack(items: Int.random(in: 1...9, using: &random), using: &random)
      try withProblem { problem in
        try knapsack.load(into: &problem)
        switch try problem.maximiseInteger(options) {
        case .optimal(let objective, let bound):
          #expect(isClose(objective, Double(knapsack.best)), "round \(round)")
          #expect(isClose(bound, objective), "round \(round)")
        case .reportedInfeasible, .reportedUnbounded, .stopped:
          Issue.record("round \(round) has no answer")
        }
        let chosen = problem.integerColumnValues
        #expect(chosen.allSatisfy { $0 == 0 || $0 == 1 }, "round \(round)")
        let value = zip(chosen, knapsack.values).reduce(0) { $0 + $1.0 * Double($1.1) }
        #expect(value == Double(knapsack.best), "round \(round)")
      }
    }
  }

  @Test("Integers may be feasible where reals are, infeasible between, and unbounded")
  func otherOutcomes() throws {
    try withProblem { problem in
      let column = try problem.addColumn(in: .between(0, 10), cost: 1)
      try problem.setKind(of: column, to: .integer)
      try problem.addRow([Entry(column, 3)], in: .between(4, 5))
      #expect(try problem.minimiseInteger() == .reportedInfeasible)
      try problem.setRowBounds(0, to: .between(4, 6))
      #expect(try problem.minimiseInteger() == .optimal(objective: 2, bound: 2))
      try problem.setRowBounds(0, to: .atLeast(31))
      #expect(try problem.minimiseInteger() == .reportedInfeasible)
      try problem.setRowBounds(0, to: .free)
      try problem.setColumnBounds(column, to: .atMost(10))
      #expect(try problem.minimiseInteger() == .reportedUnbounded)
      try problem.setKind(of: column, to: .continuous)
      try problem.setColumnBounds(column, to: .between(0.5, 1))
      #expect(try problem.minimiseInteger() == .optimal(objective: 0.5, bound: 0.5))
    }
  }

  @Test("Integer columns without rows, and rows of zeros")
  func noRows() throws {
    try withProblem { problem in
      #expect(try problem.minimiseInteger() == .optimal(objective: 0, bound: 0))
      let column = try problem.addColumn(in: .between(-2, 3), cost: 2)
      try problem.setKind(of: column, to: .integer)
      #expect(try problem.maximiseInteger() == .optimal(objective: 6, bound: 6))
      try problem.addRow([], in: .atMost(0))
      #expect(try problem.minimiseInteger() == .optimal(objective: -4, bound: -4))
      #expect(problem.integerColumnValues == [-2])
      try problem.setRowBounds(0, to: .atMost(-1))
      #expect(try problem.minimiseInteger() == .reportedInfeasible)
    }
  }

  /// Equal items and half an item's room to spare: a search that tries nearly all choices.
  ///
  /// The best has 30 items, the relaxation 30.5.
  private func loadEndless(into problem: inout Problem) throws {
    let row = Array(repeating: 2.0, count: 60)
    for _ in row {
      // Not a whole number, or GLPK would round the bound.
      let column = try problem.addColumn(in: .free, cost: 1.1)
      try problem.setKind(of: column, to: .binary)
    }
    try problem.addRow(dense: row, in: .atMost(61))
  }

  private let plain = IntegerOptions(cuts: false, tightensNodes: false)

  private func expectEndless(_ outcome: IntegerOutcome, stoppedBy reason: StopReason) throws {
    guard case .stopped(reason, let incumbent, let bound) = outcome else {
      Issue.record("expected \(reason), found \(outcome)")
      return
    }
    #expect(isClose(try #require(incumbent), 33))
    #expect(isClose(try #require(bound), 33.55))
  }

  @Test("A search that is stopped says how far it came")
  func stopped() throws {
    try withProblem { problem in
      try loadEndless(into: &problem)
      var questions = 0
      let outcome = try problem.maximiseInteger(plain) {
        questions += 1
        return questions > 3000
      }
      try expectEndless(outcome, stoppedBy: .cancelled)
      #expect(problem.integerColumnValues.reduce(0, +) == 30)
      let refused = try problem.maximiseInteger { true }
      #expect(refused == .stopped(.cancelled, incumbent: nil, bound: nil))
      var limited = plain
      limited.timeLimit = .milliseconds(500)
      try expectEndless(try problem.maximiseInteger(limited), stoppedBy: .timeLimit)
    }
  }

  @Test("A gap ends the search with both numbers")
  func gap() throws {
    try withProblem { problem in
      try loadEndless(into: &problem)
      var options = plain
      options.relativeGap = 0.05
      guard case .optimal(let objective, let bound) = try problem.maximiseInteger(options) else {
        Issue.record("expected an optimum up to the gap")
        return
      }
      #expect(isClose(objective, 33))
      #expect(isClose(bound, 33.55))
    }
  }
}
