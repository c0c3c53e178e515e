import LinearProgramming
import Testing

@Suite("Limits")
struct LimitTests {
  /// A dense problem that takes about a thousand iterations.
  private func loadLarge(into problem: inout Problem) throws {
    var random = SplitMix(seed: 5)
    for _ in 0..<300 {
      try problem.addColumn(in: .between(-1, 1), cost: Double.random(in: -1...1, using: &random))
    }
    for _ in 0..<300 {
      let row = (0..<300).map { _ in Double.random(in: -1...1, using: &random) }
      try problem.addRow(dense: row, in: .atMost(1))
    }
  }

  @Test("No time is too little time")
  func timeLimit() throws {
    try withProblem { problem in
      try loadLarge(into: &problem)
      #expect(problem.maximise(SimplexOptions(timeLimit: .zero)) == .stopped(.timeLimit))
      #expect(problem.maximise(SimplexOptions(timeLimit: .seconds(-1))) == .stopped(.timeLimit))
      let outcome = problem.maximise(SimplexOptions(timeLimit: .microseconds(100)))
      #expect(outcome == .stopped(.timeLimit))
      #expect(problem.maximise(SimplexOptions(timeLimit: .seconds(3600))).objective != nil)
    }
  }

  @Test("Stopped by the iteration limit, the next solve goes on")
  func iterationLimit() throws {
    try withProblem { problem in
      try loadLarge(into: &problem)
      let options = SimplexOptions(method: .primal, iterationLimit: 50)
      #expect(problem.maximise(options) == .stopped(.iterationLimit))
      var rounds = 1
      while problem.maximise(options) == .stopped(.iterationLimit) { rounds += 1 }
      let found = try #require(problem.maximise(options).objective)
      #expect(rounds > 3)
      let expected = try withProblem { fresh in
        try loadLarge(into: &fresh)
        return try #require(fresh.maximise().objective)
      }
      #expect(isClose(found, expected))
      #expect(problem.maximise(SimplexOptions(iterationLimit: 0)) == .stopped(.iterationLimit))
    }
  }

  @Test("The caller can end a solve before and during it")
  func cancellation() throws {
    try withProblem { problem in
      try loadLarge(into: &problem)
      let refused = problem.maximise(isCancelled: { true })
      #expect(refused == .stopped(.cancelled))
      var questions = 0
      let primal = SimplexOptions(method: .primal)
      let outcome = problem.maximise(primal) {
        questions += 1
        return questions > 1
      }
      #expect(outcome == .stopped(.cancelled))
      #expect(questions == 2)
      #expect(problem.maximise(SimplexOptions(method: .primal)).objective != nil)
    }
  }
}
