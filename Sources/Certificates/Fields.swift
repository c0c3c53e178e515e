internal import Foundation

/// The members of a JSON object, read by name and type; errors tell where in the document.
struct Fields {
  let path: String
  private let members: [JSON.Member]

  init(of json: JSON, at path: String) throws(CertificateError) {
    guard case .object(let members) = json else {
      throw .field(path: path, found: json.kind, expected: "an object")
    }
    self.members = members
    self.path = path
  }

  func has(_ name: String) -> Bool { value(name) != nil }

  /// The value of a name, compared byte by byte: Swift's strings are equal up to normalisation.
  private func value(_ name: String) -> JSON? {
    members.first { $0.name.utf8.elementsEqual(name.utf8) }?.value
  }

  private func demanded(_ name: String) throws(CertificateError) -> JSON {
    guard let value = value(name) else {
      throw .field(path: "\(path).\(name)", found: "nothing", expected: "a value")
    }
    return value
  }

  func object(_ name: String) throws(CertificateError) -> Fields {
    try Fields(of: try demanded(name), at: "\(path).\(name)")
  }

  func objects(_ name: String) throws(CertificateError) -> [Fields] {
    var objects: [Fields] = []
    for (index, element) in try list(name).enumerated() {
      objects.append(try Fields(of: element, at: "\(path).\(name)[\(index)]"))
    }
    return objects
  }

  func strings(_ name: String) throws(CertificateError) -> [String] {
    var strings: [String] = []
    for (index, element) in try list(name).enumerated() {
      guard case .string(let text) = element else {
        throw .field(path: "\(path).\(name)[\(index)]", found: element.kind, expected: "a string")
      }
      strings.append(text)
    }
    return strings
  }

  private func list(_ name: String) throws(CertificateError) -> [JSON] {
    let value = try demanded(name)
    guard case .array(let elements) = value else { throw mistaken(name, value.kind, "a list") }
    return elements
  }

  func string(_ name: String) throws(CertificateError) -> String {
    let value = try demanded(name)
    guard case .string(let text) = value else { throw mistaken(name, value.kind, "a string") }
    return text
  }

  /// A string that is `read` into a value, or refused.
  func value<Value>(
    _ name: String, expected: String, _ read: (String) -> Value?
  ) throws(CertificateError) -> Value {
    let text = try string(name)
    guard let value = read(text) else { throw mistaken(name, "'\(text)'", expected) }
    return value
  }

  /// A string that is one of an enumeration's raw values.
  func choice<Choice: RawRepresentable<String> & CaseIterable>(
    _ name: String
  ) throws(CertificateError) -> Choice {
    let choices = Choice.allCases.map { "'\($0.rawValue)'" }.joined(separator: " or ")
    return try value(name, expected: choices, Choice.init(rawValue:))
  }

  func digest(_ name: String) throws(CertificateError) -> Digest {
    try value(name, expected: "64 lowercase hexadecimal digits", Digest.init(hexadecimal:))
  }

  /// A natural number in a string, without leading zeros.
  func natural<Number: FixedWidthInteger>(_ name: String) throws(CertificateError) -> Number {
    try value(name, expected: "a decimal natural number of at most \(Number.max)") {
      Number(natural: $0)
    }
  }

  func naturals(_ name: String) throws(CertificateError) -> [Int] {
    var numbers: [Int] = []
    for (index, text) in try strings(name).enumerated() {
      guard let number = Int(natural: text) else {
        throw mistaken("\(name)[\(index)]", "'\(text)'", "a decimal natural number")
      }
      numbers.append(number)
    }
    return numbers
  }

  /// Bytes in base64: either alphabet, padding optional, spare bits zero.
  func base64(_ name: String) throws(CertificateError) -> [UInt8] {
    let text = try string(name)
    var standard = text.replacing("-", with: "+").replacing("_", with: "/")
    standard += String(repeating: "=", count: (4 - standard.utf8.count % 4) % 4)
    guard let data = Data(base64Encoded: standard), data.base64EncodedString() == standard else {
      throw mistaken(name, "other text", "base64")
    }
    return Array(data)
  }

  func mistaken(_ name: String, _ found: String, _ expected: String) -> CertificateError {
    .field(path: "\(path).\(name)", found: found, expected: expected)
  }
}

extension FixedWidthInteger {
  /// Reads digits without sign and leading zeros.
  fileprivate init?(natural text: String) {
    guard let number = Self(text), number >= 0, String(number) == text else { return nil }
    self = number
  }
}

extension JSON {
  /// What kind of value this is, in a sentence.
  fileprivate var kind: String {
    switch self {
    case .null: "null"
    case .bool: "a truth value"
    case .number: "a number"
    case .string: "a string"
    case .array: "a list"
    case .object: "an object"
    }
  }
}
