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
  private var variables: [VariableDeclaration]
  /// What names stand for: the first entry of a variable; in version 1 `X_k` is entry k of variable 0,
  /// `Y_k` of variable 1.
  private var entries: [String: Entry] = [:]
  private var assertions: [Condition] = []
  private var equalInputs: [(Entry, Entry)] = []
  private var isWithinAlternative = false
  /// Where the latest comparison stands.
  private var comparison = SourcePosition(line: 1, column: 1)

  init(_ bytes: [UInt8]) {
    scanner = Scanner(bytes)
    token = scanner.scan()
    // Version 1 implies these, of a size that its declarations tell.
    variables = [(VariableDeclaration.Role.input, "X"), (.output, "Y")].map { [comparison] in
      VariableDeclaration(role: $0, name: $1, type: "real", shape: [], position: comparison)
    }
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
    guard let index = Int(token.text.dropFirst(2)), index >= 0,
      let variable = variables.firstIndex(where: { "\($0.name)_\(index)" == token.text })
    else { throw unexpected("a name `X_k` or `Y_k`") }
    let entry = Entry(variable: variable, index: index)
    guard entries.updateValue(entry, forKey: token.text) == nil else {
      throw unexpected("a name that is not in use")
    }
    advance()
    try take("Real")
  }

  /// The network of the variables that are declared entry by entry.
  private mutating func declareImpliedNetwork() throws(ClaimError) {
    for (variable, declaration) in variables.enumerated() {
      let size = entries.values.count { $0.variable == variable }
      for name in (0..<max(size, 1)).map({ "\(declaration.name)_\($0)" }) {
        try expect(
          entries[name] != nil, at: declaration.position,
          "found no declaration of `\(name)`, expected one")
      }
      variables[variable].shape = [size]
    }
    networks = [
      NetworkDeclaration(
        name: "N", relation: nil, variables: variables, position: variables[0].position)
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
    variables = []
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
      let kind = NetworkDeclaration.Relation.Kind(rawValue: token.text)
      switch (token.text, kind) {
      case (_, let kind?) where relation == nil && previous == nil:
        relation = .init(kind: kind, name: try earlierNetwork())
      case ("declare-input", _) where previous == nil || previous == .input:
        try declareVariable(.input, at: place)
      case ("declare-hidden", _) where previous != nil && previous != .output:
        try declareVariable(.hidden(""), at: place)
      case ("declare-output", _) where previous != nil:
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
    let name = try newName(isTaken: entries[token.text] != nil)
    let type = token
    guard type.isAtom else { throw unexpected("a type, as `real` or `float32`") }
    advance()
    let shape = try bracketed("a dimension from 1 to 100000000") { $1 > 0 && $1 <= 100_000_000 }
    try expect(
      shape.reduce(1, { min($0 * $1, 100_000_001) }) <= 100_000_000, at: start,
      "`\(name)` has more than 100000000 entries")
    var role = role
    switch role {
    case .input where token.text == "initialized": advance()
    case .hidden:
      guard token.text.count > 2, token.text.first == "\"", token.text.last == "\"" else {
        throw unexpected("the name of a value of the file, in quotes")
      }
      role = .hidden(String(token.text.dropFirst().dropLast()))
      advance()
    case .input, .output: break
    }
    entries[name] = Entry(variable: variables.count, index: 0)
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
    try expect(depth <= 200, at: token.position, "nested deeper than 200 levels")
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
    let isStrict = ["<", ">", "!="].contains(relation)
    let isBelow = Condition.comparison(difference, isStrict: isStrict)
    let isAbove = Condition.comparison(-difference, isStrict: isStrict)
    switch relation {
    case "<", "<=": return isBelow
    case ">", ">=": return isAbove
    case "!=": return .any([isBelow, isAbove])
    default:
      if !isWithinAlternative, let pair = difference.equalInputs { equalInputs.append(pair) }
      return .all([isBelow, isAbove])
    }
  }

  private mutating func number() throws(ClaimError) -> Polynomial {
    if token.text == "(" { return try operation() }
    guard token.isAtom else { throw unexpected("a number, a variable or an operation") }
    guard token.text.first?.isLetter == true else {
      return Polynomial(try numeral(), at: comparison)
    }
    let entry = try entry()
    let isInput = variables[entry.variable].role == .input
    return Polynomial(.init(kind: isInput ? .input : .output, entry: entry), at: comparison)
  }

  private mutating func operation() throws(ClaimError) -> Polynomial {
    try descend()
    defer { depth -= 1 }
    let operation = token
    guard ["+", "-", "*", "/", "abs", "norm"].contains(operation.text) else {
      throw unexpected("`+`, `-`, `*`, `/`, `abs` or `norm`")
    }
    advance()
    if operation.text == "norm" { return try norm() }
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

  /// The rows of a matrix, up to the end of the operation.
  private mutating func norm() throws(ClaimError) -> Polynomial {
    var matrix: [[Entry]] = []
    repeat {
      try take("(")
      var row: [Entry] = []
      repeat {
        let place = token.position
        row.append(try entry())
        try expect(
          variables[row[row.count - 1].variable].role != .input, at: place,
          "found an input in a norm, expected outputs or hidden values")
      } while token.text != ")"
      advance()
      matrix.append(row)
    } while token.text != ")"
    try expect(
      matrix.allSatisfy { $0.count == matrix[0].count } && min(matrix.count, matrix[0].count) <= 64,
      at: token.position, "found rows of several lengths, or more than 64 rows and columns")
    advance()
    return Polynomial(normOf: matrix, at: comparison)
  }

  private mutating func numeral() throws(ClaimError) -> Rational {
    guard let value = Rational(numeral: token.text) else {
      throw unexpected("a number of at most 1100 characters, its exponent within ±400")
    }
    advance()
    return value
  }

  private mutating func entry() throws(ClaimError) -> Entry {
    guard let first = entries[token.text] else { throw unexpected("a declared variable") }
    advance()
    let shape = variables[first.variable].shape
    guard !shape.isEmpty else { return first }
    let indices = try bracketed("an index within the shape \(shape)") {
      $0 < shape.count && $1 < shape[$0]
    }
    guard indices.count == shape.count else {
      throw unexpected("\(shape.count) indices before it, found \(indices.count)")
    }
    let index = zip(shape, indices).reduce(0) { $0 * $1.0 + $1.1 }
    return Entry(variable: first.variable, index: index)
  }
}
