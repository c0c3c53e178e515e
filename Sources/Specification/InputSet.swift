internal import ExactArithmetic

/// How far a ball's points are from its centre.
public enum InputNorm: String, Sendable {
  /// The sum of magnitudes.
  case one = "1"
  /// The Euclidean length.
  case two = "2"
  /// The largest magnitude.
  case infinity = "inf"
}

/// A set of inputs as the file describes it; one number stands for all entries alike.
struct InputSet {
  /// What is in the set.
  enum Shape {
    case box(lower: [Rational], upper: [Rational])
    case ball(centre: [Rational], radius: Radius, norm: InputNorm)
  }

  /// How large a ball is.
  enum Radius {
    case fixed(Rational)
    /// As large as the claim that uses it allows: this is asked for.
    case largest
  }

  let shape: Shape
  /// Where the file describes it.
  let value: YAMLValue

  /// Reads `{lower, upper}` or `{around, radius, norm}`.
  ///
  /// - Parameters:
  ///   - value: The description.
  ///   - files: The text of a file with the centre.
  /// - Throws: ``SpecificationError`` where it is no such description.
  init(
    _ value: YAMLValue, files: (YAMLValue, String) throws(SpecificationError) -> String
  ) throws(SpecificationError) {
    self.value = value
    let fields = try value.fields(["lower", "upper", "around", "radius", "norm"])
    if let lower = fields["lower"], let upper = fields["upper"], fields.count == 2 {
      shape = .box(lower: try Self.numbers(lower), upper: try Self.numbers(upper))
    } else if let around = fields["around"], let radius = fields["radius"],
      let norm = fields["norm"], fields.count == 3
    {
      shape = .ball(
        centre: try Self.centre(around, files), radius: try Self.radius(radius),
        norm: try Self.norm(norm))
    } else {
      throw value.error("expected a set {lower, upper} or {around, radius, norm}")
    }
  }

  private static func numbers(_ value: YAMLValue) throws(SpecificationError) -> [Rational] {
    guard value.isList else { return [try value.number()] }
    var numbers: [Rational] = []
    for element in try value.list() { numbers.append(try element.number()) }
    guard !numbers.isEmpty else { throw value.error("found an empty list, expected numbers") }
    return numbers
  }

  /// The numbers of a list, or of a file that holds one point, as numbers between commas and lines.
  private static func centre(
    _ value: YAMLValue, _ files: (YAMLValue, String) throws(SpecificationError) -> String
  ) throws(SpecificationError) -> [Rational] {
    guard let name = value.scalarText, Rational(decimal: name) == nil else {
      return try numbers(value)
    }
    var numbers: [Rational] = []
    let lines = try files(value, name).split(omittingEmptySubsequences: false) { $0.isNewline }
    for (line, text) in lines.enumerated() where !text.allSatisfy(\.isWhitespace) {
      for field in text.split(separator: ",", omittingEmptySubsequences: false) {
        let numeral = field.drop(while: \.isWhitespace).prefix { !$0.isWhitespace }
        guard
          field.drop(while: \.isWhitespace).dropFirst(numeral.count)
            .allSatisfy(\.isWhitespace), let number = Rational(decimal: numeral)
        else {
          throw value.error(
            "line \(line + 1) of `\(name)`: found `\(field)`, expected a finite decimal number")
        }
        numbers.append(number)
      }
    }
    guard !numbers.isEmpty else { throw value.error("`\(name)` holds no numbers") }
    return numbers
  }

  private static func radius(_ value: YAMLValue) throws(SpecificationError) -> Radius {
    if value.scalarText == "largest" { return .largest }
    let radius = try value.number()
    guard radius >= .zero else { throw value.error("found a negative radius") }
    return .fixed(radius)
  }

  /// Reads a norm.
  static func norm(_ value: YAMLValue) throws(SpecificationError) -> InputNorm {
    let text = try value.text("a norm: 1, 2 or inf")
    guard let norm = InputNorm(rawValue: text) else {
      throw value.error("found the norm `\(text)`, expected 1, 2 or inf")
    }
    return norm
  }

  // MARK: Conditions

  private func spread(_ numbers: [Rational], _ size: Int) throws(SpecificationError) -> [Rational] {
    guard numbers.count != 1 else { return Array(repeating: numbers[0], count: size) }
    guard numbers.count == size else {
      throw value.error("found \(numbers.count) numbers, expected \(size), one for each input")
    }
    return numbers
  }

  /// What a point of the set meets.
  ///
  /// - Parameter entries: The names of the point's entries in the query.
  /// - Returns: The conditions, or the ball whose radius is asked for.
  /// - Throws: ``SpecificationError`` where the set has another number of entries, or is empty.
  func source(on entries: [String]) throws(SpecificationError) -> ClaimLowering.Source {
    switch shape {
    case .box(let lower, let upper):
      let (lower, upper) = (try spread(lower, entries.count), try spread(upper, entries.count))
      for index in entries.indices where lower[index] > upper[index] {
        throw value.error("the set is empty: entry \(index) has its lower end above its upper end")
      }
      return .conditions(Self.conditions(on: entries, from: lower, to: upper))
    case .ball(let centre, let radius, let norm):
      let centre = try spread(centre, entries.count)
      switch radius {
      case .largest: return .ball(entries: entries, centre: centre, norm: norm)
      case .fixed(let radius):
        return .conditions(
          Self.conditions(on: entries, around: centre, radius: radius, norm: norm))
      }
    }
  }

  private static func conditions(
    on entries: [String], from lower: [Rational], to upper: [Rational]
  ) -> [Condition] {
    entries.indices.flatMap { index in
      [
        .comparison("(<= \(lower[index].numeral) \(entries[index]))"),
        .comparison("(<= \(entries[index]) \(upper[index].numeral))"),
      ]
    }
  }

  /// The conditions of a ball: its box, then the ball.
  static func conditions(
    on entries: [String], around centre: [Rational], radius: Rational, norm: InputNorm
  ) -> [Condition] {
    let box = conditions(
      on: entries, from: centre.map { $0 - radius }, to: centre.map { $0 + radius })
    guard norm != .infinity else { return box }
    let distances = zip(entries, centre).map {
      let distance = "(- \($0) \($1.numeral))"
      return norm == .one ? "(abs \(distance))" : "(* \(distance) \(distance))"
    }
    let limit = norm == .one ? radius : radius * radius
    return box + [
      .comparison("(<= (+ \(distances.joined(separator: " "))) \(limit.numeral))")
    ]
  }
}
