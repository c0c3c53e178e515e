internal import ExactArithmetic
internal import Probability

/// A linear combination of outputs as it is written: `y1 - 0.5*y0 + 2`.
struct OutputExpression {
  /// One for each output.
  private(set) var weights: [Rational]
  /// What is added.
  private(set) var constant = Rational.zero

  /// Reads a combination of some number of outputs.
  init(_ text: some StringProtocol, outputs: Int) throws(Failure) {
    weights = [Rational](repeating: .zero, count: outputs)
    var rest = Substring(text.filter { !$0.isWhitespace })
    guard !rest.isEmpty else { throw Self.unreadable(text, "nothing") }
    var isFirst = true
    while !rest.isEmpty {
      var sign = Rational.one
      if let mark = rest.first, mark == "+" || mark == "-" {
        if mark == "-" { sign = -sign }
        rest.removeFirst()
      } else if !isFirst {
        throw Self.unreadable(text, "`\(rest)`")
      }
      isFirst = false
      try addTerm(&rest, sign, of: text)
    }
  }

  private mutating func addTerm(
    _ rest: inout Substring, _ sign: Rational, of text: some StringProtocol
  ) throws(Failure) {
    let numeral = Self.numeral(&rest)
    var factor = sign
    if let numeral {
      guard let number = Rational(decimal: numeral) else {
        throw Self.unreadable(text, "`\(numeral)`")
      }
      factor = factor * number
      if rest.first == "*" {
        rest.removeFirst()
        guard rest.first == "y" else { throw Self.unreadable(text, "`*\(rest)`") }
      }
    }
    guard rest.first == "y" else {
      guard numeral != nil else {
        throw Self.unreadable(text, rest.isEmpty ? "its end" : "`\(rest)`")
      }
      constant = constant + factor
      return
    }
    let digits = rest.dropFirst().prefix { $0.isASCII && $0.isNumber }
    guard let output = Int(digits), output < weights.count else {
      throw .badInput(
        "found the output `y\(digits)` in `\(text)`, expected y0 to y\(weights.count - 1)")
    }
    weights[output] = weights[output] + factor
    rest = rest.dropFirst(1 + digits.count)
  }

  /// A numeral at the beginning of a text, cut off.
  private static func numeral(_ rest: inout Substring) -> Substring? {
    var length = rest.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }.count
    guard length > 0 else { return nil }
    var tail = rest.dropFirst(length)
    if let mark = tail.first, mark == "e" || mark == "E" {
      tail.removeFirst()
      let sign = tail.first == "-" || tail.first == "+" ? 1 : 0
      let digits = tail.dropFirst(sign).prefix { $0.isASCII && $0.isNumber }.count
      if digits > 0 { length += 1 + sign + digits }
    }
    defer { rest = rest.dropFirst(length) }
    return rest.prefix(length)
  }

  private static func unreadable(_ text: some StringProtocol, _ found: String) -> Failure {
    .badInput("found \(found) in `\(text)`, expected terms such as y0, -y1, 0.5*y2 or 3")
  }
}

/// Conditions on outputs that hold together, as they are written: `y0 <= 1.5, y1 - y0 > 0`.
struct OutputEvent {
  /// What was written.
  let text: String
  let conditions: [OutputCondition]

  /// Reads conditions on some number of outputs.
  init(_ text: String, outputs: Int) throws(Failure) {
    self.text = text
    var conditions: [OutputCondition] = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      conditions.append(try Self.condition(part, outputs: outputs))
    }
    self.conditions = conditions
  }

  private static func condition(
    _ text: Substring, outputs: Int
  ) throws(Failure) -> OutputCondition {
    guard let mark = text.firstIndex(where: { $0 == "<" || $0 == ">" }) else {
      throw .badInput("found `\(text)`, expected a condition with <, <=, > or >=")
    }
    var right = text[mark...].dropFirst()
    let isStrict = right.first != "="
    if !isStrict { right.removeFirst() }
    let left = try OutputExpression(text[..<mark], outputs: outputs)
    let limit = try OutputExpression(right, outputs: outputs)
    let sign: Rational = text[mark] == "<" ? .one : -.one
    let weights = zip(left.weights, limit.weights).map { sign * ($0 - $1) }
    return OutputCondition(
      weights: weights, limit: sign * (limit.constant - left.constant), isStrict: isStrict)
  }
}
