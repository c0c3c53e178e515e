internal import ClaimLanguage
internal import ExactArithmetic
internal import NetworkModel

/// Reads claims and lowers each to a query.
struct ClaimReader {
  /// Parts of the language that are to come.
  static let planned: Set<String> = [
    "probability", "under", "at-most", "at-least", "given-event", "injective", "on",
    "keeps-decision", "at", "fixing", "with-probability",
  ]

  /// The networks, each of one input and one output.
  let networks: [String: Network]
  let arithmetic: Meaning
  let sets: [String: InputSet]
  let files: (YAMLValue, String) throws(SpecificationError) -> String

  /// A quantified variable and the sets it is taken from.
  private struct Quantifier {
    let name: String
    let sets: [InputSet]
    let place: YAMLValue
    /// As in `x in near and valid`.
    let sentence: String
  }

  /// Reads one claim.
  func claim(_ value: YAMLValue) throws(SpecificationError) -> Specification.Claim {
    let fields = try value.fields(["id", "for-all", "given", "holds"], planned: Self.planned)
    guard let idValue = fields["id"], let forAll = fields["for-all"], let holds = fields["holds"]
    else { throw value.error("expected the keys id, for-all and holds") }
    let id = try idValue.text("an id")
    guard Specification.isIdentifier(id) else {
      throw idValue.error("found the id `\(id)`, expected letters, digits, `-`, `_` and `.`")
    }
    let quantifiers = try quantifiers(forAll)
    let sentences = [fields["given"], holds].compactMap { $0 }
    let (vocabulary, formulas) = try formulas(sentences, quantifiers)
    let layout = QueryLayout(vocabulary, networks: networks, arithmetic: arithmetic)

    var assertions: [Condition] = []
    for (variable, quantifier) in quantifiers.enumerated() {
      guard let entries = layout.entries(of: variable) else {
        throw quantifier.place.error("no network is applied to `\(quantifier.name)`")
      }
      for set in quantifier.sets { assertions += try set.conditions(on: entries) }
    }
    assertions += layout.equalities
    for (place, formula) in formulas.enumerated() {
      // The query denies what holds, and keeps what is given.
      let isHolds = place == formulas.count - 1
      var expansion = Expansion(name: layout.name)
      guard let condition = expansion.condition(isHolds ? formula.negated : formula) else {
        throw sentences[place].error(
          "the sentence comes to more than \(Expansion.limit) comparisons")
      }
      if case .all(let parts) = condition {
        assertions += parts
      } else {
        assertions.append(condition)
      }
    }
    let given = try fields["given"]?.text("a sentence").oneLine
    let statement =
      "for all \(quantifiers.map(\.sentence).joined(separator: ", "))"
      + (given.map { " with \($0)" } ?? "") + ": \(try holds.text("a sentence").oneLine)"
    return try claim(
      id: id, statement: statement, at: value, layout: layout, assertions: assertions)
  }

  private func claim(
    id: String, statement: String, at value: YAMLValue, layout: QueryLayout,
    assertions: [Condition]
  ) throws(SpecificationError) -> Specification.Claim {
    let lines =
      ["; \(id)", "; denied by any answer: \(statement)", "(vnnlib-version <2.0>)", ""]
      + layout.declarations + assertions.map { "(assert \($0.text))" }
    let text = lines.joined(separator: "\n") + "\n"
    do {
      return Specification.Claim(
        id: id, line: value.position.line, statement: statement, text: text,
        query: try Query(parsing: text), networks: layout.files)
    } catch {
      throw value.error(error.message)
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

  private func formulas(
    _ sentences: [YAMLValue], _ quantifiers: [Quantifier]
  ) throws(SpecificationError) -> (Vocabulary, [Formula]) {
    var vocabulary = Vocabulary(
      networks: networks.mapValues { ($0.inputs[0].size, $0.outputs[0].size) },
      variables: quantifiers.map(\.name))
    var words: [[Sentence.Word]] = []
    for sentence in sentences {
      let text = try sentence.text("a sentence")
      do {
        words.append(try Sentence.words(text))
        try vocabulary.collect(words[words.count - 1])
      } catch {
        throw sentence.error(error)
      }
    }
    var formulas: [Formula] = []
    for (sentence, words) in zip(sentences, words) {
      do { formulas.append(try SentenceReader.read(words, vocabulary: vocabulary)) } catch {
        throw sentence.error(error)
      }
    }
    return (vocabulary, formulas)
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
  fileprivate var oneLine: String {
    split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }
}
