import Search
import TestSupport
import Testing

/// The least value over a box of the largest of affine functions, where conditions are not positive.
@Suite("Minimax programs") struct MinimaxProgramTests {
  private struct Program {
    var functions: [LowerFunction]
    var conditions: [LowerFunction] = []
    var lower: [Double]
    var upper: [Double]

    func solution() -> MinimaxProgram.Solution? {
      var program = MinimaxProgram(
        of: functions, where: conditions, lower: lower, upper: upper)
      return program?.solve()
    }

    func value(_ function: LowerFunction, at point: [Double]) -> Double {
      zip(function.coefficients, point).reduce(function.constant) { $0 + $1.0 * $1.1 }
    }

    /// The least value over the box of a sum of multiples of functions.
    func minimum(_ functions: [LowerFunction], times factors: [Double]) -> Double {
      var sum = function(lower.map { _ in 0 }, 0)
      for (term, factor) in zip(functions, factors) {
        sum.constant += factor * term.constant
        for entry in lower.indices {
          sum.coefficients[entry] += factor * term.coefficients[entry]
        }
      }
      sum.minimise(lower: lower, upper: upper)
      return sum.minimum
    }

    func function(_ coefficients: [Double], _ constant: Double) -> LowerFunction {
      MinimaxProgramTests.function(coefficients, constant, lower, upper)
    }
  }

  private static func function(
    _ coefficients: [Double], _ constant: Double, _ lower: [Double], _ upper: [Double]
  ) -> LowerFunction {
    var function = LowerFunction(coefficients: coefficients, constant: constant)
    function.minimise(lower: lower, upper: upper)
    return function
  }

  private let tolerance = 1e-7

  /// Expects that a solution's multipliers prove what it says, and that its point attains it.
  private func expectProof(
    of solution: MinimaxProgram.Solution?, for program: Program, _ name: String
  ) -> Double? {
    switch solution {
    case nil: Issue.record("\(name): no solution")
    case .contradiction(let multipliers):
      #expect(multipliers.allSatisfy { $0 >= 0 }, "\(name)")
      let size = multipliers.max() ?? 0
      #expect(
        size > 0 && program.minimum(program.conditions, times: multipliers) > 0, "\(name)")
    case .optimum(let weights, let multipliers, let value, let point):
      #expect((weights + multipliers).allSatisfy { $0 >= 0 }, "\(name)")
      #expect((weights.reduce(0, +) - 1).magnitude < tolerance, "\(name)")
      let proved = program.minimum(
        program.functions + program.conditions, times: weights + multipliers)
      #expect((proved - value).magnitude < tolerance, "\(name): \(proved) of \(value)")
      let attained = program.functions.map { program.value($0, at: point) }.max() ?? .infinity
      #expect((attained - value).magnitude < tolerance, "\(name): \(attained) of \(value)")
      #expect(
        program.conditions.allSatisfy { program.value($0, at: point) < tolerance }, "\(name)")
      #expect(
        point.indices.allSatisfy {
          program.lower[$0] <= point[$0] && point[$0] <= program.upper[$0]
        }, "\(name)")
      return value
    }
    return nil
  }

  private func program(
    _ functions: [([Double], Double)], where conditions: [([Double], Double)] = [],
    _ lower: [Double], _ upper: [Double]
  ) -> Program {
    Program(
      functions: functions.map { Self.function($0.0, $0.1, lower, upper) },
      conditions: conditions.map { Self.function($0.0, $0.1, lower, upper) }, lower: lower,
      upper: upper)
  }

  @Test func knownSolutions() {
    // |x| from −1 to 2, then where x ≥ 1/2.
    let absolute: [([Double], Double)] = [([1], 0), ([-1], 0)]
    let free = program(absolute, [-1], [2])
    #expect(expectProof(of: free.solution(), for: free, "free") == 0)
    let held = program(absolute, where: [([-2], 1)], [-1], [2])
    #expect(expectProof(of: held.solution(), for: held, "held") == 0.5)
    guard case .optimum(_, let multipliers, _, let point) = held.solution() else { return }
    #expect((multipliers[0] - 0.5).magnitude < tolerance && (point[0] - 0.5).magnitude < tolerance)
    // One function alone is least in a corner.
    let corner = program([([1, -2], 3)], [-1, -1], [4, 5])
    #expect(expectProof(of: corner.solution(), for: corner, "corner") == -8)
  }

  @Test func conditionsThatContradictEachOther() {
    let both = program([([1], 0)], where: [([-1], 0.5), ([1], -0.25)], [-1], [1])
    #expect(expectProof(of: both.solution(), for: both, "both") == nil)
    // One that the box contradicts, and one that nothing satisfies.
    let alone = program([([1], 0)], where: [([-1], 2)], [-1], [1])
    #expect(expectProof(of: alone.solution(), for: alone, "alone") == nil)
    let never = program([([1], 0)], where: [([0], 2)], [-1], [1])
    #expect(expectProof(of: never.solution(), for: never, "never") == nil)
  }

  /// Equal functions and conditions, sides without width, conditions that leave one point.
  @Test func degeneratePrograms() {
    let equal = program(
      Array(repeating: ([1, 1], 0), count: 4), where: Array(repeating: ([-1, 0], 0), count: 3),
      [-1, -1], [1, 1])
    #expect(expectProof(of: equal.solution(), for: equal, "equal") == -1)
    let flat = program([([1, 1], 0), ([-1, 2], 0)], [0.5, -1], [0.5, 1])
    #expect(expectProof(of: flat.solution(), for: flat, "flat") == -0.5)
    let point = program(
      [([3, -1], 0), ([-3, 1], 0)], where: [([1, 0], 1), ([0, -1], 1)], [-1, -1], [1, 1])
    #expect(expectProof(of: point.solution(), for: point, "point") == 4)
  }

  @Test("Programs without ends, values or slopes are refused")
  func refusals() {
    for (function, lower, upper): (([Double], Double), Double, Double) in [
      (([1], 0), -.infinity, 1), (([1], 0), -1, .infinity), (([.nan], 0), -1, 1),
      (([1], .nan), -1, 1), (([1e308], 0), -1e308, 1e308), (([0], 1), -1, 1), (([1], 0), 1, 1),
    ] {
      let program = program([function], [lower], [upper])
      #expect(program.solution() == nil, "\(function) on \(lower) ... \(upper)")
    }
  }

  @Test("Random programs of small numbers, against all corners") func randomPrograms() {
    var generator = SeededGenerator(seed: 81)
    var counts = (optima: 0, contradictions: 0)
    for round in 0..<400 {
      let inputs = Int.random(in: 1...3, using: &generator)
      func rows(_ counts: ClosedRange<Int>) -> [([Double], Double)] {
        (0..<Int.random(in: counts, using: &generator)).map { _ in
          (
            (0..<inputs).map { _ in Double(Int.random(in: -3...3, using: &generator)) },
            Double(Int.random(in: -3...3, using: &generator)) / 2
          )
        }
      }
      let functions = rows(1...4)
      guard functions.contains(where: { $0.0.contains { $0 != 0 } }) else { continue }
      let random = program(
        functions, where: rows(0...3), [Double](repeating: -1, count: inputs),
        (0..<inputs).map { _ in Double(Int.random(in: 0...2, using: &generator)) })
      let expected = leastCorner(of: random)
      let found = expectProof(of: random.solution(), for: random, "round \(round)")
      switch (found, expected) {
      case (let found?, let expected?):
        counts.optima += 1
        #expect((found - expected).magnitude < tolerance, "round \(round): \(found) of \(expected)")
      case (nil, nil): counts.contradictions += 1
      default:
        Issue.record(
          "round \(round): \(String(describing: found)), not \(String(describing: expected))")
      }
    }
    #expect(counts.optima > 200 && counts.contradictions > 40, "\(counts)")
  }

  /// The least value by trying where as many functions, conditions and sides meet as there are unknowns; nil where
  /// no point satisfies the conditions.
  private func leastCorner(of program: Program) -> Double? {
    let inputs = program.lower.count
    // Rows a · (x, t) = b.
    var rows = program.functions.map { ($0.coefficients + [-1], -$0.constant) }
    rows += program.conditions.map { ($0.coefficients + [0], -$0.constant) }
    for entry in 0..<inputs {
      let unit = (0...inputs).map { $0 == entry ? 1.0 : 0 }
      rows += [(unit, program.lower[entry]), (unit, program.upper[entry])]
    }
    var least: Double?
    for choice in choices(of: inputs + 1, from: rows.count) {
      guard let corner = solved(choice.map { rows[$0].0 + [rows[$0].1] }) else { continue }
      let (point, value) = (Array(corner.dropLast()), corner[inputs])
      let isAllowed =
        program.functions.allSatisfy { program.value($0, at: point) <= value + 1e-9 }
        && program.conditions.allSatisfy { program.value($0, at: point) <= 1e-9 }
        && point.indices.allSatisfy {
          program.lower[$0] - 1e-9 <= point[$0] && point[$0] <= program.upper[$0] + 1e-9
        }
      if isAllowed { least = min(least ?? value, value) }
    }
    return least
  }

  private func choices(of count: Int, from total: Int) -> [[Int]] {
    guard count > 0 else { return [[]] }
    return choices(of: count - 1, from: total).flatMap { choice in
      (((choice.last ?? -1) + 1)..<max(total, (choice.last ?? -1) + 1)).map { choice + [$0] }
    }
  }

  /// Solves equations, each with its right side last; nil where they are singular.
  private func solved(_ equations: [[Double]]) -> [Double]? {
    var rows = equations
    for column in rows.indices {
      guard
        let pivot = rows.indices.dropFirst(column).max(by: {
          rows[$0][column].magnitude < rows[$1][column].magnitude
        }), rows[pivot][column].magnitude > 1e-9
      else { return nil }
      rows.swapAt(column, pivot)
      for other in rows.indices where other != column {
        let factor = rows[other][column] / rows[column][column]
        for place in rows[other].indices { rows[other][place] -= factor * rows[column][place] }
      }
    }
    return rows.indices.map { rows[$0][rows.count] / rows[$0][$0] }
  }
}
