import BigInt
import ClaimLanguage
import ExactArithmetic
import NetworkModel
import ProofChecker
import ProofFormat
import TestSupport
import Testing

@Suite("Norms of outputs in events") struct NormTests {
  /// The outputs are the inputs.
  private static let pass = denseNetwork([([[1, 0], [0, 1]], [0, 0])])

  /// Both inputs are uniform, around (3, 4) and (−3, 4).
  private func problem(_ event: String, from: Double = 2.5, to: Double = 3) throws
    -> ProbabilityProblem
  {
    try probabilityProblem(
      Self.pass, [event], ["(component 1 (uniform \(from) \(to)) (uniform 3.5 4))"])
  }

  private func isAccepted(_ record: Record, _ event: String) throws -> Bool {
    let problem = try problem(event)
    do {
      let found = try ProofChecker.enclose(problem, by: massProof([.tightenAll, record]))
      #expect(found.lower == found.upper)
      return true
    } catch Rejection.notProved { return false }
  }

  /// The length is from 4.3012 to 5, the norm of `[a b; b a]` from 6 to 7.
  @Test(
    "A cell is certain or excluded where the norm is on one side",
    arguments: [
      ("(<= (norm (Y[0] Y[1])) 5.001)", true, false), ("(< 5.001 (norm (Y[0] Y[1])))", false, true),
      ("(<= (norm (Y[0]) (Y[1])) 4.999)", false, false),
      ("(> (norm (Y[0]) (Y[1])) 4.999)", false, false),
      ("(>= (norm (Y[0] Y[1])) 4.3)", true, false), ("(< (norm (Y[0] Y[1])) 4.3)", false, true),
      ("(>= (norm (Y[0] Y[1])) 4.302)", false, false),
      ("(<= (norm (Y[0] Y[1]) (Y[1] Y[0])) 7.001)", true, false),
      ("(<= (norm (Y[0] Y[1]) (Y[1] Y[0])) 6.999)", false, false),
      ("(>= (norm (Y[0] Y[1]) (Y[1] Y[0])) 5.999)", true, false),
      ("(< (norm (Y[0] Y[1]) (Y[1] Y[0])) 5.999)", false, true),
      ("(>= (norm (Y[0] Y[1]) (Y[1] Y[0])) 6.001)", false, false),
      ("(<= (+ (norm (Y[0] Y[1])) Y[0]) 8.001)", true, false),
      ("(<= (- Y[0] (norm (Y[0] Y[1]))) -1.301)", true, false),
      ("(<= (- Y[0] (norm (Y[0] Y[1]))) -1.302)", false, false),
    ])
  func sides(event: String, isHeld: Bool, isClosed: Bool) throws {
    #expect(try isAccepted(.hold(disjunct: 0, []), event) == isHeld)
    #expect(try isAccepted(.close(disjunct: 0, .standard), event) == isClosed)
  }

  /// Of a uniform pair in [−1, 1]² about the norm 1, cells and their masses.
  @Test("Norms are those of each cell") func cells() throws {
    let problem = try probabilityProblem(
      Self.pass, ["(<= (norm (Y[0] Y[1])) 1.0)"],
      ["(component 1 (uniform -1 1) (uniform -1 1))"])
    // Within ±1/2 in both it holds; at x ≥ 15/16 with y ≥ 1/2 it does not.
    let records: [Record] = [
      try splitInput(at: 0.5), try splitInput(at: -0.5), .leave, try splitInput(1, at: 0.5),
      try splitInput(1, at: -0.5), .leave, .tightenAll, .hold(disjunct: 0, []), .leave,
      try splitInput(at: 0.9375), .leave, try splitInput(1, at: 0.5), .leave, .tightenAll, leaf,
    ]
    let found = try ProofChecker.enclose(problem, by: massProof(records))
    expect(found, encloses: Rational(1, over: 4), within: .one)
    #expect(Rational(found.lower) == Rational(1, over: 4))
    #expect(Rational(found.upper) == Rational(1) - Rational(1, over: 128))
    var wrong = records
    wrong[0] = try splitInput(at: 0.75)
    #expect(throws: Rejection.self) {
      // 3/4 and 1/2 make 0.9, 3/4 and 3/4 more than 1.
      wrong[3] = try splitInput(1, at: 0.75)
      _ = try ProofChecker.enclose(problem, by: massProof(wrong))
    }
  }

  @Test("A claim about all inputs has no norm") func others() throws {
    let text = """
      (vnnlib-version <2.0>)
      (declare-network f (declare-input X real [2]) (declare-output Y real [2]))
      (assert (and (>= X[0] 0) (<= X[0] 1) (>= X[1] 0) (<= X[1] 1)))
      (assert (> (norm (Y[0] Y[1])) 2.0))
      """
    #expect {
      try Problem(query: Query(parsing: text), networks: ["f": Self.pass])
    } throws: {
      "\($0)" == "2:20: found a norm, expected one only in a claim about a probability"
    }
  }
}
