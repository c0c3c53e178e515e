import Foundation
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

/// The claim that an event about a network `f` with inputs X and outputs Y, and about its derivatives, lies between two
/// numbers: `D` is along V, `D1` along `V1` and so on, one for each of `directions`, whose laws come after that of X.
package func derivativeProblem(
  _ network: Network, directions: Int = 1, _ assertions: [String], _ components: [String]
) throws -> ProbabilityProblem {
  let (inputs, outputs) = (network.inputs[0].size, network.outputs[0].size)
  let derivatives = (0..<directions).map { place in
    let name = place == 0 ? "" : "\(place)"
    return """
      (declare-network d\(name) (derivative-of f)
        (declare-input V\(name) real [\(inputs)]) (declare-output D\(name) real [\(outputs)]))
      """
  }
  let text = """
    (vnnlib-version <2.0>)
    (declare-network f (declare-input X real [\(inputs)]) (declare-output Y real [\(outputs)]))
    \(derivatives.joined(separator: "\n"))
    \(assertions.map { "(assert \($0))" }.joined(separator: "\n"))
    (probability 0 1 \(components.joined(separator: " ")))
    """
  return try ProbabilityProblem(
    query: ProbabilityQuery(parsing: Array(text.utf8)), networks: ["f": network])
}

/// A component of a law of the inputs, with the directions of derivatives beside them: along the first input, along
/// the second one, and so on.
package func component(_ text: String, withDirections count: Int) -> String {
  let units = (0..<count).flatMap { direction in (0..<count).map { $0 == direction ? 1 : 0 } }
  guard let map = text.range(of: "(map (") else {
    return text.dropLast() + units.map { " (points (\($0) 1))" }.joined() + ")"
  }
  // Behind a map they are constants.
  let row = text[map.upperBound...].prefix { $0 != ")" }
  let zeros = row.split(separator: " ").dropFirst().map { _ in " 0" }.joined()
  return text.dropLast(2) + units.map { " (\($0)\(zeros))" }.joined() + "))"
}
