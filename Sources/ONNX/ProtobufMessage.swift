/// One message of a protocol buffer: its fields by number, submessages still as bytes.
///
/// Stricter than the format asks for: a field that the schema has once may stand there once only,
/// so that no two readers can disagree about which of two values counts.
struct ProtobufMessage {
  private enum Field {
    case varint(UInt64)
    case fixed64(Int)
    case bytes(Range<Int>)
    case fixed32(Int)
  }

  /// The whole file; the fields of fixed size and the byte strings are places in it.
  private let file: [UInt8]
  private let range: Range<Int>
  private var fields: [Int: [Field]] = [:]

  /// Splits a range of a file into fields.
  init(_ file: [UInt8], in range: Range<Int>) throws(ONNXError) {
    self.file = file
    self.range = range
    var position = range.lowerBound
    while position < range.upperBound {
      let start = position
      let key = try readVarint(&position, before: range.upperBound)
      let number = key >> 3
      guard number >= 1, number < 1 << 29 else {
        throw failure(at: start, "a field number is outside 1 to 2^29 - 1")
      }
      fields[Int(number), default: []].append(try readField(key & 7, &position))
    }
  }

  private func failure(at position: Int, _ reason: String) -> ONNXError {
    .malformed("byte \(position)", reason)
  }

  private func readField(_ wireType: UInt64, _ position: inout Int) throws(ONNXError) -> Field {
    let start = position
    let end = range.upperBound
    switch wireType {
    case 0: return .varint(try readVarint(&position, before: end))
    case 1, 5:
      let size = wireType == 1 ? 8 : 4
      guard end - position >= size else { throw failure(at: start, "a number is cut off") }
      position += size
      return wireType == 1 ? .fixed64(start) : .fixed32(start)
    case 2:
      let length = try readVarint(&position, before: end)
      guard length <= UInt64(end - position) else {
        throw failure(at: start, "a field of \(length) bytes ends beyond its message")
      }
      position += Int(length)
      return .bytes(position - Int(length)..<position)
    default: throw failure(at: start, "wire type \(wireType) does not occur in ONNX")
    }
  }

  private func readVarint(_ position: inout Int, before end: Int) throws(ONNXError) -> UInt64 {
    let start = position
    var value: UInt64 = 0
    for shift in stride(from: UInt64(0), to: 64, by: 7) {
      guard position < end else { throw failure(at: start, "a number is cut off") }
      let byte = file[position]
      position += 1
      value |= UInt64(byte & 0x7f) << shift
      guard shift < 63 || byte <= 1 else { break }
      if byte < 0x80 { return value }
    }
    throw failure(at: start, "a number has more than 64 bits")
  }
}

extension ProtobufMessage {
  /// Whether a field occurs.
  func has(_ number: Int) -> Bool { fields[number] != nil }

  private func only(_ number: Int) throws(ONNXError) -> Field? {
    guard let found = fields[number] else { return nil }
    guard found.count == 1 else {
      throw failure(at: range.lowerBound, "field \(number) of the message here occurs twice")
    }
    return found[0]
  }

  private func wrongType(_ number: Int) -> ONNXError {
    failure(at: range.lowerBound, "field \(number) of the message here has the wrong wire type")
  }

  private func byteRange(_ field: Field, _ number: Int) throws(ONNXError) -> Range<Int> {
    guard case .bytes(let range) = field else { throw wrongType(number) }
    return range
  }

  private func text(_ field: Field, _ number: Int) throws(ONNXError) -> String {
    let place = try byteRange(field, number)
    guard let text = String(validating: file[place], as: UTF8.self) else {
      throw failure(at: place.lowerBound, "a text is not UTF-8")
    }
    return text
  }

  /// The bytes of a field that occurs at most once.
  func bytes(_ number: Int) throws(ONNXError) -> ArraySlice<UInt8>? {
    guard let field = try only(number) else { return nil }
    return file[try byteRange(field, number)]
  }

  /// An integer that occurs at most once; its default is zero.
  func integer(_ number: Int) throws(ONNXError) -> Int {
    switch try only(number) {
    case nil: return 0
    case .varint(let value)?: return Int(truncatingIfNeeded: value)
    default: throw wrongType(number)
    }
  }

  /// A text that occurs at most once; its default is empty.
  func text(_ number: Int) throws(ONNXError) -> String {
    guard let field = try only(number) else { return "" }
    return try text(field, number)
  }

  /// All texts of a repeated field.
  func texts(_ number: Int) throws(ONNXError) -> [String] {
    try (fields[number] ?? []).map { (field) throws(ONNXError) in try text(field, number) }
  }

  /// A submessage that occurs at most once.
  func message(_ number: Int) throws(ONNXError) -> ProtobufMessage? {
    guard let field = try only(number) else { return nil }
    return try ProtobufMessage(file, in: try byteRange(field, number))
  }

  /// All submessages of a repeated field.
  func messages(_ number: Int) throws(ONNXError) -> [ProtobufMessage] {
    try (fields[number] ?? []).map { (field) throws(ONNXError) in
      try ProtobufMessage(file, in: try byteRange(field, number))
    }
  }

  /// All integers of a repeated field, packed or not.
  func integers(_ number: Int) throws(ONNXError) -> [Int] {
    var result: [Int] = []
    for field in fields[number] ?? [] {
      switch field {
      case .varint(let value): result.append(Int(truncatingIfNeeded: value))
      case .bytes(let place):
        var position = place.lowerBound
        while position < place.upperBound {
          let value = try readVarint(&position, before: place.upperBound)
          result.append(Int(truncatingIfNeeded: value))
        }
      case .fixed64, .fixed32: throw wrongType(number)
      }
    }
    return result
  }

  /// All binary32 numbers of a field, packed or not.
  func floats(_ number: Int) throws(ONNXError) -> [Double] {
    var result: [Double] = []
    for field in fields[number] ?? [] {
      switch field {
      case .fixed32(let start): result += file[start..<start + 4].binary32Numbers
      case .bytes(let place) where place.count.isMultiple(of: 4):
        result += file[place].binary32Numbers
      default: throw wrongType(number)
      }
    }
    return result
  }

  /// All binary64 numbers of a field, packed or not.
  func doubles(_ number: Int) throws(ONNXError) -> [Double] {
    var result: [Double] = []
    for field in fields[number] ?? [] {
      switch field {
      case .fixed64(let start): result += file[start..<start + 8].binary64Numbers
      case .bytes(let place) where place.count.isMultiple(of: 8):
        result += file[place].binary64Numbers
      default: throw wrongType(number)
      }
    }
    return result
  }
}

/// Little-endian numbers, as ONNX stores them; the count of bytes is a multiple of theirs.
extension ArraySlice<UInt8> {
  var binary32Numbers: [Double] {
    stride(from: startIndex, to: endIndex, by: 4).map { start in
      Double(Float(bitPattern: UInt32(truncatingIfNeeded: littleEndian(at: start, count: 4))))
    }
  }

  var binary64Numbers: [Double] {
    stride(from: startIndex, to: endIndex, by: 8).map { start in
      Double(bitPattern: littleEndian(at: start, count: 8))
    }
  }

  func signedIntegers(ofSize size: Int) -> [Int] {
    let unused = UInt64(64 - 8 * size)
    return stride(from: startIndex, to: endIndex, by: size).map { start in
      Int(Int64(bitPattern: littleEndian(at: start, count: size) << unused) >> Int64(unused))
    }
  }

  private func littleEndian(at start: Int, count: Int) -> UInt64 {
    var value: UInt64 = 0
    for place in (start..<start + count).reversed() { value = value << 8 | UInt64(self[place]) }
    return value
  }
}
