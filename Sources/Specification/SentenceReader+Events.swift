internal import ExactArithmetic
internal import Probability

/// What sentences about events may say beside what claims may: of Jacobians, units and patterns.
extension SentenceReader {
  /// Reads what begins with `jacobian(f, x)`, `pattern(f, x)` or `unit(f, x)`.
  mutating func eventPart(_ name: String) throws(Sentence.Problem) -> Part {
    guard vocabulary.describesEvents else {
      throw problem(
        word.offset, "found `\(name)`, which only the sentence of a `probability` may speak of")
    }
    guard let found = Vocabulary.application(in: words[next...]),
      let variable = vocabulary.variables.firstIndex(of: found.variable),
      let application = vocabulary.applications.firstIndex(
        of: .init(network: found.network, variable: variable)),
      let sizes = vocabulary.networks[found.network]
    else {
      next += 1
      try take("(")
      throw unexpected("a network and the variable, as in `\(name)(f, x)`")
    }
    next += 6
    switch name {
    case "jacobian": return try jacobian(application, sizes)
    case "pattern": return try pattern(application, sizes)
    default: return try unit(application, sizes)
    }
  }

  // MARK: Jacobians

  /// Reads on behind `jacobian(f, x)`: a norm's condition, entries, or nothing, which is all entries.
  private mutating func jacobian(
    _ application: Int, _ sizes: Vocabulary.Sizes
  ) throws(Sentence.Problem) -> Part {
    if takes(.name("has")) { return .condition(.norm(try norm(of: application))) }
    let entries = vector(.jacobian(application), size: sizes.outputs * sizes.inputs)
    guard takes(.symbol("[")), case .numbers(let terms, _) = entries else { return entries }
    let row = try index(below: sizes.outputs)
    guard takes(.symbol(",")) else {
      try take("]")
      return .numbers(
        Array(terms[row * sizes.inputs..<(row + 1) * sizes.inputs]), isVector: true)
    }
    let column = try index(below: sizes.inputs)
    try take("]")
    return .numbers([terms[row * sizes.inputs + column]], isVector: false)
  }

  /// Reads `norm above 40`, `norm inf at most 2`.
  private mutating func norm(of application: Int) throws(Sentence.Problem) -> NormCondition {
    guard takes(.name("norm")) else { throw unexpected("`norm`") }
    let norms: [String: MatrixNorm] = [
      "1": .one, "2": .two, "inf": .infinity, "frobenius": .frobenius,
    ]
    var norm = MatrixNorm.two
    if let named = norms[word.text] {
      norm = named
      next += 1
    }
    let side = try side()
    let place = word.offset
    let (terms, isVector) = try numbers(try sum(), at: place)
    guard !isVector, let limit = terms[0].constantValue, limit >= .zero else {
      throw problem(place, "expected a number that depends on nothing and is not negative")
    }
    return NormCondition(network: application, norm: norm, side: side, limit: limit)
  }

  private mutating func side() throws(Sentence.Problem) -> NormCondition.Side {
    if takes(.name("above")) { return .above }
    if takes(.name("below")) { return .below }
    if takes(.name("at")) {
      if takes(.name("least")) { return .atLeast }
      if takes(.name("most")) { return .atMost }
      throw unexpected("`least` or `most`")
    }
    throw unexpected("`above`, `below`, `at least` or `at most`")
  }

  /// Reads on behind a number: `is nondecreasing in x[2]`, in the neighbourhood of the point.
  mutating func monotonicity(of part: Part) throws(Sentence.Problem) -> Part {
    let place = word.offset
    guard vocabulary.describesEvents else { throw unexpected("an operator or the end") }
    next += 1
    let (terms, _) = try numbers(part, at: place)
    let directions: [String: (Formula.Relation, Rational)] = [
      "nondecreasing": (.atMost, -.one), "nonincreasing": (.atMost, .one),
      "constant": (.equal, .one),
    ]
    guard let (relation, sign) = directions[word.text] else {
      throw unexpected("`nondecreasing`, `nonincreasing` or `constant`")
    }
    next += 1
    guard takes(.name("in")) else { throw unexpected("`in`") }
    let inputs = try monotonicityInputs()
    var formulas: [Formula] = []
    for term in terms {
      guard term.split == nil, term.coefficients.keys.allSatisfy(\.isDifferentiable) else {
        throw problem(
          place,
          "found a maximum, a minimum, an absolute value or a derivative, expected a sum of "
            + "outputs and inputs")
      }
      for input in inputs {
        formulas.append(
          .atom(
            term.derivative(by: input) { vocabulary.inputCount(of: $0) }.scaled(by: sign), relation)
        )
      }
    }
    return .condition(formulas.count == 1 ? formulas[0] : .all(formulas))
  }

  /// Reads the variable, or entries of it.
  private mutating func monotonicityInputs() throws(Sentence.Problem) -> [Int] {
    guard case .name(let name) = word.kind,
      let variable = vocabulary.variables.firstIndex(of: name),
      let size = vocabulary.size(of: variable)
    else { throw unexpected("the variable, or an entry of it") }
    next += 1
    guard takes(.symbol("[")) else { return Array(0..<size) }
    let first = try index(below: size)
    var last = first
    if takes(.symbol("..")) {
      let place = word.offset
      last = try index(below: size)
      guard first <= last else { throw problem(place, "the range \(first)..\(last) is empty") }
    }
    try take("]")
    return Array(first...last)
  }

  // MARK: Units

  /// Reads on behind `pattern(f, x)`: `is 0110|1?10`.
  private mutating func pattern(
    _ application: Int, _ sizes: Vocabulary.Sizes
  ) throws(Sentence.Problem) -> Part {
    guard takes(.name("is")) else { throw unexpected("`is`") }
    let start = word.offset
    var text = ""
    // Bits are read as numbers; what stands together is one pattern.
    while isPartOfPattern, word.offset == start + text.count {
      text += word.text
      next += 1
    }
    let groups = text.split(separator: "|", omittingEmptySubsequences: false)
    guard groups.map(\.count) == sizes.rectifiers,
      groups.joined().allSatisfy({ "01?".contains($0) })
    else {
      let expected = sizes.rectifiers.map(String.init).joined(separator: " | ")
      throw problem(
        start, "found the pattern `\(text)`, expected 0, 1 or ? for each unit: \(expected)")
    }
    var units: [Formula] = []
    for (rectifier, group) in groups.enumerated() {
      for (index, bit) in group.enumerated() where bit != "?" {
        units.append(
          .unit(
            UnitCondition(
              network: application, rectifier: rectifier, index: index, isActive: bit == "1")))
      }
    }
    return .condition(.all(units))
  }

  private var isPartOfPattern: Bool {
    switch word.kind {
    case .number, .symbol("|"), .symbol("?"): true
    case .name, .symbol, .end: false
    }
  }

  /// Reads on behind `unit(f, x)`: `[0, 3] is active`.
  private mutating func unit(
    _ application: Int, _ sizes: Vocabulary.Sizes
  ) throws(Sentence.Problem) -> Part {
    try take("[")
    let rectifier = try index(below: sizes.rectifiers.count)
    try take(",")
    let index = try index(below: sizes.rectifiers[rectifier])
    try take("]")
    guard takes(.name("is")) else { throw unexpected("`is`") }
    let isActive = takes(.name("active"))
    guard isActive || takes(.name("inactive")) else { throw unexpected("`active` or `inactive`") }
    return .condition(
      .unit(
        UnitCondition(
          network: application, rectifier: rectifier, index: index, isActive: isActive)))
  }
}

extension Vocabulary {
  /// The number of inputs of an application's network.
  fileprivate func inputCount(of application: Int) -> Int {
    networks[applications[application].network]?.inputs ?? 0
  }
}

extension Quantity {
  /// Whether it has derivatives by the inputs that are no more than Jacobians.
  fileprivate var isDifferentiable: Bool {
    switch source {
    case .variable, .application: true
    case .jacobian, .preactivation: false
    }
  }
}

extension Term {
  /// The derivative of a linear term by an entry of its only variable.
  fileprivate func derivative(by input: Int, _ inputCount: (Int) -> Int) -> Term {
    var sum = Term(.zero)
    for (quantity, coefficient) in coefficients {
      switch quantity.source {
      case .variable: if quantity.index == input { sum = sum + Term(coefficient) }
      case .application(let place):
        let entry = quantity.index * inputCount(place) + input
        sum = sum + Term(Quantity(source: .jacobian(place), index: entry)).scaled(by: coefficient)
      case .jacobian, .preactivation: preconditionFailure("a derivative of a derivative")
      }
    }
    return sum
  }
}
