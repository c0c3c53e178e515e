package import NetworkModel

/// A model read as a network, and its values by name.
package struct GraphReading {
  /// The versions whose operators are known here.
  private static let opsets = 7...25

  package private(set) var network = Network(nodes: [], inputs: [], outputs: [])
  package private(set) var values: [String: Tensor] = [:]
  /// Where a node of a value is in the network; nil where nothing needs it.
  package private(set) var places: [NodeIndex?] = []
  private var builder = NetworkBuilder()

  /// Reads a `ModelProto`.
  package init(_ file: [UInt8]) throws(ONNXError) {
    try expect(file.count <= 1 << 31, of: "the file", "it has more than 2 GiB")
    let model = try ProtobufMessage(file[...])
    guard let graph = try model.message(7) else {
      throw ONNXError("the file", "it has no graph, expected an ONNX model")
    }
    let irVersion = try model.integer(1)
    try expect(
      irVersion >= 3, of: "the file", "its IR version is \(irVersion), expected 3 or later")
    try expect(
      !model.has(25) && !graph.has(15), of: "the file",
      "it has functions or sparse initializers, expected neither")
    var opsets: [Int] = []
    for item in try model.messages(8) where ["", "ai.onnx"].contains(try item.text(1)) {
      opsets.append(try item.integer(2))
    }
    try expect(
      opsets.count == 1 && opsets.allSatisfy(Self.opsets.contains), of: "the file",
      "its operator sets are \(opsets), expected \(Self.opsets)")
    try read(graph)
  }

  /// Reads a `GraphProto`.
  private mutating func read(_ graph: ProtobufMessage) throws(ONNXError) {
    for message in try graph.messages(5) {
      let name = try message.text(8)
      let place = "initializer \(name.quoted)"
      try bind(name, try Tensor(message, of: place), place: place)
    }
    let initializers = Set(values.keys)
    var inputs: [Port] = []
    // Old files list the initializers among the inputs too.
    for message in try graph.messages(11) where !initializers.contains(try message.text(1)) {
      inputs.append(try readInput(message))
    }
    for message in try graph.messages(1) { try readOperator(message) }
    var outputs: [Port] = []
    for message in try graph.messages(12) { outputs.append(try readOutput(message)) }
    try expect(
      !outputs.isEmpty && Set(outputs.map(\.name)).count == outputs.count, of: "the graph",
      "it has no outputs or two of the same name")
    (network, places) = builder.network(inputs: inputs, outputs: outputs)
    for (name, value) in values {
      guard let type = value.type.elementType, let node = value.node else { continue }
      guard let place = places[node.position] else { continue }
      network.values[name] = Port(name: name, shape: value.shape, elementType: type, node: place)
    }
  }

  private mutating func bind(_ name: String, _ value: Tensor, place: String) throws(ONNXError) {
    try expect(
      values.updateValue(value, forKey: name) == nil, of: place,
      "the name \(name.quoted) is given to a second value")
  }

  private mutating func readInput(_ message: ProtobufMessage) throws(ONNXError) -> Port {
    let (name, place, type, declared) = try declaration(message, of: "input")
    let shape = declared?.map { $0 ?? 1 } ?? []
    guard let elementType = type.elementType, let size = Shape.size(shape), size > 0,
      declared?.dropFirst().contains(nil) == false
    else {
      throw ONNXError(
        place,
        "it is \(type)\(Self.text(declared)), expected 1 to \(Shape.largestSize) entries of FLOAT or "
          + "DOUBLE, and no dynamic dimension other than the first")
    }
    builder.currentName = name
    let node = builder.append(.input, size: size)
    try bind(name, Tensor(shape: shape, type: type, content: .node(node)), place: place)
    return Port(name: name, shape: shape, elementType: elementType, node: node)
  }

  /// Lowers a `NodeProto`.
  private mutating func readOperator(_ message: ProtobufMessage) throws(ONNXError) {
    var call = try Call(message, network: builder)
    for name in call.inputs {
      try call.expect(
        name.isEmpty || values[name] != nil,
        "its argument \(name.quoted) is computed by no earlier node and is no input")
      call.arguments.append(name.isEmpty ? nil : values[name])
    }
    call.network.currentName = call.outputs.first ?? ""
    let results = try call.lower()
    builder = call.network
    for (name, value) in zip(call.outputs, results) where !name.isEmpty {
      try bind(name, value, place: call.place)
    }
  }

  private mutating func readOutput(_ message: ProtobufMessage) throws(ONNXError) -> Port {
    let (name, place, type, declared) = try declaration(message, of: "output")
    guard let tensor = values[name] else { throw ONNXError(place, "no node computes it") }
    let expected = declared ?? tensor.shape
    try expect(
      type == tensor.type && expected.count == tensor.shape.count
        && zip(expected, tensor.shape).allSatisfy { $0 == nil || $0 == $1 }, of: place,
      "it is declared with the shape \(Self.text(declared)) of \(type), "
        + "but \(tensor.shape) of \(tensor.type) is computed")
    builder.currentName = name
    guard let elementType = type.elementType, let node = builder.node(of: tensor) else {
      throw ONNXError(place, "it is \(type)\(tensor.shape), expected entries of FLOAT or DOUBLE")
    }
    return Port(name: name, shape: tensor.shape, elementType: elementType, node: node)
  }

  /// Reads a `ValueInfoProto`; an extent is nil where it is open.
  private func declaration(
    _ message: ProtobufMessage, of kind: String
  ) throws(ONNXError) -> (name: String, place: String, type: Tensor.ScalarType, shape: [Int?]?) {
    let name = try message.text(1)
    let place = "\(kind) \(name.quoted)"
    let tensor = try message.message(2)?.message(1)
    let shape = try tensor?.message(2)?.messages(1).map { (dimension) throws(ONNXError) in
      dimension.has(1) ? try dimension.integer(1) : nil
    }
    return (name, place, try Tensor.ScalarType(code: try tensor?.integer(1) ?? 0, of: place), shape)
  }

  private static func text(_ shape: [Int?]?) -> String {
    "[\((shape ?? []).map { $0.map(String.init) ?? "?" }.joined(separator: ", "))]"
  }
}
