internal import NetworkModel
internal import Probability
internal import Reporting
internal import Specification

/// Pictures of the law that a claim about a probability is about.
enum LawFigures {
  /// For how long a claim's regions are looked for.
  private static let seconds = 5.0
  /// How many outputs are drawn.
  private static let mostOutputs = 2

  /// The regions with their masses and the distribution functions of the first outputs; nothing for
  /// other claims, for several networks, and where two coordinates or a few seconds do not suffice.
  static func figures(of claim: StatedClaim) -> [ClaimReport.Figure] {
    guard case .probability(let probability) = claim.subject,
      probability.eventNetworks.count == 1, let name = probability.eventNetworks.first,
      let entry = claim.networks[name]
    else { return [] }
    // A picture is no part of the answer: without it the page says as much.
    return (try? figures(of: probability.law, entry.network, entry.path)) ?? []
  }

  private static func figures(
    of law: Distribution, _ network: Network, _ path: String
  ) throws -> [ClaimReport.Figure] {
    let end = ContinuousClock.now + .seconds(seconds)
    func isLate() -> Bool { ContinuousClock.now >= end }
    guard let regions = try RegionLaw(law, of: network, isCancelled: isLate),
      let outputs = try NetworkOutputs(law, of: network, named: "law", isCancelled: isLate)
    else { return [] }
    var figures = [
      ClaimReport.Figure(
        caption: "Exact up to rounding: how probable the network's activation patterns are under "
          + "the claim's law, before any condition of the claim.",
        picture: try RegionAnswer(regions).picture(of: path))
    ]
    let size = network.outputs.reduce(0) { $0 + $1.size }
    for output in 0..<min(size, mostOutputs) {
      let answer = try OutputAnswer(OutputQuestion(output: output, of: size), outputs)
      figures.append(
        ClaimReport.Figure(
          caption: "Exact up to rounding: the distribution function of y\(output) under the "
            + "claim's law.", picture: try answer.picture(of: path)))
    }
    return figures
  }
}
