internal import NetworkModel

/// What an ONNX file holds, decoded but not yet understood.
struct Graph {
  /// One operator application.
  struct Node {
    let name: String
    let type: String
    let inputs: [String]
    let outputs: [String]
    let attributes: [String: Attribute]

    /// How messages name the node.
    var place: String {
      name.isEmpty
        ? "\(type) node computing \((outputs.first ?? "").quoted)" : "\(type) node \(name.quoted)"
    }
  }

  /// A constant argument of an operator.
  enum Attribute {
    case float(Double)
    case integer(Int)
    case text(String)
    case tensor(Tensor)
    case floats([Double])
    case integers([Int])
  }

  /// A declared input or output; a dimension is nil where the file leaves it open.
  struct Declaration {
    let name: String
    let type: ElementType
    let shape: [Int?]?
  }

  let irVersion: Int
  let opset: Int
  let producer: String
  let nodes: [Node]
  let constants: [String: Tensor]
  let inputs: [Declaration]
  let outputs: [Declaration]
}

extension Graph {
  /// The versions whose operators are known here.
  private static let opsets = 7...25

  /// Reads a `ModelProto`.
  init(_ file: [UInt8]) throws(ONNXError) {
    let model = try ProtobufMessage(file, in: 0..<file.count)
    guard let graph = try model.message(7) else {
      throw .malformed("the file", "it has no graph, expected an ONNX model")
    }
    irVersion = try model.integer(1)
    guard irVersion >= 3 else {
      throw .unsupported("the file", "its IR version is \(irVersion), expected 3 or later")
    }
    opset = try Graph.readOpset(try model.messages(8))
    producer = try model.text(2)
    guard !model.has(25) else {
      throw .unsupported("the file", "it defines functions, expected standard operators only")
    }
    guard !graph.has(15) else {
      throw .unsupported("the graph", "it has sparse initializers, expected dense ones")
    }
    nodes = try graph.messages(1).map(Node.init)
    let constants = try Graph.readConstants(try graph.messages(5))
    self.constants = constants
    let declared = try graph.messages(11).map { (message) throws(ONNXError) in
      (try message.text(1), message)
    }
    // Old files list the initializers among the inputs too.
    inputs = try declared.filter { constants[$0.0] == nil }
      .map { (name, message) throws(ONNXError) in
        try Declaration(message, place: "input \(name.quoted)")
      }
    outputs = try graph.messages(12).map { (message) throws(ONNXError) in
      try Declaration(message, place: "output \(try message.text(1).quoted)")
    }
    guard Set(declared.map(\.0)).count == declared.count else {
      throw .malformed("the graph", "two of its inputs have the same name")
    }
    guard !outputs.isEmpty else { throw .malformed("the graph", "it has no output") }
  }

  private static func readOpset(_ imports: [ProtobufMessage]) throws(ONNXError) -> Int {
    var versions: [Int] = []
    for item in imports where ["", "ai.onnx"].contains(try item.text(1)) {
      versions.append(try item.integer(2))
    }
    guard versions.count == 1 else {
      throw .malformed("the file", "it names \(versions.count) operator set versions, expected one")
    }
    guard opsets.contains(versions[0]) else {
      throw .unsupported(
        "the file",
        "its operator set version is \(versions[0]), "
          + "expected \(opsets.lowerBound) to \(opsets.upperBound)")
    }
    return versions[0]
  }

  private static func readConstants(
    _ messages: [ProtobufMessage]
  ) throws(ONNXError) -> [String: Tensor] {
    var constants: [String: Tensor] = [:]
    for message in messages {
      let name = try message.text(8)
      let tensor = try Tensor(message, of: "initializer \(name.quoted)")
      guard constants.updateValue(tensor, forKey: name) == nil else {
        throw .malformed("initializer \(name.quoted)", "it occurs twice")
      }
    }
    return constants
  }
}

extension Graph.Node {
  /// Reads a `NodeProto`.
  init(_ message: ProtobufMessage) throws(ONNXError) {
    let bare = Graph.Node(
      name: try message.text(3), type: try message.text(4), inputs: try message.texts(1),
      outputs: try message.texts(2), attributes: [:])
    let domain = try message.text(7)
    guard ["", "ai.onnx"].contains(domain) else {
      throw .unsupported(
        bare.place, "the operator is of the domain \(domain.quoted), expected ai.onnx")
    }
    var attributes: [String: Graph.Attribute] = [:]
    for item in try message.messages(5) {
      let key = try item.text(1)
      let value = try Graph.Attribute(item, of: "attribute \(key.quoted) of \(bare.place)")
      guard attributes.updateValue(value, forKey: key) == nil else {
        throw .malformed(bare.place, "its attribute \(key.quoted) occurs twice")
      }
    }
    self.init(
      name: bare.name, type: bare.type, inputs: bare.inputs, outputs: bare.outputs,
      attributes: attributes)
  }
}

extension Graph.Attribute {
  /// Reads an `AttributeProto`.
  init(_ message: ProtobufMessage, of place: String) throws(ONNXError) {
    guard !message.has(21) else {
      throw .malformed(place, "it refers to a function's attribute outside of a function")
    }
    switch try message.integer(20) {
    case 1:
      let numbers = try message.floats(2)
      guard numbers.count <= 1 else { throw .malformed(place, "it has two values, expected one") }
      self = .float(numbers.first ?? 0)
    case 2: self = .integer(try message.integer(3))
    case 3: self = .text(try message.text(4))
    case 4:
      guard let tensor = try message.message(5) else {
        throw .malformed(place, "it has no value, expected a tensor")
      }
      self = .tensor(try Tensor(tensor, of: place))
    case 5, 10: throw .unsupported(place, "it is a graph, expected operators without inner graphs")
    case 6: self = .floats(try message.floats(7))
    case 7: self = .integers(try message.integers(8))
    case let type:
      throw .unsupported(
        place, "its type is number \(type), expected a number, a text, a tensor or a list")
    }
    let numbers: [Double] =
      switch self {
      case .float(let number): [number]
      case .floats(let numbers): numbers
      case .integer, .text, .tensor, .integers: []
      }
    guard numbers.allSatisfy(\.isFinite) else {
      throw .unsupported(place, "it is NaN or infinite, expected a finite number")
    }
  }
}

extension Graph.Declaration {
  /// Reads a `ValueInfoProto` whose type is a tensor of binary32 or binary64 numbers.
  init(_ message: ProtobufMessage, place: String) throws(ONNXError) {
    name = try message.text(1)
    guard let tensor = try message.message(2)?.message(1) else {
      throw .unsupported(place, "it has no tensor type, expected FLOAT or DOUBLE")
    }
    let scalar = try Tensor.ScalarType(code: try tensor.integer(1), of: place)
    guard let elementType = scalar.elementType else {
      throw .unsupported(place, "its element type is \(scalar), expected FLOAT or DOUBLE")
    }
    type = elementType
    shape = try tensor.message(2)?.messages(1).map { (dimension) throws(ONNXError) in
      dimension.has(1) ? try dimension.integer(1) : nil
    }
  }
}
