public import ExactArithmetic

/// An output of a network on a region as a function of a chart's coordinates, exactly.
public struct ExactForm: Sendable {
  /// One a coordinate.
  public let coefficients: [Dyadic]
  /// The constant.
  public let constant: Dyadic
}

extension RegionNetwork {
  /// The network's outputs under a pattern, as exact functions of a chart's coordinates.
  ///
  /// Weights, biases and the numbers of the chart are binary, so the forms are too. Whether any input
  /// has the pattern is not looked at.
  ///
  /// - Parameters:
  ///   - entries: Which outputs.
  ///   - pattern: With the groups of the network.
  ///   - chart: The coordinates.
  /// - Returns: One form an entry.
  /// - Complexity: Integers grow with every affine map; meant for few regions or small networks.
  public func exactOutputs(
    _ entries: [Int], under pattern: ActivationPattern, on chart: Chart
  ) -> [ExactForm] {
    precondition(pattern.groupSizes == groupSizes, "a pattern of this network")
    var prefix = ExactPrefix(self, on: chart)
    for (node, step) in steps.enumerated() {
      guard case .rectifier(let ordinal, _) = step.operation else { continue }
      prefix = ExactPrefix(prefix, fixing: node, to: pattern.group(ordinal))
    }
    let places = outputs.flatMap { node in (0..<steps[node].size).map { (node, $0) } }
    return entries.map { entry in
      let form = prefix.form(ofNode: places[entry].0, entry: places[entry].1)
      return ExactForm(
        coefficients: Array(form.dropLast()), constant: form[form.endIndex - 1])
    }
  }
}
