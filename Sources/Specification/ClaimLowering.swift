internal import ClaimLanguage
internal import ExactArithmetic

/// A claim that is understood, ready to be written as a query; of a claim that asks for a number, the
/// threshold is still open.
struct ClaimLowering: Sendable {
  /// What a variable is taken from.
  enum Source {
    case conditions([Condition])
    /// A ball of the radius that is asked for.
    case ball(entries: [String], centre: [Rational], norm: InputNorm)
  }

  /// What is claimed of the variables.
  enum Subject {
    case holds(Formula)
    /// That a number is at most, or at least, the threshold.
    case extremum(Term, isMaximum: Bool)
    /// That no number's derivative along a direction is above the threshold.
    case slopes([Term])
  }

  /// A sentence that is claimed or presupposed, and where it stands.
  struct Place {
    let path: String
    let position: SourcePosition

    func error(_ message: String) -> SpecificationError {
      SpecificationError(path: path, position: position, message: message)
    }
  }

  let id: String
  /// What the claim says, where a threshold stands for `{}`.
  let statement: String
  let layout: QueryLayout
  let sources: [Source]
  let given: (formula: Formula, place: Place)?
  let subject: (subject: Subject, place: Place)
  /// Where the claim stands.
  let place: Place

  /// The query that denies the claim.
  ///
  /// - Parameter threshold: The number that is asked for, if any is.
  /// - Returns: The text.
  /// - Throws: ``SpecificationError`` where it becomes too long.
  func text(at threshold: Rational? = nil) throws(SpecificationError) -> ClaimText {
    var assertions: [Condition] = []
    for source in sources { assertions += source.conditions(radius: threshold ?? .zero) }
    assertions += layout.equalities
    if let given { assertions += try conditions(given.formula, at: given.place) }
    assertions += try conditions(claimed(threshold ?? .zero).negated, at: subject.place)
    let said = threshold.map { statement.replacing("{}", with: $0.shortNumeral) } ?? statement
    return try text(saying: "; denied by any answer: \(said)", assertions)
  }

  /// The query whose answers are the points that satisfy the sentence.
  func eventText() throws(SpecificationError) -> ClaimText {
    let assertions = layout.equalities + (try conditions(claimed(.zero), at: subject.place))
    return try text(saying: "; answered by the points with: \(statement)", assertions)
  }

  /// The query without a sentence, for events that bring their own assertions.
  var headText: String { lines(saying: "; about: \(statement)", layout.equalities) }

  /// The assertions whose points satisfy a sentence.
  func assertions(
    of formula: Formula, at place: Place
  ) throws(SpecificationError) -> [String] {
    try conditions(formula, at: place).map { "(assert \($0.text))" }
  }

  private func text(
    saying comment: String, _ assertions: [Condition]
  ) throws(SpecificationError) -> ClaimText {
    let text = lines(saying: comment, assertions)
    do { return ClaimText(text: text, query: try Query(parsing: text)) } catch {
      throw place.error(error.message)
    }
  }

  private func lines(saying comment: String, _ assertions: [Condition]) -> String {
    let lines =
      ["; \(id)", comment, "(vnnlib-version <2.0>)", ""]
      + layout.declarations + assertions.map { "(assert \($0.text))" }
    return lines.joined(separator: "\n") + "\n"
  }

  private func claimed(_ threshold: Rational) -> Formula {
    switch subject.subject {
    case .holds(let formula): formula
    case .slopes(let terms): .all(terms.map { .atom($0 - Term(threshold), .atMost) })
    case .extremum(let term, isMaximum: true): .atom(term - Term(threshold), .atMost)
    case .extremum(let term, isMaximum: false): .atom(Term(threshold) - term, .atMost)
    }
  }

  private func conditions(
    _ formula: Formula, at place: Place
  ) throws(SpecificationError) -> [Condition] {
    var expansion = Expansion(name: layout.name)
    guard let condition = expansion.condition(formula) else {
      throw place.error("the sentence comes to more than \(Expansion.limit) comparisons")
    }
    guard case .all(let parts) = condition else { return [condition] }
    return parts
  }
}

extension ClaimLowering.Source {
  /// The conditions that a point meets.
  fileprivate func conditions(radius: Rational) -> [Condition] {
    switch self {
    case .conditions(let conditions): conditions
    case .ball(let entries, let centre, let norm):
      InputSet.conditions(on: entries, around: centre, radius: radius, norm: norm)
    }
  }
}

extension Rational {
  /// The numeral without a fraction of zeros.
  var shortNumeral: String {
    numeral.hasSuffix(".0") ? String(numeral.dropLast(2)) : numeral
  }
}
