import ClaimLanguage
import ExactArithmetic
import NetworkModel
import Search
import TestSupport
import Testing

/// Conjunctions of rows that nearly hold together: few units are unstable where it is decided, and a
/// descent on one row leaves the ridge where the rows are equal.
@Suite("Thin margins")
struct ThinMarginTests {
  private func decide(_ network: Network, atMost bound: Double) -> Verdict {
    let inputs = network.nodes[0].size
    let question = problem(
      network, lower: [Double](repeating: -0.5, count: inputs),
      upper: [Double](repeating: 0.5, count: inputs),
      disjuncts: [[outputRow([1, 0], atMost: bound), outputRow([0, 1], atMost: bound)]])
    return Search.decide(question, options: SearchOptions(timeLimit: 20)).verdict
  }

  /// The smallest bound that the search refutes, and the largest that it proves, by bisection.
  ///
  /// Proofs are checked and witnesses confirmed by the search itself, so that neither can be wrong; an
  /// undecided bound fails the test.
  @Test("Every bound around the least maximum of two outputs is decided", arguments: 0..<6)
  func bisection(seed: UInt64) {
    var generator = SeededGenerator(seed: 900 + seed)
    let network = randomNetwork([3, 10, 8, 2], using: &generator)
    var (proved, refuted) = (-100.0, 100.0)
    for _ in 0..<22 {
      let middle = (proved + refuted) / 2
      switch decide(network, atMost: middle) {
      case .holds: proved = middle
      case .refuted: refuted = middle
      case .undecided(let reason):
        Issue.record("bound \(middle), seed \(900 + seed): \(reason)")
        return
      }
    }
    #expect(refuted - proved < 1e-4)
    #expect(proved > -100 && refuted < 100)
  }
}
