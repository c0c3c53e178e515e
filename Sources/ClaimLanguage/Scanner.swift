/// A token of a query and its place; empty at the end of the text.
struct Token {
  let text: String
  let position: SourcePosition

  /// Whether this is no mark of punctuation and not the end.
  var isAtom: Bool { text.utf8.first.map { !Scanner.marks.contains($0) } ?? false }

  /// The token for messages: not too long, and nothing that a terminal would obey.
  var quoted: String {
    guard !text.isEmpty else { return "the end of the text" }
    let bytes = text.utf8
    let printable = bytes.prefix(40).map { (0x20..<0x7F).contains($0) ? $0 : UInt8(ascii: "?") }
    return "`\(String(decoding: printable, as: UTF8.self))\(bytes.count > 40 ? "…" : "")`"
  }
}

/// Cuts the bytes of a query into tokens.
struct Scanner {
  /// Each of these is a token.
  static let marks = Array("()[],".utf8)
  private static let quote = UInt8(ascii: "\"")
  private static let delimiters = marks + Array(" \t\r\n;".utf8)

  private let bytes: [UInt8]
  private(set) var next = 0
  private var line = 1
  private var lineStart = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// The next token: a mark, a string in quotes, or a run of other bytes up to a blank, a mark or a comment.
  mutating func scan() -> Token {
    skipBlanks()
    let start = next
    if next < bytes.count {
      next += 1
      if bytes[start] == Self.quote {
        skip { $0 != Self.quote && $0 != UInt8(ascii: "\n") }
        if next < bytes.count { next += 1 }
      } else if !Self.marks.contains(bytes[start]) {
        skip { !Self.delimiters.contains($0) }
      }
    }
    return Token(
      text: String(decoding: bytes[start..<next], as: UTF8.self),
      position: SourcePosition(line: line, column: start - lineStart + 1))
  }

  private mutating func skipBlanks() {
    while next < bytes.count {
      switch bytes[next] {
      case UInt8(ascii: "\n"):
        next += 1
        line += 1
        lineStart = next
      case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"): next += 1
      case UInt8(ascii: ";"): skip { $0 != UInt8(ascii: "\n") }
      default: return
      }
    }
  }

  private mutating func skip(while holds: (UInt8) -> Bool) {
    while next < bytes.count, holds(bytes[next]) { next += 1 }
  }
}
