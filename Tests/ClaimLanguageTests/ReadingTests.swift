import ClaimLanguage
import ExactArithmetic
import Testing

struct ReadingTests {
  static let header = "(vnnlib-version <2.0>)\n"
  static let network = "(declare-network N (declare-input X real [2]) (declare-output Y real []))\n"
  static let constants = "(declare-const X_0 Real)\n(declare-const Y_0 Real)\n"

  /// Texts with the place and the sentence of the error each must give.
  static let malformed: [(text: String, error: String)] = [
    ("", "1:1: found no declaration of `X_0`, expected one"),
    ("hello", "1:1: found `hello`, expected `(`"),
    (
      "(",
      "1:2: found the end of the text, expected `vnnlib-version` first, or `declare-const` or `assert`"
    ),
    ("(declare-const X_0 Real)", "1:1: found no declaration of `Y_0`, expected one"),
    (
      "(declare-const X_1 Real) (declare-const Y_0 Real)",
      "1:1: found no declaration of `X_0`, expected one"
    ),
    ("(declare-const X_0 Int)", "1:20: found `Int`, expected `Real`"),
    ("(declare-const Z_0 Real)", "1:16: found `Z_0`, expected a name `X_k` or `Y_k`"),
    (
      "(declare-const X_99999999999999999999 Real)",
      "1:16: found `X_99999999999999999999`, expected a name `X_k` or `Y_k`"
    ),
    (
      "(declare-const X_0 Real)(declare-const X_0 Real)",
      "1:40: found `X_0`, expected a name that is not in use"
    ),
    (
      constants + "(assert (<= X_0))",
      "3:16: found `)`, expected a number, a variable or an operation"
    ),
    (constants + "(assert (<= X_0 1 2))", "3:19: found `2`, expected `)`"),
    (
      constants + "(assert (<= (0.74 (- Y_0 X_0))))",
      "3:14: found `0.74`, expected `+`, `-`, `*`, `/`, `abs` or `norm`"
    ),
    (constants + "(assert (<= X_1 1))", "3:13: found `X_1`, expected a declared variable"),
    (
      constants + "(assert (<= X_0 0x10))",
      "3:17: found `0x10`, expected a number of at most 1100 characters, its exponent within ±400"
    ),
    (
      constants + "(assert (<= X_0 1e99999))",
      "3:17: found `1e99999`, expected a number of at most 1100 characters, its exponent within ±400"
    ),
    (constants + "(assert (<= X_0 nan))", "3:17: found `nan`, expected a declared variable"),
    (
      constants + "(assert (<= X_0 -inf))",
      "3:17: found `-inf`, expected a number of at most 1100 characters, its exponent within ±400"
    ),
    (
      constants + "(assert (not (<= X_0 1)))",
      "3:10: found `not`, expected `and`, `or` or a comparison"
    ),
    (constants + "(assert (and))", "3:13: found `)`, expected `(`"),
    (constants + "(assert (and (<= X_0 1) 3))", "3:25: found `3`, expected `(` or `)`"),
    (
      constants + "(assert (<= (/ X_0 0) 1))",
      "3:14: found a division by something else than a number"
    ),
    (
      constants + "(assert (<= (/ 1 X_0) 1))",
      "3:14: found a division by something else than a number"
    ),
    (constants + "(assert (<= (/ X_0) 1))", "3:19: found `)`, expected a divisor"),
    (constants + "(assert (<= (abs X_0 X_0) 1))", "3:22: found `X_0`, expected `)`"),
    (constants + "(assert (<= X_0 1)", "3:19: found the end of the text, expected `)`"),
    (constants + "(assert (<= X_0 1)))", "3:20: found `)`, expected `(`"),
    (constants + "(assert \"\u{1B}[31m\"", "3:9: found `\"?[31m\"`, expected `(`"),
    (
      constants + "(assert " + String(repeating: "(and ", count: 300),
      "3:1009: nested deeper than 200 levels"
    ),
    ("(vnnlib-version <3.0>)", "1:17: found `<3.0>`, expected `<2.0>` or another version 2"),
    ("(vnnlib-version 2.0)", "1:17: found `2.0`, expected `<2.0>` or another version 2"),
    (header, "2:1: found the end of the text, expected `(declare-network`"),
    (header + network, "3:1: found the end of the text, expected `(assert`"),
    (
      header + "(declare-network N (declare-input X real [2]))",
      "2:46: found `)`, expected `(declare-output`"
    ),
    (header + "(declare-network N)", "2:19: found `)`, expected `(declare-input`"),
    (
      header + "(declare-network N-1 ",
      "2:18: found `N-1`, expected a name (a letter, then letters, digits and `_`)"
    ),
    (
      header + "(declare-network N (declare-output Y real [2]))",
      "2:21: found `declare-output`, expected the network's inputs, then its outputs"
    ),
    (
      header + "(declare-network N (equal-to M)",
      "2:30: found `M`, expected the name of a network declared before"
    ),
    (
      header + "(declare-network N (declare-input X real [1 2])",
      "2:45: found `2`, expected `,` or `]`"
    ),
    (
      header + "(declare-network N (declare-input X real [0])",
      "2:43: found `0`, expected a dimension from 1 to 100000000"
    ),
    (
      header + "(declare-network N (declare-input X real [99999,99999])",
      "2:20: `X` has more than 100000000 entries"
    ),
    (header + network + network, "3:18: found `N`, expected a name that is not in use"),
    (header + network + "(assert (<= X 1))", "3:15: found `1`, expected `[`"),
    (
      header + network + "(assert (<= X[2] 1))",
      "3:15: found `2`, expected an index within the shape [2]"
    ),
    (
      header + network + "(assert (<= X[] 1))",
      "3:17: found `1`, expected 1 indices before it, found 0"
    ),
    (
      header + network + "(assert (<= X[0] 1))\n" + network,
      "4:2: found `declare-network`, expected `assert`"
    ),
    (header + network + "(assert (<= Z 1))", "3:13: found `Z`, expected a declared variable"),
    (
      header + "(declare-network N (declare-hidden H real [2] \"h\")",
      "2:21: found `declare-hidden`, expected the network's inputs, then its outputs"
    ),
    (
      header + "(declare-network N (declare-input X real [2]) (declare-hidden H real [2])",
      "2:73: found `)`, expected the name of a value of the file, in quotes"
    ),
    (
      header + "(declare-network N (declare-input X real [2]) (declare-hidden H real [2] h)",
      "2:74: found `h`, expected the name of a value of the file, in quotes"
    ),
    (
      header + "(declare-network N (declare-input X real [2]) (declare-hidden H real [2] \"\")",
      "2:74: found `\"\"`, expected the name of a value of the file, in quotes"
    ),
    (
      header + "(declare-network N (declare-input X real [2]) (declare-hidden H real [2] \"h)\n",
      "2:74: found `\"h)?`, expected the name of a value of the file, in quotes"
    ),
    (
      header + "(declare-network N (declare-input X real [2]) (declare-hidden H real [2] \"h\") )",
      "2:79: found `)`, expected `(declare-output`"
    ),
    (
      header + "(declare-network N (declare-input X real [2]) (declare-hidden H real [2] \"h\")"
        + "(declare-input V real [2])",
      "2:79: found `declare-input`, expected the network's inputs, then its outputs"
    ),
  ]

  @Test(arguments: [
    ("(norm)", "4:18: found `)`, expected `(`"),
    ("(norm ())", "4:20: found `)`, expected a declared variable"),
    (
      "(norm (Y[0] Y[1]) (Y[0]))",
      "4:37: found rows of several lengths, or more than 64 rows and columns"
    ),
    ("(norm (X[0]))", "4:20: found an input in a norm, expected outputs or hidden values"),
    ("(norm (1.0))", "4:20: found `1.0`, expected a declared variable"),
    ("(* 2.0 (norm (Y[0])))", "4:9: found a multiple of a norm, expected the norm alone"),
    (
      "(* (norm (Y[0])) X[0])",
      "4:9: found a product of variables; of these only squares of one input entry, or of its distance from a number, are supported"
    ),
    ("(+ (norm (Y[0])) (norm (Y[1])))", "4:9: found two norms in a comparison"),
    (
      "(abs (norm (Y[0])))",
      "4:9: found an absolute value of something else than one input entry, or its distance from a number"
    ),
    (
      "(+ (* X[0] X[0]) (norm (Y[0])))",
      "4:9: found squares or absolute values beside outputs; they may only bound inputs"
    ),
  ])
  func malformedNormsAreRefused(norm: String, error: String) {
    let text = """
      (vnnlib-version <2.0>)
      (declare-network N (declare-input X real [2]) (declare-output Y real [2]))
      (probability 0 1 (component 1 (normal 0 1) (normal 0 1)))
      (assert (<= \(norm) 1.0))
      """
    #expect {
      let query = try ProbabilityQuery(parsing: Array(text.utf8))
      _ = try ProbabilityProblem(query: query, networks: standIns(for: query.events[0]))
    } throws: { "\($0)" == error }
  }

  @Test func normsAreOfFewRowsOrFewColumns() throws {
    func norm(_ rows: Int, _ columns: Int) throws -> Query {
      let row = "(" + String(repeating: "Y[0] ", count: columns) + ")"
      let matrix = String(repeating: row, count: rows)
      return try Query(
        parsing: Self.header + """
          (declare-network N (declare-input X real [2]) (declare-output Y real [1]))
          (assert (<= (norm \(matrix)) 1.0))
          """)
    }
    #expect(try norm(65, 64).assertionCount == 1 && norm(64, 65).assertionCount == 1)
    #expect(throws: ClaimError.self) { try norm(65, 65) }
  }

  @Test func namesOfHiddenValuesAreStrings() throws {
    let query = try Query(
      parsing: Self.header + """
        (declare-network N (declare-input X real [2])
          (declare-hidden H real [3] "/layer (1)/Gemm;0, [x]")
          (declare-hidden G real [] "Y") (declare-output Y real [1]))
        (assert (<= H[2] G))
        """)
    #expect(
      query.variables.map(\.role)
        == [.input, .hidden("/layer (1)/Gemm;0, [x]"), .hidden("Y"), .output])
    #expect(query.name(of: Entry(variable: 1, index: 2)) == "H[2]")
  }

  @Test(arguments: malformed)
  func malformedTextIsRefusedWithItsPlace(text: String, error: String) {
    #expect {
      try Query(parsing: text)
    } throws: { "\($0)" == error }
  }

  @Test func theLiberalFormsOfNumbersAreRead() throws {
    for (numeral, value) in [
      ("1e-5", decimal("0.00001")), (".5", decimal("0.5")), ("+1.", decimal("1")),
      ("-3", decimal("-3")),
      ("(- 3.5)", decimal("-3.5")), ("(/ 1 4)", decimal("0.25")), ("1E2", decimal("100")),
    ] {
      let problem = try problem(Self.constants + "(assert (= \(numeral) X_0))")
      #expect(problem.cases[0].lower == [value] && problem.cases[0].upper == [value])
    }
  }

  @Test func blanksTypesAndOtherMinorVersionsAreRead() throws {
    let query = try Query(
      parsing: """
        (vnnlib-version <2.7>) ; a comment with ü and "
        ( declare-network N
          (declare-input X Float32 [ 1, 2 ] initialized)
          (declare-output Y REAL []) )
        ( assert (and (<= X [0, 1] Y)) )
        """)
    #expect(query.version == .two(minor: 7))
    #expect(query.variables.map(\.shape) == [[1, 2], []])
    #expect(query.variables.map(\.role) == [.input, .output] && query.assertionCount == 1)
    #expect(query.name(of: Entry(variable: 0, index: 1)) == "X[0,1]")
    #expect(query.name(of: Entry(variable: 1, index: 0)) == "Y")
  }

  /// A quadratic reader would take many minutes.
  @Test(.timeLimit(.minutes(1))) func longSumsAndProductsTakeLinearTime() throws {
    let sum = (0..<3_000).map { "X[\($0)]" }.joined(separator: " ")
    let product = "(* (+ \(sum)) \(String(repeating: "1 ", count: 3_000)))"
    let text = query("(assert (<= \(product) 1))", inputs: 3_000)
    #expect(try Query(parsing: text).assertionCount == 1)
  }

  @Test func mutilatedTextsNeverTrap() throws {
    let text =
      Self.header + Self.network + """
        (assert (or (and (<= (* 2 (- X[0] 0.5)) -1e-3) (== Y X[1])) (!= (abs X[0]) (/ Y 3))))
        """
    let seeds = [text, Self.constants + "(assert (or (<= X_0 .5) (>= (+ X_0 Y_0 1) 0.25)))"]
    let pieces = ["(", ")", "[", "]", ",", "\"", ";", "<2.0>", "X", "X_0", "and", "1e9", "\n", "-"]
    var generator = SystemRandomNumberGenerator()
    var read = 0
    for _ in 0..<3_000 {
      var bytes = Array((seeds.randomElement(using: &generator) ?? "").utf8)
      for _ in 0..<Int.random(in: 1...4, using: &generator) {
        let place = Int.random(in: 0..<bytes.count, using: &generator)
        switch Int.random(in: 0..<4, using: &generator) {
        case 0: bytes[place] = UInt8.random(in: 0...255, using: &generator)
        case 1: bytes.removeSubrange(place..<min(place + 7, bytes.count - 1))
        case 2: bytes.insert(contentsOf: bytes[place...].prefix(20), at: place)
        default:
          bytes.insert(contentsOf: (pieces.randomElement(using: &generator) ?? "").utf8, at: place)
        }
      }
      guard let query = try? Query(parsing: bytes) else { continue }
      read += 1
      guard query.variables.allSatisfy({ $0.size < 1_000 }) else { continue }
      _ = try? Problem(query: query, networks: standIns(for: query))
    }
    #expect(read > 0)
  }

  @Test func randomBytesNeverTrap() {
    var generator = SystemRandomNumberGenerator()
    for _ in 0..<1_000 {
      let bytes = (0..<100).map { _ in UInt8.random(in: 0...255, using: &generator) }
      #expect(throws: ClaimError.self) { try Query(parsing: bytes) }
    }
  }
}
