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

    /// One map for two addends of the same node, which costs half as much to check; nil where they
    /// meet in a place, which would add factors.
    fileprivate func joined(with other: Addend) -> LinearMap? {
      guard !zip(places, other.places).contains(where: { $0 == $1 && $0 >= 0 }) else { return nil }
      return .sparse(
        SparseMatrix(rows: places.count, columns: tensor.size) { row in
          [(places[row], factors[row]), (other.places[row], other.factors[row])]
            .filter { $0.0 >= 0 }.sorted { $0.0 < $1.0 }
        })
    }

    fileprivate var map: LinearMap {
      let size = tensor.size
      if factors.allSatisfy({ $0 == 1 }), places.elementsEqual(0..<size) { return .identity(size) }
      return .sparse(
        SparseMatrix(rows: places.count, columns: size) { row in
          places[row] < 0 ? [] : [(places[row], factors[row])]
        })
    }
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
    _ terms: [Affine.Term], bias: [Double]? = nil, shape: [Int], type: Tensor.ScalarType,
    relativeWeightError: Double = 0, execution: Execution
  ) -> Tensor {
    var affine = Affine(
      terms: terms, bias: bias ?? [Double](repeating: 0, count: shape.reduce(1, *)),
      relativeWeightError: relativeWeightError, execution: execution)
    if terms.count == 1, relativeWeightError == 0, case .identity = terms[0].map,
      case .affine(let inner) = nodes[terms[0].source.position].operation,
      inner.bias.allSatisfy({ $0 == 0 }), let both = inner.execution.followed(by: execution)
    {
      affine = Affine(
        terms: inner.terms, bias: affine.bias, relativeWeightError: inner.relativeWeightError,
        execution: both)
    }
    let node = append(.affine(affine), size: affine.bias.count)
    return Tensor(shape: shape, type: type, .node(node))
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
    if addends.count == 2, let source = addends[0].tensor.node, addends[1].tensor.node == source,
      let map = addends[0].joined(with: addends[1])
    {
      return affine(
        [Affine.Term(source: source, map: map)], shape: shape, type: type,
        relativeWeightError: relativeWeightError, execution: execution)
    }
    var bias = [Double](repeating: 0, count: shape.reduce(1, *))
    var terms: [Affine.Term] = []
    for addend in addends {
      switch addend.tensor.content {
      case .node(let source): terms.append(Affine.Term(source: source, map: addend.map))
      case .numbers(let numbers):
        for (entry, place) in addend.places.enumerated() where place >= 0 {
          bias[entry] += addend.factors[entry] * numbers[place]
        }
      }
    }
    if terms.isEmpty { return Tensor(shape: shape, type: type, .numbers(bias)) }
    if terms.count == 1, relativeWeightError == 0, case .identity = terms[0].map,
      bias.allSatisfy({ $0 == 0 })
    {
      return Tensor(shape: shape, type: type, .node(terms[0].source))
    }
    return affine(
      terms, bias: bias, shape: shape, type: type, relativeWeightError: relativeWeightError,
      execution: execution)
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
      Port(
        name: port.name, shape: port.shape, elementType: port.elementType,
        node: indices[port.node.position])
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
