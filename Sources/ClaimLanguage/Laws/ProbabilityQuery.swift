internal import BigInt
public import ExactArithmetic
public import MassArithmetic

/// What a claim about a probability says: that of an event, under a law of the inputs, lies between
/// two numbers.
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

  /// The event: that all assertions hold.
  public let event: Query
  /// The probability is not below this.
  public let lower: Rational
  /// The probability is not above this.
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
    event = try Query(parsing: rest)
    var reader = LawReader(bytes, startingAt: extent.lowerBound)
    (lower, upper, components) = try reader.probability()
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
  private var scanner: Scanner
  private var token: Token

  init(_ bytes: [UInt8], startingAt start: Int) {
    scanner = Scanner(bytes)
    // Not `repeat`: an optimised build of Swift 6.3 releases a property that its loop sets first.
    token = scanner.scan()
    while scanner.next <= start { advance() }
  }

  mutating func probability() throws(ClaimError) -> (
    lower: Rational, upper: Rational, components: [ProbabilityQuery.Component]
  ) {
    try take("(")
    try take("probability")
    let lower = try number()
    let upper = try number { $0 >= lower }
    var components: [ProbabilityQuery.Component] = []
    repeat { components.append(try component()) } while token.text == "("
    try expectSumOfOne(components.map(\.weight), "weights of components")
    try take(")")
    return (lower, upper, components)
  }

  private mutating func component() throws(ClaimError) -> ProbabilityQuery.Component {
    let position = token.position
    try take("(")
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
