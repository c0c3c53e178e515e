internal import NetworkModel

/// Collects the nodes of a network while operators are lowered.
struct NetworkBuilder {
  private(set) var nodes: [Node] = []
  /// The value of the file that is being computed: nodes on the way to it carry its name.
  var currentName = ""

  /// One summand of an affine map: chosen entries of a tensor, each times a factor.
  struct Addend {
    let tensor: Tensor
    /// The source of each entry of the result, −1 for none.
    let places: [Int]
    let factors: [Double]

    init(
      _ tensor: Tensor, at places: [Int]? = nil, times factor: Double = 1, factors: [Double]? = nil
    ) {
      self.tensor = tensor
      self.places = places ?? Array(0..<tensor.size)
      self.factors = factors ?? [Double](repeating: factor, count: self.places.count)
    }

    /// Whether both choose from one node, and never the same entry for a place, so that one map can
    /// do for both.
    fileprivate func fits(_ other: Addend) -> Bool {
      tensor.node != nil && tensor.node == other.tensor.node
        && !zip(places, other.places).contains { $0 == $1 && $0 >= 0 }
    }
  }

  /// The map of addends that fit.
  private func map(of addends: [Addend]) -> LinearMap {
    let (places, size) = (addends[0].places, addends[0].tensor.size)
    if addends.count == 1, places.elementsEqual(0..<size),
      addends[0].factors.allSatisfy({ $0 == 1 })
    {
      return .identity(size)
    }
    return .sparse(
      SparseMatrix(rows: places.count, columns: size) { row in
        addends.filter { $0.places[row] >= 0 }.map { ($0.places[row], $0.factors[row]) }
          .sorted { $0.0 < $1.0 }
      })
  }

  mutating func append(_ operation: Operation, size: Int) -> NodeIndex {
    nodes.append(Node(name: currentName, size: size, operation: operation))
    return NodeIndex(nodes.count - 1)
  }

  /// The node of a tensor, for a constant a new one; nil for integers and where nothing is in it.
  mutating func node(of tensor: Tensor) -> NodeIndex? {
    guard let numbers = tensor.numbers else { return tensor.node }
    guard tensor.type.elementType != nil, !numbers.isEmpty else { return nil }
    let constant = Affine(terms: [], bias: numbers, execution: .exact)
    return append(.affine(constant), size: numbers.count)
  }

  /// Adds an affine node.
  ///
  /// A bias that is added to a product becomes part of it, as one more addend, where an execution
  /// of both is not charged with more by that.
  mutating func affine(
    _ affine: Affine, shape: [Int], type: Tensor.ScalarType
  ) -> Tensor {
    var affine = affine
    if affine.terms.count == 1, affine.relativeWeightError == 0,
      case .identity = affine.terms[0].map,
      case .affine(var inner) = nodes[affine.terms[0].source.position].operation,
      inner.bias.allSatisfy({ $0 == 0 }),
      let both = inner.execution.followed(by: affine.execution)
    {
      (inner.bias, inner.execution) = (affine.bias, both)
      affine = inner
    }
    let node = append(.affine(affine), size: affine.bias.count)
    return Tensor(shape: shape, type: type, content: .node(node))
  }

  /// Adds up chosen entries of tensors, constants into the bias.
  ///
  /// At most one constant meets any entry, and its factor is 1 or −1, so that nothing is rounded
  /// here. Where nothing changes, no node is added.
  mutating func sum(
    _ addends: [Addend], shape: [Int], relativeWeightError: Double = 0,
    execution: Execution = .exact
  ) -> Tensor {
    let type = addends[0].tensor.type
    var affine = Affine(
      terms: [], bias: [Double](repeating: 0, count: shape.reduce(1, *)),
      relativeWeightError: relativeWeightError, execution: execution)
    // One map for two addends costs half as much to check.
    let isPair = addends.count == 2 && addends[0].fits(addends[1])
    for group in isPair ? [addends] : addends.map({ [$0] }) {
      switch group[0].tensor.content {
      case .node(let source):
        affine.terms.append(Affine.Term(source: source, map: map(of: group)))
      case .numbers(let numbers):
        for (entry, place) in group[0].places.enumerated() where place >= 0 {
          affine.bias[entry] += group[0].factors[entry] * numbers[place]
        }
      }
    }
    if affine.terms.isEmpty {
      return Tensor(shape: shape, type: type, content: .numbers(affine.bias))
    }
    if affine.terms.count == 1, relativeWeightError == 0, case .identity = affine.terms[0].map,
      affine.bias.allSatisfy({ $0 == 0 })
    {
      return Tensor(shape: shape, type: type, content: .node(affine.terms[0].source))
    }
    return self.affine(affine, shape: shape, type: type)
  }

  /// The network of what its inputs and outputs need, and where each node went.
  func network(inputs: [Port], outputs: [Port]) -> (Network, [NodeIndex?]) {
    var isNeeded = [Bool](repeating: false, count: nodes.count)
    for port in inputs + outputs { isNeeded[port.node.position] = true }
    for position in nodes.indices.reversed() where isNeeded[position] {
      for source in nodes[position].operation.sources { isNeeded[source.position] = true }
    }
    var kept: [Node] = []
    var indices: [NodeIndex] = []
    for (node, isNeeded) in zip(nodes, isNeeded) {
      indices.append(NodeIndex(kept.count))
      guard isNeeded else { continue }
      let operation = node.operation.replacingSources { indices[$0.position] }
      kept.append(Node(name: node.name, size: node.size, operation: operation))
    }
    let moved = { (port: Port) in
      var port = port
      port.node = indices[port.node.position]
      return port
    }
    let network = Network(nodes: kept, inputs: inputs.map(moved), outputs: outputs.map(moved))
    return (network, zip(indices, isNeeded).map { $1 ? $0 : nil })
  }
}

extension Execution {
  /// The roundings of a map and then of adding a bias to it, as those of one map; nil where the
  /// one map would be charged with more.
  fileprivate func followed(by sum: Execution) -> Execution? {
    switch (self, sum) {
    case (.exact, _): sum
    case (.rounded, .exact): nil
    case (.rounded(let first), .rounded(let second)): .rounded(extraRoundings: first + second)
    }
  }
}
