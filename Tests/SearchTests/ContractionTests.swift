import ClaimLanguage
import ExactArithmetic
import NetworkModel
import ProofChecker
import Search
import TestSupport
import Testing

/// A formula in conjunctive normal form as a network: clauses are rectifiers that are zero where the
/// clause holds, and a tent over every variable is zero at 0 and 1 alone.
private struct Formula {
  let variables: Int
  /// Each literal is a variable counted from one, negative where it is negated.
  var clauses: [[Int]] = []

  /// The leaves of a random decision tree, each excluded by a clause: no assignment is left.
  static func unsatisfiable(
    variables: Int, leaves: Int, using generator: inout SeededGenerator
  ) -> Formula {
    var formula = Formula(variables: variables, clauses: [[]])
    while formula.clauses.count < leaves {
      let place = Int.random(in: formula.clauses.indices, using: &generator)
      let path = formula.clauses[place]
      let free = (1...variables).filter { !path.contains($0) && !path.contains(-$0) }
      guard let variable = free.randomElement(using: &generator) else { continue }
      formula.clauses[place] = path + [variable]
      formula.clauses.append(path + [-variable])
    }
    return formula
  }

  /// Asks for a point where no clause is violated and every tent is zero.
  var question: Problem {
    var weights: [[Double]] = []
    var biases: [Double] = []
    for clause in clauses {
      var row = [Double](repeating: 0, count: variables)
      for literal in clause { row[abs(literal) - 1] -= literal > 0 ? 1 : -1 }
      weights.append(row)
      biases.append(1 - Double(clause.count { $0 < 0 }))
    }
    for variable in 0..<variables {
      weights.append((0..<variables).map { $0 == variable ? 2 : 0 })
      biases.append(-1)
    }
    let violated = clauses.map { _ in 1.0 } + (0..<variables).map { _ in 0 }
    let peaks = clauses.map { _ in 0.0 } + (0..<variables).map { _ in -1 }
    let identity = (0..<variables).map { row in (0..<variables).map { $0 == row ? 1.0 : 0 } }
    let nodes: [(size: Int, operation: NetworkModel.Operation)] = [
      (variables, .input), (biases.count, affine([(0, weights)], bias: biases)),
      (biases.count, .relu(NodeIndex(1))),
      (variables, affine([(0, identity)], bias: [Double](repeating: 0, count: variables))),
      (
        2,
        affine(
          [
            (2, [violated, peaks]),
            (
              3,
              [
                [Double](repeating: 0, count: variables),
                [Double](repeating: 1, count: variables),
              ]
            ),
          ], bias: [0, 0])
      ),
    ]
    return problem(
      network(nodes), lower: [Double](repeating: 0, count: variables),
      upper: [Double](repeating: 1, count: variables),
      disjuncts: [[outputRow([1, 0], atMost: 0), outputRow([0, 1], atMost: 0)]])
  }
}

@Suite("Rows that narrow the inputs")
struct ContractionTests {
  private func decide(_ question: Problem) -> Decision {
    Search.decide(question, options: SearchOptions(timeLimit: 60))
  }

  @Test(
    "Formulas without a model are proved to have none, and short of a clause they have one",
    arguments: 0..<4, [(14, 30), (40, 120)])
  func formulas(seed: UInt64, size: (variables: Int, leaves: Int)) throws {
    var generator = SeededGenerator(seed: seed)
    var formula = Formula.unsatisfiable(
      variables: size.variables, leaves: size.leaves, using: &generator)
    let decision = decide(formula.question)
    guard case .holds(let proof) = decision.verdict else {
      Issue.record("undecided: \(decision.verdict)")
      return
    }
    _ = try ProofChecker.check(proof.bytes, of: formula.question)
    #expect(decision.nodes < 20 * size.leaves)
    formula.clauses.remove(at: size.leaves / 2)
    guard case .refuted(let witness) = decide(formula.question).verdict else {
      Issue.record("no model was found")
      return
    }
    #expect(witness.point.allSatisfy { $0 == .zero || $0 == .one })
  }

  /// The row over both inputs leaves less than half of w, and takes half a millionth off x: enough
  /// for the standard slope of relu(x) to change.
  @Test("A box that a row narrows by little has the same slopes in the search and in the checker")
  func slopesBesideTheThreshold() {
    let limit = 2 + 9e-7
    let slope = limit / 0.4
    // x, w − 1/2, and x + 2 and w + 1, which are positive.
    let network = denseNetwork([
      ([[1, 0], [0, 1], [1, 0], [0, 1]], [0, -0.5, 2, 1]),
      ([[0, 0, 1, slope], [1, -4, -1, 0]], [0, 0]),
    ])
    // (x + 1) + slope w ≤ limit; relu(x) − x − 4 relu(w − 1/2) + 1/4 ≤ 0.
    let question = problem(
      network, lower: [-1, 0], upper: [1 + 2e-6, 1],
      disjuncts: [
        [outputRow([1, 0], atMost: limit + 1 + slope), outputRow([0, 1], atMost: -2.25)]
      ])
    guard case .holds = decide(question).verdict else {
      Issue.record("\(decide(question).verdict)")
      return
    }
  }
}
