internal import NetworkModel

/// Collects the nodes of a network while operators are lowered.
struct NetworkBuilder {
  private(set) var nodes: [Node] = []
  /// The name of the value that is being computed, for the nodes on the way to it.
  var currentName = ""

  /// One summand of an affine map: a rearranged value, entry by entry times a factor.
  struct Addend {
    let value: Value
    let arrangement: Rearrangement
    /// One factor per entry of the result; constants have none.
    let factors: [Double]?

    init(_ value: Value, _ arrangement: Rearrangement, factors: [Double]? = nil) {
      self.value = value
      self.arrangement = arrangement
      self.factors = factors
    }

    /// An activation as it stands.
    init(_ activation: Activation, factors: [Double]? = nil) {
      self.init(.activation(activation), .identity(activation.shape), factors: factors)
    }
  }

  /// Adds a network's input.
  mutating func addInput(_ shape: [Int], type: ElementType) -> Activation {
    append(.input, shape: shape, type: type)
  }

  /// Renames a node: the last node on the way to a value of the file carries the value's name.
  mutating func rename(_ index: NodeIndex, to name: String) {
    let node = nodes[index.position]
    nodes[index.position] = Node(name: name, size: node.size, operation: node.operation)
  }

  private mutating func append(
    _ operation: Operation, shape: [Int], type: ElementType
  ) -> Activation {
    nodes.append(
      Node(
        name: "\(currentName) (step \(nodes.count))", size: shape.reduce(1, *),
        operation: operation))
    return Activation(node: NodeIndex(nodes.count - 1), shape: shape, type: type)
  }
}

extension NetworkBuilder {
  /// Adds an affine node.
  mutating func affine(
    _ terms: [Affine.Term], bias: [Double]? = nil, shape: [Int], type: ElementType,
    relativeWeightError: Double = 0, execution: Execution
  ) -> Activation {
    let bias = bias ?? [Double](repeating: 0, count: shape.reduce(1, *))
    let affine = Affine(
      terms: terms, bias: bias, relativeWeightError: relativeWeightError, execution: execution)
    return append(.affine(affine), shape: shape, type: type)
  }

  /// Adds max(0, ·).
  mutating func rectified(_ argument: Activation) -> Activation {
    append(.relu(argument.node), shape: argument.shape, type: argument.type)
  }

  /// A value as a node: a constant becomes one without terms.
  mutating func activation(_ value: Value, of call: Call) throws(ONNXError) -> Activation {
    switch value {
    case .activation(let activation): return activation
    case .constant(let tensor):
      guard let numbers = tensor.numbers, let type = tensor.type.elementType else {
        throw call.unsupported("it computes with \(tensor.type) numbers, expected FLOAT or DOUBLE")
      }
      guard !numbers.isEmpty else {
        throw call.unsupported("one of its arguments has no entries")
      }
      return affine([], bias: numbers, shape: tensor.shape, type: type, execution: .exact)
    }
  }

  /// Adds up rearranged values, constants into the bias.
  ///
  /// At most one constant meets any entry, so that no sum is rounded here. Where nothing changes,
  /// no node is added.
  mutating func sum(
    _ addends: [Addend], shape: [Int], type: ElementType, relativeWeightError: Double = 0,
    execution: Execution
  ) -> Activation {
    var bias = [Double](repeating: 0, count: shape.reduce(1, *))
    var terms: [Affine.Term] = []
    for addend in addends {
      switch addend.value {
      case .constant(let tensor):
        guard let numbers = tensor.numbers else { preconditionFailure("integers are not added") }
        for (place, source) in addend.arrangement.sources.enumerated() where source >= 0 {
          bias[place] += numbers[source]
        }
      case .activation(let activation):
        terms.append(Affine.Term(source: activation.node, map: addend.map(of: activation.size)))
      }
    }
    if terms.count == 1, case .identity = terms[0].map, bias.allSatisfy({ $0 == 0 }) {
      return Activation(node: terms[0].source, shape: shape, type: type)
    }
    return affine(
      terms, bias: bias, shape: shape, type: type, relativeWeightError: relativeWeightError,
      execution: execution)
  }

  /// Moves the entries of a value; constants stay constants.
  mutating func move(_ value: Value, _ arrangement: Rearrangement) -> Value {
    switch value {
    case .constant(let tensor): return .constant(tensor.rearranged(arrangement))
    case .activation(let activation):
      return .activation(
        sum(
          [Addend(value, arrangement)], shape: arrangement.shape, type: activation.type,
          execution: .exact))
    }
  }

  /// The opposite of a constant; an activation stays, its factors carry the sign.
  func negated(_ value: Value) -> Value {
    switch value {
    case .activation: value
    case .constant(let tensor):
      .constant(
        Tensor(
          shape: tensor.shape, type: tensor.type,
          elements: .numbers((tensor.numbers ?? []).map(-))))
    }
  }
}

extension NetworkBuilder.Addend {
  func map(of size: Int) -> LinearMap {
    guard let factors else {
      return arrangement.isIdentity(of: size)
        ? .identity(size) : .sparse(SparseMatrix(selecting: arrangement.sources, of: size))
    }
    if factors.allSatisfy({ $0 == 1 }), arrangement.isIdentity(of: size) { return .identity(size) }
    var rows = SparseRows()
    for (source, factor) in zip(arrangement.sources, factors) {
      if source >= 0 { rows.append(factor, at: source) }
      rows.endRow()
    }
    return .sparse(rows.matrix(columns: size))
  }
}

/// Collects a sparse matrix row by row, leaving out zeros.
struct SparseRows {
  private var starts = [0]
  private var columns: [Int] = []
  private var weights: [Double] = []

  /// Adds an entry to the current row, right of those it has.
  mutating func append(_ weight: Double, at column: Int) {
    guard weight != 0 else { return }
    columns.append(column)
    weights.append(weight)
  }

  mutating func endRow() { starts.append(columns.count) }

  func matrix(columns count: Int) -> SparseMatrix {
    SparseMatrix(
      rows: starts.count - 1, columns: count, rowStarts: starts, columnIndices: columns,
      weights: weights)
  }
}
