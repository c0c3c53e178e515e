internal import ExactArithmetic

/// Reads a sentence as a condition.
struct SentenceReader {
  static let reserved: Set<String> = [
    "abs", "min", "max", "argmax", "and", "or", "not", "in", "jacobian", "pattern", "unit",
  ]
  /// The words that a network and a variable follow, in events of probabilities.
  static let eventWords: Set<String> = ["jacobian", "pattern", "unit"]

  /// What a part of a sentence is: one number or a vector's entries, the place of the greatest entry,
  /// or a condition.
  enum Part {
    case numbers([Term], isVector: Bool)
    case greatestPlace([Term])
    case condition(Formula)
  }

  let vocabulary: Vocabulary
  let words: [Sentence.Word]
  var next = 0
  private var depth = 0

  /// Reads a sentence.
  ///
  /// - Parameters:
  ///   - words: Its words.
  ///   - vocabulary: What its names stand for.
  /// - Returns: The condition.
  /// - Throws: ``Sentence/Problem`` at the first word that does not fit.
  static func read(
    _ words: [Sentence.Word], vocabulary: Vocabulary
  ) throws(Sentence.Problem) -> Formula {
    var reader = SentenceReader(vocabulary: vocabulary, words: words)
    let part = try reader.alternatives()
    guard case .end = reader.word.kind else { throw reader.unexpected("an operator or the end") }
    guard case .condition(let formula) = part else {
      throw reader.problem(0, "found a number, expected a condition, as a comparison")
    }
    return formula
  }

  /// Reads an expression that is one number or a vector of several.
  static func readNumbers(
    _ words: [Sentence.Word], vocabulary: Vocabulary
  ) throws(Sentence.Problem) -> [Term] {
    var reader = SentenceReader(vocabulary: vocabulary, words: words)
    let (terms, _) = try reader.numbers(try reader.sum(), at: 0)
    guard case .end = reader.word.kind else { throw reader.unexpected("an operator or the end") }
    return terms
  }

  /// Reads an expression that is one number and depends on something.
  static func readNumber(
    _ words: [Sentence.Word], vocabulary: Vocabulary
  ) throws(Sentence.Problem) -> Term {
    let terms = try readNumbers(words, vocabulary: vocabulary)
    let reader = SentenceReader(vocabulary: vocabulary, words: words)
    guard terms.count == 1 else {
      throw reader.problem(0, "found a vector of \(terms.count) entries, expected one number")
    }
    guard terms[0].constantValue == nil else {
      throw reader.problem(0, "found a number that depends on nothing")
    }
    return terms[0]
  }

  private init(vocabulary: Vocabulary, words: [Sentence.Word]) {
    self.vocabulary = vocabulary
    self.words = words
  }

  // MARK: Words

  var word: Sentence.Word { words[next] }

  mutating func takes(_ kind: Sentence.Word.Kind) -> Bool {
    guard word.kind == kind else { return false }
    next += 1
    return true
  }

  mutating func take(_ symbol: String) throws(Sentence.Problem) {
    guard takes(.symbol(symbol)) else { throw unexpected("`\(symbol)`") }
  }

  func problem(_ offset: Int, _ message: String) -> Sentence.Problem {
    Sentence.Problem(offset: offset, message: message)
  }

  func unexpected(_ expected: String) -> Sentence.Problem {
    let found = word.kind == .end ? "the end" : "`\(word.text)`"
    return problem(word.offset, "found \(found), expected \(expected)")
  }

  // MARK: Conditions

  private mutating func alternatives() throws(Sentence.Problem) -> Part {
    let start = word.offset
    var part = try conjunction()
    while takes(.name("or")) {
      part = .condition(.any([try formula(part, start), try formula(conjunction(), start)]))
    }
    return part
  }

  private mutating func conjunction() throws(Sentence.Problem) -> Part {
    let start = word.offset
    var part = try negation()
    while takes(.name("and")) {
      part = .condition(.all([try formula(part, start), try formula(negation(), start)]))
    }
    return part
  }

  private mutating func negation() throws(Sentence.Problem) -> Part {
    try descend()
    defer { depth -= 1 }
    guard takes(.name("not")) else { return try comparisons() }
    let start = word.offset
    return .condition(try formula(negation(), start).negated)
  }

  private func formula(_ part: Part, _ offset: Int) throws(Sentence.Problem) -> Formula {
    guard case .condition(let formula) = part else {
      throw problem(offset, "found a number, expected a condition, as a comparison")
    }
    return formula
  }

  /// `a <= b`, and chains as `0 <= a < 1`.
  private mutating func comparisons() throws(Sentence.Problem) -> Part {
    var left = try sum()
    var formulas: [Formula] = []
    while case .symbol(let symbol) = word.kind, ["<", "<=", ">", ">=", "=="].contains(symbol) {
      let place = word.offset
      next += 1
      let right = try sum()
      formulas.append(try compare(left, symbol, right, at: place))
      left = right
    }
    switch formulas.count {
    case 0 where word.kind == .name("is"): return try monotonicity(of: left)
    case 0: return left
    case 1: return .condition(formulas[0])
    default: return .condition(.all(formulas))
    }
  }

  private func compare(
    _ left: Part, _ symbol: String, _ right: Part, at offset: Int
  ) throws(Sentence.Problem) -> Formula {
    if case .greatestPlace(let entries) = left {
      guard symbol == "==", case .numbers(let places, isVector: false) = right,
        let place = places[0].constantValue?.index, entries.indices.contains(place)
      else {
        throw problem(
          offset, "argmax(…) can only be compared as `== k`, k from 0 to \(entries.count - 1)")
      }
      return .all(
        entries.indices.filter { $0 != place }.map {
          .atom(entries[$0] - entries[place], .below)
        })
    }
    let parts = try pairs(left, right, at: offset).map { left, right -> Formula in
      switch symbol {
      case "<": .atom(left - right, .below)
      case "<=": .atom(left - right, .atMost)
      case ">": .atom(right - left, .below)
      case ">=": .atom(right - left, .atMost)
      default: .atom(left - right, .equal)
      }
    }
    return parts.count == 1 ? parts[0] : .all(parts)
  }

  /// The entries of two numbers side by side; a scalar stands beside every entry of a vector.
  private func pairs(
    _ left: Part, _ right: Part, at offset: Int
  ) throws(Sentence.Problem) -> [(Term, Term)] {
    let (first, firstIsVector) = try numbers(left, at: offset)
    let (second, secondIsVector) = try numbers(right, at: offset)
    switch (firstIsVector, secondIsVector) {
    case (true, false): return first.map { ($0, second[0]) }
    case (false, true): return second.map { (first[0], $0) }
    case (false, false): return [(first[0], second[0])]
    case (true, true):
      guard first.count == second.count else {
        throw problem(
          offset, "found vectors of \(first.count) and \(second.count) entries, expected as many")
      }
      return Array(zip(first, second))
    }
  }

  func numbers(
    _ part: Part, at offset: Int
  ) throws(Sentence.Problem) -> (terms: [Term], isVector: Bool) {
    switch part {
    case .numbers(let terms, let isVector): return (terms, isVector)
    case .condition: throw problem(offset, "found a condition beside this, expected a number")
    case .greatestPlace: throw problem(offset, "argmax(…) can only be compared as `== k`")
    }
  }

  // MARK: Numbers

  mutating func sum() throws(Sentence.Problem) -> Part {
    var left = try product()
    while word.kind == .symbol("+") || word.kind == .symbol("-") {
      let (place, isSum) = (word.offset, word.kind == .symbol("+"))
      next += 1
      let right = try product()
      left = try combine(left, right, at: place) { (left, right) throws(Sentence.Problem) in
        isSum ? left + right : left - right
      }
    }
    return left
  }

  private mutating func product() throws(Sentence.Problem) -> Part {
    var left = try factor()
    while word.kind == .symbol("*") || word.kind == .symbol("/") {
      let (place, isProduct) = (word.offset, word.kind == .symbol("*"))
      next += 1
      let right = try factor()
      left = try combine(left, right, at: place) { (left, right) throws(Sentence.Problem) in
        switch (isProduct, left.constantValue, right.constantValue) {
        case (true, let value?, _): return right.scaled(by: value)
        case (true, nil, let value?): return left.scaled(by: value)
        case (false, _, let value?) where value != .zero: return left.scaled(by: .one / value)
        case (true, nil, nil):
          throw problem(place, "found a product of two variables, expected a number in it")
        case (false, _, _): throw problem(place, "expected a divisor that is a number, not zero")
        }
      }
    }
    return left
  }

  private func combine(
    _ left: Part, _ right: Part, at offset: Int,
    _ operation: (Term, Term) throws(Sentence.Problem) -> Term
  ) throws(Sentence.Problem) -> Part {
    var terms: [Term] = []
    for (left, right) in try pairs(left, right, at: offset) {
      terms.append(try operation(left, right))
    }
    let leftIsVector = try numbers(left, at: offset).isVector
    let rightIsVector = try numbers(right, at: offset).isVector
    return .numbers(terms, isVector: leftIsVector || rightIsVector)
  }

  private mutating func factor() throws(Sentence.Problem) -> Part {
    try descend()
    defer { depth -= 1 }
    let place = word.offset
    if takes(.symbol("-")) {
      let (terms, isVector) = try numbers(factor(), at: place)
      return .numbers(terms.map { $0.scaled(by: -.one) }, isVector: isVector)
    }
    var part = try primary()
    while takes(.symbol("[")) {
      let place = word.offset
      guard case .numbers(let terms, isVector: true) = part else {
        throw problem(place, "found an index behind something that is no vector")
      }
      let first = try index(below: terms.count)
      if takes(.symbol("..")) {
        let last = try index(below: terms.count)
        guard first <= last else { throw problem(place, "the range \(first)..\(last) is empty") }
        part = .numbers(Array(terms[first...last]), isVector: true)
      } else {
        part = .numbers([terms[first]], isVector: false)
      }
      try take("]")
    }
    return part
  }

  mutating func index(below count: Int) throws(Sentence.Problem) -> Int {
    guard case .number(let value) = word.kind, let index = value.index, index < count else {
      throw unexpected("an index from 0 to \(count - 1)")
    }
    next += 1
    return index
  }

  private mutating func descend() throws(Sentence.Problem) {
    depth += 1
    guard depth <= 100 else { throw problem(word.offset, "nested deeper than 100 levels") }
  }

  private mutating func primary() throws(Sentence.Problem) -> Part {
    let place = word.offset
    switch word.kind {
    case .name(let name) where Self.eventWords.contains(name): return try eventPart(name)
    case .number(let value):
      next += 1
      return .numbers([Term(value)], isVector: false)
    case .symbol("("):
      next += 1
      let part = try alternatives()
      try take(")")
      return part
    case .name(let name):
      next += 1
      if Self.reserved.contains(name) { return try function(name, at: place) }
      if vocabulary.networks[name] != nil { return try application(of: name) }
      guard let variable = vocabulary.variables.firstIndex(of: name) else {
        throw problem(
          place, "found `\(name)`, which is no network and no variable\(vocabulary.variablePhrase)")
      }
      guard let size = vocabulary.size(of: variable) else {
        throw problem(place, "no network is applied to `\(name)`")
      }
      return vector(.variable(variable), size: size)
    case .symbol, .end:
      throw unexpected("a number, a variable or a network")
    }
  }

  func vector(_ source: Quantity.Source, size: Int) -> Part {
    .numbers((0..<size).map { Term(Quantity(source: source, index: $0)) }, isVector: true)
  }

  private mutating func application(of network: String) throws(Sentence.Problem) -> Part {
    try take("(")
    guard case .name(let name) = word.kind,
      let variable = vocabulary.variables.firstIndex(of: name),
      let place = vocabulary.applications.firstIndex(
        of: .init(network: network, variable: variable)),
      let size = vocabulary.networks[network]?.outputs
    else { throw unexpected("a variable\(vocabulary.variablePhrase)") }
    next += 1
    try take(")")
    return vector(.application(place), size: size)
  }

  private mutating func function(
    _ name: String, at place: Int
  ) throws(Sentence.Problem) -> Part {
    guard ["abs", "min", "max", "argmax"].contains(name) else {
      throw problem(place, "found `\(name)`, expected a number, a variable or a network")
    }
    try take("(")
    var arguments = [try numbers(sum(), at: place)]
    while name == "min" || name == "max", takes(.symbol(",")) {
      arguments.append(try numbers(sum(), at: place))
    }
    try take(")")
    let terms = arguments.flatMap(\.terms)
    switch name {
    case "abs": return .numbers(terms.map(\.magnitude), isVector: arguments[0].isVector)
    case "argmax":
      guard terms.count > 1 else {
        throw problem(place, "found argmax of one number, expected a vector of several")
      }
      return .greatestPlace(terms)
    default:
      let extreme = Term.Extreme(isMaximum: name == "max", operands: terms)
      return .numbers([Term(extreme)], isVector: false)
    }
  }
}

extension Rational {
  /// The number as a place in a list.
  var index: Int? { denominator == 1 && signum >= 0 ? Int(exactly: numerator) : nil }
}
