import BigInt
import ClaimLanguage
import ExactArithmetic
import ProofChecker
import ProofFormat
import TestSupport
import Testing

/// Of x uniform from −1 to 1 and y = x: conditional probabilities, ratios and differences.
@Suite("Proofs about numbers made of probabilities") struct QuantityTests {
  private let line = denseNetwork([([[1]], [0])])
  private static let low = "(event (assert (<= Y[0] 0.5)))"
  private static let high = "(event (assert (> X[0] 0)))"

  private func problem(
    _ quantity: String, from lower: String = "-1e9", to upper: String = "1e9",
    law: String = "(uniform -1 1)"
  ) throws -> ProbabilityProblem {
    try quantityProblem(line, quantity, ["(component 1 \(law))"], from: lower, to: upper)
  }

  private let sliver = 0x1p-20

  /// x > 0: from 1/2 − 2^-21 to 1/2.
  private func aboveZero() throws -> [Record] {
    [
      try splitInput(at: 0), .tightenAll, leaf,
      try splitInput(at: sliver), .leave, .tightenAll, .hold(disjunct: 0, []),
    ]
  }

  /// 0 < x ≤ 1/2: from 1/4 − 2^-21 to 1/4 + 2^-21; row 0 is x ≤ 1/2, row 1 is x > 0.
  private func both() throws -> [Record] {
    [
      try splitInput(at: 0), .tightenAll, excluded(byRow: 1),
      try splitInput(at: 0.5), try splitInput(at: sliver), .leave, .tightenAll,
      .hold(disjunct: 0, []),
      try splitInput(at: 0.5 + sliver), .leave, .tightenAll, excluded(byRow: 0),
    ]
  }

  private func excluded(byRow row: Int) -> Record {
    .close(disjunct: 0, Derivation(rows: [Term(row, .one)]))
  }

  /// x ≤ 1/2: from 3/4 to 3/4 + 2^-21.
  private func below() throws -> [Record] {
    [
      try splitInput(at: 0.5), .tightenAll, .hold(disjunct: 0, []),
      try splitInput(at: 0.5 + sliver), .leave, .tightenAll, leaf,
    ]
  }

  private let slack = Rational(1, over: 1 << 18)

  @Test func conditional() throws {
    let problem = try problem("(conditional \(Self.low) \(Self.high))")
    let found = try ProofChecker.check(massProof(try both() + aboveZero()), of: problem)
    expect(found, encloses: Rational(1, over: 2), within: slack)
  }

  @Test("A conditional probability is at most 1") func capped() throws {
    let problem = try problem("(conditional \(Self.high) \(Self.high))")
    let found = try ProofChecker.check(massProof(try aboveZero() + aboveZero()), of: problem)
    #expect(found.upper == .one && found.lower < .one)
  }

  @Test func ratio() throws {
    let problem = try problem("(ratio \(Self.low) \(Self.high))")
    let found = try ProofChecker.check(massProof(try below() + aboveZero()), of: problem)
    expect(found, encloses: Rational(3, over: 2), within: slack)
    #expect(found.lower == Dyadic(3, exponent: -1))
  }

  @Test func difference() throws {
    let problem = try problem("(difference \(Self.high) \(Self.low))")
    let found = try ProofChecker.check(massProof(try aboveZero() + below()), of: problem)
    expect(found, encloses: Rational(-1, over: 4), within: slack)
    #expect(found.upper == Dyadic(-1, exponent: -2))
  }

  @Test("What is left of one, each end from the other one") func complement() throws {
    // x > 0 has from 1/2 − 2^-21 to 1/2.
    let rest = try problem("(complement \(Self.high))")
    let found = try ProofChecker.check(massProof(try aboveZero()), of: rest)
    #expect(found.lower == Dyadic(1, exponent: -1))
    #expect(found.upper == Dyadic(1, exponent: -1) + Dyadic(1, exponent: -21))
    expectRejected(
      try aboveZero(), of: try problem("(complement \(Self.high))", to: "0.5"), "to 0.5000004768")
    let given = try problem("(complement (conditional \(Self.low) \(Self.high)))")
    expect(
      try ProofChecker.check(massProof(try both() + aboveZero()), of: given),
      encloses: Rational(1, over: 2), within: slack)
    expectRejected(try both() + [.leave], of: given, "may be 0")
  }

  @Test("Demographic parity: a ratio of conditional probabilities") func parity() throws {
    let problem = try problem(
      "(ratio (conditional \(Self.low) \(Self.high)) (conditional \(Self.low) \(Self.low)))")
    let found = try ProofChecker.check(
      massProof(try both() + aboveZero() + below() + below()), of: problem)
    expect(found, encloses: Rational(1, over: 2), within: slack)
  }

  @Test("Bounds beyond the claim's are refused, with their signs") func exceeded() throws {
    let records = try aboveZero() + below()
    let quantity = "(difference \(Self.high) \(Self.low))"
    expectRejected(
      records, of: try problem(quantity, to: "-0.26"), "to -0.25, which is not what is claimed")
    expectRejected(
      records, of: try problem(quantity, from: "-0.25"), "from -0.25000095367")
    _ = try ProofChecker.check(
      massProof(records), of: try problem(quantity, from: "-0.251", to: "-0.25"))
  }

  @Test("A divisor that may be 0 is refused", arguments: ["ratio", "conditional"])
  func divisor(form: String) throws {
    let problem = try problem("(\(form) \(Self.low) \(Self.high))")
    let first = try form == "ratio" ? below() : both()
    expectRejected(first + [.leave], of: problem, "may be 0")
  }

  @Test("There is one tree for each event, in order") func trees() throws {
    let problem = try problem("(ratio \(Self.low) \(Self.high))")
    expectRejected(try below(), of: problem, "malformed")
    expectRejected(try below() + aboveZero() + [.leave], of: problem, "bytes after its end")
    // x > 0 does not hold where x ≤ 1/2.
    expectRejected(try aboveZero() + below(), of: problem, "proves nothing")
  }

  @Test("An event is the text with its own assertions and those outside") func assertions() throws {
    let text = """
      (vnnlib-version <2.0>)
      (declare-network f (declare-input X real [1]) (declare-output Y real [1]))
      (probability 0 1
        (conditional (event (assert (<= Y[0] 0.5)) ; (
            (assert (or (<= X[0] -0.5) (>= Y[0] 0))))
          (event (assert (> X[0] 0))))
        (component 1 (uniform -1 1)))
      (assert (<= X[0] 0.75))
      """
    let problem = try ProbabilityProblem(
      query: ProbabilityQuery(parsing: Array(text.utf8)), networks: ["f": line])
    let rows = problem.events.map { $0[0].problem.cases[0].disjuncts.map(\.count) }
    #expect(rows == [[4, 4], [2]])
  }

  @Test("All events have the same inputs") func inputs() throws {
    let text = """
      (vnnlib-version <2.0>)
      (declare-network f (declare-input X real [3]) (declare-output Y real [1]))
      (probability 0 1
        (ratio (event (assert (== X[0] X[2]))) (event (assert (== X[1] X[2]))))
        (component 1 (uniform 0 1) (uniform 0 1)))
      """
    let network = denseNetwork([([[1, 1, 1]], [0])])
    #expect {
      try ProbabilityProblem(
        query: ProbabilityQuery(parsing: Array(text.utf8)), networks: ["f": network])
    } throws: {
      ($0 as? ClaimError)?.message == "the law's inputs are not the same for all events"
    }
  }
}
