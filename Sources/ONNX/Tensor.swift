internal import NetworkModel

/// A constant of the file.
struct Tensor {
  /// The numbers, in row-major order.
  enum Elements {
    /// Exactly the stored binary32 or binary64 numbers, all finite.
    case numbers([Double])
    /// Integers; truth values are 0 and 1.
    case integers([Int])
  }

  /// The stored types that are read; the raw values are those of the format.
  enum ScalarType: Int {
    case float32 = 1
    case int32 = 6
    case int64 = 7
    case bool = 9
    case float64 = 11

    /// The type as a value of a network may have it; nil for the integers.
    var elementType: ElementType? {
      switch self {
      case .float32: .float32
      case .float64: .float64
      case .int32, .int64, .bool: nil
      }
    }

    init(_ type: ElementType) {
      switch type {
      case .float32: self = .float32
      case .float64: self = .float64
      }
    }

    /// Reads the format's type number.
    init(code: Int, of place: String) throws(ONNXError) {
      guard let type = Self(rawValue: code) else {
        let names = [
          2: "UINT8", 3: "INT8", 4: "UINT16", 5: "INT16", 8: "STRING", 10: "FLOAT16", 12: "UINT32",
          13: "UINT64", 14: "COMPLEX64", 15: "COMPLEX128", 16: "BFLOAT16",
        ]
        throw .unsupported(
          place,
          "its element type is \(names[code] ?? "number \(code)"), "
            + "expected FLOAT, DOUBLE, INT32, INT64 or BOOL")
      }
      self = type
    }
  }

  let shape: [Int]
  let type: ScalarType
  let elements: Elements

  init(shape: [Int], type: ScalarType, elements: Elements) {
    self.shape = shape
    self.type = type
    self.elements = elements
  }

  /// A list of INT64 numbers, as shapes and axes are given.
  init(_ integers: [Int]) {
    self.init(shape: [integers.count], type: .int64, elements: .integers(integers))
  }

  /// The binary32 or binary64 numbers; nil for integers.
  var numbers: [Double]? {
    guard case .numbers(let numbers) = elements else { return nil }
    return numbers
  }

  /// The integers; nil for floating-point numbers.
  var integers: [Int]? {
    guard case .integers(let integers) = elements else { return nil }
    return integers
  }

  var count: Int {
    switch elements {
    case .numbers(let numbers): numbers.count
    case .integers(let integers): integers.count
    }
  }

  /// The same entries under another shape of the same size.
  func reshaped(_ shape: [Int]) -> Tensor { Tensor(shape: shape, type: type, elements: elements) }

  /// The entries that a rearrangement picks, and zero where it picks none.
  func rearranged(_ arrangement: Rearrangement) -> Tensor {
    let moved: Elements =
      switch elements {
      case .numbers(let numbers): .numbers(arrangement.sources.map { $0 < 0 ? 0 : numbers[$0] })
      case .integers(let integers): .integers(arrangement.sources.map { $0 < 0 ? 0 : integers[$0] })
      }
    return Tensor(shape: arrangement.shape, type: type, elements: moved)
  }
}

extension Tensor {
  /// Reads a `TensorProto`.
  init(_ message: ProtobufMessage, of place: String) throws(ONNXError) {
    guard try message.integer(14) == 0, !message.has(13) else {
      throw .unsupported(place, "its data lie in another file, expected them in this one")
    }
    guard !message.has(3) else {
      throw .unsupported(place, "it is stored in segments, expected it whole")
    }
    let shape = try message.integers(1)
    let type = try ScalarType(code: try message.integer(2), of: place)
    let elements = try Tensor.readElements(message, type: type, of: place)
    self.init(shape: shape, type: type, elements: elements)
    guard let size = Shape.size(shape, limit: .max), size == count else {
      throw .malformed(place, "it has \(count) entries, expected those of the shape \(shape)")
    }
    guard numbers?.allSatisfy(\.isFinite) ?? true else {
      throw .unsupported(place, "one of its entries is NaN or infinite, expected finite numbers")
    }
    guard type != .bool || integers?.allSatisfy({ $0 == 0 || $0 == 1 }) ?? true else {
      throw .malformed(place, "one of its truth values is neither 0 nor 1")
    }
  }

  private static func readElements(
    _ message: ProtobufMessage, type: ScalarType, of place: String
  ) throws(ONNXError) -> Elements {
    if let raw = try message.bytes(9) {
      let size = [.float32: 4, .float64: 8, .int32: 4, .int64: 8, .bool: 1][type, default: 1]
      guard raw.count.isMultiple(of: size), ![4, 5, 7, 10].contains(where: message.has) else {
        throw .malformed(place, "its \(raw.count) bytes of data are not a list of \(type) numbers")
      }
      return switch type {
      case .float32: .numbers(raw.binary32Numbers)
      case .float64: .numbers(raw.binary64Numbers)
      case .int32, .int64, .bool: .integers(raw.signedIntegers(ofSize: size))
      }
    }
    return switch type {
    case .float32: .numbers(try message.floats(4))
    case .float64: .numbers(try message.doubles(10))
    case .int32, .bool: .integers(try message.integers(5))
    case .int64: .integers(try message.integers(7))
    }
  }
}
