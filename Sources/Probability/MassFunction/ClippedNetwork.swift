internal import NetworkModel

extension Network {
  /// The network behind a clipping of its inputs, `lower + relu(y − lower) − relu(y − upper)`.
  ///
  /// Where there are ends, the first rectifier is that of the clipping.
  ///
  /// - Parameter ends: One pair an input entry; infinite for none.
  /// - Returns: A network of the unclipped inputs, and whether a rectifier was added.
  func clippingInputs(to ends: Component.Ends) -> (network: Network, addsRectifier: Bool) {
    guard let input = inputs.first else { return (self, false) }
    let size = input.size
    var (selection, offsets): ([Int], [Double]) = ([], [])
    var summands = [[(column: Int, weight: Double)]](repeating: [], count: size)
    var (kept, constants) = (Array(0..<size), [Double](repeating: 0, count: size))
    for entry in 0..<size {
      let (lower, upper) = (ends.lower[entry], ends.upper[entry])
      if lower.isFinite {
        summands[entry].append((selection.count, 1))
        selection.append(entry)
        offsets.append(-lower)
        kept[entry] = -1
        constants[entry] = lower
      }
      if upper.isFinite {
        summands[entry].append((selection.count, -1))
        selection.append(entry)
        offsets.append(-upper)
      }
    }
    guard !selection.isEmpty else { return (self, false) }
    let differences = Affine(
      terms: [.init(source: NodeIndex(0), map: .sparse(.init(selecting: selection, of: size)))],
      bias: offsets)
    let sums = SparseMatrix(rows: size, columns: selection.count) { summands[$0] }
    let clipped = Affine(
      terms: [
        .init(source: NodeIndex(0), map: .sparse(.init(selecting: kept, of: size))),
        .init(source: NodeIndex(2), map: .sparse(sums)),
      ], bias: constants)
    let added = 3
    var nodes = [
      Node(name: input.name, size: size, operation: .input),
      Node(
        name: "\(input.name) less its ends", size: selection.count, operation: .affine(differences)),
      Node(
        name: "\(input.name) beyond its ends", size: selection.count, operation: .relu(NodeIndex(1))
      ),
    ]
    let moved = { (index: NodeIndex) in NodeIndex(index.position + added) }
    for node in self.nodes {
      let operation: NetworkModel.Operation =
        if case .input = node.operation { .affine(clipped) } else {
          node.operation.replacingSources(moved)
        }
      nodes.append(Node(name: node.name, size: node.size, operation: operation))
    }
    let outputs = outputs.map {
      Port(name: $0.name, shape: $0.shape, elementType: $0.elementType, node: moved($0.node))
    }
    let port = Port(
      name: input.name, shape: input.shape, elementType: input.elementType, node: NodeIndex(0))
    return (Network(nodes: nodes, inputs: [port], outputs: outputs), true)
  }
}
