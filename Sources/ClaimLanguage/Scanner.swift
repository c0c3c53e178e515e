/// Cuts the bytes of a query into tokens.
struct Scanner {
  /// A token and its place.
  struct Token {
    /// What kinds of token there are.
    enum Kind {
      case open, close, openBracket, closeBracket, comma, atom, string, end
    }

    let kind: Kind
    let bytes: ArraySlice<UInt8>
    let position: SourcePosition

    /// The token's characters.
    var text: String { String(decoding: bytes, as: UTF8.self) }

    /// The token for messages: not too long, and nothing that a terminal would obey.
    var quoted: String {
      guard kind != .end else { return "the end of the text" }
      let printable = bytes.prefix(40).map { (0x20..<0x7F).contains($0) ? $0 : UInt8(ascii: "?") }
      return "`\(String(decoding: printable, as: UTF8.self))\(bytes.count > 40 ? "…" : "")`"
    }
  }

  private let bytes: [UInt8]
  private var next = 0
  private var line = 1
  private var lineStart = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// The next token; ``Token/Kind/end`` for ever after the last one.
  mutating func scan() throws(ClaimError) -> Token {
    skipBlanks()
    let start = next
    let position = SourcePosition(line: line, column: start - lineStart + 1)
    guard start < bytes.count else {
      return Token(kind: .end, bytes: bytes[start..<start], position: position)
    }
    next += 1
    let kind: Token.Kind
    switch bytes[start] {
    case UInt8(ascii: "("): kind = .open
    case UInt8(ascii: ")"): kind = .close
    case UInt8(ascii: "["): kind = .openBracket
    case UInt8(ascii: "]"): kind = .closeBracket
    case UInt8(ascii: ","): kind = .comma
    case UInt8(ascii: "\""):
      kind = .string
      while next < bytes.count, bytes[next] != bytes[start], !Self.isNewline(bytes[next]) {
        next += 1
      }
      guard next < bytes.count, bytes[next] == bytes[start] else {
        throw ClaimError(position, "found no closing quotation mark on this line")
      }
      next += 1
    default:
      kind = .atom
      while next < bytes.count, !Self.endsAtom(bytes[next]) { next += 1 }
    }
    return Token(kind: kind, bytes: bytes[start..<next], position: position)
  }

  private mutating func skipBlanks() {
    while next < bytes.count {
      switch bytes[next] {
      case UInt8(ascii: "\n"):
        next += 1
        line += 1
        lineStart = next
      case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"):
        next += 1
      case UInt8(ascii: ";"):
        while next < bytes.count, !Self.isNewline(bytes[next]) { next += 1 }
      default:
        return
      }
    }
  }

  private static func isNewline(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "\n") }

  private static func endsAtom(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: "["), UInt8(ascii: "]"),
      UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "\""), UInt8(ascii: " "),
      UInt8(ascii: "\t"), UInt8(ascii: "\r"), UInt8(ascii: "\n"):
      true
    default: false
    }
  }
}
