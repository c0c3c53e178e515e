/// One application of an operator, and the network it adds to.
struct Call {
  let name: String
  let type: String
  let inputs: [String]
  let outputs: [String]
  var arguments: [Tensor?] = []
  var network: NetworkBuilder
  /// Those not yet asked for: what nobody asks for was not understood.
  private(set) var attributes: [String: ProtobufMessage] = [:]

  /// Reads a `NodeProto`; its arguments are looked up later.
  init(_ message: ProtobufMessage, network: NetworkBuilder) throws(ONNXError) {
    name = try message.text(3)
    type = try message.text(4)
    inputs = try message.texts(1)
    outputs = try message.texts(2)
    self.network = network
    let domain = try message.text(7)
    try expect(
      ["", "ai.onnx"].contains(domain),
      "the operator is of the domain \(domain.quoted), expected ai.onnx")
    for item in try message.messages(5) {
      let key = try item.text(1)
      try expect(
        attributes.updateValue(item, forKey: key) == nil && !item.has(21),
        "its attribute \(key.quoted) occurs twice or is that of a function")
    }
  }

  /// How messages name the node.
  var place: String {
    name.isEmpty
      ? "\(type) node computing \((outputs.first ?? "").quoted)" : "\(type) node \(name.quoted)"
  }

  func refusal(_ reason: String) -> ONNXError { ONNXError(place, reason) }

  func argument(_ position: Int) throws(ONNXError) -> Tensor {
    try required(optional(position), "argument \(position + 1)")
  }

  func optional(_ position: Int) -> Tensor? {
    position < arguments.count ? arguments[position] : nil
  }

  /// Refuses the file unless a condition holds.
  func expect(_ condition: Bool, _ otherwise: @autoclosure () -> String) throws(ONNXError) {
    if !condition { throw refusal(otherwise()) }
  }

  func required<Value>(_ value: Value?, _ name: String) throws(ONNXError) -> Value {
    guard let value else { throw refusal("its \(name) is missing") }
    return value
  }
}

/// What must be known when the file is read: an attribute, or in newer operator sets an argument.
extension Call {
  mutating func constant(_ name: String, at position: Int? = nil) throws(ONNXError) -> Tensor? {
    let argument = position.flatMap(optional)
    try expect(argument?.node == nil, "its \(name) is computed, expected a constant")
    guard let attribute = attributes.removeValue(forKey: name) else { return argument }
    try expect(argument == nil, "its \(name) is given twice")
    return try tensor(attribute, of: "attribute \(name.quoted) of \(place)")
  }

  /// Reads an `AttributeProto` of numbers.
  private func tensor(
    _ attribute: ProtobufMessage, of place: String
  ) throws(ONNXError) -> Tensor {
    switch try attribute.integer(20) {
    case 1:
      // A number that is left out is zero.
      let words = attribute.has(2) ? try attribute.words(2, ofSize: 4) : [0]
      return try Tensor(words, shape: [], type: .float32, of: place)
    case 2: return Tensor([try attribute.integer(3)]).reshaped([])
    case 4: return try Tensor(try required(try attribute.message(5), "tensor"), of: place)
    case 6:
      let words = try attribute.words(7, ofSize: 4)
      return try Tensor(words, shape: [words.count], type: .float32, of: place)
    case 7: return Tensor(try attribute.integers(8))
    case let type:
      throw ONNXError(place, "its type is number \(type), expected a number, tensor or list")
    }
  }

  mutating func text(_ name: String, default value: String) throws(ONNXError) -> String {
    guard let attribute = attributes.removeValue(forKey: name) else { return value }
    try expect(try attribute.integer(20) == 3, "its \(name) is a number, expected a text")
    return try attribute.text(4)
  }

  mutating func numbers(_ name: String, at position: Int? = nil) throws(ONNXError) -> [Double]? {
    guard let tensor = try constant(name, at: position) else { return nil }
    try expect(tensor.type.elementType != nil, "its \(name) is \(tensor.type), expected FLOAT")
    return tensor.numbers
  }

  mutating func integers(_ name: String, at position: Int? = nil) throws(ONNXError) -> [Int]? {
    guard let tensor = try constant(name, at: position) else { return nil }
    try expect(tensor.type.elementType == nil, "its \(name) is \(tensor.type), expected INT64")
    // What is no Int is an infinity: see Tensor.
    return tensor.numbers?.map { Int(exactly: $0) ?? ($0 < 0 ? .min : .max) }
  }

  mutating func number(
    _ name: String, at position: Int? = nil, default value: Double
  ) throws(ONNXError) -> Double {
    try single(try numbers(name, at: position) ?? [value], name)
  }

  mutating func integer(_ name: String, default value: Int) throws(ONNXError) -> Int {
    try single(try integers(name) ?? [value], name)
  }

  private func single<Number>(_ numbers: [Number], _ name: String) throws(ONNXError) -> Number {
    try expect(numbers.count == 1, "its \(name) is not a single number")
    return numbers[0]
  }

  /// Takes attributes as understood that change nothing here.
  mutating func ignore(_ names: String...) { for name in names { attributes[name] = nil } }

  mutating func axis(default value: Int, of tensor: Tensor) throws(ONNXError) -> Int {
    try axes([try integer("axis", default: value)], rank: tensor.shape.count)[0]
  }

  /// Axes counted from zero, which the file may count from the end.
  func axes(_ axes: [Int], rank: Int) throws(ONNXError) -> [Int] {
    let counted = axes.map { $0 < 0 ? $0 + rank : $0 }
    try expect(
      counted.allSatisfy((0..<rank).contains) && Set(counted).count == axes.count,
      "its axes \(axes) are not different ones of a tensor of rank \(rank)")
    return counted
  }
}
