internal import NetworkModel

/// A network without what need not be there: a bias that is added to a product becomes part of it,
/// and nodes that no output depends on are left out.
struct MergedNetwork {
  let network: Network
  /// Where each original node went; nil for those that are gone.
  let indices: [NodeIndex?]

  init(_ original: [Node], inputs: [Port], outputs: [Port]) {
    let nodes = MergedNetwork.mergingBiases(original, outputs: outputs)
    var isNeeded = [Bool](repeating: false, count: nodes.count)
    for port in inputs + outputs { isNeeded[port.node.position] = true }
    for position in nodes.indices.reversed() where isNeeded[position] {
      for source in nodes[position].operation.sources { isNeeded[source.position] = true }
    }
    var kept: [Node] = []
    var indices = [NodeIndex?](repeating: nil, count: nodes.count)
    let moved = { (index: NodeIndex) in
      guard let new = indices[index.position] else {
        preconditionFailure("a used node was dropped")
      }
      return new
    }
    for (position, node) in nodes.enumerated() where isNeeded[position] {
      let operation: Operation =
        switch node.operation {
        case .input: .input
        case .relu(let source): .relu(moved(source))
        case .affine(let affine):
          .affine(
            Affine(
              terms: affine.terms.map { Affine.Term(source: moved($0.source), map: $0.map) },
              bias: affine.bias, relativeWeightError: affine.relativeWeightError,
              execution: affine.execution))
        }
      indices[position] = NodeIndex(kept.count)
      kept.append(Node(name: node.name, size: node.size, operation: operation))
    }
    let port = { (port: Port) in
      Port(
        name: port.name, shape: port.shape, elementType: port.elementType, node: moved(port.node))
    }
    network = Network(nodes: kept, inputs: inputs.map(port), outputs: outputs.map(port))
    self.indices = indices
  }

  /// Replaces x + b by the affine map that gives x, with the bias b, where x is used only there.
  private static func mergingBiases(_ original: [Node], outputs: [Port]) -> [Node] {
    var uses = [Int](repeating: 0, count: original.count)
    for node in original {
      for source in node.operation.sources { uses[source.position] += 1 }
    }
    for port in outputs { uses[port.node.position] += 1 }
    var nodes = original
    for (position, node) in original.enumerated() {
      guard case .affine(let outer) = node.operation, outer.terms.count == 1,
        case .identity = outer.terms[0].map, case let source = outer.terms[0].source,
        uses[source.position] == 1, case .affine(let inner) = nodes[source.position].operation,
        inner.bias.allSatisfy({ $0 == 0 }),
        let execution = inner.execution.followed(by: outer.execution)
      else { continue }
      let merged = Affine(
        terms: inner.terms, bias: outer.bias, relativeWeightError: inner.relativeWeightError,
        execution: execution)
      nodes[position] = Node(name: node.name, size: node.size, operation: .affine(merged))
    }
    return nodes
  }
}

extension Operation {
  /// The nodes it uses.
  fileprivate var sources: [NodeIndex] {
    switch self {
    case .input: []
    case .affine(let affine): affine.terms.map(\.source)
    case .relu(let source): [source]
    }
  }
}

extension Execution {
  /// The roundings of a map and then of adding a bias to it, as those of one map.
  ///
  /// The bias counts as one more addend there. Nil where the one map would be charged with more.
  fileprivate func followed(by sum: Execution) -> Execution? {
    switch (self, sum) {
    case (.exact, .exact): .exact
    case (.exact, .rounded): sum
    case (.rounded, .exact): nil
    case (.rounded(let first), .rounded(let second)): .rounded(extraRoundings: first + second)
    }
  }
}
