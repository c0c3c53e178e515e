extension JSON {
  /// Reads one JSON text strictly (RFC 8259).
  ///
  /// Refused are: bytes that are not UTF-8, a byte order mark, a name that occurs twice in an
  /// object, a lone surrogate, anything after the value, and nesting deeper than 32.
  ///
  /// - Parameter bytes: The text.
  /// - Throws: ``CertificateError/syntax(byte:found:expected:)``.
  public init(parsing bytes: [UInt8]) throws(CertificateError) {
    // Foundation's readers keep the first or the last of two equal names, and accept `[1,]`.
    guard String(validating: bytes, as: UTF8.self) != nil else {
      throw .syntax(byte: 0, found: "bytes that are not UTF-8", expected: "UTF-8 text")
    }
    var reader = JSONReader(bytes: bytes)
    self = try reader.document()
  }
}

/// A recursive descent over bytes that are known to be UTF-8.
private struct JSONReader {
  static let deepest = 32
  let bytes: [UInt8]
  var position = 0
  var depth = 0

  init(bytes: [UInt8]) { self.bytes = bytes }

  var next: UInt8? { position < bytes.count ? bytes[position] : nil }

  mutating func document() throws(CertificateError) -> JSON {
    let value = try value()
    skipBlanks()
    guard next == nil else { throw unexpected("the end of the text") }
    return value
  }

  mutating func value() throws(CertificateError) -> JSON {
    skipBlanks()
    switch next {
    case UInt8(ascii: "{"):
      return try nested { reader throws(CertificateError) in try reader.object() }
    case UInt8(ascii: "["):
      return try nested { reader throws(CertificateError) in try reader.array() }
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try word("true", .bool(true))
    case UInt8(ascii: "f"): return try word("false", .bool(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    default: return .number(try number())
    }
  }

  mutating func nested(
    _ read: (inout JSONReader) throws(CertificateError) -> JSON
  ) throws(CertificateError) -> JSON {
    guard depth < Self.deepest else {
      throw .syntax(
        byte: position, found: "another level of nesting", expected: "at most \(Self.deepest)")
    }
    depth += 1
    position += 1
    let value = try read(&self)
    depth -= 1
    return value
  }

  mutating func object() throws(CertificateError) -> JSON {
    var members: [JSON.Member] = []
    var names: Set<String> = []
    skipBlanks()
    if take("}") { return .object([]) }
    repeat {
      skipBlanks()
      let start = position
      let name = try string()
      guard names.insert(name).inserted else {
        throw .syntax(byte: start, found: "the name '\(name)' again", expected: "each name once")
      }
      skipBlanks()
      try demand(":")
      members.append(JSON.Member(name, try value()))
      skipBlanks()
    } while take(",")
    try demand("}")
    return .object(members)
  }

  mutating func array() throws(CertificateError) -> JSON {
    var elements: [JSON] = []
    skipBlanks()
    if take("]") { return .array([]) }
    repeat {
      elements.append(try value())
      skipBlanks()
    } while take(",")
    try demand("]")
    return .array(elements)
  }

  mutating func word(_ word: StaticString, _ value: JSON) throws(CertificateError) -> JSON {
    let letters = Array(word.description.utf8)
    guard bytes[position...].starts(with: letters) else { throw unexpected("a value") }
    position += letters.count
    return value
  }

  mutating func number() throws(CertificateError) -> String {
    let start = position
    _ = take("-")
    if !take("0") { try digits(orElse: start == position ? "a value" : "a digit") }
    if take(".") { try digits(orElse: "a digit") }
    if take("e") || take("E") {
      if !take("+") { _ = take("-") }
      try digits(orElse: "a digit")
    }
    return String(decoding: bytes[start..<position], as: UTF8.self)
  }

  mutating func digits(orElse expected: String) throws(CertificateError) {
    let start = position
    while let byte = next, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { position += 1 }
    guard position > start else { throw unexpected(expected) }
  }

  mutating func string() throws(CertificateError) -> String {
    try demand("\"")
    var text: [UInt8] = []
    while !take("\"") {
      guard let byte = next, byte >= 0x20 else { throw unexpected("a character of a string") }
      position += 1
      if byte == UInt8(ascii: "\\") {
        text += Array(String(Character(try escaped())).utf8)
      } else {
        text.append(byte)
      }
    }
    return String(decoding: text, as: UTF8.self)
  }

  mutating func escaped() throws(CertificateError) -> Unicode.Scalar {
    guard let byte = next else { throw unexpected("an escaped character") }
    position += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{C}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"): return try escapedScalar()
    default:
      position -= 1
      throw unexpected("an escaped character")
    }
  }

  /// The scalar after `\u`: one code unit, or a high surrogate and the low one that must follow.
  mutating func escapedScalar() throws(CertificateError) -> Unicode.Scalar {
    let first = try codeUnit()
    if let scalar = Unicode.Scalar(first) { return scalar }
    guard (0xD800...0xDBFF).contains(first), take("\\"), take("u") else { throw loneSurrogate }
    let second = try codeUnit()
    guard (0xDC00...0xDFFF).contains(second),
      let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
    else { throw loneSurrogate }
    return scalar
  }

  mutating func codeUnit() throws(CertificateError) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<4 {
      guard let byte = next, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
        throw unexpected("four hexadecimal digits")
      }
      value = value << 4 | UInt32(digit)
      position += 1
    }
    return value
  }

  mutating func skipBlanks() {
    while let byte = next, [0x20, 0x09, 0x0A, 0x0D].contains(byte) { position += 1 }
  }

  mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard next == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  mutating func demand(_ character: Unicode.Scalar) throws(CertificateError) {
    guard take(character) else { throw unexpected("'\(character)'") }
  }

  var loneSurrogate: CertificateError {
    .syntax(byte: position, found: "a lone surrogate", expected: "a pair of surrogates")
  }

  func unexpected(_ expected: String) -> CertificateError {
    guard let byte = next else {
      return .syntax(byte: position, found: "the end of the text", expected: expected)
    }
    let printable = (0x20..<0x7F).contains(byte)
    let found = printable ? "'\(Unicode.Scalar(byte))'" : "byte 0x\(hexadecimalText([byte]))"
    return .syntax(byte: position, found: found, expected: expected)
  }
}
