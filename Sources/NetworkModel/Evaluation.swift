public import ExactArithmetic

extension Network {
  /// Evaluates every node exactly.
  ///
  /// Weights are the stored ones, whatever ``Affine/relativeWeightError`` says of them.
  ///
  /// - Parameter inputs: Per input, its entries in row-major order.
  /// - Returns: Per node, its entries; nil of a network with gates, which have no one value where
  ///   their sign is zero.
  public func values(of inputs: [[Dyadic]]) -> [[Dyadic]]? {
    precondition(inputs.count == self.inputs.count, "one list of entries per input")
    var values = [[Dyadic]](repeating: [], count: nodes.count)
    for (port, entries) in zip(self.inputs, inputs) {
      precondition(entries.count == port.size, "one entry per place of the input")
      values[port.node.position] = entries
    }
    for (position, node) in nodes.enumerated() {
      switch node.operation {
      case .input: break
      case .relu(let source): values[position] = values[source.position].map { max($0, .zero) }
      case .gate: return nil
      case .affine(let affine):
        values[position] = affine.bias.map { Dyadic(constant: $0) }
        for term in affine.terms {
          let (argument, weights) = (values[term.source.position], term.map.weights)
          for row in 0..<node.size {
            term.map.forEachWeight(of: row) { column, place in
              guard weights[place] != 0, argument[column] != .zero else { return }
              values[position][row] += Dyadic(constant: weights[place]) * argument[column]
            }
          }
        }
      }
    }
    return values
  }
}

extension Dyadic {
  /// The exact value of a constant of a network.
  ///
  /// - Parameter constant: A finite number; others trap.
  public init(constant: Double) {
    guard let value = Dyadic(exactly: constant) else {
      preconditionFailure("the constants of a network are finite")
    }
    self = value
  }
}
