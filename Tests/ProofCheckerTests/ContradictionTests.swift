import TestSupport
import ClaimLanguage
import ExactArithmetic
import NetworkModel
import ProofChecker
import ProofFormat
import Testing

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

  @Test("Explicit slopes are at most as many as units are unstable here")
  func slopes() {
    let close = { (codes: [UInt8]) in
      Record.close(disjunct: 0, Derivation(slopes: .codes(codes)))
    }
    #expect(rejection([close([0, 0])], of: oneDisjunct()) == nil)
    expectInvalid([close([0, 0, 0])], of: oneDisjunct(), "slopes, expected 2")
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
