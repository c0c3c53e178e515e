import LinearProgramming
import Testing

@Suite("Threads")
struct ThreadTests {
  @Test("Problems on several threads do not meet")
  func concurrently() async throws {
    let sums = try await withThrowingTaskGroup(of: Double.self) { group in
      for _ in 0..<4 { group.addTask { try Self.sumOfOptima() } }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(Set(sums).count == 1)
  }

  /// The sum of many optima, which depends on every one of them.
  private static func sumOfOptima() throws -> Double {
    var random = SplitMix(seed: 21)
    var sum = 0.0
    for _ in 0..<300 {
      let program = IntegerProgram.random(dimension: 6, rows: 6, using: &random)
      sum += try withProblem { problem in
        try program.load(into: &problem)
        return problem.minimise().objective ?? 1000
      }
    }
    return sum
  }
}
