internal import NetworkModel

/// A model on the way to a network: its values by name.
struct GraphReading {
  /// The versions whose operators are known here.
  private static let opsets = 7...25

  private var network = NetworkBuilder()
  private var values: [String: Tensor] = [:]
  private var parameterCount = 0
  private var calls: [(name: String, type: String, results: [(name: String, value: Tensor)])] = []

  /// Reads a `ModelProto`.
  mutating func model(_ file: [UInt8]) throws(ONNXError) -> Model {
    let model = try ProtobufMessage(file, in: 0..<file.count)
    guard let graph = try model.message(7) else {
      throw .malformed("the file", "it has no graph, expected an ONNX model")
    }
    let irVersion = try model.integer(1)
    guard irVersion >= 3 else {
      throw .unsupported("the file", "its IR version is \(irVersion), expected 3 or later")
    }
    guard !model.has(25), !graph.has(15) else {
      throw .unsupported("the file", "it has functions or sparse initializers, expected neither")
    }
    let opset = try opset(of: model)
    for message in try graph.messages(5) { try readInitializer(message) }
    let initializers = Set(values.keys)
    var inputs: [Port] = []
    // Old files list the initializers among the inputs too.
    for message in try graph.messages(11) where !initializers.contains(try message.text(1)) {
      inputs.append(try readInput(message))
    }
    for message in try graph.messages(1) { try readOperator(message) }
    var outputs: [Port] = []
    for message in try graph.messages(12) { outputs.append(try readOutput(message)) }
    guard !outputs.isEmpty, Set(outputs.map(\.name)).count == outputs.count else {
      throw .malformed("the graph", "it has no outputs or two of the same name")
    }
    let (network, indices) = network.network(inputs: inputs, outputs: outputs)
    return Model(
      network: network, irVersion: irVersion, opset: opset, producer: try model.text(2),
      parameterCount: parameterCount,
      operators: calls.map { call in
        let outputs = call.results.map { name, value in
          Model.Output(
            name: name, shape: value.shape, node: value.node.flatMap { indices[$0.position] })
        }
        return Model.Operator(name: call.name, type: call.type, outputs: outputs)
      })
  }

  private func opset(of model: ProtobufMessage) throws(ONNXError) -> Int {
    var versions: [Int] = []
    for item in try model.messages(8) where ["", "ai.onnx"].contains(try item.text(1)) {
      versions.append(try item.integer(2))
    }
    guard versions.count == 1, Self.opsets.contains(versions[0]) else {
      throw .unsupported("the file", "its operator sets are \(versions), expected \(Self.opsets)")
    }
    return versions[0]
  }

  private mutating func bind(_ name: String, _ value: Tensor, place: String) throws(ONNXError) {
    guard values.updateValue(value, forKey: name) == nil else {
      throw .malformed(place, "the name \(name.quoted) is given to a second value")
    }
  }

  private mutating func count(_ constant: Tensor) {
    if constant.type.elementType != nil { parameterCount += constant.numbers?.count ?? 0 }
  }

  private mutating func readInitializer(_ message: ProtobufMessage) throws(ONNXError) {
    let name = try message.text(8)
    let place = "initializer \(name.quoted)"
    let tensor = try Tensor(message, of: place)
    try bind(name, tensor, place: place)
    count(tensor)
  }

  private mutating func readInput(_ message: ProtobufMessage) throws(ONNXError) -> Port {
    let name = try message.text(1)
    let place = "input \(name.quoted)"
    let (type, elementType, declared) = try declaration(message, place: place)
    guard let declared, declared.dropFirst().allSatisfy({ $0 != nil }) else {
      throw .unsupported(place, "it has no shape or a dynamic dimension other than the first")
    }
    let shape = declared.map { $0 ?? 1 }
    guard let size = Shape.size(shape), size > 0 else {
      throw .unsupported(place, "its shape is \(shape), expected 1 to \(Shape.largestSize) entries")
    }
    network.currentName = name
    let node = network.append(.input, size: size)
    try bind(name, Tensor(shape: shape, type: type, .node(node)), place: place)
    return Port(name: name, shape: shape, elementType: elementType, node: node)
  }

  /// Lowers a `NodeProto`.
  private mutating func readOperator(_ message: ProtobufMessage) throws(ONNXError) {
    var call = try Call(message, network: network)
    for name in call.inputs {
      try call.expect(
        name.isEmpty || values[name] != nil,
        "its argument \(name.quoted) is computed by no earlier node and is no input")
      call.arguments.append(name.isEmpty ? nil : values[name])
    }
    call.network.currentName = call.outputs.first ?? ""
    let results = Array(zip(call.outputs, try call.lower()))
    network = call.network
    for (name, value) in results where !name.isEmpty {
      try bind(name, value, place: call.place)
      if call.type == "Constant" { count(value) }
    }
    calls.append((call.name, call.type, results))
  }

  private mutating func readOutput(_ message: ProtobufMessage) throws(ONNXError) -> Port {
    let name = try message.text(1)
    let place = "output \(name.quoted)"
    let (type, elementType, declared) = try declaration(message, place: place)
    guard let tensor = values[name] else { throw .malformed(place, "no node computes it") }
    let expected = declared ?? tensor.shape
    guard type == tensor.type, expected.count == tensor.shape.count,
      zip(expected, tensor.shape).allSatisfy({ $0 == nil || $0 == $1 })
    else {
      let shape = expected.map { $0.map(String.init) ?? "?" }.joined(separator: ", ")
      throw .malformed(
        place,
        "it is declared with the shape [\(shape)] of \(type), "
          + "but \(tensor.shape) of \(tensor.type) is computed")
    }
    network.currentName = name
    guard let node = network.node(of: tensor) else {
      throw .unsupported(place, "it has no entries, expected some")
    }
    return Port(name: name, shape: tensor.shape, elementType: elementType, node: node)
  }

  /// Reads a `ValueInfoProto` of binary32 or binary64 numbers; an extent is nil where it is open.
  private func declaration(
    _ message: ProtobufMessage, place: String
  ) throws(ONNXError) -> (Tensor.ScalarType, ElementType, shape: [Int?]?) {
    let tensor = try message.message(2)?.message(1)
    let type = try Tensor.ScalarType(code: try tensor?.integer(1) ?? 0, of: place)
    guard let elementType = type.elementType else {
      throw .unsupported(place, "its element type is \(type), expected FLOAT or DOUBLE")
    }
    let shape = try tensor?.message(2)?.messages(1).map { (dimension) throws(ONNXError) in
      dimension.has(1) ? try dimension.integer(1) : nil
    }
    return (type, elementType, shape)
  }
}
