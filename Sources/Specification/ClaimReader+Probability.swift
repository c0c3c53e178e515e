internal import ClaimLanguage
internal import ExactArithmetic
internal import NetworkModel
internal import Probability

/// Claims about how probable an event is.
extension ClaimReader {
  private static let demands = ["at-most", "at-least", "between", "precision"]

  /// Reads a claim with the key `probability`.
  func probabilityClaim(_ value: YAMLValue) throws(SpecificationError) -> Specification.Claim {
    let fields = try value.fields(
      ["id", "probability", "given", "divided-by", "minus", "under"] + Self.demands)
    let found = Self.demands.filter { fields[$0] != nil }
    guard let id = fields["id"], let sentence = fields["probability"], let under = fields["under"],
      found.count == 1, let bound = fields[found[0]]
    else {
      throw value.error(
        "expected the keys id, probability, under and one of \(Self.demands.joined(separator: ", "))"
      )
    }
    let sides = try sides(of: value, sentence, fields)
    let form = ProbabilitySides.Form(fields)
    let name = try identifier(id)
    let demand = try demand(found[0], bound, of: form)
    let vocabulary = try vocabulary(ofEvents: sides.flatMap(\.sentences))
    let names = vocabulary.applications.map(\.network)
    let law = NamedDistribution(name: under.sentence, try laws.law(under), at: under)
    let statement = try sides.map { (side) throws(SpecificationError) in try side.statement }
      .joined(separator: form.word)
    let formulas = try sides.flatMap(\.sentences).map { (sentence) throws(SpecificationError) in
      try formula(sentence, vocabulary)
    }
    let events = EventStatement(formulas, vocabulary: vocabulary)
    let lowering = ClaimLowering(
      id: name, statement: statement,
      layout: QueryLayout(
        events.vocabulary, networks: networks, arithmetic: arithmetic,
        rectifiers: events.rectifiers),
      sources: [], given: nil,
      subject: (
        .holds(events.formula(formulas[0]) ?? formulas[0]), ClaimLowering.Place(sentence)
      ),
      place: ClaimLowering.Place(value))
    let size = vocabulary.size(of: 0) ?? 0
    let read = ProbabilitySides(
      form: form,
      sides: try sides.map { (side) throws(SpecificationError) in
        try side.events { (sentence) throws(SpecificationError) in
          let formula = try formula(sentence, vocabulary)
          guard let event = EventExpansion.event(formula, inputCount: size) else {
            throw sentence.error("the sentence comes to more than \(Expansion.limit) comparisons")
          }
          // Contraries and norms may take more comparisons than sentences.
          func assertions(_ formula: Formula?) -> [String]? {
            formula.flatMap {
              try? lowering.assertions(of: $0, at: ClaimLowering.Place(sentence))
            }
          }
          let stated = events.formula(formula)
          return .init(
            event: event, assertions: assertions(stated), contrary: assertions(stated?.negated))
        }
      })
    let wholeLaw = try law.law(size: size)
    let truncation = try wholeLaw.truncationForProofs.map { (formula) throws(SpecificationError) in
      try lowering.assertions(of: formula, at: ClaimLowering.Place(under))
    }
    let isSimple = read.quantity == .probability(0) && read.text() != nil
    let claim = ProbabilityClaim(
      events: read.events, quantity: read.quantity, eventNetworks: names,
      law: wholeLaw, lawSentence: under.sentence, demand: demand,
      arithmetic: arithmetic, text: isSimple ? try lowering.eventText() : nil,
      head: lowering.headText, sides: read, truncation: truncation ?? [],
      directions: events.directions)
    return Specification.Claim(
      id: name, line: value.position.line,
      statement: "the probability of \(statement) under \(claim.lawSentence)\(demand.phrase)",
      form: .probability(claim), networks: names)
  }

  /// The sentences of a claim: those of one probability, or of two that are compared.
  private func sides(
    of value: YAMLValue, _ sentence: YAMLValue, _ fields: [String: YAMLValue]
  ) throws(SpecificationError) -> [ProbabilitySides.Sentences] {
    let first = ProbabilitySides.Sentences(event: sentence, given: fields["given"])
    let others = ["divided-by", "minus"].compactMap { fields[$0] }
    guard others.count < 2 else {
      throw value.error("found divided-by and minus, expected one of them")
    }
    guard let other = others.first else { return [first] }
    let named = try other.fields(["probability", "given"])
    guard !named.isEmpty else { throw other.error("expected the key probability, given, or both") }
    return [
      first,
      ProbabilitySides.Sentences(
        event: named["probability"] ?? sentence, given: named["given"] ?? first.given),
    ]
  }

  private func demand(
    _ key: String, _ value: YAMLValue, of form: ProbabilitySides.Form
  ) throws(SpecificationError) -> ProbabilityClaim.Demand {
    func probability(_ value: YAMLValue) throws(SpecificationError) -> Rational {
      let number = try value.number()
      guard number >= form.least, form.greatest.map({ number <= $0 }) ?? true else {
        throw value.error(
          "found `\(number.shortNumeral)`, expected a number "
            + (form.greatest.map { "from \(form.least.shortNumeral) to \($0.shortNumeral)" }
              ?? "that is not negative"))
      }
      return number
    }
    switch key {
    case "at-most": return .atMost(try probability(value))
    case "at-least": return .atLeast(try probability(value))
    case "between":
      let ends = try value.list()
      guard ends.count == 2 else {
        throw value.error("found \(ends.count) numbers, expected two, the lower one first")
      }
      let (lower, upper) = (try probability(ends[0]), try probability(ends[1]))
      guard lower <= upper else { throw value.error("the lower end is above the upper end") }
      return .between(lower, upper)
    default:
      if let share = value.percentage {
        guard share > .zero, share < .one else {
          throw value.error(
            "found `\((share * Rational(100)).shortNumeral)%`, expected a percentage between 0 and 100"
          )
        }
        return .relativePrecision(share)
      }
      let width = try probability(value)
      guard width > .zero else { throw value.error("found `0`, expected a positive number") }
      return .precision(width)
    }
  }

  /// What the names in the sentences of events stand for; their variable is the one that a network is
  /// applied to.
  private func vocabulary(
    ofEvents sentences: [YAMLValue]
  ) throws(SpecificationError) -> Vocabulary {
    var names: [String] = []
    for sentence in sentences {
      try reading(sentence) { words throws(Sentence.Problem) in
        for place in words.indices {
          guard let (network, name) = Vocabulary.application(in: words[place...]),
            networks[network] != nil, networks[name] == nil,
            !SentenceReader.reserved.contains(name), !names.contains(name)
          else { continue }
          guard names.isEmpty else {
            throw Sentence.Problem(
              offset: words[place].offset,
              message: "found the variables `\(names[0])` and `\(name)`, expected one, as one law "
                + "is that of one input")
          }
          names.append(name)
        }
      }
    }
    var vocabulary = Vocabulary(
      networks: networks.mapValues { Vocabulary.Sizes($0) }, variables: names,
      describesEvents: true)
    for sentence in sentences {
      try reading(sentence) { words throws(Sentence.Problem) in
        guard !names.isEmpty else {
          throw Sentence.Problem(
            offset: 0, message: "no network is applied to a variable, expected one as in `f(x)`")
        }
        try vocabulary.collect(words)
      }
    }
    return vocabulary
  }
}

extension ProbabilityClaim.Demand {
  /// As the end of a sentence about a probability.
  fileprivate var phrase: String {
    switch self {
    case .atMost(let limit): " is at most \(limit.shortNumeral)"
    case .atLeast(let limit): " is at least \(limit.shortNumeral)"
    case .between(let lower, let upper):
      " is between \(lower.shortNumeral) and \(upper.shortNumeral)"
    case .precision, .relativePrecision: ""
    }
  }
}

/// Writes formulas as events, each maximum and minimum as its alternatives.
struct EventExpansion {
  private let inputCount: Int
  private var remaining = Expansion.limit

  /// The event of a formula.
  ///
  /// - Parameters:
  ///   - formula: With one variable.
  ///   - inputCount: The number of inputs of its networks.
  /// - Returns: The event, or nothing where it would be too long.
  static func event(_ formula: Formula, inputCount: Int) -> Event? {
    var expansion = EventExpansion(inputCount: inputCount)
    return expansion.event(formula)
  }

  private mutating func event(_ formula: Formula) -> Event? {
    switch formula {
    case .all(let parts): return join(parts, isConjunction: true)
    case .any(let parts): return join(parts, isConjunction: false)
    case .norm(let condition): return .norm(condition)
    case .unit(let condition): return .unit(condition)
    case .spectralNorm: preconditionFailure("sentences speak of Jacobians, not of their entries")
    case .atom(let term, let relation):
      remaining -= 1
      guard remaining >= 0 else { return nil }
      guard let parts = formula.alternatives else {
        return .comparison(term.form(inputCount), Event.Relation(relation))
      }
      return event(parts)
    }
  }

  private mutating func join(_ parts: [Formula], isConjunction: Bool) -> Event? {
    var events: [Event] = []
    for part in parts {
      guard let event = event(part) else { return nil }
      events.append(event)
    }
    guard events.count != 1 else { return events[0] }
    return isConjunction ? .all(events) : .any(events)
  }
}

extension Event.Relation {
  fileprivate init(_ relation: Formula.Relation) {
    switch relation {
    case .atMost: self = .atMost
    case .below: self = .below
    case .equal: self = .equal
    }
  }
}

extension Term {
  /// A linear term as a form of an event, given the number of inputs of all networks.
  fileprivate func form(_ inputCount: Int) -> EventForm {
    var form = EventForm(constant: constant, coefficients: [:])
    for (quantity, coefficient) in coefficients {
      form.coefficients[quantity.event(inputCount)] = coefficient
    }
    return form
  }
}

extension Quantity {
  fileprivate func event(_ inputCount: Int) -> EventQuantity {
    switch source {
    case .variable: .input(index)
    case .application(let place): .output(network: place, entry: index)
    case .jacobian(let place):
      .jacobian(network: place, entry: index / inputCount, input: index % inputCount)
    case .preactivation: preconditionFailure("sentences speak of units, not of their values")
    }
  }
}
