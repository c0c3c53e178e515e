internal import ExactArithmetic

/// A set of inputs as the file describes it; one number stands for all entries alike.
struct InputSet {
  /// How far a ball's points are from its centre.
  enum Norm: String {
    case one = "1"
    case two = "2"
    case infinity = "inf"
  }

  /// What is in the set.
  enum Shape {
    case box(lower: [Rational], upper: [Rational])
    case ball(centre: [Rational], radius: Rational, norm: Norm)
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

  private static func radius(_ value: YAMLValue) throws(SpecificationError) -> Rational {
    let radius = try value.number()
    guard radius >= .zero else { throw value.error("found a negative radius") }
    return radius
  }

  private static func norm(_ value: YAMLValue) throws(SpecificationError) -> Norm {
    let text = try value.text("a norm: 1, 2 or inf")
    guard let norm = Norm(rawValue: text) else {
      throw value.error("found the norm `\(text)`, expected 1, 2 or inf")
    }
    return norm
  }

  // MARK: Conditions

  /// The ends of the set's box.
  ///
  /// - Parameter size: The number of entries.
  /// - Returns: The ends.
  /// - Throws: ``SpecificationError`` where the set has another number of entries, or is empty.
  func box(
    size: Int
  ) throws(SpecificationError) -> (lower: [Rational], upper: [Rational]) {
    let (lower, upper): ([Rational], [Rational])
    switch shape {
    case .box(let low, let high):
      (lower, upper) = (try spread(low, size), try spread(high, size))
    case .ball(let centre, let radius, _):
      let centre = try spread(centre, size)
      (lower, upper) = (centre.map { $0 - radius }, centre.map { $0 + radius })
    }
    for index in 0..<size where lower[index] > upper[index] {
      throw value.error("the set is empty: entry \(index) has its lower end above its upper end")
    }
    return (lower, upper)
  }

  private func spread(_ numbers: [Rational], _ size: Int) throws(SpecificationError) -> [Rational] {
    guard numbers.count != 1 else { return Array(repeating: numbers[0], count: size) }
    guard numbers.count == size else {
      throw value.error("found \(numbers.count) numbers, expected \(size), one for each input")
    }
    return numbers
  }

  /// The conditions that a point of the set meets.
  ///
  /// - Parameter entries: The names of the point's entries in the query.
  /// - Returns: The conditions: the set's box, then the ball.
  /// - Throws: ``SpecificationError`` where the set has another number of entries, or is empty.
  func conditions(on entries: [String]) throws(SpecificationError) -> [Condition] {
    let (lower, upper) = try box(size: entries.count)
    var conditions: [Condition] = []
    for (index, entry) in entries.enumerated() {
      conditions.append(.comparison("(<= \(lower[index].numeral) \(entry))"))
      conditions.append(.comparison("(<= \(entry) \(upper[index].numeral))"))
    }
    guard case .ball(let centre, let radius, let norm) = shape, norm != .infinity else {
      return conditions
    }
    let distances = zip(entries, try spread(centre, entries.count)).map {
      let distance = "(- \($0) \($1.numeral))"
      return norm == .one ? "(abs \(distance))" : "(* \(distance) \(distance))"
    }
    let limit = norm == .one ? radius : radius * radius
    conditions.append(
      .comparison("(<= (+ \(distances.joined(separator: " "))) \(limit.numeral))"))
    return conditions
  }
}
