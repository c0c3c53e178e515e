internal import BigInt
public import ExactArithmetic
public import MassArithmetic

/// What a claim about a probability says: that of an event, under a law of the inputs, or a number made
/// of several such ones, lies between two numbers.
///
/// The text is a VNN-LIB query, the event, with one further form, `(probability …)`; a reader of
/// VNN-LIB alone refuses it. `specs/format/probability.md` gives the grammar.
public struct ProbabilityQuery: Sendable {
  /// A part of a mixture: independent latent coordinates, and how the inputs follow from them.
  public struct Component: Sendable {
    /// Positive; those of all components sum to one.
    public let weight: Rational
    /// The latent coordinates.
    public let laws: [CoordinateLaw]
    /// How the inputs follow; without a map they are the latent coordinates.
    ///
    /// A row for each input: its offset, then a factor for each latent coordinate.
    public let map: [[Rational]]?
    /// Where it stands.
    public let position: SourcePosition
  }

  /// The events, each of which is that all assertions of a query hold.
  public let events: [Query]
  /// The number that the claim is about.
  public let quantity: ProbabilityQuantity
  /// The number is not below this.
  public let lower: Rational
  /// The number is not above this.
  public let upper: Rational
  /// The law.
  public let components: [Component]

  /// Whether a text speaks about a probability.
  ///
  /// - Parameter bytes: The text.
  /// - Returns: Whether it has a form `(probability …)`.
  public static func isOne(_ bytes: [UInt8]) -> Bool { extent(in: bytes) != nil }

  /// Reads a claim about a probability.
  ///
  /// - Parameter bytes: The text.
  /// - Throws: ``ClaimError`` at the first token that does not fit.
  public init(parsing bytes: [UInt8]) throws(ClaimError) {
    guard let extent = Self.extent(in: bytes) else {
      throw ClaimError(
        SourcePosition(line: 1, column: 1), "found no `(probability`, expected one at top level")
    }
    // Blanks in its place keep the lines and columns of what follows.
    var rest = bytes
    for place in extent where rest[place] != UInt8(ascii: "\n") { rest[place] = UInt8(ascii: " ") }
    var reader = LawReader(bytes, startingAt: extent.lowerBound)
    (lower, upper, quantity, components) = try reader.probability()
    var events: [Query] = []
    for assertions in reader.events {
      // An event's own assertions stay where they are.
      var text = rest
      for place in assertions.joined() { text[place] = bytes[place] }
      events.append(try Query(parsing: text))
    }
    self.events = events
  }

  /// The bytes of the first form `(probability …)` that lies in no other one.
  private static func extent(in bytes: [UInt8]) -> Range<Int>? {
    var scanner = Scanner(bytes)
    var (depth, start) = (0, 0)
    var isFound = false
    var previous = ""
    while true {
      let token = scanner.scan()
      switch token.text {
      case "": return isFound ? start..<bytes.count : nil
      case "(":
        if depth == 0 { start = scanner.next - 1 }
        depth += 1
      case ")":
        depth = max(0, depth - 1)
        if isFound, depth == 0 { return start..<scanner.next }
      default:
        if depth == 1, previous == "(", token.text == "probability" { isFound = true }
      }
      previous = token.text
    }
  }
}

/// Reads the form `(probability …)`, one token ahead.
private struct LawReader {
  /// Of each event, the places of its assertions.
  private(set) var events: [[Range<Int>]] = []
  private var scanner: Scanner
  private var token: Token

  init(_ bytes: [UInt8], startingAt start: Int) {
    scanner = Scanner(bytes)
    // Not `repeat`: an optimised build of Swift 6.3 releases a property that its loop sets first.
    token = scanner.scan()
    while scanner.next <= start { advance() }
  }

  mutating func probability() throws(ClaimError) -> (
    lower: Rational, upper: Rational, quantity: ProbabilityQuantity,
    components: [ProbabilityQuery.Component]
  ) {
    try take("(")
    try take("probability")
    let lower = try number()
    let upper = try number { $0 >= lower }
    try take("(")
    var quantity = ProbabilityQuantity.probability(0)
    if token.text == "component" {
      events = [[]]
    } else {
      quantity = try self.quantity(depth: 0)
      try take("(")
    }
    var components = [try component()]
    while token.text == "(" {
      advance()
      components.append(try component())
    }
    try expectSumOfOne(components.map(\.weight), "weights of components")
    try take(")")
    return (lower, upper, quantity, components)
  }

  /// A quantity, behind its first parenthesis.
  private mutating func quantity(depth: Int) throws(ClaimError) -> ProbabilityQuantity {
    let name = token.text
    guard depth < 3 || name == "event" else { throw unexpected("`event`") }
    switch name {
    case "event":
      events.append(try event())
      return .probability(events.count - 1)
    case "conditional":
      advance()
      try take("(")
      let assertions = try event()
      try take("(")
      let condition = try event()
      try take(")")
      events += [assertions + condition, condition]
      return .conditional(events.count - 2, given: events.count - 1)
    case "ratio", "difference":
      advance()
      try take("(")
      let first = try quantity(depth: depth + 1)
      try take("(")
      let second = try quantity(depth: depth + 1)
      try take(")")
      return name == "ratio" ? .ratio(first, second) : .difference(first, second)
    case "complement":
      advance()
      try take("(")
      let other = try quantity(depth: depth + 1)
      try take(")")
      return .complement(other)
    default:
      throw unexpected("`component`, `event`, `conditional`, `ratio`, `difference` or `complement`")
    }
  }

  /// The places of an event's assertions.
  private mutating func event() throws(ClaimError) -> [Range<Int>] {
    try take("event")
    var assertions: [Range<Int>] = []
    repeat {
      let start = scanner.next - 1
      try take("(")
      try take("assert")
      var depth = 1
      while depth > 0, !token.text.isEmpty {
        depth += token.text == "(" ? 1 : token.text == ")" ? -1 : 0
        if depth == 0 { assertions.append(start..<scanner.next) }
        advance()
      }
    } while token.text == "("
    try take(")")
    return assertions
  }

  /// A component, behind its first parenthesis.
  private mutating func component() throws(ClaimError) -> ProbabilityQuery.Component {
    let position = token.position
    try take("component")
    let weight = try number { $0.signum > 0 }
    var laws: [CoordinateLaw] = []
    var map: [[Rational]]?
    while token.text == "(", map == nil {
      advance()
      if token.text == "map" {
        map = try rows(of: laws.count + 1)
      } else {
        laws.append(try law(depth: 0))
      }
      try take(")")
    }
    guard !laws.isEmpty else { throw unexpected("the law of a coordinate") }
    try take(")")
    return ProbabilityQuery.Component(weight: weight, laws: laws, map: map, position: position)
  }

  /// A law, without its parentheses.
  private mutating func law(depth: Int) throws(ClaimError) -> CoordinateLaw {
    let name = token.text
    advance()
    switch name {
    case "normal":
      let mean = try number()
      return .normal(mean: mean, variance: try number { $0.signum > 0 })
    case "truncated-normal":
      let mean = try number()
      let variance = try number { $0.signum > 0 }
      let lower = try end("-inf")
      let upper = try end("inf")
      if let lower, let upper, lower >= upper {
        throw unexpected("an upper end above the lower one")
      }
      return .truncatedNormal(mean: mean, variance: variance, lower: lower, upper: upper)
    case "uniform":
      let lower = try number()
      return .uniform(lower: lower, upper: try number { $0 > lower })
    case "points": return .points(try points())
    case "clipped":
      guard depth == 0 else { throw unexpected("a law that is not clipped") }
      try take("(")
      let law = try law(depth: 1)
      try take(")")
      let lower = try number()
      return .clipped(law, lower: lower, upper: try number { $0 > lower })
    default:
      throw unexpected("`normal`, `truncated-normal`, `uniform`, `points` or `clipped` before it")
    }
  }

  private mutating func points() throws(ClaimError) -> [CoordinateLaw.Point] {
    var points: [CoordinateLaw.Point] = []
    repeat {
      try take("(")
      let last = points.last?.value
      let value = try number { value in last.map { $0 < value } ?? true }
      points.append(.init(value: value, probability: try number { $0.signum > 0 }))
      try take(")")
    } while token.text == "("
    try expectSumOfOne(points.map(\.probability), "probabilities")
    return points
  }

  /// No hostile text makes the common denominator of its fractions longer than this: adding them takes
  /// time with its square.
  private func expectSumOfOne(_ numbers: [Rational], _ what: String) throws(ClaimError) {
    var sum = Rational.zero
    for number in numbers {
      sum = sum + number
      guard sum.denominator.bitWidth <= 8_192 else {
        throw unexpected("\(what) with a common denominator of at most 8192 bits")
      }
    }
    guard sum == .one else { throw unexpected("\(what) that sum to 1") }
  }

  /// The rows of a map, without its parentheses.
  private mutating func rows(of size: Int) throws(ClaimError) -> [[Rational]] {
    advance()
    var rows: [[Rational]] = []
    repeat {
      try take("(")
      var row: [Rational] = []
      while token.isAtom { row.append(try number()) }
      guard row.count == size else {
        throw unexpected("\(size) numbers in a row of the map, found \(row.count)")
      }
      rows.append(row)
      try take(")")
    } while token.text == "("
    return rows
  }

  // MARK: Tokens

  private mutating func advance() { token = scanner.scan() }

  private mutating func take(_ text: String) throws(ClaimError) {
    guard token.text == text else { throw unexpected("`\(text)`") }
    advance()
  }

  private func unexpected(_ expected: String) -> ClaimError {
    ClaimError(token.position, "found \(token.quoted), expected \(expected)")
  }

  private mutating func end(_ infinity: String) throws(ClaimError) -> Rational? {
    guard token.text == infinity else { return try number() }
    advance()
    return nil
  }

  /// A decimal numeral, or a fraction of two.
  private mutating func number(
    where isValid: (Rational) -> Bool = { _ in true }
  ) throws(ClaimError) -> Rational {
    let parts = token.text.split(separator: "/", omittingEmptySubsequences: false)
    let numbers = parts.compactMap { Rational(numeral: $0) }
    guard numbers.count == parts.count, numbers.count == 1 || numbers.count == 2,
      numbers.count == 1 || numbers.last != .zero
    else { throw unexpected("a number, or a fraction as `1/3`") }
    let value = numbers.count == 1 ? numbers[0] : numbers[0] / numbers[1]
    guard isValid(value) else { throw unexpected("a number in its range") }
    advance()
    return value
  }
}
