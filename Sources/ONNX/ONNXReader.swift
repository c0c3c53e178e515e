public import NetworkModel

/// Reads ONNX files.
///
/// Plain files and files compressed with gzip are read; what is not understood is refused.
/// Every weight is exactly the stored number, and every sum or product taken while reading is
/// exact too; see ``Affine/relativeWeightError`` for the quotients that cannot be.
public enum ONNXReader {
  /// Reads a network.
  ///
  /// - Parameter bytes: The file.
  /// - Returns: The network of affine maps and rectifiers that the file describes.
  /// - Throws: ``ONNXError``, naming the first thing that is wrong or not understood.
  public static func read(_ bytes: [UInt8]) throws(ONNXError) -> Network {
    try readModel(bytes).network
  }

  /// Reads a network and what an inspector shows of it.
  ///
  /// - Parameter bytes: The file.
  /// - Returns: The network with the file's versions and operators.
  /// - Throws: ``ONNXError``, naming the first thing that is wrong or not understood.
  public static func readModel(_ bytes: [UInt8]) throws(ONNXError) -> Model {
    let file = try uncompressed(bytes)
    guard file.count <= Inflate.largestOutput else {
      throw .unsupported("the file", "it has more than 2 GiB")
    }
    let graph = try Graph(file)
    var reading = GraphReading(graph)
    return try reading.model()
  }
}

extension ONNXReader {
  /// The contents of a file that may be compressed with gzip, as networks and queries are shipped.
  ///
  /// - Parameter bytes: The file.
  /// - Returns: What was compressed; the bytes themselves where they are no gzip file.
  /// - Throws: ``ONNXError`` for a gzip file that is damaged or too large.
  public static func uncompressed(_ bytes: [UInt8]) throws(ONNXError) -> [UInt8] {
    Inflate.isGzip(bytes) ? try Inflate.gunzip(bytes) : bytes
  }
}

/// An ONNX file as it was understood.
public struct Model: Sendable {
  /// One operator of the file.
  public struct Operator: Sendable {
    /// Its name, perhaps empty.
    public let name: String
    /// Which operator it is.
    public let type: String
    /// What it computes.
    public let outputs: [Output]
  }

  /// One value that an operator computes.
  public struct Output: Sendable {
    /// The name of the value.
    public let name: String
    /// Its dimensions, a dynamic batch set to 1.
    public let shape: [Int]
    /// The node that holds it; nil for constants, for values that nothing uses and for those that
    /// were merged with the bias that is added to them.
    public let node: NodeIndex?
  }

  /// The network.
  public let network: Network
  /// The version of the file format.
  public let irVersion: Int
  /// The version of the operator set.
  public let opset: Int
  /// The program that wrote the file.
  public let producer: String
  /// How many floating-point constants the file holds.
  public let parameterCount: Int
  /// The operators, in the order of the file.
  public let operators: [Operator]
}

/// A graph on the way to a network: its values by name.
private struct GraphReading {
  private let graph: Graph
  private var builder = NetworkBuilder()
  private var values: [String: Value] = [:]
  private var parameterCount = 0
  private var results: [[Value]] = []

  init(_ graph: Graph) {
    self.graph = graph
    for (name, tensor) in graph.constants {
      values[name] = .constant(tensor)
      parameterCount += tensor.numbers?.count ?? 0
    }
  }

  mutating func model() throws(ONNXError) -> Model {
    let inputs = try graph.inputs.map { (input) throws(ONNXError) in try readInput(input) }
    for node in graph.nodes { results.append(try read(node)) }
    let outputs = try graph.outputs.map { (output) throws(ONNXError) in try readOutput(output) }
    guard Set(outputs.map(\.name)).count == outputs.count else {
      throw .malformed("the graph", "two of its outputs have the same name")
    }
    let merged = MergedNetwork(builder.nodes, inputs: inputs, outputs: outputs)
    return Model(
      network: merged.network, irVersion: graph.irVersion, opset: graph.opset,
      producer: graph.producer, parameterCount: parameterCount,
      operators: operators(merged.indices))
  }

  private mutating func readInput(_ input: Graph.Declaration) throws(ONNXError) -> Port {
    let place = "input \(input.name.quoted)"
    guard let declared = input.shape else {
      throw .unsupported(place, "it has no shape, expected fixed dimensions")
    }
    guard declared.dropFirst().allSatisfy({ $0 != nil }) else {
      throw .unsupported(place, "it has a dynamic dimension other than the first")
    }
    let shape = declared.map { $0 ?? 1 }
    guard let size = Shape.size(shape), size > 0 else {
      throw .unsupported(
        place, "its shape is \(shape), expected 1 to \(Shape.largestSize) entries")
    }
    builder.currentName = input.name
    let activation = builder.addInput(shape, type: input.type)
    builder.rename(activation.node, to: input.name)
    try bind(input.name, .activation(activation), place: place)
    return Port(name: input.name, shape: shape, elementType: input.type, node: activation.node)
  }

  /// Gives a value its name; the node that a name is first given to carries it.
  private mutating func bind(_ name: String, _ value: Value, place: String) throws(ONNXError) {
    guard values.updateValue(value, forKey: name) == nil else {
      throw .malformed(place, "the name \(name.quoted) is given to a second value")
    }
  }

  private mutating func read(_ node: Graph.Node) throws(ONNXError) -> [Value] {
    let arguments = try node.inputs.map { (name) throws(ONNXError) in
      if name.isEmpty { return Value?.none }
      guard let value = values[name] else {
        throw .malformed(
          node.place, "its argument \(name.quoted) is computed by no earlier node and is no input")
      }
      return value
    }
    var call = Call(node: node, arguments: arguments)
    builder.currentName = node.outputs.first ?? ""
    let firstNew = builder.nodes.count
    let results = try builder.lower(&call)
    for (name, value) in zip(node.outputs, results) where !name.isEmpty {
      try bind(name, value, place: node.place)
      if case .activation(let activation) = value, activation.node.position >= firstNew {
        builder.rename(activation.node, to: name)
      }
      if node.type == "Constant" { parameterCount += value.constant?.numbers?.count ?? 0 }
    }
    return results
  }

  private mutating func readOutput(_ output: Graph.Declaration) throws(ONNXError) -> Port {
    let place = "output \(output.name.quoted)"
    guard let value = values[output.name] else {
      throw .malformed(place, "no node computes it")
    }
    guard Tensor.ScalarType(output.type) == value.type else {
      throw .malformed(place, "it is declared as \(output.type), but \(value.type) is computed")
    }
    if let declared = output.shape {
      let fits = zip(declared, value.shape).allSatisfy { $0 == nil || $0 == $1 }
      guard declared.count == value.shape.count, fits else {
        let shape = declared.map { $0.map(String.init) ?? "?" }.joined(separator: ", ")
        throw .malformed(
          place, "it is declared with the shape [\(shape)], but \(value.shape) is computed")
      }
    }
    builder.currentName = output.name
    let node = Graph.Node(
      name: output.name, type: "Output", inputs: [], outputs: [], attributes: [:])
    let call = Call(node: node, arguments: [])
    let activation = try builder.activation(value, of: call)
    return Port(
      name: output.name, shape: activation.shape, elementType: activation.type,
      node: activation.node)
  }

  private func operators(_ indices: [NodeIndex?]) -> [Model.Operator] {
    zip(graph.nodes, results).map { node, results in
      let outputs = zip(node.outputs, results).map { name, value in
        let index: NodeIndex? =
          switch value {
          case .constant: nil
          case .activation(let activation): indices[activation.node.position]
          }
        return Model.Output(name: name, shape: value.shape, node: index)
      }
      return Model.Operator(name: node.name, type: node.type, outputs: outputs)
    }
  }
}
