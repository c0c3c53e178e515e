public import NetworkModel

extension Network {
  /// Evaluates the network in floating point.
  ///
  /// - Parameter inputs: Per input, its entries in row-major order.
  /// - Returns: Per output, its entries in row-major order.
  public func evaluate<Scalar: BinaryFloatingPoint & Sendable>(_ inputs: [[Scalar]]) -> [[Scalar]] {
    let values = values(of: inputs)
    return outputs.map { values[$0.node.position] }
  }

  /// Evaluates every node in floating point.
  ///
  /// Weights are the stored ones, whatever ``Affine/relativeWeightError`` says of them, rounded to
  /// the type where they are none of its numbers; so is every product and every sum.
  ///
  /// - Parameter inputs: Per input, its entries in row-major order.
  /// - Returns: Per node, its entries.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  public func values<Scalar: BinaryFloatingPoint & Sendable>(of inputs: [[Scalar]]) -> [[Scalar]] {
    precondition(inputs.count == self.inputs.count, "one list of entries per input")
    var values = [[Scalar]](repeating: [], count: nodes.count)
    for (port, entries) in zip(self.inputs, inputs) {
      precondition(entries.count == port.size, "one entry per place of the input")
      values[port.node.position] = entries
    }
    for (position, node) in nodes.enumerated() {
      switch node.operation {
      case .input: break
      case .relu(let source): values[position] = values[source.position].map { max(0, $0) }
      case .gate(let source, let sign):
        values[position] = zip(values[source.position], values[sign.position])
          .map { $1 > 0 ? $0 : 0 }
      case .affine(let affine):
        var result = affine.bias.map { Scalar($0) }
        for term in affine.terms { term.map.add(values[term.source.position], to: &result) }
        values[position] = result
      }
    }
    return values
  }
}

extension LinearMap {
  /// Adds the image of an argument.
  @specialized(where Scalar == Double)
  @specialized(where Scalar == Float)
  fileprivate func add<Scalar: BinaryFloatingPoint>(
    _ argument: [Scalar], to result: inout [Scalar]
  ) {
    let weights = weights
    for row in 0..<rows {
      var sum = result[row]
      forEachWeight(of: row) { column, place in sum += Scalar(weights[place]) * argument[column] }
      result[row] = sum
    }
  }
}
