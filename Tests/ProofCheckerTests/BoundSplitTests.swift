import ClaimLanguage
import ExactArithmetic
import NetworkModel
import ProofChecker
import ProofFormat
import TestSupport
import Testing

/// y = relu(z) with z = relu(x) − 2 relu(x − 1/2), at most 1/2 on [−1, 1], where lines say 3/4 at best.
private let tent = denseNetwork([
  ([[1], [1]], [0, -0.5]), ([[1, -2]], [0]), ([[1]], [0]),
])

/// Whether y can be at least a bound.
private func question(atLeast bound: Double) -> Problem {
  problem(tent, lower: [-1], upper: [1], disjuncts: [[outputRow([-1], atMost: -bound)]])
}

private let tip = Unit(rectifier: 1, index: 0)
private let half = power(-1)

/// An upper end of z by its lines, with slopes of the two units.
private func lemma(_ codes: [UInt8]) -> Record {
  .lemma(tip, .upper, Derivation(slopes: .codes(codes)))
}

/// Closes the node where z is at least more than 1/2: by the sign of x, z ≤ 0 or z ≤ 1/2 + 1/510.
private let closed: [Record] = [
  .splitUnit(unit), lemma([0]), .closeCrossed, lemma([127]), .closeCrossed,
]
/// With z ≤ 9/16: y ≤ 0.36 (z + 1) and z ≤ 3/4.
private let close = Record.close(disjunct: 0, Derivation(slopes: .codes([64, 64, 0])))

@Suite("Bounds by cases")
struct BoundSplitTests {
  private let bound = Dyadic(9) * power(-4)

  @Test("A bound that no lines give holds where the node that misses it is closed")
  func upper() {
    let asked = question(atLeast: 0.7)
    #expect(
      rejection([.splitBound(tip, .upper, value: bound)] + closed + [close], of: asked) == nil)
    expectNotProved([close], of: asked)
    // The first child is the one that misses the bound.
    expectNotProved(
      [.splitBound(tip, .upper, value: bound), lemma([64, 64]), .closeCrossed], of: asked)
    #expect(rejection([.splitBound(tip, .upper, value: bound), close] + closed, of: asked) != nil)
    // z reaches 1/2, so that a bound of 1/2 cannot be closed.
    #expect(rejection([.splitBound(tip, .upper, value: half)] + closed + [close], of: asked) != nil)
  }

  @Test("With a lower bound the first child lies below it")
  func lower() {
    let asked = oneDisjunct(outputRow([1], atMost: -1.5))
    let below: [Record] = [.splitBound(unit, .lower, value: Dyadic(-2)), .closeCrossed, leaf]
    #expect(rejection(below, of: asked) == nil)
    expectNotProved([.splitBound(unit, .lower, value: Dyadic(2)), .closeCrossed], of: asked)
    let above: [Record] = [.splitBound(unit, .upper, value: Dyadic(2)), .closeCrossed, leaf]
    #expect(rejection(above, of: asked) == nil)
    expectNotProved([.splitBound(unit, .upper, value: Dyadic(-2)), .closeCrossed], of: asked)
  }

  @Test("The unit does not count as split, whatever the bound")
  func signs() {
    let far = oneDisjunct(outputRow([1], atMost: -1.5))
    for value in [half, .zero] {
      let split = Record.splitBound(unit, .lower, value: value)
      expectInvalid([split, positiveLeaf], of: far, "not split above")
      #expect(rejection([split, .splitUnit(unit), leaf, leaf, leaf], of: far) == nil)
      #expect(rejection([.splitUnit(unit), split, leaf, leaf, leaf], of: far) == nil)
    }
  }

  @Test("The unit must exist")
  func places() {
    let asked = oneDisjunct()
    expectInvalid(
      [.splitBound(Unit(rectifier: 1, index: 0), .lower, value: half)], of: asked, "no rectifier 1")
    expectInvalid(
      [.splitBound(Unit(rectifier: 0, index: 2), .upper, value: half)], of: asked, "no unit 2")
  }

  @Test("Slopes at the end may be left out: they are zero")
  func fewerSlopes() {
    let asked = question(atLeast: 0.7)
    let rest = [Record.splitBound(tip, .upper, value: bound)] + closed + [close]
    for codes in [[64, 64], [64, 64, 0]] as [[UInt8]] {
      #expect(rejection([lemma(codes)] + rest, of: asked) == nil)
    }
    expectInvalid([lemma([64, 64, 0, 0])], of: asked, "slopes, expected 3")
    let shortened: [([UInt8], [UInt8])] = [([0, 0, 0], []), ([200, 0, 0], [200])]
    for (full, short) in shortened {
      let minima = [full, short].map {
        provenMinimum([lemma($0), close], of: tent, lower: [-1], upper: [1], coefficients: [-1])
      }
      #expect(minima[0] == minima[1] && minima[0].isFinite)
    }
  }
}
