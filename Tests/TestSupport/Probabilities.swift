package import ClaimLanguage
package import NetworkModel

/// The claim that an event about the network `f` with inputs X and outputs Y has a probability.
package func probabilityProblem(
  _ network: Network, _ assertions: [String], _ components: [String], from lower: String = "0.0",
  to upper: String = "1.0"
) throws -> ProbabilityProblem {
  let text = """
    (vnnlib-version <2.0>)
    (declare-network f (declare-input X real [\(network.inputs[0].size)])
      (declare-output Y real [\(network.outputs[0].size)]))
    \(assertions.map { "(assert \($0))" }.joined(separator: "\n"))
    (probability \(lower) \(upper) \(components.joined(separator: " ")))
    """
  return try ProbabilityProblem(
    query: ProbabilityQuery(parsing: Array(text.utf8)), networks: ["f": network])
}

/// The claim that a number made of several probabilities, of the network `f` with inputs X and outputs Y,
/// lies between two others.
package func quantityProblem(
  _ network: Network, _ quantity: String, _ components: [String], from lower: String,
  to upper: String
) throws -> ProbabilityProblem {
  let text = """
    (vnnlib-version <2.0>)
    (declare-network f (declare-input X real [\(network.inputs[0].size)])
      (declare-output Y real [\(network.outputs[0].size)]))
    (probability \(lower) \(upper) \(quantity) \(components.joined(separator: " ")))
    """
  return try ProbabilityProblem(
    query: ProbabilityQuery(parsing: Array(text.utf8)), networks: ["f": network])
}
