import ClaimLanguage
import ExactArithmetic
import ProofChecker
import ProofFormat
import TestSupport
import Testing

@Suite("Bounds that use the open disjunct's rows")
struct OpenRowTests {
  /// Whether some x in [−1, 1] has `coefficient · |x| ≤ 1`, and x ≥ threshold or x ≤ −threshold.
  private func question(
    coefficient: Int = 4, beyond threshold: Rational, isNegative: Bool = false,
    inputRows: [Row] = [], others: [[Row]] = []
  ) -> Problem {
    let side = Row(
      inputs: [.init(index: 0, coefficient: Rational(isNegative ? 1 : -1))], outputs: [],
      bound: -threshold, isStrict: false)
    return problem(
      absolute, lower: [-1], upper: [1], inputRows: inputRows,
      disjuncts: [[outputRow([coefficient], atMost: 1), side]] + others)
  }

  /// The row about |x|, with the slope 1 for one of the two units and 0 for the other.
  private func sum(_ multiplier: Dyadic = .one, isNegative: Bool = false) -> Derivation {
    Derivation(rows: [Term(0, multiplier)], slopes: .codes(isNegative ? [0, 255] : [255, 0]))
  }

  private func lemma(isNegative: Bool = false, rows: [Term<Int>]? = nil) -> Record {
    let derivation = sum(power(-2), isNegative: isNegative)
    return .lemma(
      unit, isNegative ? .lower : .upper,
      Derivation(rows: rows ?? derivation.rows, slopes: derivation.slopes))
  }

  /// Closes the disjunct by its second row alone.
  private let byThreshold = Record.close(disjunct: 0, Derivation(rows: [Term(1, .one)]))

  /// Closes the disjunct by its second row, after the first one was used to bound x, or the unit that is x.
  private func closing(after record: Record, isNegative: Bool = false) -> [Record] {
    guard case .lemma = record else { return [byThreshold] }
    let side: Lemma.Side = isNegative ? .upper : .lower
    return [.lemma(unit, side, Derivation(rows: [Term(1, .one)])), .closeCrossed]
  }

  private let quarter = Rational(1) / Rational(4)
  private let little = Rational(1) / Rational(1 << 40)

  @Test(
    "A lemma and a contraction find the end of 4 |x| ≤ 1, and no less", arguments: [false, true])
  func ends(isNegative: Bool) {
    for record in [lemma(isNegative: isNegative), .contract(sum(isNegative: isNegative))] {
      for (threshold, accepted) in [(quarter + little, true), (quarter, false)] {
        let asked = question(beyond: threshold, isNegative: isNegative)
        let records = [record] + closing(after: record, isNegative: isNegative)
        #expect((rejection(records, of: asked) == nil) == accepted)
        expectNotProved([byThreshold], of: asked)
      }
    }
  }

  @Test("A contraction rounds outward: 3 |x| ≤ 1 keeps the point 1/3")
  func rounding() {
    let third = Rational(1) / Rational(3)
    for isNegative in [false, true] {
      for (threshold, accepted) in [(third + little, true), (third, false)] {
        let asked = question(coefficient: 3, beyond: threshold, isNegative: isNegative)
        let records = [Record.contract(sum(isNegative: isNegative)), byThreshold]
        #expect((rejection(records, of: asked) == nil) == accepted)
      }
    }
  }

  @Test("Rows of a disjunct are used where it alone is open: there they hold for what is left")
  func alone() {
    let other = [outputRow([1], atMost: -1)]
    let asked = question(beyond: quarter + little, others: [other])
    for record in [lemma(), .contract(sum())] {
      expectInvalid([record], of: asked, "where 2 are open")
      let (other, closing) = (Record.close(disjunct: 1, .standard), closing(after: record))
      #expect(rejection([other, record] + closing, of: asked) == nil)
      #expect(rejection([.separate(disjunct: 0), record] + closing + [other], of: asked) == nil)
      #expect(rejection([.separate(disjunct: 1), other, record] + closing, of: asked) == nil)
    }
    // The rows are the open disjunct's: |x| ≤ 1 does not exclude x ≥ 1/2, as 4 |x| ≤ 1 would.
    let half = Row(
      inputs: [.init(index: 0, coefficient: Rational(-1))], outputs: [],
      bound: Rational(-1) / Rational(2), isStrict: false)
    let second = question(beyond: Rational(2), others: [[outputRow([1], atMost: 1), half]])
    for record in [lemma(), .contract(sum())] {
      expectNotProved(
        [byThreshold, record, .close(disjunct: 1, Derivation(rows: [Term(1, .one)]))], of: second)
    }
  }

  @Test("Rows that a bound names exist, ascend and have positive multipliers")
  func rows() {
    let asked = question(beyond: quarter)
    let wrong: [([Term<Int>], String)] = [
      ([Term(2, .one)], "no row of the disjunct 2"),
      ([Term(0, .one), Term(0, .one)], "twice"),
      ([Term(1, .one), Term(0, .one)], "out of order"),
      ([Term(0, .zero)], "not positive"), ([Term(0, Dyadic(-1))], "not positive"),
      ([Term(0, Dyadic(1 << 31 - 1))], "more than 30 bits"),
    ]
    for (rows, text) in wrong {
      expectInvalid([lemma(rows: rows)], of: asked, text)
      expectInvalid([.contract(Derivation(rows: rows))], of: asked, text)
    }
    expectInvalid(
      [.contract(Derivation(rows: [Term(0, .one)], slopes: .codes([0, 0, 0])))],
      of: asked, "slopes, expected 2")
    expectInvalid([.contract(Derivation(inputRows: [Term(0, .one)]))], of: asked, "no input row 0")
    expectInvalid([.contract(Derivation(units: [Term(unit, .one)]))], of: asked, "not split above")
  }

  @Test("A contraction of a form that is nowhere at most zero crosses the bounds, one at zero not")
  func crossing() {
    let both = Derivation(
      rows: [Term(0, .one), Term(1, Dyadic(4))], slopes: .codes([255, 0]))
    // 4 x − 1 + 4 (t − x) is positive where t > 1/4.
    let records: [Record] = [.contract(both), .closeCrossed]
    #expect(rejection(records, of: question(beyond: quarter + little)) == nil)
    expectNotProved(records, of: question(beyond: quarter))
  }

  @Test("Contractions beyond the grid change nothing, and do not overflow")
  func extremes() {
    for bound in [1e300, 1e30, 3, 1e-30, 1e-300] {
      for exponent in [-1900, -60, 0, 60, 1900] {
        let asked = question(
          beyond: Rational(2),
          inputRows: [inputRow([1], atMost: bound), inputRow([-1], atMost: bound)])
        let records = [0, 1].map { row in
          Record.contract(Derivation(inputRows: [Term(row, power(exponent))]))
        }
        #expect(rejection(records + [byThreshold], of: asked) == nil)
      }
    }
  }

  @Test("Input rows contract, and with split units; a curved row does not")
  func inputRows() {
    // 8 x ≤ 1 in the input set, |x| ≤ 1 says nothing.
    let flat = question(
      coefficient: 1, beyond: Rational(1) / Rational(8) + little,
      inputRows: [inputRow([8], atMost: 1)])
    let records: [Record] = [.contract(Derivation(inputRows: [Term(0, .one)])), byThreshold]
    #expect(rejection(records, of: flat) == nil)
    let curve = Row.Curve.absolute(index: 0, centre: .zero, coefficient: .one)
    let curved = question(
      beyond: quarter, inputRows: [inputRow([0], curves: [curve], atMost: 1)])
    expectInvalid(
      [.contract(Derivation(inputRows: [Term(0, .one)]))], of: curved, "contracts nothing")
    // Where the unit x is at most zero, its multiplier lowers the upper end.
    let split: [Record] = [
      .splitUnit(unit), .contract(Derivation(units: [Term(unit, .one)])), byThreshold,
      .contract(Derivation(rows: [Term(0, .one)], slopes: .codes([0]))), byThreshold,
    ]
    #expect(rejection(split, of: question(beyond: quarter + little)) == nil)
    #expect(rejection(split, of: question(beyond: quarter)) != nil)
    expectNotProved([split[0], byThreshold], of: question(beyond: little))
    #expect(rejection(Array(split[..<3]), of: question(beyond: little)).isMalformed)
  }
}

extension Rejection? {
  /// Whether all records stand, and more are expected.
  fileprivate var isMalformed: Bool {
    if case .malformed? = self { true } else { false }
  }
}
