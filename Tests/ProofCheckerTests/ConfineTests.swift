import BigInt
import ClaimLanguage
import ExactArithmetic
import MassArithmetic
import NetworkModel
import ProofChecker
import ProofFormat
import TestSupport
import Testing

/// y = |x₀| + |x₁| by the units x₀, −x₀, x₁, −x₁; a fifth one does not count.
private let diamond = denseNetwork([
  ([[1, 0], [-1, 0], [0, 1], [0, -1], [1, 1]], [0, 0, 0, 0, 0]), ([[1, 1, 1, 1, 0]], [0]),
])
private let standard = ["(component 1 (normal 0 1) (normal 0 1))"]

private func unit(_ index: Int) -> Unit { Unit(rectifier: 0, index: index) }

private func charge(out excluding: [Derivation] = [], in holding: [Derivation] = []) -> Record {
  .charge(Charge(excluding: excluding, disjunct: 0, holding: holding, stepBits: 0))
}

private func confine(
  _ index: Int, _ side: Lemma.Side = .upper, _ derivation: Derivation = .standard, at value: Int
) -> Record {
  .confine(unit(index), side, derivation, value: Dyadic(value))
}

/// All units within `value`.
private func confined(at value: Int) -> [Record] {
  (0..<4).flatMap { [confine($0, at: value), confine($0, .lower, at: -value)] }
}

/// P(Z > place).
private func tail(_ place: Interval) -> Interval { NormalTail.above(place) }

private func tail(_ place: Int) -> Interval { tail(Interval(Rational(place))) }

/// What it costs to confine all units, of both signs, at both ends: eight tails.
private func cost(ofEndsAt place: Int) -> Interval { tail(place) * Interval(Rational(8)) }

/// P(Z > value / √2).
private func slantedTail(_ value: Int) -> Interval {
  tail(Interval(Rational(value)) / Interval(Rational(2)).squareRoot)
}

/// The four quadrants, by unit splits; what the two units of an input know of each other follows from them.
private func quadrants(_ leaf: [Record]) -> [Record] {
  func sides(of index: Int, _ below: [Record]) -> [Record] {
    let derivation = Derivation(units: [Term(unit(index), .one)])
    return [.splitUnit(unit(index))]
      + [Lemma.Side.lower, .upper].flatMap { side in
        [Record.lemma(unit(index + 1), side, derivation)] + below
      }
  }
  return sides(of: 0, sides(of: 2, leaf))
}

@Suite("Wide normal laws: confined units and pieces of cells") struct ConfineTests {
  private func found(_ records: [Record], _ problem: ProbabilityProblem) throws
    -> VerifiedProbability
  {
    try ProofChecker.check(massProof(records), of: problem)
  }

  private func expect(
    _ found: Dyadic, is value: Interval, within share: Rational = Rational(1, over: 1 << 40),
    at location: SourceLocation = #_sourceLocation
  ) {
    let difference = (Rational(found) - Rational(value.lower)).magnitude
    #expect(
      difference <= Rational(value.upper).magnitude * share, "\(found)", sourceLocation: location)
  }

  /// P(|x₀| + |x₁| ≤ t) = (1 − 2 Q(t / √2))²: a square turned by 45 degrees.
  private func diamondMass(_ value: Int) -> Interval {
    let side = Interval.one - slantedTail(value) - slantedTail(value)
    return side * side
  }

  @Test("Pieces by units, each with one tail", arguments: [4, 6, 9])
  func pieces(threshold: Int) throws {
    let problem = try probabilityProblem(diamond, ["(<= Y[0] \(threshold))"], standard)
    let bounds = try found(quadrants([charge(in: [.standard])]), problem)
    let missed = slantedTail(threshold) + slantedTail(threshold)
    expect(bounds.lower, is: Interval.one - missed - missed)
    #expect(Rational(bounds.lower) <= Rational(diamondMass(threshold).upper))
    #expect(bounds.upper == .one)
  }

  @Test("Of a rare event in pieces, the leading digits are kept", arguments: [6, 40, 70])
  func rare(threshold: Int) throws {
    let problem = try probabilityProblem(diamond, ["(>= Y[0] \(threshold))"], standard)
    let bounds = try found(quadrants([charge(out: [.standard])]), problem)
    let missed = slantedTail(threshold) + slantedTail(threshold)
    expect(bounds.upper, is: missed + missed)
    let exact = Interval.one - diamondMass(threshold)
    #expect(Rational(bounds.upper) >= Rational(exact.lower) && bounds.lower == .zero)
  }

  /// In a quadrant the half-space of the row and the splits' own half-spaces meet behind one.
  @Test("The multipliers of split units move a half-space")
  func multipliers() throws {
    // −x₀ + x₁ ≥ 8 for x₀ ≥ 0: behind x₁ ≥ 8.
    let network = denseNetwork([([[1, 0]], [0]), ([[0]], [0])])
    let problem = try probabilityProblem(
      network, ["(>= (+ (* -1 X[0]) X[1]) 8)"], standard)
    let moved = Derivation(units: [Term(unit(0), .one)])
    let records: [Record] = [
      .splitUnit(unit(0)), .leave, charge(out: [moved]),
    ]
    // The first piece is not decided: but for the cell's own mass nothing is known.
    #expect(try found(records, problem).upper == .one)
    let positive = try probabilityProblem(
      network, ["(>= (+ (* -1 X[0]) X[1]) 8)", "(>= X[0] 0)"], standard)
    let first = Derivation(rows: [Term(1, .one)], units: [Term(unit(0), .one)])
    let both: [Record] = [.splitUnit(unit(0)), charge(out: [first]), charge(out: [moved])]
    let bounds = try found(both, positive)
    // x₀ ≤ 0 and x₀ ≥ 0 only meet in x₀ = 0, a tie that one multiplier does not exclude.
    #expect(bounds.upper == .one)
    let beyond = try probabilityProblem(
      network, ["(>= (+ (* -1 X[0]) X[1]) 8)", "(>= X[0] 1)"], standard)
    expect(try found(both, beyond).upper, is: tail(8))
    let plain: [Record] = [.splitUnit(unit(0)), charge(out: [first]), charge(out: [.standard])]
    // Without the multiplier it is the tail of x₁ − x₀, with twice the variance.
    expect(
      try found(plain, beyond).upper,
      is: tail(Interval(Rational(8)) / Interval(Rational(2)).squareRoot))
  }

  @Test("Units are confined, and what is given up is counted")
  func given() throws {
    let problem = try probabilityProblem(diamond, ["(<= Y[0] 6.25)"], standard)
    // Each unit within 3: |x| ≤ 3 by the chords, and the sum at most 6.
    let bounds = try found(confined(at: 3) + [.hold(disjunct: 0, [])], problem)
    let missed = cost(ofEndsAt: 3)
    expect(bounds.lower, is: Interval.one - missed)
    #expect(bounds.upper == .one)
    #expect(Rational(bounds.lower) <= Rational(diamondMass(6).upper))
    // Without one of them, nothing is proved.
    for place in 0..<8 {
      var records = confined(at: 3)
      records.remove(at: place)
      expectRejected(records + [.hold(disjunct: 0, [])], of: problem, "proves nothing")
    }
  }

  @Test("What is given up may satisfy the event, or fail it")
  func bothSides() throws {
    let problem = try probabilityProblem(diamond, ["(>= Y[0] 6.25)"], standard)
    let missed = cost(ofEndsAt: 3)
    let bounds = try found(confined(at: 3) + [leaf], problem)
    #expect(bounds.lower == .zero)
    expect(bounds.upper, is: missed)
    // A unit that is confined says nothing of the input that it copies.
    let low = try probabilityProblem(diamond, ["(<= Y[0] 6.25)", "(>= X[0] -9)"], standard)
    expectRejected(confined(at: 3) + [.hold(disjunct: 0, [])], of: low, "proves nothing")
  }

  @Test("Before an input is split, once for both cells; after it, for each")
  func aboveCells() throws {
    let problem = try probabilityProblem(diamond, ["(<= Y[0] 6.25)"], standard)
    let missed = cost(ofEndsAt: 3)
    let cut = try splitInput(at: 0.5)
    let above = confined(at: 3) + [cut, .hold(disjunct: 0, []), .hold(disjunct: 0, [])]
    expect(try found(above, problem).lower, is: Interval.one - missed)
    // In the first cell alone: the second one is left.
    let first = [cut] + confined(at: 3) + [.hold(disjunct: 0, []), .leave]
    let half = Interval.one - tail(Interval(Rational(1, over: 2)))
    let bounds = try found(first, problem)
    // What x₁ costs counts for the slice of x₀ only.
    expect(bounds.lower, is: half - missed * (Interval.one + half) / Interval(Rational(2)))
    #expect(bounds.upper == .one)
    // The second one does not know of it.
    expectRejected(
      [cut] + confined(at: 3) + [.hold(disjunct: 0, []), .hold(disjunct: 0, [])], of: problem,
      "proves nothing")
  }

  @Test("In a piece it is known to this piece alone, and counts for the cell")
  func inPieces() throws {
    let problem = try probabilityProblem(diamond, ["(<= Y[0] 6.25)"], standard)
    let hold: [Record] = confined(at: 3) + [.hold(disjunct: 0, [])]
    let split = Record.splitUnit(unit(4))
    let missed = cost(ofEndsAt: 3)
    let bounds = try found([split] + hold + hold, problem)
    expect(bounds.lower, is: Interval.one - missed - missed)
    expectRejected([split] + hold + [.hold(disjunct: 0, [])], of: problem, "proves nothing")
  }

  @Test("Weights of a mixture")
  func weights() throws {
    let problem = try probabilityProblem(
      diamond, ["(<= Y[0] 6.25)"],
      ["(component 1/4 (normal 0 1) (normal 0 1))", "(component 3/4 (normal 0 4) (normal 0 4))"])
    let hold: [Record] = confined(at: 3) + [.hold(disjunct: 0, [])]
    let wide = tail(Interval(Rational(3, over: 2))) * Interval(Rational(8))
    let bounds = try found(hold + hold, problem)
    expect(
      bounds.lower,
      is: Interval(Rational(1, over: 4)) * (Interval.one - cost(ofEndsAt: 3)) + Interval(
        Rational(3, over: 4))
        * (Interval.one - wide))
  }

  @Test("Conditional probabilities use what is left of both events")
  func conditional() throws {
    let problem = try quantityProblem(
      diamond,
      "(conditional (event (assert (<= Y[0] 6.25))) (event (assert (<= X[0] 0))))", standard,
      from: "0", to: "1")
    let cut = try splitInput(at: 0)
    // Both: on the half with x ≤ 0. The condition: exactly there.
    let both: [Record] = [cut] + confined(at: 3) + [.hold(disjunct: 0, []), .leave]
    let condition: [Record] = [cut, .hold(disjunct: 0, []), .leave]
    let bounds = try found(both + condition, problem)
    // What x₁ costs counts for the slice of x₀ only.
    let missed = cost(ofEndsAt: 3) * Interval(Rational(3, over: 4))
    expect(bounds.lower, is: Interval(Rational(1, over: 2)) - missed)
    #expect(Rational(bounds.lower) <= Rational(diamondMass(6).upper))
  }

  @Test("More is given up than there is: nothing is known")
  func everything() throws {
    let problem = try probabilityProblem(diamond, ["(<= Y[0] 6.25)"], standard)
    for records: [Record] in [
      confined(at: -100) + [.closeCrossed], confined(at: 0) + [.hold(disjunct: 0, [])],
      [try splitInput(at: 0)] + confined(at: 0) + [.hold(disjunct: 0, []), .leave],
      confined(at: 0) + [try splitInput(at: 0), .hold(disjunct: 0, []), .hold(disjunct: 0, [])],
    ] {
      let bounds = try found(records, problem)
      #expect(bounds.lower == .zero && bounds.upper == .one)
    }
  }
}

@Suite("Side conditions of confined units and pieces") struct ConfineRuleTests {
  @Test func namesNoRows() throws {
    let problem = try probabilityProblem(diamond, ["(<= Y[0] 6.25)"], standard)
    let naming = Derivation(rows: [Term(0, .one)])
    expectRejected(
      [confine(0, .upper, naming, at: 3), .leave], of: problem, "assume rows of a disjunct")
  }

  @Test func notWhereBoundsAreConditional() throws {
    let problem = try probabilityProblem(diamond, ["(<= Y[0] 6.25)"], standard)
    let lemma = Record.lemma(unit(0), .upper, Derivation(rows: [Term(0, .one)]))
    expectRejected([lemma, confine(0, at: 3), .leave], of: problem, "assume rows of a disjunct")
    expectRejected(
      [lemma, .splitUnit(unit(0)), confine(0, at: 3), .leave, .leave], of: problem,
      "assume rows of a disjunct")
    #expect(throws: Never.self) {
      try ProofChecker.check(massProof([confine(0, at: 3), lemma, .leave]), of: problem)
    }
  }

  @Test func unitsExist() throws {
    let problem = try probabilityProblem(diamond, ["(<= Y[0] 6.25)"], standard)
    expectRejected([confine(5, at: 3), .leave], of: problem, "there is no unit 5")
    let beyond = Record.confine(Unit(rectifier: 1, index: 0), .lower, .standard, value: .zero)
    expectRejected([beyond, .leave], of: problem, "there is no rectifier 1")
  }

  @Test func multipliedUnitsAreSplit() throws {
    let problem = try probabilityProblem(diamond, ["(<= Y[0] 6.25)"], standard)
    let multiplied = Derivation(units: [Term(unit(1), .one)])
    expectRejected(
      [.splitUnit(unit(0)), confine(0, .upper, multiplied, at: 3), .leave, .leave], of: problem,
      "not split above")
    expectRejected(
      [.splitUnit(unit(0)), charge(out: [multiplied]), .leave], of: problem, "not split above")
    let plane = Derivation(inputRows: [Term(0, .one)])
    expectRejected([confine(0, .upper, plane, at: 3), .leave], of: problem, "no input row")
  }

  @Test func belongsToCells() {
    expectInvalid(
      [.confine(Unit(rectifier: 0, index: 0), .upper, .standard, value: .one)], of: oneDisjunct(),
      "belongs to a cell")
  }

  @Test("Below another split no input is split")
  func splits() throws {
    let problem = try probabilityProblem(diamond, ["(<= Y[0] 6.25)"], standard)
    let cut: [Record] = [try splitInput(at: 0), .leave, .leave]
    for split: Record in [
      .splitUnit(unit(0)), .splitBound(unit(0), .lower, value: .one),
    ] {
      expectRejected([split] + cut + [.leave], of: problem, "below another split")
      expectRejected([split, .leave] + cut, of: problem, "below another split")
      #expect(throws: Never.self) {
        try ProofChecker.check(massProof([split, .leave, .leave]), of: problem)
      }
    }
  }

  @Test func eachPieceEnds() throws {
    let problem = try probabilityProblem(diamond, ["(<= Y[0] 6.25)"], standard)
    expectRejected([.splitUnit(unit(0)), .leave], of: problem, "found the end")
    expectRejected(
      [.splitUnit(unit(0)), .leave, .leave, .leave], of: problem, "bytes after its end")
  }

  @Test func chargesOfPiecesAreComplete() throws {
    let problem = try probabilityProblem(
      diamond, ["(or (<= Y[0] 6.25) (<= X[0] 0))"], standard)
    expectRejected(
      [.splitUnit(unit(0)), charge(out: [.standard]), .leave], of: problem, "each open disjunct")
    expectRejected(
      [.splitUnit(unit(0)), charge(in: [.standard, .standard]), .leave], of: problem,
      "one for each row")
  }
}
