/// A JSON value whose members keep their order and whose numbers keep their digits.
public indirect enum JSON: Equatable, Sendable {
  /// `null`.
  case null
  /// `true` or `false`.
  case bool(Bool)
  /// A number, as its digits.
  case number(String)
  /// A string.
  case string(String)
  /// A list.
  case array([JSON])
  /// An object; each name occurs once.
  case object([Member])

  /// One name of an object, with its value.
  public struct Member: Equatable, Sendable {
    /// The name.
    public let name: String
    /// The value.
    public let value: JSON

    /// A name with its value.
    ///
    /// - Parameters:
    ///   - name: The name.
    ///   - value: The value.
    public init(_ name: String, _ value: JSON) {
      self.name = name
      self.value = value
    }
  }

  /// A list with one element for each element of a sequence.
  ///
  /// - Parameters:
  ///   - elements: The sequence.
  ///   - json: The value of one element.
  /// - Returns: The list.
  public static func array<Element>(
    of elements: some Sequence<Element>, _ json: (Element) -> JSON
  ) -> JSON {
    .array(elements.map(json))
  }

  /// The text of this value: no blanks, members in their order, non-ASCII characters as they are.
  ///
  /// Equal values have equal text.
  public var text: String {
    var text = ""
    write(to: &text)
    return text
  }

  private func write(to text: inout String) {
    switch self {
    case .null: text += "null"
    case .bool(let value): text += value ? "true" : "false"
    case .number(let digits): text += digits
    case .string(let value): Self.write(value, to: &text)
    case .array(let elements):
      Self.write(elements, between: "[", and: "]", to: &text) { $0.write(to: &$1) }
    case .object(let members):
      Self.write(members, between: "{", and: "}", to: &text) {
        Self.write($0.name, to: &$1)
        $1 += ":"
        $0.value.write(to: &$1)
      }
    }
  }

  private static func write<Element>(
    _ elements: [Element], between open: String, and close: String, to text: inout String,
    _ writeOne: (Element, inout String) -> Void
  ) {
    text += open
    for (index, element) in elements.enumerated() {
      if index > 0 { text += "," }
      writeOne(element, &text)
    }
    text += close
  }

  private static func write(_ string: String, to text: inout String) {
    text += "\""
    for scalar in string.unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      case "\u{0}"..."\u{1F}": text += "\\u00" + hexadecimalText([UInt8(scalar.value)])
      default: text.unicodeScalars.append(scalar)
      }
    }
    text += "\""
  }
}

extension JSON: ExpressibleByStringLiteral, ExpressibleByStringInterpolation {
  /// A string.
  ///
  /// - Parameter value: The string.
  public init(stringLiteral value: String) { self = .string(value) }
}

extension JSON: ExpressibleByIntegerLiteral {
  /// A number.
  ///
  /// - Parameter value: The number.
  public init(integerLiteral value: Int) { self = .number(String(value)) }
}

extension JSON: ExpressibleByArrayLiteral {
  /// A list.
  ///
  /// - Parameter elements: Its elements.
  public init(arrayLiteral elements: JSON...) { self = .array(elements) }
}

extension JSON: ExpressibleByDictionaryLiteral {
  /// An object.
  ///
  /// - Parameter elements: Its members, each name once.
  public init(dictionaryLiteral elements: (String, JSON)...) {
    self = .object(elements.map { Member($0, $1) })
  }
}
