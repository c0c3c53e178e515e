/// One message of a protocol buffer: its fields by number, submessages still as bytes.
///
/// Stricter than the format asks for: a field that the schema has once may stand there once only,
/// so that no two readers can disagree about which of two values counts.
package struct ProtobufMessage {
  private struct Field {
    /// 0: a number of seven bits a byte; 1 and 5: one of fixed size; 2: a byte string.
    let wireType: UInt64
    let bytes: ArraySlice<UInt8>
  }

  private let start: Int
  private var fields: [UInt64: [Field]] = [:]

  /// Splits bytes of a file into fields.
  package init(_ bytes: ArraySlice<UInt8>) throws(ONNXError) {
    start = bytes.startIndex
    var rest = bytes
    while !rest.isEmpty {
      let place = rest.startIndex
      let key = try rest.takeVarint()
      try expect(
        1..<1 << 29 ~= key >> 3, of: "byte \(place)", "a field number is outside 1 to 2^29 - 1")
      fields[key >> 3, default: []].append(try Self.takeField(key & 7, from: &rest))
    }
  }

  private static func takeField(
    _ wireType: UInt64, from rest: inout ArraySlice<UInt8>
  ) throws(ONNXError) -> Field {
    let place = rest.startIndex
    let length: UInt64
    switch wireType {
    case 0:
      let number = rest
      _ = try rest.takeVarint()
      return Field(wireType: 0, bytes: number[..<rest.startIndex])
    case 1: length = 8
    case 2: length = try rest.takeVarint()
    case 5: length = 4
    default: throw ONNXError("byte \(place)", "wire type \(wireType) does not occur in ONNX")
    }
    try expect(
      length <= UInt64(rest.count), of: "byte \(place)",
      "a field of \(length) bytes ends beyond its message")
    defer { rest = rest.dropFirst(Int(length)) }
    return Field(wireType: wireType, bytes: rest.prefix(Int(length)))
  }
}

/// Fields by number. Those in the singular occur at most once; an integer's default is zero, a
/// text's is empty.
extension ProtobufMessage {
  func has(_ number: UInt64) -> Bool { fields[number] != nil }

  private func all(_ number: UInt64, ofTypes wireTypes: UInt64...) throws(ONNXError)
    -> [ArraySlice<UInt8>]
  {
    let found = fields[number] ?? []
    try expect(
      found.allSatisfy { wireTypes.contains($0.wireType) }, of: "byte \(start)",
      "field \(number) of the message here has the wrong wire type")
    return found.map(\.bytes)
  }

  private func only<Value>(_ values: [Value], _ number: UInt64) throws(ONNXError) -> Value? {
    try expect(
      values.count <= 1, of: "byte \(start)", "field \(number) of the message here occurs twice")
    return values.first
  }

  func bytes(_ number: UInt64) throws(ONNXError) -> ArraySlice<UInt8>? {
    try only(try all(number, ofTypes: 2), number)
  }

  package func text(_ number: UInt64) throws(ONNXError) -> String {
    try only(try texts(number), number) ?? ""
  }

  package func texts(_ number: UInt64) throws(ONNXError) -> [String] {
    try all(number, ofTypes: 2).map { (bytes) throws(ONNXError) in
      guard let text = String(validating: bytes, as: UTF8.self) else {
        throw ONNXError("byte \(bytes.startIndex)", "a text is not UTF-8")
      }
      return text
    }
  }

  package func message(_ number: UInt64) throws(ONNXError) -> ProtobufMessage? {
    try only(try messages(number), number)
  }

  package func messages(_ number: UInt64) throws(ONNXError) -> [ProtobufMessage] {
    try all(number, ofTypes: 2).map { (bytes) throws(ONNXError) in try ProtobufMessage(bytes) }
  }

  package func integer(_ number: UInt64) throws(ONNXError) -> Int {
    var bytes = try only(try all(number, ofTypes: 0), number) ?? [0]
    return Int(truncatingIfNeeded: try bytes.takeVarint())
  }

  /// Integers, packed or not.
  func integers(_ number: UInt64) throws(ONNXError) -> [Int] {
    var result: [Int] = []
    for var rest in try all(number, ofTypes: 0, 2) {
      while !rest.isEmpty { result.append(Int(truncatingIfNeeded: try rest.takeVarint())) }
    }
    return result
  }

  /// Numbers of four or eight bytes, packed or not.
  func words(_ number: UInt64, ofSize size: Int) throws(ONNXError) -> [UInt64] {
    var result: [UInt64] = []
    for bytes in try all(number, ofTypes: 2, size == 4 ? 5 : 1) {
      try expect(
        bytes.count.isMultiple(of: size), of: "byte \(bytes.startIndex)",
        "a list of numbers of \(size) bytes has \(bytes.count) bytes")
      result += bytes.words(ofSize: size)
    }
    return result
  }
}

extension ArraySlice<UInt8> {
  /// Takes a number of seven bits a byte, lowest first, off the front.
  fileprivate mutating func takeVarint() throws(ONNXError) -> UInt64 {
    var value: UInt64 = 0
    for (shift, byte) in zip(stride(from: UInt64(0), to: 64, by: 7), self) {
      value |= UInt64(byte & 0x7f) << shift
      guard shift < 63 || byte <= 1 else { break }
      if byte < 0x80 {
        self = dropFirst(Int(shift / 7) + 1)
        return value
      }
    }
    throw ONNXError("byte \(startIndex)", "a number is cut off or has more than 64 bits")
  }

  /// The little-endian numbers of some size that the bytes are; their count is a multiple of it.
  func words(ofSize size: Int) -> [UInt64] {
    stride(from: startIndex, to: endIndex, by: size).map { start in
      self[start..<start + size].reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
  }
}
