import ClaimLanguage
import ExactArithmetic
import NetworkModel
import ProofChecker
import ProofFormat
import TestSupport
import Testing

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

  @Test("A unit that is split to be active is so, though it can hardly be positive")
  func activeAtZero() {
    // y = relu(x) with x in [−1, 0]: where x ≥ 0, y is x, and −y + x is zero without a multiplier.
    let row = Row(
      inputs: [.init(index: 0, coefficient: exact(1))],
      outputs: [.init(index: 0, coefficient: exact(-1))],
      bound: exact(-0.5), isStrict: false)
    let question = problem(
      denseNetwork([([[1]], [0]), ([[1]], [0])]), lower: [-1], upper: [0],
      disjuncts: [[row, inputRow([-1], atMost: 0.25)]])
    let both = Derivation(rows: [Term(0, .one), Term(1, .one)])
    let records: [Record] = [.splitUnit(unit), .close(disjunct: 0, both), leaf]
    #expect(rejection(records, of: question) == nil)
    expectNotProved([.splitUnit(unit), leaf], of: question)
  }

  @Test("A unit that is negative and split to be active crosses its bounds, and has no line")
  func activeBelowZero() {
    let question = problem(
      absolute, lower: [-1], upper: [-1], disjuncts: [[outputRow([1], atMost: 0.5)]])
    #expect(rejection([.splitUnit(unit), leaf, .closeCrossed], of: question) == nil)
    expectNotProved([.splitUnit(unit), leaf, leaf], of: question)
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

  @Test("A lemma's bound holds below it, and is about something that exists")
  func lemma() {
    for side in [Lemma.Side.lower, .upper] {
      #expect(rejection([.lemma(unit, side, .standard), leaf], of: oneDisjunct()) == nil)
      expectInvalid(
        [.lemma(Unit(rectifier: 0, index: 2), side, .standard)], of: oneDisjunct(), "no unit 2")
      expectInvalid(
        [.lemma(Unit(rectifier: 1, index: 0), side, .standard)], of: oneDisjunct(),
        "no rectifier 1")
    }
  }

  @Test("Input rows contract inputs from both sides, as far as they do and no further")
  func contractions() {
    // x ≤ 1/4 and −x ≤ −1/8.
    let rows = [inputRow([4], atMost: 1), inputRow([-8], atMost: -1)]
    let contractions: [Record] = [
      .contract(Derivation(inputRows: [Term(0, power(-2))])),
      .contract(Derivation(inputRows: [Term(1, power(-3))])),
      .tightenAll,
    ]
    for (coefficient, extreme) in [(1, 0.125), (-1, -0.25)] {
      for (offset, accepted) in [(-1e-9, true), (0, false)] {
        let row = outputRow([coefficient], atMost: extreme + offset)
        let asked = oneDisjunct(row, inputRows: rows)
        #expect((rejection(contractions + [leaf], of: asked) == nil) == accepted)
      }
    }
    // Rows that exclude each other cross the box.
    let contrary = oneDisjunct(
      inputRows: [inputRow([4], atMost: 1), inputRow([-8], atMost: -4)])
    #expect(rejection(contractions + [.closeCrossed], of: contrary) == nil)
    expectNotProved(contractions + [.closeCrossed], of: oneDisjunct(inputRows: rows))
  }

  @Test("A split unit's multiplier sharpens another unit")
  func unitLemma() {
    // The two units are x and −x: where x ≥ 0, −x ≤ 0.
    let other = Unit(rectifier: 0, index: 1)
    let lemma = Record.lemma(other, .upper, Derivation(units: [Term(unit, .one)]))
    // On the other side x ≤ 0 says −x ≥ 0: a lower end.
    let lower = Record.lemma(other, .lower, Derivation(units: [Term(unit, .one)]))
    // With the right one no unit is unstable, so that there are no slopes; else there is one.
    let close = { (codes: [UInt8]) in
      Record.close(disjunct: 0, Derivation(slopes: .codes(codes), units: [Term(unit, .one)]))
    }
    #expect(
      rejection([.splitUnit(unit), lower, close([]), lemma, close([])], of: oneDisjunct()) == nil)
    let right: [Record] = [.splitUnit(unit), lower, close([]), lemma, close([0])]
    expectInvalid(right, of: oneDisjunct(), "slopes, expected 0")
    expectInvalid(
      [.splitUnit(unit), lemma, close([0, 0])], of: oneDisjunct(), "slopes, expected 1")
    expectInvalid(
      [.splitUnit(unit), lower, close([]), lower, close([0, 0])], of: oneDisjunct(),
      "slopes, expected 1")
  }
}
