internal import ExactArithmetic

extension Query {
  /// Reads VNN-LIB 1.0 or 2.x.
  ///
  /// Edge cases: any bytes are taken or refused with an error; nothing nested deeper than 200 levels.
  ///
  /// - Parameter bytes: The text, in ASCII but for comments and names of hidden values.
  /// - Throws: ``ClaimError`` at the first token that does not fit.
  /// - Complexity: Linear in the number of bytes.
  public init(parsing bytes: [UInt8]) throws(ClaimError) {
    var reader = try QueryReader(bytes)
    self = try reader.query()
  }

  /// Reads VNN-LIB 1.0 or 2.x.
  ///
  /// - Parameter text: The text.
  /// - Throws: ``ClaimError`` at the first token that does not fit.
  public init(parsing text: String) throws(ClaimError) { try self.init(parsing: Array(text.utf8)) }
}

/// Reads a query, one token ahead.
private struct QueryReader {
  private var scanner: Scanner
  private var token: Scanner.Token
  private var depth = 0
  private var version = Query.Version.one
  private var networks: [NetworkDeclaration] = []
  private var networkNames: Set<String> = []
  private var variables: [VariableDeclaration] = []
  private var places: [String: Int] = [:]
  /// What version 1 declares: the `k` of every `X_k` and `Y_k`.
  private var inputs: Set<Int> = []
  private var outputs: Set<Int> = []
  private var assertions: [Condition] = []

  init(_ bytes: [UInt8]) throws(ClaimError) {
    scanner = Scanner(bytes)
    token = try scanner.scan()
  }

  mutating func query() throws(ClaimError) -> Query {
    var isFirst = true
    while token.kind != .end {
      let start = token.position
      try take(.open, "`(`")
      switch (token.text, version) {
      case ("vnnlib-version", .one) where isFirst: try readVersion()
      case ("declare-const", .one): try declareConstant()
      case ("declare-network", .two) where assertions.isEmpty: try declareNetwork(at: start)
      case ("assert", _):
        try advance()
        assertions.append(try condition())
      case (_, .one): throw unexpected("`vnnlib-version` first, or `declare-const` or `assert`")
      case (_, .two): throw unexpected(assertions.isEmpty ? "`declare-network`" : "`assert`")
      }
      try take(.close, "`)`")
      isFirst = false
    }
    switch version {
    case .one:
      networks = [
        NetworkDeclaration(
          name: "N", relation: nil,
          variables: [
            try vector(.input, "X", inputs), try vector(.output, "Y", outputs),
          ], position: SourcePosition(line: 1, column: 1))
      ]
    case .two:
      guard !networks.isEmpty else { throw unexpected("`(declare-network`") }
      guard !assertions.isEmpty else { throw unexpected("`(assert`") }
    }
    return Query(version: version, networks: networks, assertions: assertions)
  }

  // MARK: Tokens

  private mutating func advance() throws(ClaimError) { token = try scanner.scan() }

  private mutating func take(
    _ kind: Scanner.Token.Kind, _ expected: String
  ) throws(ClaimError) {
    guard token.kind == kind else { throw unexpected(expected) }
    try advance()
  }

  private func unexpected(_ expected: String) -> ClaimError {
    ClaimError(token.position, "found \(token.quoted), expected \(expected)")
  }

  /// A letter, then letters, digits and underscores.
  private mutating func newName(isTaken: Bool) throws(ClaimError) -> String {
    let text = token.text
    guard token.kind == .atom, let first = token.bytes.first, Self.isLetter(first),
      token.bytes.allSatisfy({ Self.isLetter($0) || Self.isDigit($0) || $0 == UInt8(ascii: "_") })
    else { throw unexpected("a name (a letter, then letters, digits and `_`)") }
    guard !isTaken else { throw unexpected("a name that is not in use") }
    try advance()
    return text
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }

  private static func isLetter(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
  }

  // MARK: Declarations

  private mutating func readVersion() throws(ClaimError) {
    try advance()
    let numbers = token.text.dropFirst().dropLast().split(
      separator: ".", omittingEmptySubsequences: false)
    guard token.bytes.first == UInt8(ascii: "<"), token.bytes.last == UInt8(ascii: ">"),
      numbers.count == 2, let major = Int(numbers[0]), let minor = Int(numbers[1]), major == 2,
      minor >= 0
    else { throw unexpected("`<2.0>` or another version 2") }
    try advance()
    version = .two(minor: minor)
  }

  private mutating func declareConstant() throws(ClaimError) {
    try advance()
    guard let (isInput, index) = constantName(), index <= 100_000_000 else {
      throw unexpected("a name `X_k` or `Y_k`")
    }
    guard isInput ? inputs.insert(index).inserted : outputs.insert(index).inserted else {
      throw unexpected("a name that is not in use")
    }
    try advance()
    guard token.text == "Real" else { throw unexpected("`Real`") }
    try advance()
  }

  /// The kind and the number of `X_k` or `Y_k`.
  private func constantName() -> (isInput: Bool, index: Int)? {
    let digits = token.bytes.dropFirst(2)
    guard
      token.bytes.starts(with: [UInt8(ascii: "X"), UInt8(ascii: "_")])
        || token.bytes.starts(with: [UInt8(ascii: "Y"), UInt8(ascii: "_")]),
      digits.allSatisfy(Self.isDigit), let index = Int(String(decoding: digits, as: UTF8.self))
    else { return nil }
    return (token.bytes.first == UInt8(ascii: "X"), index)
  }

  /// The variable that version 1 declares entry by entry.
  private func vector(
    _ role: VariableDeclaration.Role, _ name: String, _ declared: Set<Int>
  ) throws(ClaimError) -> VariableDeclaration {
    let start = SourcePosition(line: 1, column: 1)
    for index in 0..<max(declared.count, 1) where !declared.contains(index) {
      throw ClaimError(start, "found no declaration of `\(name)_\(index)`, expected one")
    }
    return VariableDeclaration(
      role: role, name: name, type: "real", shape: [declared.count], position: start)
  }

  private mutating func declareNetwork(at start: SourcePosition) throws(ClaimError) {
    try advance()
    let name = try newName(isTaken: networkNames.contains(token.text))
    var relation: NetworkDeclaration.Relation?
    let first = variables.count
    while token.kind == .open {
      let place = token.position
      try advance()
      let previous = variables.count > first ? variables.last?.role : nil
      switch token.text {
      case "equal-to" where relation == nil && previous == nil:
        relation = .equal(to: try earlierNetwork())
      case "isomorphic-to" where relation == nil && previous == nil:
        relation = .isomorphic(to: try earlierNetwork())
      case "declare-input" where previous == nil || previous == .input:
        try declareVariable(.input, at: place)
      case "declare-hidden" where previous != nil && previous != .output:
        try declareVariable(.hidden(""), at: place)
      case "declare-output" where previous != nil:
        try declareVariable(.output, at: place)
      default:
        throw unexpected("the network's inputs, then its hidden values, then its outputs")
      }
      try take(.close, "`)`")
    }
    guard variables.count > first, variables.last?.role == .output else {
      throw unexpected(variables.count > first ? "`(declare-output`" : "`(declare-input`")
    }
    networkNames.insert(name)
    networks.append(
      NetworkDeclaration(
        name: name, relation: relation, variables: Array(variables[first...]), position: start))
  }

  private mutating func earlierNetwork() throws(ClaimError) -> String {
    try advance()
    let name = token.text
    guard networkNames.contains(name) else {
      throw unexpected("the name of a network declared before")
    }
    try advance()
    return name
  }

  private mutating func declareVariable(
    _ role: VariableDeclaration.Role, at start: SourcePosition
  ) throws(ClaimError) {
    try advance()
    let name = try newName(isTaken: places[token.text] != nil)
    let type = token.text
    try take(.atom, "a type, as `real` or `float32`")
    let shape = try bracketed("a dimension from 1 to 100000000") { $1 > 0 && $1 <= 100_000_000 }
    guard shape.reduce(1, { min($0 * $1, 100_000_001) }) <= 100_000_000 else {
      throw ClaimError(start, "`\(name)` has more than 100000000 entries")
    }
    var role = role
    if role == .hidden("") {
      role = .hidden(String(token.text.dropFirst().dropLast()))
      try take(.string, "the hidden value's name in quotation marks")
    } else if role == .input, token.text == "initialized" {
      try advance()
    }
    places[name] = variables.count
    variables.append(
      VariableDeclaration(role: role, name: name, type: type, shape: shape, position: start))
  }

  /// Integers in brackets, each checked with its place in the list.
  private mutating func bracketed(
    _ expected: String, _ isValid: (Int, Int) -> Bool
  ) throws(ClaimError) -> [Int] {
    try take(.openBracket, "`[`")
    var numbers: [Int] = []
    while token.kind != .closeBracket {
      if !numbers.isEmpty { try take(.comma, "`,` or `]`") }
      guard token.kind == .atom, token.bytes.allSatisfy(Self.isDigit),
        let number = Int(token.text), isValid(numbers.count, number)
      else { throw unexpected(expected) }
      numbers.append(number)
      try advance()
    }
    try advance()
    return numbers
  }

  // MARK: Conditions and numbers

  private mutating func descend() throws(ClaimError) {
    depth += 1
    guard depth <= 200 else { throw ClaimError(token.position, "nested deeper than 200 levels") }
    try take(.open, "`(`")
  }

  private mutating func condition() throws(ClaimError) -> Condition {
    let position = token.position
    try descend()
    defer { depth -= 1 }
    let operation = token.text
    switch operation {
    case "and", "or":
      try advance()
      var parts = [try condition()]
      while token.kind == .open { parts.append(try condition()) }
      try take(.close, "`(` or `)`")
      return operation == "and" ? .all(parts) : .any(parts)
    default:
      guard let relation = Comparison.Relation(rawValue: operation == "=" ? "==" : operation)
      else { throw unexpected("`and`, `or` or a comparison") }
      try advance()
      let left = try expression()
      let right = try expression()
      try take(.close, "`)`")
      return .comparison(Comparison(left, relation, right, position: position))
    }
  }

  private mutating func expression() throws(ClaimError) -> Expression {
    if token.kind == .open { return try operation() }
    guard token.kind == .atom, let first = token.bytes.first else {
      throw unexpected("a number, a variable or an operation")
    }
    return Self.isLetter(first) ? .entry(try entry()) : .constant(try numeral())
  }

  private mutating func operation() throws(ClaimError) -> Expression {
    try descend()
    defer { depth -= 1 }
    let operation = token
    guard ["+", "-", "*", "/", "abs"].contains(operation.text) else {
      throw unexpected("`+`, `-`, `*`, `/` or `abs`")
    }
    try advance()
    var operands = [try expression()]
    while token.kind != .close {
      guard operation.text != "abs", operation.text != "/" || operands.count < 2 else {
        throw unexpected("`)`")
      }
      operands.append(try expression())
    }
    guard operation.text != "/" || operands.count == 2 else { throw unexpected("a divisor") }
    try advance()
    switch (operation.text, operands[0], operands.count) {
    case ("-", .constant(let value), 1): return .constant(-value)
    case ("-", _, _): return .difference(operands)
    case ("+", _, _): return .sum(operands)
    case ("*", _, _): return .product(operands)
    case ("/", let dividend, _):
      guard case .constant(let divisor) = operands[1], divisor != .zero else {
        throw ClaimError(operation.position, "found a division by something else than a number")
      }
      guard case .constant(let value) = dividend else {
        return .product([.constant(.one / divisor), dividend])
      }
      return .constant(value / divisor)
    case (_, let operand, _): return .absolute(operand)
    }
  }

  private mutating func numeral() throws(ClaimError) -> Rational {
    let mark = token.bytes.firstIndex { $0 | 0x20 == UInt8(ascii: "e") } ?? token.bytes.endIndex
    let exponent = Int(String(decoding: token.bytes[mark...].dropFirst(), as: UTF8.self)) ?? 0
    // Every binary64 number can be written; no hostile text asks for numbers far larger than itself.
    guard token.bytes.count <= 1_100, exponent.magnitude <= 400,
      let value = Rational(decimal: token.text)
    else {
      throw unexpected("a number of at most 1100 characters, its exponent within ±400")
    }
    try advance()
    return value
  }

  private mutating func entry() throws(ClaimError) -> Entry {
    guard version != .one else {
      guard let (isInput, index) = constantName(),
        isInput ? inputs.contains(index) : outputs.contains(index)
      else { throw unexpected("a declared `X_k` or `Y_k`") }
      try advance()
      return Entry(variable: isInput ? 0 : 1, index: index)
    }
    guard let variable = places[token.text] else { throw unexpected("a declared variable") }
    try advance()
    let shape = variables[variable].shape
    guard !shape.isEmpty else { return Entry(variable: variable, index: 0) }
    let indices = try bracketed("an index within the shape \(shape)") {
      $0 < shape.count && $1 < shape[$0]
    }
    guard indices.count == shape.count else {
      throw unexpected("\(shape.count) indices before it, found \(indices.count)")
    }
    return Entry(variable: variable, index: zip(shape, indices).reduce(0) { $0 * $1.0 + $1.1 })
  }
}
