import Approximation
import ClaimLanguage
import ExactArithmetic
import ProofChecker
import Search
import TestSupport
import Testing

/// Events whose sides are equal on sets of positive probability: strictness decides there.
@Suite("Ties") struct TieTests {
  private func bounds(
    _ problem: ProbabilityProblem, gap: Double
  ) throws -> (lower: Double, upper: Double, cells: Int) {
    let found = try Search.bound(
      problem, gap: Closeness(absolute: gap),
      options: SearchOptions(timeLimit: 60, nodeLimit: 20_000)
    ).get()
    #expect(found.stop == nil)
    return (
      found.verified.lower.nearestDouble, found.verified.upper.nearestDouble, found.cells
    )
  }

  private func expect(
    _ problem: ProbabilityProblem, _ value: Double, gap: Double, cells: Int,
    at location: SourceLocation = #_sourceLocation
  ) throws {
    let found = try bounds(problem, gap: gap)
    let slack = 8 * value.ulp
    #expect(
      found.lower <= value + slack && value - slack <= found.upper
        && found.upper - found.lower <= gap, "\(found)", sourceLocation: location)
    #expect(found.cells <= cells, "\(found)", sourceLocation: location)
  }

  /// Two outputs that are the same sum of units.
  @Test("Where two outputs are equal everywhere, one cell does", arguments: ["<=", "<", ">=", ">"])
  func everywhere(comparison: String) throws {
    let network = denseNetwork([
      ([[1, 1], [1, -1]], [0, 0]), ([[1, 2], [1, 2]], [0.5, 0.5]),
    ])
    let problem = try probabilityProblem(
      network, ["(\(comparison) Y[0] Y[1])"], ["(component 1 (uniform -1 1) (normal 0 1))"])
    try expect(problem, comparison.count == 2 ? 1 : 0, gap: 1e-6, cells: 16)
  }

  /// relu(x0) and relu(x1) on a square: both zero on a quarter.
  @Test("Outputs behind rectifiers tie where both are inactive") func rectified() throws {
    let network = denseNetwork([([[1, 0], [0, 1]], [0, 0]), ([[1, 0], [0, 1]], [0, 0])])
    let square = ["(component 1 (uniform -1 1) (uniform -1 1))"]
    for (event, value) in [
      ("(>= Y[0] Y[1])", 5.0 / 8), ("(> Y[0] Y[1])", 3.0 / 8), ("(<= Y[1] 0)", 0.5),
      ("(< Y[1] 0)", 0),
      ("(and (>= Y[0] Y[1]) (> Y[1] 0))", 1.0 / 8),
    ] {
      try expect(probabilityProblem(network, [event], square), value, gap: 1e-6, cells: 200)
    }
  }

  /// The same where no cut meets the edges of the quarter: what is open shrinks with the width of cells.
  @Test("Edges of ties that no cut meets are approached") func approached() throws {
    let network = denseNetwork([([[1, 0], [0, 1]], [0, 0]), ([[1, 0], [0, 1]], [0, 0])])
    let problem = try probabilityProblem(
      network, ["(> Y[0] Y[1])"], ["(component 1 (uniform -1 1.5) (uniform -1.25 1))"])
    // (1.5 · 1.25 + 1 / 2 + 1 / 2) of 2.5 · 2.25.
    try expect(problem, 2.875 / 5.625, gap: 1e-2, cells: 4000)
  }

  /// relu(x0 − x1): corners of cells lie on the edge of the tie, exactly, where cuts are short numbers.
  @Test("Edges of ties in a normal law's cells") func diagonal() throws {
    let network = denseNetwork([([[1, -1]], [0]), ([[1]], [0])])
    let laws = ["(component 1 (normal 0 1) (normal 0 1))"]
    try expect(
      probabilityProblem(network, ["(<= Y[0] 0)"], laws), 0.5, gap: 2e-2, cells: 4000)
    try expect(probabilityProblem(network, ["(< Y[0] 0)"], laws), 0, gap: 2e-2, cells: 4000)
  }

  /// y0 = relu(x0 − 4), y1 = relu(−x0 − 4): equal, but for tails, and never below zero.
  @Test("Where scores tie at zero behind a map, a claim is decided at once") func mapped() throws {
    let network = denseNetwork([([[1, 0], [-1, 0]], [-4, -4]), ([[1, 0], [0, 1]], [0, 0])])
    let law = ["(component 1 (normal 0 1) (normal 0 1) (map (0 1 0) (0 1 1)))"]
    let holds = try probabilityProblem(network, ["(>= Y[0] Y[1])"], law, from: "0.99")
    let found = try bounds(holds, gap: 0)
    #expect(found.lower >= 0.99 && found.cells < 200, "\(found)")
    let refuted = try probabilityProblem(network, ["(> Y[0] Y[1])"], law, from: "0.01")
    let other = try bounds(refuted, gap: 0)
    #expect(other.upper < 0.01 && other.cells < 200, "\(other)")
  }

  /// P(y0 ≥ y1 | x1 ≤ 0) for y0 = y1 = 0: cells that x1 = 0 cuts are decided on its two sides.
  @Test("A tie together with what is none") func together() throws {
    let dead = denseNetwork([([[1, 0], [0, 1]], [-100, -100]), ([[1, 0], [0, 1]], [0, 0])])
    for (comparison, value) in [(">=", 1.0), (">", 0)] {
      let problem = try quantityProblem(
        dead,
        "(conditional (event (assert (\(comparison) Y[0] Y[1]))) (event (assert (<= X[1] 0.1))))",
        ["(component 1 (uniform -1 1) (uniform -1 2) (map (0 1 0) (0 1 1)))"], from: "0", to: "1")
      try expect(problem, value, gap: 1e-5, cells: 200)
    }
  }
}
