/// A feed-forward network as a graph of affine maps and rectifiers.
///
/// Nodes stand in topological order: every source precedes its user. Each node is a vector; a tensor
/// of the file is its row-major (batch of one dropped or kept, it is the same) flattening.
public struct Network: Sendable {
  /// The values of the network, sources before users.
  public let nodes: [Node]
  /// The inputs, in the order of the file.
  public let inputs: [Port]
  /// The outputs, in the order of the file.
  public let outputs: [Port]
  /// The values of the file on which outputs depend, by name.
  public var values: [String: Port] = [:]

  /// Creates a network.
  ///
  /// Traps when a node uses a later one, when sizes disagree or when a port names no node: readers
  /// check their files before they come here.
  ///
  /// - Parameters:
  ///   - nodes: The values, in topological order.
  ///   - inputs: The inputs; each one's node is an ``Operation/input``.
  ///   - outputs: The outputs.
  public init(nodes: [Node], inputs: [Port], outputs: [Port]) {
    for (position, node) in nodes.enumerated() {
      let sources = node.operation.sources
      precondition(sources.allSatisfy { $0.position < position }, "sources precede their users")
      let sizes = sources.map { nodes[$0.position].size }
      switch node.operation {
      case .input, .relu, .gate:
        precondition(sizes.allSatisfy { $0 == node.size }, "a rectifier or gate keeps the size")
      case .affine(let affine):
        precondition(affine.bias.count == node.size, "a bias has one entry per output")
        precondition(affine.terms.allSatisfy { $0.map.rows == node.size }, "rows match the node")
        precondition(affine.terms.map(\.map.columns) == sizes, "columns match the sources")
      }
    }
    for port in inputs + outputs {
      precondition(nodes[port.node.position].size == port.size, "a port has its node's size")
    }
    self.nodes = nodes
    self.inputs = inputs
    self.outputs = outputs
  }

  /// The node at an index.
  public subscript(index: NodeIndex) -> Node { nodes[index.position] }

  /// The rectifier nodes in topological order; a position in this list is a rectifier's *ordinal*,
  /// which with a flat index names one unit.
  public var rectifiers: [NodeIndex] {
    nodes.indices.filter { if case .relu = nodes[$0].operation { true } else { false } }
      .map(NodeIndex.init)
  }
}

/// The position of a node in its network's topological order.
public struct NodeIndex: Hashable, Sendable {
  /// Counted from zero.
  public let position: Int

  /// Creates the index of the node at a position.
  ///
  /// - Parameter position: Counted from zero.
  public init(_ position: Int) { self.position = position }
}

/// One vector-valued node.
public struct Node: Sendable {
  /// The name of the value in the file, for messages.
  public let name: String
  /// How many numbers it holds.
  public let size: Int
  /// How they are computed.
  public let operation: Operation

  /// Creates a node.
  ///
  /// - Parameters:
  ///   - name: The name of the value in the file, for messages.
  ///   - size: How many numbers it holds.
  ///   - operation: How they are computed.
  public init(name: String, size: Int, operation: Operation) {
    self.name = name
    self.size = size
    self.operation = operation
  }
}

/// What a node computes.
public enum Operation: Sendable {
  /// A value given from outside.
  case input
  /// A sum of linear maps of earlier nodes and a bias.
  case affine(Affine)
  /// max(0, ·), entry by entry.
  case relu(NodeIndex)
  /// The value where the other node is positive, 0 where it is negative, entry by entry: the derivative
  /// of a rectifier of `sign`. Where `sign` is zero it has any value between the two.
  case gate(NodeIndex, sign: NodeIndex)

  /// The nodes it uses.
  public var sources: [NodeIndex] {
    switch self {
    case .input: []
    case .affine(let affine): affine.terms.map(\.source)
    case .relu(let source): [source]
    case .gate(let source, let sign): [source, sign]
    }
  }

  /// The same operation on other nodes.
  ///
  /// - Parameter replacement: What stands for a node that it uses.
  /// - Returns: The operation on the replacements.
  public func replacingSources(_ replacement: (NodeIndex) -> NodeIndex) -> Operation {
    switch self {
    case .input: return .input
    case .relu(let source): return .relu(replacement(source))
    case .gate(let source, let sign): return .gate(replacement(source), sign: replacement(sign))
    case .affine(var affine):
      affine.terms = affine.terms.map { Affine.Term(source: replacement($0.source), map: $0.map) }
      return .affine(affine)
    }
  }
}

/// `Σ map_k · source_k + bias`.
public struct Affine: Sendable {
  /// One linear map of one earlier node.
  public struct Term: Sendable {
    /// The node it is applied to.
    public let source: NodeIndex
    /// The map.
    public let map: LinearMap

    /// Creates a term.
    ///
    /// - Parameters:
    ///   - source: The node the map is applied to.
    ///   - map: The map.
    public init(source: NodeIndex, map: LinearMap) {
      self.source = source
      self.map = map
    }
  }

  /// The linear parts; empty for a constant.
  public var terms: [Term]
  /// The constant part, one exact entry per output.
  public var bias: [Double]
  /// How far each stored weight may be from the true real one, relative to its magnitude.
  ///
  /// Zero where the stored weights are the exact ones. Quotients that no binary number equals (`x / 3`,
  /// a batch normalisation's 1/√(v + ε)) are stored rounded, with a bound here.
  public var relativeWeightError: Double
  /// How a binary32 execution of the file's operator computes this value.
  public var execution: Execution

  /// Creates an affine operation.
  ///
  /// - Parameters:
  ///   - terms: The linear parts.
  ///   - bias: The constant part, one entry per output; zeros where only terms are given.
  ///   - relativeWeightError: Bound on the relative error of each stored weight.
  ///   - execution: How a floating-point execution computes it.
  public init(
    terms: [Term], bias: [Double]? = nil, relativeWeightError: Double = 0,
    execution: Execution = .rounded(extraRoundings: 0)
  ) {
    self.terms = terms
    self.bias = bias ?? [Double](repeating: 0, count: terms.first?.map.rows ?? 0)
    self.relativeWeightError = relativeWeightError
    self.execution = execution
  }
}

/// What a binary32 execution does where the reals have an affine map.
public enum Execution: Hashable, Sendable {
  /// It moves values without arithmetic (reshape, transpose, slice, concatenation, maximum):
  /// the result is the exact one.
  case exact
  /// It multiplies and adds, in any order, fused or not: `n` addends of an output (products with
  /// nonzero weights, and the bias where it is not zero) may be off by `(n + extraRoundings)` unit
  /// roundoffs of the sum of their magnitudes.
  case rounded(extraRoundings: Int)
}

/// A network's input or output as the file declares it.
public struct Port: Sendable {
  /// The name in the file.
  public let name: String
  /// The dimensions, a dynamic batch set to 1.
  public let shape: [Int]
  /// The type in the file.
  public let elementType: ElementType
  /// The node that holds the value.
  public var node: NodeIndex

  /// Creates a port.
  ///
  /// - Parameters:
  ///   - name: The name in the file.
  ///   - shape: The dimensions.
  ///   - elementType: The type in the file.
  ///   - node: The node that holds the value.
  public init(name: String, shape: [Int], elementType: ElementType, node: NodeIndex) {
    self.name = name
    self.shape = shape
    self.elementType = elementType
    self.node = node
  }

  /// The number of entries.
  public var size: Int { shape.reduce(1, *) }
}

/// A stored number type.
public enum ElementType: String, Hashable, Sendable {
  /// IEEE binary32.
  case float32
  /// IEEE binary64.
  case float64
}
