import BigInt
import ClaimLanguage
import ExactArithmetic
import MassArithmetic
import NetworkModel
import ProofChecker
import ProofFormat
import TestSupport
import Testing

@Suite("Proofs about probabilities") struct MassTests {
  private func rational(_ text: String) throws -> Rational { try #require(Rational(decimal: text)) }

  private let line = denseNetwork([([[1]], [0])])

  /// Where x ≤ 0 and where x > 0 but for a gap of 2^-20 around the threshold of the input.
  private func aroundCut(_ cut: Double) throws -> [Record] {
    [
      try splitInput(at: cut - 0x1p-20), .tightenAll, .hold(disjunct: 0, []),
      try splitInput(at: cut + 0x1p-20), .leave, .tightenAll, leaf,
    ]
  }

  @Test("The masses of uniform cells are exact")
  func uniform() throws {
    let found = try ProofChecker.check(
      massProof(try absoluteRecords()),
      of: try absoluteProblem(from: "0.125", to: "0.375"))
    #expect(found.lower == Dyadic(1, exponent: -3) && found.upper == Dyadic(3, exponent: -3))
    #expect(found.nodes == 9 && found.records == 12)
  }

  @Test("A claim tighter than the proof is rejected", arguments: [("0.126", "1"), ("0", "0.374")])
  func exceeded(bounds: (String, String)) throws {
    expectRejected(
      try absoluteRecords(), of: try absoluteProblem(from: bounds.0, to: bounds.1),
      "not what is claimed")
  }

  /// P(0.5 + 2 Z ≤ 0) = Φ(−1/4), by mpmath.
  @Test func whitenedNormal() throws {
    let problem = try probabilityProblem(
      line, ["(<= Y[0] 0)"], ["(component 1 (normal 0 1) (map (0.5 2)))"])
    let found = try ProofChecker.check(massProof(try aroundCut(-0.25)), of: problem)
    expect(
      found, encloses: try rational("0.401293674317076021375785098421"),
      within: try rational("1e-6"))
  }

  /// The same law without a map, and an event in the inputs alone.
  @Test func inputsOfTheEventAreThoseBehindTheMap() throws {
    let problem = try probabilityProblem(
      line, ["(<= X[0] 0)"], ["(component 1 (normal 0 1) (map (0.5 2)))"])
    let found = try ProofChecker.check(massProof(try aroundCut(-0.25)), of: problem)
    let direct = try probabilityProblem(
      line, ["(<= X[0] 0)"], ["(component 1 (normal 0.5 4))"])
    let same = try ProofChecker.check(
      massProof([
        try splitInput(at: -0x1p-19), .tightenAll, .hold(disjunct: 0, []),
        try splitInput(at: 0x1p-19), .leave, .tightenAll, leaf,
      ]), of: direct)
    let expected = try rational("0.401293674317076021375785098421")
    expect(found, encloses: expected, within: try rational("1e-6"))
    expect(same, encloses: expected, within: try rational("1e-6"))
  }

  /// 0.1 and 0.3 are no binary numbers; the map counts what their rounding costs.
  @Test func roundedNumbersOfAMapWiden() throws {
    let problem = try probabilityProblem(
      line, ["(<= Y[0] 0.1)"], ["(component 1 (normal 0 1) (map (0.1 0.3)))"])
    let tight: [Record] = [
      try splitInput(at: 0), .tightenAll, .hold(disjunct: 0, []), .leave,
    ]
    expectRejected(tight, of: problem, "proves nothing")
    let found = try ProofChecker.check(massProof(try aroundCut(0)), of: problem)
    expect(found, encloses: try rational("0.5"), within: try rational("1e-6"))
  }

  @Test func componentsAddUpByWeight() throws {
    let problem = try probabilityProblem(
      line, ["(<= Y[0] 0)"],
      ["(component 1/3 (uniform -1 1))", "(component 2/3 (uniform -1 3))"])
    let found = try ProofChecker.check(
      massProof(try aroundCut(0) + aroundCut(0)), of: problem)
    expect(found, encloses: Rational(1, over: 3), within: try rational("1e-5"))
    expectRejected(try aroundCut(0), of: problem, "malformed")
    expectRejected(
      try aroundCut(0) + aroundCut(0) + aroundCut(0), of: problem, "bytes after its end")
  }

  @Test func atomsOnACutBelongToTheFirstChild() throws {
    let points = "(component 1 (points (0 1/4) (1 1/2) (2 1/4)))"
    let problem = try probabilityProblem(line, ["(<= Y[0] 1)"], [points])
    let records: [Record] = [
      try splitInput(at: 1), .tightenAll, .hold(disjunct: 0, []), .leave,
    ]
    let found = try ProofChecker.check(massProof(records), of: problem)
    #expect(found.lower == Dyadic(3, exponent: -2) && found.upper == .one)
  }

  @Test func clippedMassesLieAtTheEnds() throws {
    let problem = try probabilityProblem(
      line, ["(<= Y[0] -1)"], ["(component 1 (clipped (normal 0 1) -1 1))"])
    let records: [Record] = [
      try splitInput(at: -1 + 0x1p-30), .leave, .tightenAll, leaf,
    ]
    let found = try ProofChecker.check(massProof(records), of: problem)
    expect(
      found, encloses: try rational("0.158655253931457051414767454368"),
      within: try rational("0.16"))
    #expect(Rational(found.upper) < (try rational("0.1586552544")))
  }

  @Test("Several dimensions: the product of the masses")
  func product() throws {
    let plane = denseNetwork([([[1, 0], [0, 1]], [0, 0])])
    let problem = try probabilityProblem(
      plane, ["(<= Y[0] 0)", "(<= Y[1] 0)"], ["(component 1 (normal 0 1) (uniform -1 3))"])
    let records: [Record] = [
      try splitInput(0, at: 0), try splitInput(1, at: 0), .tightenAll, .hold(disjunct: 0, []),
      .leave, .leave,
    ]
    let found = try ProofChecker.check(massProof(records), of: problem)
    #expect(Rational(found.lower) <= Rational(1, over: 8))
    #expect(Rational(found.lower) > (try rational("0.1249999999")))
    #expect(found.upper == .one)
  }

  @Test("A cell whose pieces by units are all closed counts as a whole")
  func unitSplitsWithin() throws {
    // On x ≥ 3/8 the first unit's sign is known; on the whole box only the split tells.
    let far = try probabilityProblem(
      absolute, ["(< Y[0] -1)"], ["(component 1 (uniform -1 1))"])
    let found = try ProofChecker.check(
      massProof([.splitUnit(unit), leaf, positiveLeaf]), of: far)
    #expect(found.lower == .zero && found.upper == .zero)
    // Pieces that are left, or closed beside one that is left, say nothing of the cell.
    for pieces in [[Record.leave, .leave], [leaf, .leave]] {
      let found = try ProofChecker.check(massProof([.splitUnit(unit)] + pieces), of: far)
      #expect(found.lower == .zero && found.upper == .one)
    }
  }

  @Test func withoutDisjunctsTheEventIsImpossible() throws {
    let problem = try probabilityProblem(
      line, ["(or (< 1 0))"], ["(component 1 (uniform -1 1))"])
    let found = try ProofChecker.check(massProof([]), of: problem)
    #expect(found.lower == .zero && found.upper == .zero)
  }

  @Test func anEventWithoutRowsIsCertain() throws {
    let problem = try probabilityProblem(line, ["(< 0 1)"], ["(component 1 (normal 0 1))"])
    let found = try ProofChecker.check(massProof([.hold(disjunct: 0, [])]), of: problem)
    #expect(found.upper == .one)
    #expect(found.lower > Dyadic.one - Dyadic(1, exponent: -116))
  }

  @Test("What is left undecided counts on neither side")
  func leave() throws {
    let found = try ProofChecker.check(massProof([.leave]), of: try absoluteProblem())
    #expect(found.lower == .zero && found.upper == .one)
  }
}

@Suite("Side conditions of proofs about probabilities") struct MassRuleTests {
  @Test func childrenAreNotExchanged() throws {
    var records = try absoluteRecords()
    records.swapAt(3, 11)
    #expect(throws: Rejection.self) {
      try ProofChecker.check(massProof(records), of: try absoluteProblem())
    }
    expectRejected(
      [try splitInput(at: 0), .tightenAll, .hold(disjunct: 0, []), .leave],
      of: try absoluteProblem(), "proves nothing")
  }

  @Test("Every dropped record is noticed")
  func dropped() throws {
    let (whole, problem) = (try absoluteRecords(), try absoluteProblem(from: "0.125", to: "0.375"))
    for place in whole.indices {
      var records = whole
      records.remove(at: place)
      #expect(throws: Rejection.self, "without record \(place)") {
        try ProofChecker.check(massProof(records), of: problem)
      }
    }
  }

  @Test func aCellThatMayHoldTheEventIsNotClosed() throws {
    expectRejected(
      [try splitInput(at: -0.25 + 0x1p-20), .tightenAll, leaf, .leave],
      of: try absoluteProblem(), "proves nothing")
  }

  @Test func aCellThatMayMissTheEventDoesNotHold() throws {
    expectRejected(
      [
        try splitInput(at: -0.25), .leave, try splitInput(at: 0.25), .tightenAll,
        .hold(disjunct: 0, []), .leave,
      ], of: try absoluteProblem(), "proves nothing")
  }

  @Test("A row with equality may hold with equality, a strict one not", arguments: [true, false])
  func ties(isStrict: Bool) throws {
    let line = denseNetwork([([[1]], [0])])
    let problem = try probabilityProblem(
      line, ["(\(isStrict ? "<" : "<=") Y[0] 0)"], ["(component 1 (uniform -1 1))"])
    let holding: [Record] = [try splitInput(at: 0), .tightenAll, .hold(disjunct: 0, []), .leave]
    let closing: [Record] = [try splitInput(at: 0), .leave, .tightenAll, leaf]
    let (accepted, rejected) = isStrict ? (closing, holding) : (holding, closing)
    #expect(throws: Never.self) { try ProofChecker.check(massProof(accepted), of: problem) }
    expectRejected(rejected, of: problem, "proves nothing")
  }

  @Test func cutsLieWithinTheirCells() throws {
    let problem = try absoluteProblem()
    for value in [-1.0, 1.0, 2.0, -3.0] {
      expectRejected([try splitInput(at: value), .leave, .leave], of: problem, "is cut where")
    }
    expectRejected(
      [try splitInput(at: 0), try splitInput(at: 0), .leave, .leave, .leave], of: problem,
      "is cut where")
    expectRejected([try splitInput(1, at: 0), .leave, .leave], of: problem, "there is no input 1")
  }

  @Test("Bounds that assume a disjunct's rows show nothing else")
  func conditionalBounds() throws {
    // Where |x| < 1/4 holds, x is narrowed to it, and then of course it holds.
    let narrowing: [Record] = [
      .contract(Derivation(rows: [Term(0, .one)], slopes: .codes([255, 0]))),
      .contract(Derivation(rows: [Term(0, .one)], slopes: .codes([0, 255]))),
      .tightenAll,
    ]
    let almost = try probabilityProblem(
      absolute, ["(< Y[0] 0.25)"], ["(component 1 (uniform -1 1))"])
    expectRejected(narrowing + [.hold(disjunct: 0, [])], of: almost, "assume rows")
    let lemma = Record.lemma(
      unit, .upper, Derivation(rows: [Term(0, .one)], slopes: .codes([255, 0])))
    expectRejected([lemma, .hold(disjunct: 0, [])], of: almost, "assume rows")
    // Below such a node as well.
    expectRejected(
      narrowing + [try splitInput(at: 0), .hold(disjunct: 0, []), .leave], of: almost,
      "assume rows")
    // To leave out what was assumed is fine, and to exclude.
    #expect(throws: Never.self) {
      try ProofChecker.check(massProof(narrowing + [.leave]), of: almost)
    }
  }

  @Test func onlyOpenDisjunctsHold() throws {
    let problem = try probabilityProblem(
      absolute, ["(or (< Y[0] -1) (< Y[0] 2))"], ["(component 1 (uniform -1 1))"])
    #expect(throws: Never.self) {
      try ProofChecker.check(massProof([.tightenAll, .hold(disjunct: 1, [])]), of: problem)
    }
    expectRejected([.tightenAll, .hold(disjunct: 0, [])], of: problem, "proves nothing")
    expectRejected([.tightenAll, leaf, .hold(disjunct: 0, [])], of: problem, "not open")
    expectRejected([.tightenAll, .hold(disjunct: 2, [])], of: problem, "not open")
  }

  @Test func thereIsOneDerivationForEachRow() throws {
    let problem = try absoluteProblem()
    let other = Derivation(slopes: .codes([]))
    let tail: [Record] = [try splitInput(at: 0.125), .tightenAll]
    let start: [Record] = [try splitInput(at: -0.125), .leave]
    #expect(throws: Never.self) {
      try ProofChecker.check(
        massProof(start + tail + [.hold(disjunct: 0, [other]), .leave]), of: problem)
    }
    expectRejected(
      start + tail + [.hold(disjunct: 0, [other, other]), .leave], of: problem,
      "one for each row")
    let naming = Derivation(rows: [Term(0, .one)])
    expectRejected(
      start + tail + [.hold(disjunct: 0, [naming]), .leave], of: problem, "names rows")
  }

  @Test func everyRowOfTheDisjunctMustHold() throws {
    let problem = try probabilityProblem(
      absolute, ["(< Y[0] 2)", "(< Y[0] 0.5)"], ["(component 1 (uniform -1 1))"])
    expectRejected([.tightenAll, .hold(disjunct: 0, [])], of: problem, "proves nothing")
  }

  @Test func aProofForAnotherLawOrEventShowsOtherBounds() throws {
    let records = try absoluteRecords()
    let wider = try probabilityProblem(
      absolute, ["(< Y[0] 0.25)"], ["(component 1 (uniform -1 2))"], from: "0.125", to: "0.375")
    expectRejected(records, of: wider, "not what is claimed")
    let smaller = try probabilityProblem(
      absolute, ["(< Y[0] 0.1)"], ["(component 1 (uniform -1 1))"], from: "0.125", to: "0.375")
    expectRejected(records, of: smaller, "proves nothing")
  }

  @Test func cellsBelongToProofsAboutProbabilities() {
    expectInvalid([.leave], of: oneDisjunct(), "belongs to a cell")
    expectInvalid([.hold(disjunct: 0, [])], of: oneDisjunct(), "belongs to a cell")
  }

  @Test func partsAreRefused() throws {
    expectRejected(
      [.part(bytes: 1, records: 1), .leave], of: try absoluteProblem(), "a part lies within")
  }

  @Test func curvesAreRefused() throws {
    let problem = try probabilityProblem(
      absolute, ["(<= (* X[0] X[0]) 0.25)"], ["(component 1 (uniform -1 1))"])
    expectRejected([.leave], of: problem, "curved")
  }

  @Test func cancelling() throws {
    let problem = try absoluteProblem()
    let proof = massProof(try absoluteRecords())
    #expect(throws: Rejection.cancelled) {
      try ProofChecker.check(proof, of: problem) { true }
    }
  }
}
