import Foundation
import LinearProgramming
import Testing

@Suite("Random programs")
struct RandomProgramTests {
  /// How many times as many cases as usual are tried: `make soak` asks for more.
  static let effort = ProcessInfo.processInfo.environment["AFFIDAVIT_SOAK"] == nil ? 1 : 50

  @Test("The optimum is at the best vertex, and infeasible means no vertex", arguments: [1, 2, 3])
  func vertices(dimension: Int) throws {
    var random = SplitMix(seed: UInt64(dimension))
    var infeasible = 0
    for round in 0..<200 * Self.effort {
      let rows = Int.random(in: 0...4, using: &random)
      let program = IntegerProgram.random(dimension: dimension, rows: rows, using: &random)
      let expected = program.leastVertexObjective()
      for method in SimplexMethod.allCases {
        try withProblem { problem in
          try program.load(into: &problem)
          let outcome = problem.minimise(SimplexOptions(method: method, presolves: round % 5 == 0))
          guard let expected else {
            infeasible += 1
            #expect(outcome == .reportedInfeasible, "round \(round), \(method)")
            let candidate = problem.infeasibilityRay()
            let ray = try #require(candidate, "round \(round), \(method)")
            #expect(program.isContradicted(by: ray), "round \(round), \(method): \(ray)")
            return
          }
          let found = try #require(outcome.objective, "round \(round), \(method): \(outcome)")
          #expect(isClose(found, expected), "round \(round), \(method)")
          #expect(problem.infeasibilityRay() == nil, "round \(round), \(method)")
        }
      }
    }
    #expect(infeasible > 50)
  }

  @Test("Multipliers prove larger programs infeasible, also before any solve")
  func largerRays() throws {
    var random = SplitMix(seed: 7)
    var proved = 0
    for round in 0..<60 * Self.effort {
      let program = IntegerProgram.random(dimension: 12, rows: 25, using: &random)
      for solvesFirst in [true, false] {
        try withProblem { problem in
          try program.load(into: &problem)
          if solvesFirst { try #require(problem.minimise() == .reportedInfeasible) }
          let candidate = problem.infeasibilityRay()
          let ray = try #require(candidate, "round \(round)")
          #expect(program.isContradicted(by: ray), "round \(round): \(ray)")
          proved += 1
        }
      }
    }
    #expect(proved == 120 * Self.effort)
  }

  @Test("After edits the answer is that of a fresh problem")
  func warmAndFresh() throws {
    var random = SplitMix(seed: 11)
    try withProblem { warm in
      var program = IntegerProgram.random(dimension: 5, rows: 8, using: &random)
      try program.load(into: &warm)
      for round in 0..<300 * Self.effort {
        let column = Int.random(in: 0..<5, using: &random)
        program.columns[column] =
          Int.random(in: -6...0, using: &random)...Int.random(in: 0...6, using: &random)
        try warm.setColumnBounds(column, to: Bounds(program.columns[column]))
        let row = Int.random(in: 0..<8, using: &random)
        program.rows[row].bounds =
          Int.random(in: -30...0, using: &random)...Int.random(in: 0...30, using: &random)
        try warm.setRowBounds(row, to: Bounds(program.rows[row].bounds))
        program.costs[column] = Int.random(in: -5...5, using: &random)
        try warm.setCost(of: column, to: Double(program.costs[column]))
        let expected = try withProblem { fresh in
          try program.load(into: &fresh)
          return fresh.minimise().objective
        }
        let found = warm.minimise().objective
        #expect((found == nil) == (expected == nil), "round \(round)")
        if let found, let expected { #expect(isClose(found, expected), "round \(round)") }
      }
    }
  }
}
