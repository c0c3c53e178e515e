package import NetworkModel

/// A tensor of the file: numbers known now, or a node of the network.
package struct Tensor {
  package enum Content {
    /// Exactly the stored numbers in row-major order; truth values are 0 and 1, and integers of
    /// more than 53 bits, which only bounds of slices have, are infinite.
    case numbers([Double])
    case node(NodeIndex)
  }

  /// The stored types that are read; the raw values are those of the format.
  package enum ScalarType: Int {
    case float32 = 1
    case int32 = 6
    case int64 = 7
    case bool = 9
    case float64 = 11

    /// The type as a network's value may have it; nil for the integers.
    package var elementType: ElementType? {
      switch self {
      case .float32: .float32
      case .float64: .float64
      case .int32, .int64, .bool: nil
      }
    }

    /// Whether a number is exactly one of this type, as ``Content/numbers(_:)`` holds it.
    func holds(_ number: Double) -> Bool {
      switch self {
      case .float32: number.isFinite && Double(Float(number)) == number
      case .float64: number.isFinite
      case .int32: Int32(exactly: number) != nil
      case .int64: number.isInfinite || number.magnitude <= 0x1p53 && number == number.rounded()
      case .bool: number == 0 || number == 1
      }
    }
  }

  package let shape: [Int]
  package let type: ScalarType
  package let content: Content

  var size: Int { shape.reduce(1, *) }

  /// The numbers of a constant.
  package var numbers: [Double]? {
    guard case .numbers(let numbers) = content else { return nil }
    return numbers
  }

  /// The node of a computed value.
  package var node: NodeIndex? {
    guard case .node(let node) = content else { return nil }
    return node
  }

  /// The same entries under another shape of the same size.
  func reshaped(_ shape: [Int]) -> Tensor { Tensor(shape: shape, type: type, content: content) }
}

/// Reading from the file.
extension Tensor {
  /// A list of INT64 numbers, as shapes and axes are given.
  init(_ integers: [Int]) {
    self.init(shape: [integers.count], type: .int64, content: .numbers(integers.map(Self.number)))
  }

  private static func number(_ integer: Int) -> Double {
    integer.magnitude <= 1 << 53 ? Double(integer) : integer < 0 ? -.infinity : .infinity
  }

  /// Reads a `TensorProto`.
  init(_ message: ProtobufMessage, of place: String) throws(ONNXError) {
    let isElsewhere = try message.integer(14) != 0 || message.has(13) || message.has(3)
    try expect(
      !isElsewhere, of: place, "its data lie in another file or in segments, expected them here")
    let type = try ScalarType(code: try message.integer(2), of: place)
    // The list that holds numbers of the type, and their size where they are stored as raw bytes.
    let (field, size): (UInt64, Int) =
      switch type {
      case .float32: (4, 4)
      case .float64: (10, 8)
      case .int32: (5, 4)
      case .int64: (7, 8)
      case .bool: (5, 1)
      }
    let words: [UInt64]
    if let raw = try message.bytes(9) {
      try expect(
        raw.count.isMultiple(of: size) && ![4, 5, 7, 10].contains(where: message.has), of: place,
        "its \(raw.count) bytes of data are not a list of \(type) numbers")
      words = raw.words(ofSize: size)
    } else if type.elementType != nil {
      words = try message.words(field, ofSize: size)
    } else {
      words = try message.integers(field).map { UInt64(bitPattern: Int64($0)) }
    }
    try self.init(words, shape: try message.integers(1), type: type, of: place)
  }

  /// Decodes stored numbers.
  init(_ words: [UInt64], shape: [Int], type: ScalarType, of place: String) throws(ONNXError) {
    let numbers =
      switch type {
      case .float32: words.map { Double(Float(bitPattern: UInt32(truncatingIfNeeded: $0))) }
      case .float64: words.map(Double.init(bitPattern:))
      case .int32: words.map { Double(Int32(truncatingIfNeeded: $0)) }
      case .int64: words.map { Self.number(Int(truncatingIfNeeded: $0)) }
      case .bool: words.map { Double($0) }
      }
    try expect(
      Shape.size(shape, limit: max(words.count, Shape.largestSize)) == words.count, of: place,
      "its \(words.count) entries are not those of the shape \(shape)")
    try expect(
      numbers.allSatisfy(type.holds), of: place,
      "one of its entries is NaN, infinite or none of its type")
    self.init(shape: shape, type: type, content: .numbers(numbers))
  }
}

extension Tensor.ScalarType {
  /// Reads the format's type number.
  init(code: Int, of place: String) throws(ONNXError) {
    guard let type = Self(rawValue: code) else {
      throw ONNXError(
        place,
        "its element type is the format's number \(code), expected FLOAT (1), DOUBLE (11), INT32 (6), "
          + "INT64 (7) or BOOL (9)")
    }
    self = type
  }
}
