import TestSupport
import ClaimLanguage
import ExactArithmetic
import NetworkModel
import ProofChecker
import ProofFormat
import Testing

@Suite("Exact minima")
struct ExactMinimumTests {
  private func isAccepted(
    _ records: [Record], _ network: Network, _ lower: [Double], _ upper: [Double],
    atMost bound: Rational
  ) -> Bool {
    rejection(
      records,
      of: problem(network, lower: lower, upper: upper, disjuncts: [[outputRow([1], atMost: bound)]])
    )
      == nil
  }

  @Test(
    "One input, split at every breakpoint: proved up to the minimum",
    arguments: 0..<(isSoak ? 200 : 12))
  func oneInput(seed: UInt64) {
    var generator = SeededGenerator(seed: 400 + seed)
    let network = coarseNetwork([1, 4, 3, 1], using: &generator)
    let (minimum, corners) = exactMinimum(of: network, lower: [-1], upper: [1])
    // The first part is below the first breakpoint, the rest above it, and so on.
    var records: [Record] = []
    for corner in corners.map({ $0[0] }).sorted() {
      records += [
        .splitInput(entry: 0, value: corner.roundedDown(toFractionalBits: 48)), .tightenAll, leaf,
      ]
    }
    records += [.tightenAll, leaf]
    #expect(isAccepted(records, network, [-1], [1], atMost: minimum - exact(1e-9)))
    #expect(!isAccepted(records, network, [-1], [1], atMost: minimum))
    #expect(!isAccepted(records, network, [-1], [1], atMost: minimum + exact(1e-12)))
  }

  @Test(
    "Two inputs: no tree proves the minimum itself, fine ones come near",
    arguments: 0..<(isSoak ? 100 : 5))
  func twoInputs(seed: UInt64) {
    var generator = SeededGenerator(seed: 500 + seed)
    let network = coarseNetwork([2, 3, 2, 1], using: &generator)
    let minimum = exactMinimum(of: network, lower: [-1, -1], upper: [1, 1]).value
    var gaps: [Rational] = []
    for depth in [0, 4, 7] {
      let tree = bisection(depth: depth, low: [-1, -1], high: [1, 1])
      #expect(!isAccepted(tree, network, [-1, -1], [1, 1], atMost: minimum))
      #expect(isAccepted(tree, network, [-1, -1], [1, 1], atMost: minimum - Rational(200)))
      let proven = provenMinimum(tree, of: network, lower: [-1, -1], upper: [1, 1], steps: 16)
      gaps.append(minimum - exact(proven))
    }
    #expect(gaps.allSatisfy { $0.signum > 0 } && gaps[2] < Rational(1))
  }

  /// Halves of one input after the other.
  private func bisection(depth: Int, low: [Double], high: [Double]) -> [Record] {
    guard depth > 0 else { return [.tightenAll, leaf] }
    let entry = depth % 2
    let middle = (low[entry] + high[entry]) / 2
    var (end, start) = (high, low)
    end[entry] = middle
    start[entry] = middle
    return [.splitInput(entry: entry, value: Dyadic(exactly: middle) ?? .zero)]
      + bisection(depth: depth - 1, low: low, high: end)
      + bisection(depth: depth - 1, low: start, high: high)
  }
}
