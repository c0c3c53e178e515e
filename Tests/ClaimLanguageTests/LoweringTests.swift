import Approximation
import ClaimLanguage
import ExactArithmetic
import NetworkModel
import Testing

struct LoweringTests {
  /// `Σ coefficient · X ≤ bound` and the like, readably.
  private func text(_ row: Row) -> String {
    var terms = row.inputs.map { "\($0.coefficient.nearestDouble)x\($0.index)" }
    terms += row.outputs.map { "\($0.coefficient.nearestDouble)y\($0.index)" }
    for curve in row.curves {
      switch curve {
      case .square(let index, let centre, let coefficient):
        terms.append(
          "\(coefficient.nearestDouble)(x\(index)-\(centre.nearestDouble))²")
      case .absolute(let index, let centre, let coefficient):
        terms.append(
          "\(coefficient.nearestDouble)|x\(index)-\(centre.nearestDouble)|")
      }
    }
    return
      "\(terms.joined(separator: " + ")) \(row.isStrict ? "<" : "≤") \(row.bound.nearestDouble)"
  }

  /// Every case as its input rows and its disjuncts.
  private func cases(_ problem: Problem) -> [[String]] {
    problem.cases.map { set in
      set.inputRows.map(text) + set.disjuncts.map { "[\($0.map(text).joined(separator: "; "))]" }
    }
  }

  @Test(arguments: [
    ("(assert (<= Y[0] Y[1]))", [["[1.0y0 + -1.0y1 ≤ 0.0]"]]),
    ("(assert (>= Y[0] 3.5))", [["[-1.0y0 ≤ -3.5]"]]),
    (
      "(assert (== (+ Y[0] (* 2.0 X[1]) 1.0) 4.0))",
      [["[2.0x1 + 1.0y0 ≤ 3.0; -2.0x1 + -1.0y0 ≤ -3.0]"]]
    ),
    ("(assert (!= Y[0] 4.0))", [["[1.0y0 < 4.0]", "[-1.0y0 < -4.0]"]]),
    ("(assert (< X[0] 0.5)) (assert (> Y[0] 0.0))", [["1.0x0 < 0.5", "[-1.0y0 < 0.0]"]]),
    ("(assert (<= (+ X[0] X[1]) 0.5))", [["1.0x0 + 1.0x1 ≤ 0.5", "[]"]]),
    ("(assert (<= 1.0 2.0))", [["[]"]]),
    ("(assert (<= (- X[0] X[0]) -1.0))", []),
    ("(assert (or (<= Y[0] 0.0) (< 1.0 1.0)))", [["[1.0y0 ≤ 0.0]"]]),
    // Two boxes times two, grouped by box.
    (
      "(assert (or (<= X[0] 0.0) (>= X[0] 0.5))) (assert (or (<= Y[0] 0.0) (<= Y[1] 0.0)))",
      [["[1.0y0 ≤ 0.0]", "[1.0y1 ≤ 0.0]"], ["[1.0y0 ≤ 0.0]", "[1.0y1 ≤ 0.0]"]]
    ),
    // A bound that the box implies makes no further case.
    (
      "(assert (or (and (<= X[0] 2.0) (<= Y[0] 0.0)) (and (<= X[0] 3.0) (<= Y[1] 0.0))))",
      [["[1.0y0 ≤ 0.0]", "[1.0y1 ≤ 0.0]"]]
    ),
    (
      "(assert (and (<= Y[0] 0.0) (or (<= Y[1] 1.0) (and (<= Y[1] 2.0) (or (<= X[0] Y[0]) (<= Y[0] 3.0))))))",
      [
        [
          "[1.0y0 ≤ 0.0; 1.0y1 ≤ 1.0]", "[1.0y0 ≤ 0.0; 1.0y1 ≤ 2.0; 1.0x0 + -1.0y0 ≤ 0.0]",
          "[1.0y0 ≤ 0.0; 1.0y1 ≤ 2.0; 1.0y0 ≤ 3.0]",
        ]
      ]
    ),
    // Balls.
    (
      "(assert (<= (+ (* (- X[0] 0.5) (- X[0] 0.5)) (* X[1] X[1] 2.0)) 0.25))",
      [["1.0(x0-0.5)² + 2.0(x1-0.0)² ≤ 0.25", "[]"]]
    ),
    (
      "(assert (> 0.25 (+ (* 2.0 (abs (- 0.5 (* 2.0 X[0])))) (abs X[1]))))",
      [["4.0|x0-0.25| + 1.0|x1-0.0| < 0.25", "[]"]]
    ),
  ])
  func conditionsBecomeCases(assertions: String, expected: [[String]]) throws {
    let problem = try problem(query(unitBox() + assertions))
    #expect(cases(problem) == expected)
  }

  @Test func boundsTightenTheBox() throws {
    let text = query("(assert (or (and (<= X[0] 0.5) (<= (* -2.0 X[1]) 0.5)) (>= X[0] 0.75)))")
    let problem = try problem(text + unitBox())
    #expect(
      problem.cases.map(\.lower) == [
        [decimal("-1"), decimal("-0.25")], [decimal("0.75"), decimal("-1")],
      ])
    #expect(
      problem.cases.map(\.upper) == [
        [decimal("0.5"), decimal("1")], [decimal("1"), decimal("1")],
      ])
  }

  @Test(arguments: [
    (
      "(assert (<= X[0] 1.0))",
      "2:20: the input `X[0]` has no lower bound; each needs both, in every alternative"
    ),
    (
      unitBox(1) + "(assert (or (<= Y[0] 1.0) (and (<= 0.0 X[1]) (<= X[1] 1.0))))",
      "2:20: the input `X[1]` has no lower bound; each needs both, in every alternative"
    ),
    (
      unitBox() + "(assert (<= (* X[0] X[1]) 1.0))",
      "4:55: found a product of variables; of these only squares of one input entry, or of its distance from a number, are supported"
    ),
    (
      unitBox() + "(assert (<= (* Y[0] Y[0]) 1.0))",
      "4:55: found a product of variables; of these only squares of one input entry, or of its distance from a number, are supported"
    ),
    (
      unitBox() + "(assert (>= (* X[0] X[0]) 1.0))",
      "4:55: found squares or absolute values that are not bounded from above, as those of a ball are"
    ),
    (
      unitBox() + "(assert (== (abs X[0]) 1.0))",
      "4:55: found squares or absolute values that are not bounded from above, as those of a ball are"
    ),
    (
      unitBox() + "(assert (<= (abs X[0]) Y[0]))",
      "4:55: found squares or absolute values beside outputs; they may only bound inputs"
    ),
    (
      unitBox() + "(assert (<= (abs (+ X[0] X[1])) 1.0))",
      "4:55: found an absolute value of something else than one input entry, or its distance from a number"
    ),
  ])
  func whatIsNotSupportedIsRefused(assertions: String, error: String) {
    #expect {
      try problem(query(assertions))
    } throws: { "\($0)" == error }
  }

  @Test func numbersThatGrowAreRefused() {
    let product = "(* \(String(repeating: "1e400 ", count: 20)))"
    #expect {
      try problem(query(unitBox() + "(assert (<= Y[0] \(product)))"))
    } throws: {
      "\($0)" == "4:55: found numbers of more than 8192 bits"
    }
  }

  @Test func manyAlternativesAreRefused() throws {
    let choice = "(assert (or (<= Y[0] 0.0) (<= Y[1] 0.0)))"
    let parts = String(repeating: "(<= Y[0] 0.0)", count: 60)
    let many = query(unitBox() + String(repeating: "(assert (or \(parts)))", count: 4))
    #expect(throws: ClaimError.self) { try problem(many) }
    let few = try problem(query(unitBox() + String(repeating: choice, count: 8)))
    #expect(few.cases.map(\.disjuncts.count) == [256])
  }

  @Test(arguments: [
    ("0.1", "0.1", "0.100000001490116119384765625"), ("0.7", "0.699999988079071044921875", "0.7"),
    ("0.5", "0.5", "0.5"), ("-0.1", "-0.100000001490116119384765625", "-0.1"),
    // Ties go to the even neighbour: 2^24 + 1 down, 2^24 + 3 up.
    ("16777217.0", "16777216", "16777217"), ("16777219.0", "16777219", "16777220"),
    // The largest finite number, half a unit above it, and what underflows.
    (
      "340282346638528859811704183484516925440.0", "340282346638528859811704183484516925440",
      "340282346638528859811704183484516925440"
    ),
    (
      "340282356779733661637539395458142568448.0", "340282356779733661637539395458142568448",
      "340282356779733661637539395458142568448"
    ),
    ("0.00000000000000000000000000000000000000000000000000001", "0", "1e-53"),
  ])
  func aBinary32BoundCoversBothReadings(bound: String, lower: String, upper: String) throws {
    let text = query("(assert (== X[0] \(bound)))", inputs: 1, type: "float32")
    let problem = try problem(text)
    #expect(problem.meaning == .float32)
    #expect(problem.cases[0].lower == [decimal(lower)])
    #expect(problem.cases[0].upper == [decimal(upper)])
    let real = try LoweringTests.pinned(bound)
    #expect(real.cases[0].lower == real.cases[0].upper && real.cases[0].lower == [decimal(bound)])
  }

  private static func pinned(_ bound: String) throws -> Problem {
    try problem(query("(assert (== X[0] \(bound)))", inputs: 1))
  }

  @Test func equalInputsAreOneEntry() throws {
    let text = """
      (vnnlib-version <2.0>)
      (declare-network f (declare-input A real [1,2]) (declare-output P real [1]))
      (declare-network g (isomorphic-to f) (declare-input B real [1,2]) (declare-output Q real [1]))
      (declare-network h (equal-to g) (declare-input C real [1,2]) (declare-output R real [1]))
      (assert (and (== B[0,1] A[0,1]) (== A[0,0] B[0,0])))
      (assert (== C[0,0] B[0,1]))
      (assert (<= P[0] (+ Q[0] R[0])))
      """
    let bounds = ["A[0,0]", "B[0,1]", "C[0,1]"].map {
      "(assert (<= 0.0 \($0))) (assert (<= \($0) 1.0))"
    }
    let problem = try problem(text + bounds.joined())
    #expect(problem.inputNames == ["A[0,0]", "A[0,1]", "C[0,1]"])
    #expect(problem.variables.map(\.name) == ["A", "P", "B", "Q", "C", "R"])
    var inputs: [[Int]] = []
    var outputs: [Int] = []
    for variable in problem.variables {
      switch variable.place {
      case .input(let places): inputs.append(places)
      case .output(let first): outputs.append(first)
      }
    }
    #expect(inputs == [[0, 1], [0, 1], [1, 2]] && outputs == [0, 1, 2])
    #expect(cases(problem) == [["[1.0y0 + -1.0y1 + -1.0y2 ≤ 0.0]"]])
    #expect(problem.network.inputs.map(\.size) == [3])
    #expect(problem.network.outputs.map(\.name) == ["P", "Q", "R"])
  }

  @Test func theOnlyInputIsNodeZero() throws {
    let problem = try problem(query(unitBox()))
    #expect(problem.network.nodes.count == 2)
    #expect(problem.outputs.map(\.node) == [NodeIndex(1), NodeIndex(1)])
    #expect(problem.outputs.map(\.index) == [0, 1])
  }

  @Test(arguments: [
    ("[3] real", "2:20: `X` is declared with shape [3], `X` in the file has [1, 2]"),
    ("[2,1] real", ""), ("[1,1,2] REAL", ""), ("[2] float32", ""),
    (
      "[2] float64",
      "2:20: `X` has type float64, expected real or float32: no other arithmetic is supported"
    ),
    (
      "[2] int64",
      "2:20: `X` has type int64, expected real or float32: no other arithmetic is supported"
    ),
  ])
  func declarationsFitTheFile(declaration: String, error: String) throws {
    let parts = declaration.split(separator: " ")
    let text = """
      (vnnlib-version <2.0>)
      (declare-network N (declare-input X \(parts[1]) \(parts[0])) (declare-output Y real [2]))
      (assert (<= Y[0] 1.0))
      """
    let file = try Query(
      parsing: query(unitBox()).replacing("X real [2]", with: "X real [1,2]").replacing(
        "X[", with: "X[0,"))
    do {
      _ = try Problem(query: Query(parsing: text), networks: standIns(for: file))
      Issue.record("an input without bounds was accepted")
    } catch let found {
      let expected = error.isEmpty ? "has no lower bound" : error
      #expect("\(found)".contains(expected))
    }
  }

  @Test func theNetworksAreThoseThatAreDeclared() throws {
    let query = try Query(parsing: query(unitBox()))
    let files = standIns(for: query)
    #expect {
      try Problem(query: query, networks: [:])
    } throws: { "\($0)" == "2:1: found no file for the network `N`" }
    #expect(throws: ClaimError.self) {
      try Problem(
        query: query, networks: files.merging(["M": files["N"]].compactMapValues { $0 }) { $1 })
    }
    let one = try Query(parsing: ReadingTests.constants + "(assert (and (<= X_0 1) (<= 0 X_0)))")
    let file = standIns(for: one).values.map { $0 }
    #expect(try Problem(query: one, networks: ["any": file[0]]).inputNames == ["X_0"])
    #expect(throws: ClaimError.self) { try Problem(query: one, networks: [:]) }
  }

  /// Rows count the entries of hidden values and outputs in the order of declaration.
  @Test func hiddenValuesStandWithTheOutputs() throws {
    let text = """
      (vnnlib-version <2.0>)
      (declare-network N (declare-input X real [2]) (declare-hidden H real [3] "h")
        (declare-output Y real [2]))
      (declare-network M (equal-to N) (declare-input V real [2]) (declare-hidden G real [3] "h")
        (declare-output W real [2]))
      (assert (and (<= H[2] (- Y[1] W[0])) (> G[0] X[1])))

      """
    let problem = try problem(text + unitBox() + unitBox(2, "V"))
    #expect(cases(problem) == [["[1.0y2 + -1.0y4 + 1.0y8 ≤ 0.0; 1.0x1 + -1.0y5 < 0.0]"]])
    #expect(problem.variables.map(\.place).dropFirst().first == .output(0))
    #expect(problem.outputs.count == 10)
    #expect(problem.network[problem.outputs[2].node].name == "N.H")
  }

  @Test func hiddenValuesFitTheFile() throws {
    func text(_ shape: String, _ name: String) -> String {
      """
      (vnnlib-version <2.0>)
      (declare-network N (declare-input X real [2]) (declare-hidden H real \(shape) "\(name)")
        (declare-output Y real [2]))
      (assert (<= H[0] Y[0]))

      """ + unitBox()
    }
    let files = standIns(for: try Query(parsing: text("[2]", "h")))
    let right = try Problem(query: Query(parsing: text("[2]", "h")), networks: files)
    #expect(right.network.nodes.count == 3)
    #expect {
      try Problem(query: Query(parsing: text("[3]", "h")), networks: files)
    } throws: { "\($0)" == "2:47: `H` is declared with shape [3], `H` in the file has [2]" }
    #expect {
      try Problem(query: Query(parsing: text("[2]", "g")), networks: files)
    } throws: {
      "\($0)"
        == "2:47: found no value of the name given for `H` in the file of `N`, expected one that its "
        + "outputs depend on"
    }
  }
}
