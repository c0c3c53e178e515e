internal import NetworkModel

/// What a name of the file stands for.
enum Value {
  /// Known now.
  case constant(Tensor)
  /// A node of the network.
  case activation(Activation)

  var shape: [Int] {
    switch self {
    case .constant(let tensor): tensor.shape
    case .activation(let activation): activation.shape
    }
  }

  var type: Tensor.ScalarType {
    switch self {
    case .constant(let tensor): tensor.type
    case .activation(let activation): Tensor.ScalarType(activation.type)
    }
  }

  var constant: Tensor? {
    guard case .constant(let tensor) = self else { return nil }
    return tensor
  }

  func reshaped(_ shape: [Int]) -> Value {
    switch self {
    case .constant(let tensor): .constant(tensor.reshaped(shape))
    case .activation(let activation): .activation(activation.reshaped(shape))
    }
  }
}

/// A node of the network, seen as a tensor.
struct Activation {
  let node: NodeIndex
  let shape: [Int]
  let type: ElementType

  var size: Int { shape.reduce(1, *) }

  func reshaped(_ shape: [Int]) -> Activation { Activation(node: node, shape: shape, type: type) }
}

/// One application of an operator, with its arguments looked up.
///
/// It notes which attributes were asked for: one that nobody asked for was not understood.
struct Call {
  let node: Graph.Node
  let arguments: [Value?]
  private(set) var unreadAttributes: Set<String>

  init(node: Graph.Node, arguments: [Value?]) {
    self.node = node
    self.arguments = arguments
    unreadAttributes = Set(node.attributes.keys)
  }

  func unsupported(_ reason: String) -> ONNXError { .unsupported(node.place, reason) }

  func malformed(_ reason: String) -> ONNXError { .malformed(node.place, reason) }

  private func wrongType(_ attribute: String) -> ONNXError {
    malformed("its attribute \(attribute.quoted) has the wrong type")
  }

  private mutating func attribute(_ name: String) -> Graph.Attribute? {
    unreadAttributes.remove(name)
    return node.attributes[name]
  }

  /// Marks attributes as understood that change nothing here.
  mutating func ignore(_ names: String...) { unreadAttributes.subtract(names) }

  mutating func integer(_ name: String, default value: Int) throws(ONNXError) -> Int {
    switch attribute(name) {
    case nil: return value
    case .integer(let integer): return integer
    default: throw wrongType(name)
    }
  }

  mutating func float(_ name: String, default value: Double) throws(ONNXError) -> Double {
    switch attribute(name) {
    case nil: return value
    case .float(let number): return number
    default: throw wrongType(name)
    }
  }

  mutating func text(_ name: String, default value: String) throws(ONNXError) -> String {
    switch attribute(name) {
    case nil: return value
    case .text(let text): return text
    default: throw wrongType(name)
    }
  }

  mutating func integers(_ name: String) throws(ONNXError) -> [Int]? {
    switch attribute(name) {
    case nil: return nil
    case .integers(let integers): return integers
    default: throw wrongType(name)
    }
  }

  /// The single tensor of a `Constant`, whatever attribute holds it.
  mutating func anyTensor(_ names: [String]) throws(ONNXError) -> Tensor? {
    for name in names {
      switch attribute(name) {
      case nil: continue
      case .tensor(let tensor): return tensor
      case .float(let number):
        return Tensor(shape: [], type: .float32, elements: .numbers([number]))
      case .floats(let numbers):
        return Tensor(shape: [numbers.count], type: .float32, elements: .numbers(numbers))
      case .integer(let integer):
        return Tensor(shape: [], type: .int64, elements: .integers([integer]))
      case .integers(let integers): return Tensor(integers)
      case .text: throw wrongType(name)
      }
    }
    return nil
  }
}

extension Call {
  /// An argument that may be left out.
  func optional(_ position: Int) -> Value? {
    position < arguments.count ? arguments[position] : nil
  }

  func argument(_ position: Int) throws(ONNXError) -> Value {
    guard let value = optional(position) else {
      throw malformed("its argument \(position + 1) is missing")
    }
    return value
  }

  /// An argument that must be known when the file is read.
  func constant(_ position: Int, _ meaning: String) throws(ONNXError) -> Tensor {
    guard let tensor = try argument(position).constant else {
      throw unsupported("its \(meaning) is computed from the input, expected a constant")
    }
    return tensor
  }

  func numbers(_ position: Int, _ meaning: String) throws(ONNXError) -> [Double] {
    guard let numbers = try constant(position, meaning).numbers else {
      throw malformed("its \(meaning) is of integers, expected FLOAT or DOUBLE")
    }
    return numbers
  }

  func integers(_ position: Int, _ meaning: String) throws(ONNXError) -> [Int] {
    guard let integers = try constant(position, meaning).integers else {
      throw malformed("its \(meaning) is not of integers, expected INT64")
    }
    return integers
  }

  /// A list that older operator sets have as an attribute and newer ones as an argument.
  mutating func list(
    _ attribute: String, orArgument position: Int
  ) throws(ONNXError) -> [Int]? {
    if let list = try integers(attribute) { return list }
    return optional(position) == nil ? nil : try integers(position, attribute)
  }

  /// An axis counted from zero, which the file may count from the end.
  func axis(_ axis: Int, rank: Int) throws(ONNXError) -> Int {
    guard axis >= -rank, axis < rank else {
      throw malformed("its axis \(axis) is outside a tensor of rank \(rank)")
    }
    return axis < 0 ? axis + rank : axis
  }

  func axes(_ axes: [Int], rank: Int) throws(ONNXError) -> [Int] {
    let axes = try axes.map { (axis) throws(ONNXError) in try self.axis(axis, rank: rank) }
    guard Set(axes).count == axes.count else { throw malformed("one of its axes occurs twice") }
    return axes
  }

  func arrangement(_ axes: [[Int]]) throws(ONNXError) -> Rearrangement {
    guard let arrangement = Rearrangement(axes: axes) else { throw tooLarge }
    return arrangement
  }

  func stretching(_ shape: [Int], to target: [Int]) throws(ONNXError) -> Rearrangement {
    try arrangement(Shape.offsets(shape, stretchedTo: target))
  }

  func broadcast(_ left: Value, _ right: Value) throws(ONNXError) -> [Int] {
    guard left.type == right.type else {
      throw malformed("its arguments are \(left.type) and \(right.type), expected one type")
    }
    guard let shape = Shape.broadcast(left.shape, right.shape) else {
      throw malformed("the shapes \(left.shape) and \(right.shape) do not fit each other")
    }
    guard !shape.contains(0) else { throw unsupported("its result has no entries") }
    return shape
  }

  var tooLarge: ONNXError {
    unsupported("its result or its work is empty or has more than \(Shape.largestSize) entries")
  }
}
