internal import ClaimLanguage
internal import ExactArithmetic
internal import Probability

/// The events of a claim about a probability, or about two that are compared.
struct ProbabilitySides {
  /// How two probabilities are compared.
  enum Form {
    case single, ratio, difference

    init(_ fields: [String: YAMLValue]) {
      self =
        fields["divided-by"] != nil ? .ratio : fields["minus"] != nil ? .difference : .single
    }

    /// What stands between the two in a sentence.
    var word: String {
      switch self {
      case .single: ""
      case .ratio: " divided by that of "
      case .difference: " less that of "
      }
    }

    /// The least number that a claim may name.
    var least: Rational {
      switch self {
      case .single, .ratio: .zero
      case .difference: -.one
      }
    }

    /// The greatest number that a claim may name.
    var greatest: Rational? {
      switch self {
      case .single, .difference: .one
      case .ratio: nil
      }
    }
  }

  /// The sentences of one probability.
  struct Sentences {
    let event: YAMLValue
    let given: YAMLValue?

    var sentences: [YAMLValue] { [event] + [given].compactMap(\.self) }

    var statement: String {
      get throws(SpecificationError) {
        let words = try event.text("a sentence").oneLine
        guard let given else { return words }
        return "\(words), given \(try given.text("a sentence").oneLine),"
      }
    }

    func events(
      _ read: (YAMLValue) throws(SpecificationError) -> ReadEvent
    ) throws(SpecificationError) -> Side {
      var condition: ReadEvent?
      if let given { condition = try read(given) }
      return Side(event: try read(event), given: condition)
    }
  }

  /// An event, with its assertions and those of its contrary where linear conditions say what it is.
  struct ReadEvent {
    let event: Event
    let assertions: [String]?
    /// Nothing, too, where these would be too long.
    let contrary: [String]?
  }

  /// The events of one probability.
  struct Side {
    let event: ReadEvent
    let given: ReadEvent?
  }

  let form: Form
  let sides: [Side]

  /// The events whose probabilities are bounded.
  var events: [Event] {
    sides.flatMap { side in
      guard let given = side.given else { return [side.event.event] }
      return [.all([side.event.event, given.event]), given.event]
    }
  }

  /// What is made of their probabilities.
  var quantity: ProbabilityQuantity {
    var next = 0
    let numbers = sides.map { side -> ProbabilityQuantity in
      next += side.given == nil ? 1 : 2
      return side.given == nil
        ? .probability(next - 1) : .conditional(next - 2, given: next - 1)
    }
    switch form {
    case .single: return numbers[0]
    case .ratio: return .ratio(numbers[0], numbers[1])
    case .difference: return .difference(numbers[0], numbers[1])
    }
  }

  /// The quantity in the language of claims; nothing where linear conditions do not say what an event is.
  ///
  /// - Parameters:
  ///   - contraries: The places of the probabilities that are worded as one less those of the contrary
  ///     events.
  ///   - truncation: The assertions that all probabilities are given; none for those as they are.
  /// - Returns: The quantity.
  func text(byContraries contraries: Set<Int> = [], given truncation: [String] = []) -> String? {
    let texts = sides.enumerated().map { place, side -> [String]? in
      let isContrary = contraries.contains(place)
      let own = isContrary ? side.event.contrary : side.event.assertions
      guard var number = own.map(Self.lines) else { return nil }
      guard let condition = side.given.map({ $0.assertions }) ?? [] else { return nil }
      if !(condition + truncation).isEmpty {
        number = Self.form("conditional", [number, Self.lines(of: condition + truncation)])
      }
      return isContrary ? Self.form("complement", [number]) : number
    }
    let parts = texts.compactMap(\.self)
    guard parts.count == texts.count else { return nil }
    let lines =
      switch form {
      case .single: parts[0]
      case .ratio: Self.form("ratio", parts)
      case .difference: Self.form("difference", parts)
      }
    return lines.map { "  \($0)\n" }.joined()
  }

  private static func lines(of assertions: [String]) -> [String] {
    form("event", assertions.map { [$0] })
  }

  private static func form(_ name: String, _ parts: [[String]]) -> [String] {
    var lines = ["(\(name)"] + parts.flatMap { $0 }.map { "  \($0)" }
    lines[lines.count - 1] += ")"
    return lines
  }
}
