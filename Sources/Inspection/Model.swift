public import NetworkModel
public import ONNX

/// An ONNX file as it was understood: its network, and what an inspector shows beside it.
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

  /// Reads a file.
  ///
  /// - Parameter bytes: The file.
  /// - Throws: ``ONNXError``, naming the first thing that is wrong or not understood.
  public init(_ bytes: [UInt8]) throws(ONNXError) {
    let reading = try GraphReading(bytes)
    let model = try ProtobufMessage(bytes[...])
    network = reading.network
    irVersion = try model.integer(1)
    producer = try model.text(2)
    var opset = 0
    for item in try model.messages(8) where ["", "ai.onnx"].contains(try item.text(1)) {
      opset = try item.integer(2)
    }
    self.opset = opset
    var operators: [Operator] = []
    var constants: [String] = []
    let graph = try model.message(7)
    for initializer in try graph?.messages(5) ?? [] { constants.append(try initializer.text(8)) }
    for node in try graph?.messages(1) ?? [] {
      let (type, names) = (try node.text(4), try node.texts(2))
      if type == "Constant" { constants += names }
      let outputs = names.compactMap { name in
        reading.values[name].map { value in
          let node = value.node.flatMap { reading.places[$0.position] }
          return Output(name: name, shape: value.shape, node: node)
        }
      }
      operators.append(Operator(name: try node.text(3), type: type, outputs: outputs))
    }
    self.operators = operators
    parameterCount = constants.reduce(0) { count, name in
      guard let value = reading.values[name], value.type.elementType != nil else { return count }
      return count + (value.numbers?.count ?? 0)
    }
  }
}
