internal import ClaimLanguage
internal import ExactArithmetic
internal import NetworkModel

/// Reads claims and lowers each to a query.
struct ClaimReader {
  /// Parts of the language that are to come.
  static let planned: Set<String> = [
    "given-event", "injective", "on",
    "keeps-decision", "at", "fixing", "with-probability",
  ]

  /// The networks, each of one input and one output.
  let networks: [String: Network]
  let arithmetic: Meaning
  let sets: [String: InputSet]
  let files: (YAMLValue, String) throws(SpecificationError) -> String
  /// Reads distributions, and knows those of the file.
  let laws: DistributionReader

  /// A quantified variable and the sets it is taken from.
  private struct Quantifier {
    let name: String
    let sets: [InputSet]
    let place: YAMLValue
    /// As in `x in near and valid`.
    let sentence: String
  }

  /// The parts of a claim, as the file has them.
  private struct Parts {
    let place: YAMLValue
    let id: String
    let quantifiers: [Quantifier]
    let given: YAMLValue?
    /// The key of what is claimed: holds, maximum, minimum or lipschitz.
    let key: String
    let claimed: YAMLValue
    /// How the length of steps is measured, for a Lipschitz constant.
    let norm: YAMLValue?
    let gap: YAMLValue?
  }

  /// Reads one claim.
  func claim(_ value: YAMLValue) throws(SpecificationError) -> Specification.Claim {
    if value.has("probability") { return try probabilityClaim(value) }
    let parts = try parts(of: value)
    var vocabulary = try vocabulary(of: parts)
    let given = try parts.given.map { place throws(SpecificationError) in
      (formula: try formula(place, vocabulary), place: ClaimLowering.Place(place))
    }
    let subject = try subject(of: parts, vocabulary)
    if case .slopes = subject { vocabulary = vocabulary.withDerivatives }
    let layout = QueryLayout(vocabulary, networks: networks, arithmetic: arithmetic)
    var (sources, balls): ([ClaimLowering.Source], [NumberClaim.Ball]) = ([], [])
    for (variable, quantifier) in parts.quantifiers.enumerated() {
      guard let entries = layout.entries(of: variable) else {
        throw quantifier.place.error("no network is applied to `\(quantifier.name)`")
      }
      for set in quantifier.sets {
        sources.append(try set.source(on: entries))
        guard case .ball(_, let centre, let norm) = sources[sources.count - 1] else { continue }
        guard parts.key == "holds" else {
          throw set.value.error("found the radius `largest` beside a \(parts.key)")
        }
        balls.append(.init(variable: quantifier.name, centre: centre, norm: norm))
      }
    }
    if let norm = try parts.norm.map(InputSet.norm) {
      let entries = layout.entries(of: parts.quantifiers.count) ?? []
      sources.append(
        .conditions(
          InputSet.conditions(
            on: entries, around: entries.map { _ in .zero }, radius: .one, norm: norm)))
    }
    let number = number(of: subject, balls: balls)
    let lowering = ClaimLowering(
      id: parts.id, statement: try statement(of: parts, number, isFamily: true), layout: layout,
      sources: sources, given: given, subject: (subject, ClaimLowering.Place(parts.claimed)),
      place: ClaimLowering.Place(value))
    return Specification.Claim(
      id: parts.id, line: value.position.line,
      statement: try statement(of: parts, number, isFamily: false),
      form: try form(lowering, number, gap: parts.gap), networks: layout.files)
  }

  private func parts(of value: YAMLValue) throws(SpecificationError) -> Parts {
    let kinds = ["holds", "maximum", "minimum", "lipschitz"]
    let fields = try value.fields(
      ["id", "for-all", "given"] + kinds + ["norm", "gap"], planned: Self.planned)
    let found = kinds.filter { fields[$0] != nil }
    guard let id = fields["id"], let forAll = fields["for-all"], found.count == 1,
      let claimed = fields[found[0]]
    else {
      throw value.error(
        "expected the keys id, for-all and one of holds, maximum, minimum and lipschitz")
    }
    guard (fields["norm"] != nil) == (found[0] == "lipschitz") else {
      throw value.error("expected the key norm beside lipschitz, and only there")
    }
    return Parts(
      place: value, id: try identifier(id), quantifiers: try quantifiers(forAll),
      given: fields["given"], key: found[0], claimed: claimed, norm: fields["norm"],
      gap: fields["gap"])
  }

  /// The name of a claim.
  func identifier(_ value: YAMLValue) throws(SpecificationError) -> String {
    let name = try value.text("an id")
    guard Specification.isIdentifier(name) else {
      throw value.error("found the id `\(name)`, expected letters, digits, `-`, `_` and `.`")
    }
    return name
  }

  private func subject(
    of parts: Parts, _ vocabulary: Vocabulary
  ) throws(SpecificationError) -> ClaimLowering.Subject {
    guard parts.key != "holds" else { return .holds(try formula(parts.claimed, vocabulary)) }
    guard parts.key != "lipschitz" else { return .slopes(try slopes(of: parts, vocabulary)) }
    let term = try reading(parts.claimed) { words throws(Sentence.Problem) in
      try SentenceReader.readNumber(words, vocabulary: vocabulary)
    }
    return .extremum(term, isMaximum: parts.key == "maximum")
  }

  /// The derivatives of the numbers whose Lipschitz constant is asked for.
  private func slopes(
    of parts: Parts, _ vocabulary: Vocabulary
  ) throws(SpecificationError) -> [Term] {
    guard arithmetic == .real else {
      throw parts.claimed.error("Lipschitz constants are those of functions over the reals")
    }
    guard parts.quantifiers.count == 1 else {
      throw parts.place.error("a Lipschitz constant is one in one variable")
    }
    let terms = try reading(parts.claimed) { words throws(Sentence.Problem) in
      try SentenceReader.readNumbers(words, vocabulary: vocabulary)
    }
    var slopes: [Term] = []
    for term in terms {
      guard
        let slope = term.derivative(along: 1, { $0 + vocabulary.applications.count }),
        slope.constantValue == nil
      else {
        throw parts.claimed.error(
          "expected numbers that depend on the variable, without abs, min and max")
      }
      slopes.append(slope)
    }
    return slopes
  }

  /// The number that is asked for, if any is.
  private func number(
    of subject: ClaimLowering.Subject, balls: [NumberClaim.Ball]
  ) -> NumberClaim.Number? {
    switch subject {
    case .holds: balls.isEmpty ? nil : .radius(balls)
    case .extremum(_, let isMaximum): isMaximum ? .maximum : .minimum
    case .slopes: .lipschitz
    }
  }

  private func form(
    _ lowering: ClaimLowering, _ number: NumberClaim.Number?, gap: YAMLValue?
  ) throws(SpecificationError) -> Specification.Claim.Form {
    guard let number else {
      if let gap { throw gap.error("found a gap, but the claim asks for no number") }
      return .condition(try lowering.text())
    }
    let width = try gap?.number()
    if let gap, let width, width <= .zero {
      throw gap.error("found the gap `\(width.shortNumeral)`, expected a positive number")
    }
    // What is too long for one threshold is so for each.
    _ = try lowering.text(at: .one)
    return .number(NumberClaim(number: number, gap: width, lowering: lowering))
  }

  // MARK: Statements

  /// The claim in one sentence, or that of one threshold of its family, which stands for `{}`.
  private func statement(
    of parts: Parts, _ number: NumberClaim.Number?, isFamily: Bool
  ) throws(SpecificationError) -> String {
    let given = try parts.given?.text("a sentence").oneLine
    let sets =
      "for all \(parts.quantifiers.map(\.sentence).joined(separator: ", "))"
      + (given.map { " with \($0)" } ?? "")
    let claimed = try parts.claimed.text("a sentence").oneLine
    let norm = parts.norm?.scalarText ?? ""
    return switch (number, isFamily) {
    case (nil, _): "\(sets): \(claimed)"
    case (.maximum, true): "\(sets): \(claimed) <= {}"
    case (.minimum, true): "\(sets): \(claimed) >= {}"
    case (.lipschitz, true): "\(sets): \(claimed) changes by at most {} a unit of norm \(norm)"
    case (.lipschitz, false): "the Lipschitz constant of \(claimed) in norm \(norm) \(sets)"
    case (.radius, true): "\(sets), with the radius {}: \(claimed)"
    case (.maximum, false): "the maximum of \(claimed) \(sets)"
    case (.minimum, false): "the minimum of \(claimed) \(sets)"
    case (.radius, false): "the largest radius such that, \(sets): \(claimed)"
    }
  }

  // MARK: Quantifiers

  /// Reads `{x: near, y: [near, valid]}` or `x in near, y in valid`.
  private func quantifiers(_ value: YAMLValue) throws(SpecificationError) -> [Quantifier] {
    var quantifiers: [Quantifier] = []
    if let text = value.scalarText {
      for part in text.split(separator: ",", omittingEmptySubsequences: false) {
        let words = part.split(whereSeparator: \.isWhitespace).map(String.init)
        guard words.count == 3, words[1] == "in" else {
          throw value.error("found `\(part)`, expected as `x in near`")
        }
        quantifiers.append(
          try quantifier(words[0], at: value, [set(words[2], at: value)], words[2]))
      }
    } else {
      for (name, place, value) in try value.entries("a variable and its set, as {x: near}") {
        let choices = !value.isList ? [value] : try value.list()
        var sets: [InputSet] = []
        for choice in choices {
          if let name = choice.scalarText {
            sets.append(try set(name, at: choice))
          } else {
            sets.append(try InputSet(choice, files: files))
          }
        }
        let sentence = choices.map(\.sentence).joined(separator: " and ")
        quantifiers.append(try quantifier(name, at: place, sets, sentence))
      }
    }
    guard Set(quantifiers.map(\.name)).count == quantifiers.count else {
      throw value.error("found a variable twice")
    }
    guard !quantifiers.isEmpty else { throw value.error("expected a variable and its set") }
    return quantifiers
  }

  private func quantifier(
    _ name: String, at place: YAMLValue, _ sets: [InputSet], _ sentence: String
  ) throws(SpecificationError) -> Quantifier {
    guard Sentence.isName(name), !SentenceReader.reserved.contains(name), networks[name] == nil
    else {
      throw place.error(
        "found the variable `\(name)`, expected a letter, then letters, digits and `_`, "
          + "that names nothing else")
    }
    guard !sets.isEmpty else { throw place.error("expected a set for `\(name)`") }
    return Quantifier(
      name: name, sets: sets, place: place, sentence: "\(name) in \(sentence)")
  }

  private func set(_ name: String, at place: YAMLValue) throws(SpecificationError) -> InputSet {
    guard let set = sets[name] else { throw place.error("found no set of the name `\(name)`") }
    return set
  }

  // MARK: Sentences

  /// What the names in a claim's sentences stand for.
  private func vocabulary(of parts: Parts) throws(SpecificationError) -> Vocabulary {
    var vocabulary = Vocabulary(
      networks: networks.mapValues { Vocabulary.Sizes($0) },
      variables: parts.quantifiers.map(\.name), describesEvents: false)
    for sentence in [parts.given, parts.claimed].compactMap(\.self) {
      try reading(sentence) { words throws(Sentence.Problem) in try vocabulary.collect(words) }
    }
    return vocabulary
  }

  func formula(
    _ sentence: YAMLValue, _ vocabulary: Vocabulary
  ) throws(SpecificationError) -> Formula {
    try reading(sentence) { words throws(Sentence.Problem) in
      try SentenceReader.read(words, vocabulary: vocabulary)
    }
  }

  /// Hands the words of a sentence over.
  func reading<Value>(
    _ sentence: YAMLValue, _ read: ([Sentence.Word]) throws(Sentence.Problem) -> Value
  ) throws(SpecificationError) -> Value {
    let text = try sentence.text("a sentence")
    do { return try read(try Sentence.words(text)) } catch { throw sentence.error(error) }
  }
}

extension ClaimLowering.Place {
  init(_ value: YAMLValue) {
    self.init(path: value.source.path, position: value.position)
  }
}

extension YAMLValue {
  /// The error of a sentence that this value holds.
  fileprivate func error(_ problem: Sentence.Problem) -> SpecificationError {
    SpecificationError(
      path: source.path, position: position(of: problem.offset), message: problem.message)
  }
}

extension String {
  /// The text with every run of blanks and line ends as one blank.
  var oneLine: String {
    split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }
}
