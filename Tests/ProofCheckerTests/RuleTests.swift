import ClaimLanguage
import ExactArithmetic
import NetworkModel
import ProofChecker
import ProofFormat
import Testing

/// y = |x| = relu(x) + relu(−x).
private let absolute = denseNetwork([([[1], [-1]], [0, 0]), ([[1, 1]], [0])])
private let leaf = Record.close(disjunct: 0, .standard)
private let unit = Unit(rectifier: 0, index: 0)
/// Where x ≥ 0, y = x + relu(−x) ≥ x, and only the split says that x is not negative.
private let positiveLeaf = Record.close(disjunct: 0, Derivation(units: [Term(unit, .one)]))

/// No x in [−1, 1] has |x| ≤ −1, or ≤ −2.
private func twoDisjuncts() -> Problem {
  problem(
    absolute, lower: [-1], upper: [1],
    disjuncts: [[outputRow([1], atMost: -1)], [outputRow([1], atMost: -2)]])
}

private func oneDisjunct(_ row: Row = outputRow([1], atMost: -1), inputRows: [Row] = []) -> Problem
{
  problem(absolute, lower: [-1], upper: [1], inputRows: inputRows, disjuncts: [[row]])
}

/// Expects that the last of the records is invalid for a reason that contains a text.
private func expectInvalid(
  _ records: [Record], of question: Problem, _ text: String,
  at location: SourceLocation = #_sourceLocation
) {
  guard case .invalid(let record, let reason)? = rejection(records, of: question) else {
    Issue.record(
      "\(String(describing: rejection(records, of: question)))", sourceLocation: location)
    return
  }
  #expect(record == records.count && reason.contains(text), sourceLocation: location)
}

private func expectNotProved(
  _ records: [Record], of question: Problem, at location: SourceLocation = #_sourceLocation
) {
  guard case .notProved(let record, _)? = rejection(records, of: question) else {
    Issue.record(
      "\(String(describing: rejection(records, of: question)))", sourceLocation: location)
    return
  }
  #expect(record == records.count, sourceLocation: location)
}

@Suite("Trees")
struct TreeTests {
  @Test("A proof counts cases, nodes and records, and ends where the last disjunct is closed")
  func counts() throws {
    let split = proof(.splitInput(entry: 0, value: .zero), leaf, .close(disjunct: 1, .standard))
    #expect(throws: Rejection.self) { try ProofChecker.check(split, of: twoDisjuncts()) }
    let records: [Record] = [
      .splitInput(entry: 0, value: .zero), leaf, .close(disjunct: 1, .standard),
      .close(disjunct: 1, .standard), leaf,
    ]
    let verified = try ProofChecker.check(proof(records), of: twoDisjuncts())
    #expect(verified.cases == 1 && verified.nodes == 3 && verified.records == 5)
    let end = proof(records).count
    #expect(rejection(records + [.tightenAll], of: twoDisjuncts()) == .trailingBytes(offset: end))
    for count in records.indices {
      guard case .malformed? = rejection(Array(records[..<count]), of: twoDisjuncts()) else {
        Issue.record("a proof cut after \(count) records is accepted")
        continue
      }
    }
  }

  @Test("What is closed before a split stays closed below it")
  func closedAbove() {
    let records: [Record] = [
      .close(disjunct: 1, .standard), .splitInput(entry: 0, value: .zero), leaf, leaf,
    ]
    #expect(rejection(records, of: twoDisjuncts()) == nil)
  }

  @Test("A disjunct is closed once, and only where it exists")
  func notOpen() {
    expectInvalid([.close(disjunct: 2, .standard)], of: twoDisjuncts(), "not open")
    expectInvalid([leaf, leaf], of: twoDisjuncts(), "not open")
  }

  @Test("Separating gives a node for one disjunct and a node for the others")
  func separate() {
    let records: [Record] = [.separate(disjunct: 1), .close(disjunct: 1, .standard), leaf]
    #expect(rejection(records, of: twoDisjuncts()) == nil)
    expectInvalid(
      [.separate(disjunct: 1), leaf], of: twoDisjuncts(), "not open")
    expectInvalid([.separate(disjunct: 2)], of: twoDisjuncts(), "not one of several")
    expectInvalid([.separate(disjunct: 0)], of: oneDisjunct(), "not one of several")
  }

  @Test("Each case has its own tree, and a case without disjuncts none")
  func cases() throws {
    let rows = [[outputRow([1], atMost: -1)]]
    let question = Problem(
      network: absolute, inputNames: ["x"], variables: [],
      cases: [
        Case(lower: [exact(-1)], upper: [exact(1)], inputRows: [], disjuncts: rows),
        Case(lower: [exact(-1)], upper: [exact(1)], inputRows: [], disjuncts: []),
        Case(lower: [exact(3)], upper: [exact(3)], inputRows: [], disjuncts: rows),
      ], meaning: .real)
    let verified = try ProofChecker.check(proof(leaf, leaf), of: question)
    #expect(verified.cases == 3 && verified.nodes == 3 && verified.records == 2)
    #expect(rejection([leaf], of: question) != nil)
    #expect(rejection([leaf, leaf, leaf], of: question) != nil)
  }

  @Test("Input splits name an input; both halves keep the boundary")
  func splitInput() {
    // |x| ≤ 0 holds at 0 alone: that point is in both halves.
    let records: [Record] = [
      .splitInput(entry: 0, value: .zero), .tightenAll, leaf, .tightenAll, leaf,
    ]
    #expect(rejection(records, of: oneDisjunct(outputRow([1], atMost: 0))) != nil)
    #expect(rejection(records, of: oneDisjunct(outputRow([1], atMost: 0, strict: true))) == nil)
    expectInvalid([.splitInput(entry: 1, value: .zero)], of: oneDisjunct(), "no input 1")
  }

  @Test("A split beyond the box crosses it on one side only")
  func crossed() {
    let beyond: [Record] = [.splitInput(entry: 0, value: Dyadic(2)), leaf, .closeCrossed]
    #expect(rejection(beyond, of: oneDisjunct()) == nil)
    let below: [Record] = [.splitInput(entry: 0, value: Dyadic(-2)), .closeCrossed, leaf]
    #expect(rejection(below, of: oneDisjunct()) == nil)
    expectNotProved(
      [.splitInput(entry: 0, value: Dyadic(2)), .closeCrossed], of: oneDisjunct())
    expectNotProved(
      [.splitInput(entry: 0, value: Dyadic(1)), leaf, .closeCrossed], of: oneDisjunct())
    expectNotProved([.closeCrossed], of: oneDisjunct())
  }

  @Test("An empty box is closed at once; a point box is not empty")
  func boxes() {
    let empty = problem(
      absolute, lower: [1], upper: [0.5], disjuncts: [[outputRow([1], atMost: 100)]])
    #expect(rejection([.closeCrossed], of: empty) == nil)
    let point = problem(
      absolute, lower: [0.1], upper: [0.1], disjuncts: [[outputRow([1], atMost: 0.0999)]])
    expectNotProved([.closeCrossed], of: point)
    #expect(rejection([leaf], of: point) == nil)
    let hit = problem(
      absolute, lower: [0.1], upper: [0.1], disjuncts: [[outputRow([1], atMost: 0.1)]])
    expectNotProved([leaf], of: hit)
  }

  @Test("A unit is split once on a path, and must exist")
  func splitUnit() {
    expectInvalid([.splitUnit(Unit(rectifier: 1, index: 0))], of: oneDisjunct(), "no rectifier 1")
    expectInvalid([.splitUnit(Unit(rectifier: 0, index: 2))], of: oneDisjunct(), "no unit 2")
    expectInvalid([.splitUnit(unit), .splitUnit(unit)], of: oneDisjunct(), "split above already")
    #expect(rejection([.splitUnit(unit), leaf, .splitUnit(unit), leaf], of: oneDisjunct()) != nil)
    let nested: [Record] = [
      .splitUnit(unit), leaf, .splitUnit(Unit(rectifier: 0, index: 1)), positiveLeaf, leaf,
    ]
    #expect(rejection(nested, of: oneDisjunct()) == nil)
  }

  @Test("A plane names ascending inputs with coefficients of at most 50 bits")
  func splitPlane() {
    let question = problem(
      denseNetwork([([[1, 1]], [0])]), lower: [0, 0], upper: [1, 1],
      disjuncts: [[outputRow([1], atMost: -1)]])
    let plane = { (entries: [Term<Int>]) in [Record.splitPlane(entries: entries, bound: .one)] }
    #expect(
      rejection(plane([Term(0, .one), Term(1, Dyadic(-3))]) + [leaf, leaf], of: question) == nil)
    #expect(rejection(plane([]) + [leaf, leaf], of: question) == nil)
    expectInvalid(plane([Term(2, .one)]), of: question, "no input 2")
    expectInvalid(plane([Term(1, .one), Term(0, .one)]), of: question, "ascending")
    expectInvalid(plane([Term(1, .one), Term(1, .one)]), of: question, "ascending")
    let wide = { (bits: Int) in plane([Term(0, .one), Term(1, power(bits))]) }
    #expect(rejection(wide(49) + [leaf, leaf], of: question) == nil)
    expectInvalid(wide(50), of: question, "more than 50 bits")
    expectInvalid(
      plane([Term(0, power(-2048)), Term(1, power(2048))]),
      of: question, "more than 50 bits")
  }

  @Test("Deep trees are replayed, and endless ones refused")
  func depth() {
    let deep = { (depth: Int) -> [Record] in
      [Record](repeating: .splitInput(entry: 0, value: .zero), count: depth)
        + [Record](repeating: leaf, count: depth + 1)
    }
    #expect(rejection(deep(2000), of: oneDisjunct()) == nil)
    guard case .invalid(_, let reason)? = rejection(deep(20_000), of: oneDisjunct()) else {
      Issue.record("a tree of depth 20,000 is replayed")
      return
    }
    #expect(reason.contains("wait for their turn"))
  }
}

@Suite("Bounds")
struct BoundRuleTests {
  /// y = relu(|x| − 1/2) + relu(x⁺ − x⁻).
  private let deep = denseNetwork([
    ([[1], [-1]], [0, 0]), ([[1, 1], [1, -1]], [-0.5, 0]), ([[1, 1]], [0]),
  ])

  private func proven(_ records: [Record]) -> Double {
    provenMinimum(records, of: deep, lower: [-1], upper: [1])
  }

  @Test("Bounding names a rectifier that exists")
  func existing() {
    expectInvalid([.tighten(rectifier: 1)], of: oneDisjunct(), "no rectifier 1")
    expectInvalid([.refresh(rectifier: 1)], of: oneDisjunct(), "no rectifier 1")
    #expect(
      rejection([.tighten(rectifier: 0), .refresh(rectifier: 0), leaf], of: oneDisjunct()) == nil)
  }

  @Test("Intervals and back-substitution gain what they should below a split")
  func gains() {
    let split = Record.splitInput(entry: 0, value: .zero)
    // The minimum is 0, at −1/4; without new bounds the halves know nothing.
    let plain = proven([split, leaf, leaf])
    let refreshed = proven(
      [split] + [leaf, leaf].flatMap { [.refresh(rectifier: 0), .refresh(rectifier: 1), $0] })
    let tightened = proven([split] + [leaf, leaf].flatMap { [.tightenAll, $0] })
    let single = proven(
      [split] + [leaf, leaf].flatMap { [.tighten(rectifier: 0), .tighten(rectifier: 1), $0] })
    #expect(plain <= refreshed && refreshed <= tightened && tightened == single)
    #expect(tightened < 0 && tightened > -1e-9)
  }

  @Test("A lemma's bound holds below it, and takes no disjunct's rows")
  func lemma() {
    let lemma = { (target: Lemma.Target, side: Lemma.Side, derivation: Derivation) in
      Record.lemma(Lemma(target: target, side: side, derivation: derivation))
    }
    for side in [Lemma.Side.lower, .upper] {
      #expect(rejection([lemma(.unit(unit), side, .standard), leaf], of: oneDisjunct()) == nil)
      #expect(rejection([lemma(.input(0), side, .standard), leaf], of: oneDisjunct()) == nil)
      expectInvalid([lemma(.input(1), side, .standard)], of: oneDisjunct(), "no input 1")
      expectInvalid(
        [lemma(.unit(Unit(rectifier: 0, index: 2)), side, .standard)], of: oneDisjunct(),
        "no unit 2")
      expectInvalid(
        [lemma(.unit(Unit(rectifier: 1, index: 0)), side, .standard)], of: oneDisjunct(),
        "no rectifier 1")
      expectInvalid(
        [lemma(.input(0), side, Derivation(rows: [Term(0, .one)]))], of: oneDisjunct(),
        "no disjunct's rows")
    }
  }

  @Test(
    "Input rows sharpen inputs through lemmas, from both sides, as far as they do and no further")
  func inputLemma() {
    // x ≤ 1/4 and −x ≤ −1/8.
    let rows = [inputRow([4], atMost: 1), inputRow([-8], atMost: -1)]
    let lemmas: [Record] = [
      .lemma(
        Lemma(
          target: .input(0), side: .upper,
          derivation: Derivation(inputRows: [Term(0, power(-2))]))),
      .lemma(
        Lemma(
          target: .input(0), side: .lower,
          derivation: Derivation(inputRows: [Term(1, power(-3))]))),
      .tightenAll,
    ]
    for (coefficient, extreme) in [(1, 0.125), (-1, -0.25)] {
      for (offset, accepted) in [(-1e-9, true), (0, false)] {
        let row = outputRow([coefficient], atMost: extreme + offset)
        #expect(
          (rejection(lemmas + [leaf], of: oneDisjunct(row, inputRows: rows)) == nil) == accepted)
      }
    }
    // Rows that exclude each other cross the box.
    let contrary = oneDisjunct(
      inputRows: [inputRow([4], atMost: 1), inputRow([-8], atMost: -4)])
    #expect(rejection(lemmas + [.closeCrossed], of: contrary) == nil)
    expectNotProved(lemmas + [.closeCrossed], of: oneDisjunct(inputRows: rows))
  }

  @Test("A split unit's multiplier sharpens another unit")
  func unitLemma() {
    // The two units are x and −x: where x ≥ 0, −x ≤ 0.
    let other = Unit(rectifier: 0, index: 1)
    let lemma = Record.lemma(
      Lemma(
        target: .unit(other), side: .upper, derivation: Derivation(units: [Term(unit, .one)])))
    // On the other side x ≤ 0 says −x ≥ 0: a lower end.
    let lower = Record.lemma(
      Lemma(
        target: .unit(other), side: .lower, derivation: Derivation(units: [Term(unit, .one)])))
    // With the right one no unit is unstable, so that there are no slopes.
    let close = Record.close(
      disjunct: 0, Derivation(slopes: .codes([]), units: [Term(unit, .one)]))
    #expect(rejection([.splitUnit(unit), lower, close, lemma, close], of: oneDisjunct()) == nil)
    expectInvalid([.splitUnit(unit), lemma, close], of: oneDisjunct(), "slopes, expected 1")
    expectInvalid(
      [.splitUnit(unit), lower, close, lower, close], of: oneDisjunct(), "slopes, expected 1")
  }
}

@Suite("Contradictions")
struct ContradictionRuleTests {
  @Test("Equality contradicts a strict row only")
  func strictness() {
    let affine = denseNetwork([([[1]], [0])])
    for (strict, other, accepted) in [
      (false, false, false), (true, false, true), (false, true, true), (true, true, true),
    ] {
      // y ≥ 0 on the box; the input row is −x ≤ 0, used with a positive multiplier.
      let question = problem(
        affine, lower: [-1], upper: [1], inputRows: [inputRow([-1], atMost: 0, strict: other)],
        disjuncts: [[outputRow([1], atMost: 0, strict: strict)]])
      let close = Record.close(disjunct: 0, Derivation(inputRows: [Term(0, .one)]))
      #expect((rejection([close], of: question) == nil) == accepted)
    }
    // A strict row that takes no part says nothing.
    let unused = problem(
      affine, lower: [0], upper: [1],
      disjuncts: [[outputRow([1], atMost: 0), outputRow([1], atMost: 5, strict: true)]])
    expectNotProved([leaf], of: unused)
    let used = Record.close(disjunct: 0, Derivation(rows: [Term(1, .one)]))
    expectNotProved([used], of: unused)
  }

  @Test("Rows of a disjunct are combined with positive multipliers, each once, in order")
  func rows() {
    // y0 = x, y1 = −x: both ≤ −1/4 is impossible, though either alone is possible.
    let pair = denseNetwork([([[1], [-1]], [0, 0])])
    let question = problem(
      pair, lower: [-1], upper: [1],
      disjuncts: [[outputRow([1, 0], atMost: -0.25), outputRow([0, 1], atMost: -0.25)]])
    let close = { (rows: [Term<Int>]) in [Record.close(disjunct: 0, Derivation(rows: rows))] }
    #expect(rejection(close([Term(0, .one), Term(1, .one)]), of: question) == nil)
    expectNotProved(close([Term(0, .one)]), of: question)
    expectNotProved(close([Term(1, .one)]), of: question)
    expectNotProved(close([Term(0, .one), Term(1, Dyadic(5))]), of: question)
    expectInvalid(close([Term(2, .one)]), of: question, "no row of the disjunct 2")
    expectInvalid(close([Term(1, .one), Term(0, .one)]), of: question, "out of order")
    expectInvalid(close([Term(0, .one), Term(0, .one)]), of: question, "twice")
    expectInvalid(close([Term(0, .zero)]), of: question, "not positive")
    expectInvalid(close([Term(0, Dyadic(-1))]), of: question, "not positive")
    let wide = { (bits: Int) in Dyadic(1 << bits - 1) }
    #expect(rejection(close([Term(0, wide(30)), Term(1, wide(30))]), of: question) == nil)
    expectInvalid(close([Term(0, wide(31)), Term(1, wide(31))]), of: question, "more than 30 bits")
  }

  @Test("A disjunct without rows is closed only with the whole node")
  func noRows() {
    let question = problem(
      absolute, lower: [-1], upper: [1], inputRows: [inputRow([1], atMost: -2)], disjuncts: [[]])
    expectInvalid([leaf], of: question, "no row of the disjunct 0")
    #expect(
      rejection([.closeEmpty(Derivation(inputRows: [Term(0, .one)]))], of: question) == nil)
    let full = problem(absolute, lower: [-1], upper: [1], disjuncts: [[]])
    expectNotProved([.closeEmpty(.standard)], of: full)
    expectNotProved([.closeCrossed], of: full)
  }

  @Test("An empty node is shown by input rows and split units alone")
  func empty() {
    expectInvalid(
      [.closeEmpty(Derivation(rows: [Term(0, .one)]))], of: oneDisjunct(), "no disjunct's rows")
    expectNotProved([.closeEmpty(.standard)], of: oneDisjunct())
    for (bound, strict, accepted) in [
      (-1.5, false, true), (-1, false, false), (-1, true, true), (-0.5, true, false),
    ] {
      let question = oneDisjunct(inputRows: [inputRow([1], atMost: bound, strict: strict)])
      let close = Record.closeEmpty(Derivation(inputRows: [Term(0, .one)]))
      #expect((rejection([close], of: question) == nil) == accepted)
    }
    // x ≥ 1/2 by a row and x ≤ 0 by a split.
    let question = oneDisjunct(inputRows: [inputRow([-2], atMost: -1)])
    let half = power(-1)
    let close = Record.closeEmpty(
      Derivation(units: [Term(unit, .one)], inputRows: [Term(0, half)]))
    #expect(rejection([.splitUnit(unit), close, positiveLeaf], of: question) == nil)
    expectNotProved([.splitUnit(unit), close, close], of: question)
  }

  @Test("Input rows are combined with positive multipliers, each once, in order")
  func inputRows() {
    let question = oneDisjunct(
      inputRows: [inputRow([1], atMost: 0.5), inputRow([-1], atMost: 0.5)])
    let close = { (rows: [Term<Int>]) in [Record.close(disjunct: 0, Derivation(inputRows: rows))] }
    #expect(rejection(close([Term(0, power(-4))]), of: question) == nil)
    expectInvalid(close([Term(2, .one)]), of: question, "no input row 2")
    expectInvalid(close([Term(1, .one), Term(0, .one)]), of: question, "out of order")
    expectInvalid(close([Term(1, .one), Term(1, .one)]), of: question, "twice")
    expectInvalid(close([Term(0, .zero)]), of: question, "not positive")
    expectInvalid(close([Term(0, Dyadic(-1))]), of: question, "not positive")
    // A plane's row is numbered after the case's, and exists only below its split.
    let plane = Record.splitPlane(entries: [Term(0, .one)], bound: .zero)
    let beyond = close([Term(2, power(-4))])
    #expect(rejection([plane] + beyond + beyond, of: question) == nil)
  }

  @Test("Each side of a plane has its own row")
  func planeSides() {
    // y = |x|; where x ≤ −1/2 the claim y ≤ 1/4 contradicts −x = y; where x ≥ −1/2 it does not.
    let plane = Record.splitPlane(entries: [Term(0, Dyadic(2))], bound: Dyadic(-1))
    let close = Record.closeEmpty(Derivation(inputRows: [Term(0, .one)]))
    let right = problem(
      absolute, lower: [0], upper: [1], disjuncts: [[outputRow([1], atMost: -1)]])
    #expect(rejection([plane, close, leaf], of: right) == nil)
    expectNotProved([plane, leaf, close], of: right)
    // |x| ≤ 1/4 is impossible where x ≤ −1/2, but not where x ≥ −1/2.
    let question = oneDisjunct(outputRow([1], atMost: 0.25))
    let side = { (codes: [UInt8]) in
      Record.close(
        disjunct: 0, Derivation(slopes: .codes(codes), inputRows: [Term(0, power(-1))]))
    }
    expectNotProved([plane, side([0, 255]), side([255, 0])], of: question)
  }

  @Test("Multiplied units are split above, each once, in order")
  func units() {
    let other = Unit(rectifier: 0, index: 1)
    let close = { (units: [Term<Unit>]) in Record.close(disjunct: 0, Derivation(units: units)) }
    let small = power(-4)
    let split: [Record] = [.splitUnit(unit), .splitUnit(other)]
    let both = close([Term(unit, small), Term(other, small)])
    #expect(
      rejection(split + [both, both, .splitUnit(other), both, both], of: oneDisjunct()) == nil)
    expectInvalid([close([Term(unit, small)])], of: oneDisjunct(), "not split")
    expectInvalid([.splitUnit(unit), close([Term(other, small)])], of: oneDisjunct(), "not split")
    expectInvalid(
      split + [close([Term(unit, small), Term(unit, small)])], of: oneDisjunct(), "twice")
    expectInvalid(
      split + [close([Term(other, small), Term(unit, small)])], of: oneDisjunct(), "out of order")
    expectInvalid(
      [.splitUnit(unit), close([Term(unit, .zero)])], of: oneDisjunct(), "not positive")
    expectInvalid(
      [.splitUnit(unit), close([Term(Unit(rectifier: 3, index: 0), .one)])], of: oneDisjunct(),
      "no rectifier 3")
    expectInvalid(
      [.splitUnit(unit), close([Term(Unit(rectifier: 0, index: 9), .one)])], of: oneDisjunct(),
      "no unit 9")
  }

  @Test("A unit's multiplier counts with the sign of its branch")
  func unitSigns() {
    // y = x: on x ≥ 0 the row y ≤ −1/2 is contradicted by the multiplier 1, on x ≤ 0 by none.
    let signed = denseNetwork([([[1], [-1]], [0, 0]), ([[1, -1]], [0])])
    let question = problem(
      signed, lower: [-1], upper: [1], disjuncts: [[outputRow([1], atMost: -0.5)]])
    let close = Record.close(disjunct: 0, Derivation(units: [Term(unit, .one)]))
    expectNotProved([.splitUnit(unit), close], of: question)
    let elsewhere = problem(
      signed, lower: [-0.25], upper: [1], disjuncts: [[outputRow([1], atMost: -0.5)]])
    #expect(rejection([.splitUnit(unit), leaf, close], of: elsewhere) == nil)
  }

  @Test("Explicit slopes are as many as units are unstable here")
  func slopes() {
    let close = { (codes: [UInt8]) in
      Record.close(disjunct: 0, Derivation(slopes: .codes(codes)))
    }
    #expect(rejection([close([0, 0])], of: oneDisjunct()) == nil)
    for codes in [[], [0], [0, 0, 0]] as [[UInt8]] {
      expectInvalid([close(codes)], of: oneDisjunct(), "slopes, expected 2")
    }
    // With slopes a, b: relu(x) + relu(−x) ≥ (a − b) x ≥ −|a − b|.
    for (codes, bound) in [([0, 255], -1.0), ([255, 255], 0), ([51, 0], -0.2)]
      as [([UInt8], Double)]
    {
      let proven = provenMinimum([close(codes)], of: absolute, lower: [-1], upper: [1])
      #expect(proven <= bound && proven > bound - 1e-9)
    }
    // Below a split of the unit only the other one is unstable.
    expectInvalid([.splitUnit(unit), close([0, 0])], of: oneDisjunct(), "slopes, expected 1")
    #expect(rejection([.splitUnit(unit), close([0]), close([255])], of: oneDisjunct()) == nil)
  }

  @Test("Curved rows belong to the inputs, one in a combination")
  func curves() {
    let ball = Row.Curve.square(index: 0, centre: .zero, coefficient: .one)
    let disc = inputRow([], curves: [ball], atMost: 1)
    let curvedDisjunct = problem(
      absolute, lower: [-1], upper: [1],
      disjuncts: [[Row(inputs: [], outputs: [], curves: [ball], bound: .one, isStrict: false)]])
    expectInvalid([leaf], of: curvedDisjunct, "curved")
    let two = oneDisjunct(inputRows: [disc, disc])
    let close = { (rows: [Int]) in
      Record.close(
        disjunct: 0, Derivation(inputRows: rows.map { Term($0, power(-3)) }))
    }
    #expect(rejection([close([0])], of: two) == nil)
    #expect(rejection([close([1])], of: two) == nil)
    expectInvalid([close([0, 1])], of: two, "more than one curved row")
  }

  @Test("Curved rows with centres and linear parts bound their set exactly")
  func curvedValues() throws {
    // (x0 − 1)² + 2 |x1 + 1| + x1 ≤ 0 over a box that holds it: the least x0 is 1 − √1 = 0 …
    let sum = denseNetwork([([[1, 0]], [0])])
    let question = { (bound: Double) in
      problem(
        sum, lower: [-4, -4], upper: [4, 4],
        inputRows: [
          inputRow(
            [0, 1],
            curves: [
              .square(index: 0, centre: .one, coefficient: .one),
              .absolute(index: 1, centre: -.one, coefficient: Rational(2)),
            ], atMost: 0)
        ], disjuncts: [[outputRow([1], atMost: bound)]])
    }
    // … with the multiplier 1/2.
    let close = Record.close(
      disjunct: 0, Derivation(inputRows: [Term(0, power(-1))]))
    #expect(rejection([close], of: question(-1e-9)) == nil)
    expectNotProved([close], of: question(0))
  }
}
