internal import Foundation

/// A text with one block of bytes in base64 between two lines that name what they are (RFC 7468).
struct PEM {
  let label: String
  let bytes: [UInt8]

  init(label: String, bytes: [UInt8]) {
    self.label = label
    self.bytes = bytes
  }

  /// Reads a text that holds exactly one block.
  init?(parsing text: [UInt8]) {
    guard let text = String(validating: text, as: UTF8.self) else { return nil }
    let lines = text.split(whereSeparator: \.isNewline)
      .map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
    guard let first = lines.first, lines.count >= 3, first.hasPrefix("-----BEGIN "),
      first.hasSuffix("-----")
    else { return nil }
    label = String(first.dropFirst("-----BEGIN ".count).dropLast("-----".count))
    guard lines.last == "-----END \(label)-----",
      let bytes = Data(base64Encoded: lines.dropFirst().dropLast().joined())
    else { return nil }
    self.bytes = Array(bytes)
  }

  /// Lines of 64 characters, each ended by a line feed.
  var text: String {
    let encoded = Array(Data(bytes).base64EncodedString())
    let lines = stride(from: 0, to: encoded.count, by: 64).map {
      String(encoded[$0..<min($0 + 64, encoded.count)]) + "\n"
    }
    return "-----BEGIN \(label)-----\n\(lines.joined())-----END \(label)-----\n"
  }
}
