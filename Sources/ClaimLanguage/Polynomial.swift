internal import ExactArithmetic

/// A sum of the terms that a row can hold, over the joint inputs and the outputs.
struct Polynomial {
  /// What a coefficient belongs to.
  enum Term: Hashable {
    case input(Int)
    case output(Int)
    case square(Int, centre: Rational)
    case absolute(Int, centre: Rational)
  }

  /// Why an expression is none: one sentence.
  struct Refusal: Error {
    let message: String
  }

  private(set) var coefficients: [Term: Rational] = [:]
  private(set) var constant = Rational.zero

  /// Adds a multiple of an expression.
  ///
  /// - Parameters:
  ///   - expression: The expression.
  ///   - factor: What it is multiplied by.
  ///   - term: The term of a variable's entry.
  /// - Throws: ``Refusal`` where it is not linear, a square or an absolute value.
  mutating func add(
    _ expression: Expression, times factor: Rational, term: (Entry) -> Term
  ) throws(Refusal) {
    switch expression {
    case .constant(let value): try add(value, times: factor)
    case .entry(let entry): try add(term(entry), factor)
    case .sum(let operands):
      for operand in operands { try add(operand, times: factor, term: term) }
    case .difference(let operands):
      for (place, operand) in operands.enumerated() {
        let isFirst = place == 0 && operands.count > 1
        try add(operand, times: isFirst ? factor : -factor, term: term)
      }
    case .product(let operands): try addProduct(operands, times: factor, term: term)
    case .absolute(let operand): try addAbsolute(operand, times: factor, term: term)
    }
  }

  private mutating func add(_ value: Rational, times factor: Rational) throws(Refusal) {
    let product = factor == .one ? value : value * factor
    constant = try Self.short(constant == .zero ? product : constant + product)
  }

  private mutating func add(_ term: Term, _ coefficient: Rational) throws(Refusal) {
    let sum = try Self.short(coefficients[term].map { $0 + coefficient } ?? coefficient)
    coefficients[term] = sum == .zero ? nil : sum
  }

  private static func short(_ value: Rational) throws(Refusal) -> Rational {
    guard value.isShort else { throw Refusal(message: "found numbers of more than 8192 bits") }
    return value
  }

  private mutating func addProduct(
    _ operands: [Expression], times factor: Rational, term: (Entry) -> Term
  ) throws(Refusal) {
    var factor = factor
    var others: [Polynomial] = []
    for operand in operands {
      var other = Polynomial()
      try other.add(operand, times: .one, term: term)
      if other.coefficients.isEmpty {
        factor = try Self.short(factor * other.constant)
      } else {
        others.append(other)
      }
    }
    switch others.count {
    case 0: try add(factor, times: .one)
    case 1:
      for (term, coefficient) in others[0].coefficients { try add(term, coefficient * factor) }
      try add(others[0].constant, times: factor)
    case 2:
      guard let left = others[0].inputAndCentre, let right = others[1].inputAndCentre,
        left.index == right.index, left.centre == right.centre
      else { fallthrough }
      try add(.square(left.index, centre: left.centre), left.slope * right.slope * factor)
    default:
      throw Refusal(
        message: "found a product of variables; of these only squares of one input entry, or of "
          + "its distance from a number, are supported")
    }
  }

  private mutating func addAbsolute(
    _ operand: Expression, times factor: Rational, term: (Entry) -> Term
  ) throws(Refusal) {
    var inner = Polynomial()
    try inner.add(operand, times: .one, term: term)
    if inner.coefficients.isEmpty {
      try add(inner.constant.magnitude, times: factor)
    } else if let inner = inner.inputAndCentre {
      try add(.absolute(inner.index, centre: inner.centre), inner.slope.magnitude * factor)
    } else {
      throw Refusal(
        message: "found an absolute value of something else than one input entry, or its "
          + "distance from a number")
    }
  }

  /// The parts of `slope · (x − centre)`, for one input entry x.
  private var inputAndCentre: (index: Int, slope: Rational, centre: Rational)? {
    guard coefficients.count == 1, case (.input(let index), let slope)? = coefficients.first else {
      return nil
    }
    return (index, slope, constant == .zero ? .zero : -constant / slope)
  }

  /// The row `self ≤ 0`, or `self < 0`.
  ///
  /// - Parameter isStrict: Whether equality is excluded.
  /// - Returns: The row, its entries by ascending index.
  /// - Throws: ``Refusal`` where the row's set is not convex, or bends in more than the inputs.
  func row(isStrict: Bool) throws(Refusal) -> Row {
    var inputs: [Row.Entry] = []
    var outputs: [Row.Entry] = []
    var curves: [(index: Int, isSquare: Bool, centre: Rational, coefficient: Rational)] = []
    for (term, coefficient) in coefficients {
      switch term {
      case .input(let index): inputs.append(Row.Entry(index: index, coefficient: coefficient))
      case .output(let index): outputs.append(Row.Entry(index: index, coefficient: coefficient))
      case .square(let index, let centre): curves.append((index, true, centre, coefficient))
      case .absolute(let index, let centre): curves.append((index, false, centre, coefficient))
      }
    }
    guard curves.isEmpty || outputs.isEmpty else {
      throw Refusal(
        message: "found squares or absolute values beside outputs; they may only bound inputs")
    }
    guard curves.allSatisfy({ $0.coefficient > .zero }) else {
      throw Refusal(
        message: "found squares or absolute values that are not bounded from above, as those of "
          + "a ball are")
    }
    // The order of a dictionary is not the same in two runs; that of the row must be.
    curves.sort {
      if $0.index != $1.index { return $0.index < $1.index }
      if $0.isSquare != $1.isSquare { return $0.isSquare }
      return $0.centre < $1.centre
    }
    return Row(
      inputs: inputs.sorted { $0.index < $1.index },
      outputs: outputs.sorted { $0.index < $1.index },
      curves: curves.map {
        $0.isSquare
          ? .square(index: $0.index, centre: $0.centre, coefficient: $0.coefficient)
          : .absolute(index: $0.index, centre: $0.centre, coefficient: $0.coefficient)
      }, bound: constant == .zero ? .zero : -constant, isStrict: isStrict)
  }
}
