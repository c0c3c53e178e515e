/// One message of a protocol buffer: its fields by number, submessages still as bytes.
///
/// Stricter than the format asks for: a field that the schema has once may stand there once only,
/// so that no two readers can disagree about which of two values counts.
package struct ProtobufMessage {
  private enum Field {
    case varint(UInt64)
    /// Where the field lies: a number of fixed size (wire types 1 and 5) or a byte string (2).
    case bytes(Range<Int>, wireType: UInt64)
  }

  private let file: [UInt8]
  private let range: Range<Int>
  private var fields: [Int: [Field]] = [:]

  /// Splits a range of a file into fields.
  package init(_ file: [UInt8], in range: Range<Int>) throws(ONNXError) {
    self.file = file
    self.range = range
    var position = range.lowerBound
    while position < range.upperBound {
      let start = position
      let key = try readVarint(&position, before: range.upperBound)
      guard key >> 3 >= 1, key >> 3 < 1 << 29 else {
        throw failure(at: start, "a field number is outside 1 to 2^29 - 1")
      }
      fields[Int(key >> 3), default: []].append(try readField(key & 7, &position))
    }
  }

  private func failure(at position: Int, _ reason: String) -> ONNXError {
    .malformed("byte \(position)", reason)
  }

  private func readField(_ wireType: UInt64, _ position: inout Int) throws(ONNXError) -> Field {
    let start = position
    let length: UInt64
    switch wireType {
    case 0: return .varint(try readVarint(&position, before: range.upperBound))
    case 1: length = 8
    case 2: length = try readVarint(&position, before: range.upperBound)
    case 5: length = 4
    default: throw failure(at: start, "wire type \(wireType) does not occur in ONNX")
    }
    guard length <= UInt64(range.upperBound - position) else {
      throw failure(at: start, "a field of \(length) bytes ends beyond its message")
    }
    position += Int(length)
    return .bytes(position - Int(length)..<position, wireType: wireType)
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

/// Fields by number. Those in the singular occur at most once; an integer's default is zero, a
/// text's is empty.
extension ProtobufMessage {
  func has(_ number: Int) -> Bool { fields[number] != nil }

  private func wrongType(_ number: Int) -> ONNXError {
    failure(at: range.lowerBound, "field \(number) of the message here has the wrong wire type")
  }

  private func only<Value>(_ values: [Value], _ number: Int) throws(ONNXError) -> Value? {
    guard values.count <= 1 else {
      throw failure(at: range.lowerBound, "field \(number) of the message here occurs twice")
    }
    return values.first
  }

  private func byteRanges(_ number: Int) throws(ONNXError) -> [Range<Int>] {
    try (fields[number] ?? []).map { (field) throws(ONNXError) in
      guard case .bytes(let place, wireType: 2) = field else { throw wrongType(number) }
      return place
    }
  }

  func bytes(_ number: Int) throws(ONNXError) -> ArraySlice<UInt8>? {
    try only(try byteRanges(number), number).map { file[$0] }
  }

  package func text(_ number: Int) throws(ONNXError) -> String {
    try only(try texts(number), number) ?? ""
  }

  package func texts(_ number: Int) throws(ONNXError) -> [String] {
    try byteRanges(number).map { (place) throws(ONNXError) in
      guard let text = String(validating: file[place], as: UTF8.self) else {
        throw failure(at: place.lowerBound, "a text is not UTF-8")
      }
      return text
    }
  }

  package func message(_ number: Int) throws(ONNXError) -> ProtobufMessage? {
    try only(try messages(number), number)
  }

  package func messages(_ number: Int) throws(ONNXError) -> [ProtobufMessage] {
    try byteRanges(number).map { (place) throws(ONNXError) in try ProtobufMessage(file, in: place) }
  }

  package func integer(_ number: Int) throws(ONNXError) -> Int {
    switch try only(fields[number] ?? [], number) {
    case nil: return 0
    case .varint(let value): return Int(truncatingIfNeeded: value)
    case .bytes: throw wrongType(number)
    }
  }

  /// Integers, packed or not.
  func integers(_ number: Int) throws(ONNXError) -> [Int] {
    var result: [Int] = []
    for field in fields[number] ?? [] {
      switch field {
      case .varint(let value): result.append(Int(truncatingIfNeeded: value))
      case .bytes(let place, wireType: 2):
        var position = place.lowerBound
        while position < place.upperBound {
          let value = try readVarint(&position, before: place.upperBound)
          result.append(Int(truncatingIfNeeded: value))
        }
      case .bytes: throw wrongType(number)
      }
    }
    return result
  }

  /// Numbers of four or eight bytes, packed or not.
  func words(_ number: Int, ofSize size: Int) throws(ONNXError) -> [UInt64] {
    var result: [UInt64] = []
    for field in fields[number] ?? [] {
      guard case .bytes(let place, let wireType) = field, wireType == 2 || place.count == size,
        place.count.isMultiple(of: size)
      else { throw wrongType(number) }
      result += file[place].words(ofSize: size)
    }
    return result
  }
}

extension ArraySlice<UInt8> {
  /// The little-endian numbers of some size that the bytes are; their count is a multiple of it.
  func words(ofSize size: Int) -> [UInt64] {
    stride(from: startIndex, to: endIndex, by: size).map { start in
      self[start..<start + size].reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
  }
}
