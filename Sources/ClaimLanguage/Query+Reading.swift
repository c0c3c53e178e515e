internal import ExactArithmetic

extension Query {
  /// Reads VNN-LIB 1.0 or 2.x.
  ///
  /// Edge cases: any bytes are taken or refused with an error; nothing nested deeper than 200 levels.
  ///
  /// - Parameter bytes: The text, in ASCII but for comments.
  /// - Throws: ``ClaimError`` at the first token that does not fit.
  /// - Complexity: Linear in the number of bytes.
  public init(parsing bytes: [UInt8]) throws(ClaimError) {
    var reader = QueryReader(bytes)
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
  private var token: Token
  private var depth = 0
  private var version = Query.Version.one
  private var networks: [NetworkDeclaration] = []
  private var networkNames: Set<String> = []
  private var variables: [VariableDeclaration] = []
  /// The place of each name in `variables`.
  private var places: [String: Int] = [:]
  /// What version 1 declares: `X_k` as entry k of variable 0, `Y_k` of variable 1.
  private var constants: Set<Entry> = []
  private var assertions: [Condition] = []
  private var equalInputs: [(Entry, Entry)] = []
  private var isWithinAlternative = false
  /// Where the latest comparison stands.
  private var comparison = SourcePosition(line: 1, column: 1)

  init(_ bytes: [UInt8]) {
    scanner = Scanner(bytes)
    token = scanner.scan()
  }

  mutating func query() throws(ClaimError) -> Query {
    var isFirst = true
    while !token.text.isEmpty {
      let start = token.position
      try take("(")
      switch (token.text, version) {
      case ("vnnlib-version", .one) where isFirst: try readVersion()
      case ("declare-const", .one): try declareConstant()
      case ("declare-network", .two) where assertions.isEmpty: try declareNetwork(at: start)
      case ("assert", _):
        advance()
        assertions.append(try condition())
      case (_, .one): throw unexpected("`vnnlib-version` first, or `declare-const` or `assert`")
      case (_, .two): throw unexpected(assertions.isEmpty ? "`declare-network`" : "`assert`")
      }
      try take(")")
      isFirst = false
    }
    switch version {
    case .one: try declareImpliedNetwork()
    case .two:
      guard !networks.isEmpty else { throw unexpected("`(declare-network`") }
      guard !assertions.isEmpty else { throw unexpected("`(assert`") }
    }
    return Query(
      version: version, networks: networks, variables: variables, assertions: assertions,
      equalInputs: equalInputs)
  }

  // MARK: Tokens

  private mutating func advance() { token = scanner.scan() }

  private mutating func take(_ mark: String, _ expected: String? = nil) throws(ClaimError) {
    guard token.text == mark else { throw unexpected(expected ?? "`\(mark)`") }
    advance()
  }

  private func unexpected(_ expected: String) -> ClaimError {
    ClaimError(token.position, "found \(token.quoted), expected \(expected)")
  }

  /// A letter, then letters, digits and underscores.
  private mutating func newName(isTaken: Bool) throws(ClaimError) -> String {
    let name = token.text
    guard name.first?.isLetter == true,
      name.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") })
    else { throw unexpected("a name (a letter, then letters, digits and `_`)") }
    guard !isTaken else { throw unexpected("a name that is not in use") }
    advance()
    return name
  }

  // MARK: Version 1

  private mutating func declareConstant() throws(ClaimError) {
    advance()
    guard let entry = constant() else { throw unexpected("a name `X_k` or `Y_k`") }
    guard constants.insert(entry).inserted else { throw unexpected("a name that is not in use") }
    advance()
    try take("Real")
  }

  /// The entry that `X_k` or `Y_k` names.
  private func constant() -> Entry? {
    guard let variable = ["X_", "Y_"].firstIndex(where: token.text.hasPrefix),
      token.text.dropFirst(2).allSatisfy(\.isNumber), let index = Int(token.text.dropFirst(2))
    else { return nil }
    return Entry(variable: variable, index: index)
  }

  /// The network of the variables that are declared entry by entry.
  private mutating func declareImpliedNetwork() throws(ClaimError) {
    let start = SourcePosition(line: 1, column: 1)
    for (variable, name) in ["X", "Y"].enumerated() {
      let size = constants.count { $0.variable == variable }
      for index in 0..<max(size, 1)
      where !constants.contains(Entry(variable: variable, index: index)) {
        throw ClaimError(start, "found no declaration of `\(name)_\(index)`, expected one")
      }
      variables.append(
        VariableDeclaration(
          role: variable == 0 ? .input : .output, name: name, type: "real", shape: [size],
          position: start))
    }
    networks = [
      NetworkDeclaration(name: "N", relation: nil, variables: variables, position: start)
    ]
  }

  // MARK: Version 2

  private mutating func readVersion() throws(ClaimError) {
    advance()
    guard token.text.hasPrefix("<2."), token.text.hasSuffix(">"),
      let minor = Int(token.text.dropFirst(3).dropLast()), minor >= 0
    else { throw unexpected("`<2.0>` or another version 2") }
    advance()
    version = .two(minor: minor)
  }

  private mutating func declareNetwork(at start: SourcePosition) throws(ClaimError) {
    advance()
    let name = try newName(isTaken: networkNames.contains(token.text))
    var relation: NetworkDeclaration.Relation?
    let first = variables.count
    while token.text == "(" {
      let place = token.position
      advance()
      let previous = variables.count > first ? variables.last?.role : nil
      switch token.text {
      case "equal-to" where relation == nil && previous == nil:
        relation = .equal(to: try earlierNetwork())
      case "isomorphic-to" where relation == nil && previous == nil:
        relation = .isomorphic(to: try earlierNetwork())
      case "derivative-of" where relation == nil && previous == nil:
        relation = .derivative(of: try earlierNetwork())
      case "declare-input" where previous != .output:
        try declareVariable(.input, at: place)
      case "declare-hidden" where previous == .input:
        throw ClaimError(place, "conditions on hidden values are not supported")
      case "declare-output" where previous != nil:
        try declareVariable(.output, at: place)
      default: throw unexpected("the network's inputs, then its outputs")
      }
      try take(")")
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
    advance()
    let name = token.text
    guard networkNames.contains(name) else {
      throw unexpected("the name of a network declared before")
    }
    advance()
    return name
  }

  private mutating func declareVariable(
    _ role: VariableDeclaration.Role, at start: SourcePosition
  ) throws(ClaimError) {
    advance()
    let name = try newName(isTaken: places[token.text] != nil)
    let type = token
    guard type.isAtom else { throw unexpected("a type, as `real` or `float32`") }
    advance()
    let shape = try bracketed("a dimension from 1 to 100000000") { $1 > 0 && $1 <= 100_000_000 }
    guard shape.reduce(1, { min($0 * $1, 100_000_001) }) <= 100_000_000 else {
      throw ClaimError(start, "`\(name)` has more than 100000000 entries")
    }
    if role == .input, token.text == "initialized" { advance() }
    places[name] = variables.count
    variables.append(
      VariableDeclaration(role: role, name: name, type: type.text, shape: shape, position: start))
  }

  /// Integers in brackets, each checked with its place in the list.
  private mutating func bracketed(
    _ expected: String, _ isValid: (_ place: Int, _ number: Int) -> Bool
  ) throws(ClaimError) -> [Int] {
    try take("[")
    var numbers: [Int] = []
    while token.text != "]" {
      if !numbers.isEmpty { try take(",", "`,` or `]`") }
      guard token.text.allSatisfy(\.isNumber), let number = Int(token.text),
        isValid(numbers.count, number)
      else { throw unexpected(expected) }
      numbers.append(number)
      advance()
    }
    advance()
    return numbers
  }

  // MARK: Conditions and numbers

  private mutating func descend() throws(ClaimError) {
    depth += 1
    guard depth <= 200 else { throw ClaimError(token.position, "nested deeper than 200 levels") }
    try take("(")
  }

  private mutating func condition() throws(ClaimError) -> Condition {
    let position = token.position
    try descend()
    defer { depth -= 1 }
    let operation = token.text
    switch operation {
    case "and", "or":
      let isWithinAlternative = isWithinAlternative
      defer { self.isWithinAlternative = isWithinAlternative }
      if operation == "or" { self.isWithinAlternative = true }
      advance()
      var parts = [try condition()]
      while token.text == "(" { parts.append(try condition()) }
      try take(")", "`(` or `)`")
      return operation == "and" ? .all(parts) : .any(parts)
    case "<", "<=", ">", ">=", "=", "==", "!=":
      advance()
      comparison = position
      var difference = try number()
      try difference.add(-number())
      try take(")")
      return condition(operation, difference)
    default: throw unexpected("`and`, `or` or a comparison")
    }
  }

  /// How a difference is compared with zero.
  private mutating func condition(
    _ relation: String, _ difference: Polynomial
  ) -> Condition {
    func isAtMostZero(_ polynomial: Polynomial) -> Condition {
      .comparison(polynomial, isStrict: ["<", ">", "!="].contains(relation))
    }
    switch relation {
    case "<", "<=": return isAtMostZero(difference)
    case ">", ">=": return isAtMostZero(-difference)
    case "!=": return .any([isAtMostZero(difference), isAtMostZero(-difference)])
    default:
      if !isWithinAlternative, let pair = difference.equalInputs { equalInputs.append(pair) }
      return .all([isAtMostZero(difference), isAtMostZero(-difference)])
    }
  }

  private mutating func number() throws(ClaimError) -> Polynomial {
    if token.text == "(" { return try operation() }
    guard token.isAtom else { throw unexpected("a number, a variable or an operation") }
    guard token.text.first?.isLetter == true else {
      return Polynomial(try numeral(), at: comparison)
    }
    let entry = try entry()
    let isInput = version == .one ? entry.variable == 0 : variables[entry.variable].role == .input
    return Polynomial(.init(kind: isInput ? .input : .output, entry: entry), at: comparison)
  }

  private mutating func operation() throws(ClaimError) -> Polynomial {
    try descend()
    defer { depth -= 1 }
    let operation = token
    guard ["+", "-", "*", "/", "abs"].contains(operation.text) else {
      throw unexpected("`+`, `-`, `*`, `/` or `abs`")
    }
    advance()
    let limit = ["abs": 1, "/": 2][operation.text] ?? .max
    var operands = [try number()]
    while token.text != ")" {
      guard operands.count < limit else { throw unexpected("`)`") }
      operands.append(try number())
    }
    guard operation.text != "/" || operands.count == 2 else { throw unexpected("a divisor") }
    advance()
    switch operation.text {
    case "*": return try .product(operands)
    case "abs": return try operands[0].magnitude()
    case "/":
      guard let divisor = operands[1].constantValue, divisor != .zero else {
        throw ClaimError(operation.position, "found a division by something else than a number")
      }
      return try operands[0].scaled(by: .one / divisor)
    case "-" where operands.count == 1: return -operands[0]
    default:
      var sum = operands[0]
      for operand in operands.dropFirst() {
        try sum.add(operation.text == "-" ? -operand : operand)
      }
      return sum
    }
  }

  private mutating func numeral() throws(ClaimError) -> Rational {
    guard let value = Rational(numeral: token.text) else {
      throw unexpected("a number of at most 1100 characters, its exponent within ±400")
    }
    advance()
    return value
  }

  private mutating func entry() throws(ClaimError) -> Entry {
    guard version != .one else {
      guard let entry = constant(), constants.contains(entry) else {
        throw unexpected("a declared `X_k` or `Y_k`")
      }
      advance()
      return entry
    }
    guard let variable = places[token.text] else { throw unexpected("a declared variable") }
    advance()
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
