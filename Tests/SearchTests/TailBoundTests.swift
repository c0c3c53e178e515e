import Approximation
import ClaimLanguage
import ExactArithmetic
import Foundation
import NetworkModel
import ProofChecker
import ProofFormat
import Search
import TestSupport
import Testing

/// Laws of many normal coordinates, where cells of coordinates show nothing.
@Suite("Bounds under wide normal laws") struct TailBoundTests {
  private func bounds(
    _ problem: ProbabilityProblem, gap: Double = 1e-9, seconds: Double = 4
  ) throws -> (lower: Double, upper: Double) {
    let found = try Search.bound(
      problem, gap: Closeness(absolute: gap),
      options: SearchOptions(timeLimit: seconds, threads: 1)
    ).get()
    return (found.verified.lower.nearestDouble, found.verified.upper.nearestDouble)
  }

  private func component(_ count: Int, deviation: Double) -> String {
    let law = "(normal 0 \(deviation * deviation))"
    return "(component 1 \([String](repeating: law, count: count).joined(separator: " ")))"
  }

  /// A unit direction of so many coordinates, and a network that has its product with the input, once
  /// and negated, as units.
  private func absolute(_ inputs: Int) -> Network {
    let entry = 1 / Double(inputs).squareRoot()
    let row = [Double](repeating: entry, count: inputs)
    return denseNetwork([([row, row.map { -$0 }], [0, 0]), ([[1, 1]], [0])])
  }

  // 2 Q(3) and 2 Q(5), by mpmath.
  @Test(arguments: [
    ("3", 0.0026997960632601866, "0.0032"), ("5", 5.733031437583878e-07, "0.00000068"),
  ])
  func bothTailsOfASum(threshold: String, value: Double, claimed: String) throws {
    let network = absolute(16)
    let law = component(16, deviation: 1)
    let rare = try bounds(
      probabilityProblem(
        network, ["(>= Y[0] \(threshold))"], [law], from: "0", to: claimed),
      seconds: 60)
    #expect(rare.lower <= value && value <= rare.upper, "\(rare)")
    #expect(rare.upper < 1.2 * value, "\(rare)")
  }

  /// Three classes; how often the first is not the best, counted in draws.
  @Test(
    "Random classifiers in 16 and 64 dimensions, against draws",
    .enabled(if: isOptimised, "draws take long without optimisation"), arguments: [16, 64], 0..<2)
  func randomClassifiers(inputs: Int, seed: Int) throws {
    var generator = SeededGenerator(seed: UInt64(seed))
    let network = randomNetwork([inputs, 8, 8, 3], using: &generator)
    let score = network.evaluate([[Double](repeating: 0, count: inputs)])[0]
    let best = score.indices.max { score[$0] < score[$1] } ?? 0
    let others = score.indices.filter { $0 != best }
    let deviation = 0.02
    let problem = try probabilityProblem(
      network, ["(or \(others.map { "(<= Y[\(best)] Y[\($0)])" }.joined(separator: " ")))"],
      [component(inputs, deviation: deviation)])
    let found = try bounds(problem)
    let draws = 20_000
    var hits = 0
    for _ in 0..<draws {
      let point = (0..<inputs).map { _ in deviation * Self.normal(&generator) }
      let value = network.evaluate([point])[0]
      if others.contains(where: { value[best] <= value[$0] }) { hits += 1 }
    }
    let share = Double(hits) / Double(draws)
    let error = 4 * (share * (1 - share) / Double(draws)).squareRoot() + 5 / Double(draws)
    #expect(found.lower <= share + error, "seed \(seed): \(found), drawn \(share)")
    #expect(share - error <= found.upper, "seed \(seed): \(found), drawn \(share)")
  }

  /// y = relu(s₀) + relu(s₁) + relu(s₂), each s half the sum of four coordinates of its own: pieces of
  /// three corners, three edges and one face each lie in several half-spaces at once.
  @Test(.enabled(if: isOptimised, "draws take long without optimisation"))
  func leavesWeighTheirSplitsToo() throws {
    let rows = (0..<3).map { row in (0..<12).map { $0 / 4 == row ? 0.5 : 0 } }
    let network = denseNetwork([(rows, [0, 0, 0]), ([[1, 1, 1]], [0])])
    let problem = try probabilityProblem(
      network, ["(>= Y[0] 4)"], [component(12, deviation: 1)], from: "0", to: "0.024")
    let found = try Search.bound(
      problem, gap: Closeness(absolute: 1e-9), options: SearchOptions(timeLimit: 60, threads: 1)
    ).get()
    var reader = try ProofReader(found.proof)
    var isOutweighed = false
    while !reader.isAtEnd {
      if case .outweigh = try reader.next() { isOutweighed = true }
    }
    #expect(isOutweighed)
    var generator = SeededGenerator(seed: 5)
    let draws = 400_000
    let hits = (0..<draws).count { _ in
      (0..<3).reduce(0.0) { sum, _ in sum + max(0, Self.normal(&generator)) } >= 4
    }
    let share = Double(hits) / Double(draws)
    let error = 4 * (share / Double(draws)).squareRoot()
    let upper = found.verified.upper.nearestDouble
    #expect(share - error <= upper && upper <= 2 * share, "\(upper), drawn \(share)")
  }

  /// The same sum of relus, from below and from above: at least 4, at most 4, one of which is likely.
  @Test(.enabled(if: isOptimised, "draws take long without optimisation"), arguments: [">=", "<="])
  func eventsAndTheirContrariesHaveBothEnds(relation: String) throws {
    let rows = (0..<3).map { row in (0..<12).map { $0 / 4 == row ? 0.5 : 0 } }
    let network = denseNetwork([(rows, [0, 0, 0]), ([[1, 1, 1]], [0])])
    let problem = try probabilityProblem(
      network, ["(\(relation) Y[0] 4)"], [component(12, deviation: 1)],
      from: relation == ">=" ? "0.0015" : "0", to: relation == ">=" ? "1" : "0.9985")
    let found = try bounds(problem, seconds: 60)
    var generator = SeededGenerator(seed: 6)
    let draws = 200_000
    let hits = (0..<draws).count { _ in
      let sum = (0..<3).reduce(0.0) { sum, _ in sum + max(0, Self.normal(&generator)) }
      return relation == ">=" ? sum >= 4 : sum <= 4
    }
    let share = Double(hits) / Double(draws)
    let error = 4 * (min(share, 1 - share) / Double(draws)).squareRoot()
    #expect(found.lower <= share + error && share - error <= found.upper, "\(found) \(share)")
    let (low, high) = relation == ">=" ? (found.lower, share) : (1 - found.upper, 1 - share)
    #expect(low >= 0.1 * high, "\(found), drawn \(share)")
  }

  /// One less 2 Q(3), however close the ends are to be, and whatever is claimed.
  @Test(arguments: [Closeness(absolute: 0.0016), Closeness(relative: 0.0016), Closeness()])
  func complements(gap: Closeness) throws {
    let exact = 1 - 0.0026997960632601866
    let problem = try quantityProblem(
      absolute(16), "(complement (event (assert (>= Y[0] 3))))", [component(16, deviation: 1)],
      from: gap == Closeness() ? "0.9967" : "0", to: "1")
    var shown: [ProbabilityProgress] = []
    let options = SearchOptions(timeLimit: 60, threads: 1)
    let found = try Search.bound(problem, gap: gap, options: options) { shown.append($0) }.get()
    let (lower, upper) = (found.verified.lower.nearestDouble, found.verified.upper.nearestDouble)
    #expect(found.stop == nil && lower <= exact && exact <= upper, "\(lower) \(upper)")
    #expect(lower >= 0.9967 || upper - lower <= max(gap.absolute, gap.relative))
    #expect(shown.allSatisfy { $0.lower <= exact && exact <= $0.upper })
  }

  @Test("Draws say what is likely, of wide normal laws alone") func draws() throws {
    func drawn(_ inputs: Int, _ law: String) throws -> [Double]? {
      Search.drawnProbabilities(
        of: try quantityProblem(
          absolute(inputs), "(ratio (event (assert (<= Y[0] 0.5))) (event (assert (<= Y[0] 8))))",
          [law], from: "0", to: "1"), seed: 1)
    }
    let found = try #require(try drawn(16, component(16, deviation: 1)))
    // |Z| ≤ 1/2: 0.383; five deviations of a thousand draws are 0.08.
    #expect(found.count == 2 && abs(found[0] - 0.383) < 0.08 && found[1] == 1, "\(found)")
    #expect(try drawn(3, component(3, deviation: 1)) == nil)
    let mixed = "(component 1 \(String(repeating: "(normal 0 1) ", count: 6))(uniform 0 1))"
    #expect(try drawn(7, mixed) == nil)
  }

  /// By Box and Muller.
  private static func normal(_ generator: inout SeededGenerator) -> Double {
    let radius = (-2 * log(Double.random(in: 0x1p-53..<1, using: &generator))).squareRoot()
    return radius * cos(2 * Double.pi * Double.random(in: 0..<1, using: &generator))
  }
}
