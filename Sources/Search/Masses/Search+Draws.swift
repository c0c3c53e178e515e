internal import Approximation
internal import BoundPropagation
public import ClaimLanguage
internal import ExactArithmetic

extension Search {
  /// About how probable events are under a law for which half-spaces are tried, by a thousand draws each.
  ///
  /// - Parameters:
  ///   - problem: The problem.
  ///   - seed: Of the draws.
  /// - Returns: A number for each event, which proves nothing; nil where half-spaces are not tried, or where nothing
  ///   is drawn because a law is not normal or a network is large.
  public static func drawnProbabilities(of problem: ProbabilityProblem, seed: UInt64) -> [Double]? {
    let events = problem.events.compactMap { drawnProbability(of: $0, seed: seed) }
    return events.count == problem.events.count ? events : nil
  }

  private static func drawnProbability(of event: [ProbabilityProblem.Component], seed: UInt64)
    -> Double?
  {
    guard MassSearch.triesHalfSpaces(for: event) else { return nil }
    var sum = 0.0
    for item in event {
      // What is beyond floating point is refused by the search.
      guard let network = try? FloatNetwork(item.problem.network) else { return nil }
      let bounding = TailBounding(item, network) { false }
      guard bounding.isDrawn else { return nil }
      guard !bounding.problem.cases[0].disjuncts.isEmpty else { continue }
      let share = EventDraws.share(
        of: bounding, seed: seed, with: Propagator(network, batchSize: 32))
      sum += item.weight.nearestDouble * share
    }
    return sum
  }
}
