internal import ExactArithmetic

extension Rational {
  /// The value of a claim's numeral; nil for what is none, or longer than any of a binary64 number.
  ///
  /// No hostile text so asks for numbers far larger than itself.
  init?(numeral text: some StringProtocol) {
    let mark = text.utf8.firstIndex { $0 | 0x20 == UInt8(ascii: "e") } ?? text.endIndex
    let exponent = Int(text[mark...].dropFirst()) ?? 0
    guard text.utf8.count <= 1_100, exponent.magnitude <= 400 else { return nil }
    self.init(decimal: text)
  }
}
