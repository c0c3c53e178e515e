internal import ExactArithmetic
internal import Probability

/// One number of a claim: an entry of a quantified variable, or of a network's value at one.
struct Quantity: Hashable, Comparable {
  /// What it is an entry of.
  enum Source: Hashable {
    /// The quantified variable at this place in the claim.
    case variable(Int)
    /// The application at this place in the claim.
    case application(Int)
    /// The Jacobian of the application at this place in the claim, row by row.
    case jacobian(Int)
    /// What a rectifier of the application at this place in the claim is applied to.
    case preactivation(Int, rectifier: Int)
  }

  let source: Source
  let index: Int

  static func < (left: Quantity, right: Quantity) -> Bool { left.order < right.order }

  private var order: (Int, Int, Int, Int) {
    switch source {
    case .variable(let place): (0, place, 0, index)
    case .application(let place): (1, place, 0, index)
    case .jacobian(let place): (2, place, 0, index)
    case .preactivation(let place, let rectifier): (3, place, rectifier, index)
    }
  }
}

/// A piecewise linear number: `constant + Σ coefficient · quantity + Σ coefficient · extreme`.
struct Term: Sendable {
  /// The greatest or the least of some numbers.
  struct Extreme {
    let isMaximum: Bool
    let operands: [Term]
  }

  private(set) var constant: Rational
  private(set) var coefficients: [Quantity: Rational] = [:]
  private var extremes: [(coefficient: Rational, extreme: Extreme)] = []

  init(_ constant: Rational) { self.constant = constant }

  init(_ quantity: Quantity) {
    constant = .zero
    coefficients = [quantity: .one]
  }

  init(_ extreme: Extreme) {
    constant = .zero
    extremes = [(.one, extreme)]
  }

  /// The value, where it depends on nothing.
  var constantValue: Rational? { coefficients.isEmpty && extremes.isEmpty ? constant : nil }

  /// The derivative of a linear number of one variable along a direction; nil where it is not linear.
  ///
  /// - Parameters:
  ///   - direction: The place of the direction, which replaces every variable.
  ///   - derivative: The place of the derivative of an application.
  /// - Returns: The derivative.
  func derivative(along direction: Int, _ derivative: (Int) -> Int) -> Term? {
    guard extremes.isEmpty else { return nil }
    var sum = Term(.zero)
    for (quantity, coefficient) in coefficients {
      let source: Quantity.Source
      switch quantity.source {
      case .variable: source = .variable(direction)
      case .application(let place): source = .application(derivative(place))
      case .jacobian, .preactivation: return nil
      }
      sum = sum + Term(Quantity(source: source, index: quantity.index)).scaled(by: coefficient)
    }
    return sum
  }

  /// All quantities that it is made of, one of several operands among them.
  var quantities: Set<Quantity> {
    extremes.flatMap(\.extreme.operands).reduce(into: Set(coefficients.keys)) {
      $0.formUnion($1.quantities)
    }
  }

  /// The same of other quantities; nothing where one has no replacement.
  func replacing(_ replacement: (Quantity) -> Quantity?) -> Term? {
    var replaced = Term(constant)
    for (quantity, coefficient) in coefficients {
      guard let other = replacement(quantity) else { return nil }
      replaced = replaced + Term(other).scaled(by: coefficient)
    }
    for (coefficient, extreme) in extremes {
      let operands = extreme.operands.compactMap { $0.replacing(replacement) }
      guard operands.count == extreme.operands.count else { return nil }
      replaced.extremes.append(
        (coefficient, Extreme(isMaximum: extreme.isMaximum, operands: operands)))
    }
    return replaced
  }

  /// The absolute value.
  var magnitude: Term {
    Term(Extreme(isMaximum: true, operands: [self, scaled(by: -.one)]))
  }

  func scaled(by factor: Rational) -> Term {
    guard factor != .zero else { return Term(.zero) }
    var product = self
    product.constant = constant * factor
    product.coefficients = coefficients.mapValues { $0 * factor }
    product.extremes = extremes.map { ($0.coefficient * factor, $0.extreme) }
    return product
  }

  static func + (left: Term, right: Term) -> Term {
    var sum = left
    sum.constant = left.constant + right.constant
    for (quantity, coefficient) in right.coefficients {
      let total = (sum.coefficients[quantity] ?? .zero) + coefficient
      sum.coefficients[quantity] = total == .zero ? nil : total
    }
    sum.extremes += right.extremes
    return sum
  }

  static func - (left: Term, right: Term) -> Term { left + right.scaled(by: -.one) }

  /// The rest and one extreme of a term that is not linear.
  var split: (rest: Term, coefficient: Rational, extreme: Extreme)? {
    var rest = self
    guard let last = rest.extremes.popLast() else { return nil }
    return (rest, last.coefficient, last.extreme)
  }
}

/// A condition on the quantities of a claim.
indirect enum Formula: Sendable {
  /// `term ≤ 0`, `term < 0` or `term == 0`.
  case atom(Term, Relation)
  case all([Formula])
  case any([Formula])
  /// What only events of probabilities speak of: norms of Jacobians, and units.
  case norm(NormCondition)
  case unit(UnitCondition)
  /// That the spectral norm of a matrix is on a side of a number.
  case spectralNorm([[Quantity]], NormCondition.Side, Rational)

  /// How a term is compared with zero.
  enum Relation: String {
    case atMost = "<="
    case below = "<"
    case equal = "=="
  }

  /// The opposite.
  var negated: Formula {
    switch self {
    case .atom(let term, .atMost): .atom(term.scaled(by: -.one), .below)
    case .atom(let term, .below): .atom(term.scaled(by: -.one), .atMost)
    case .atom(let term, .equal):
      .any([.atom(term, .below), .atom(term.scaled(by: -.one), .below)])
    case .all(let parts): .any(parts.map(\.negated))
    case .any(let parts): .all(parts.map(\.negated))
    case .norm(let condition): .norm(condition.opposite)
    case .unit(let condition): .unit(condition.opposite)
    case .spectralNorm(let matrix, let side, let limit):
      .spectralNorm(matrix, side.opposite, limit)
    }
  }
}

extension Formula {
  /// What a comparison with a maximum or minimum says without it; nothing where there is none.
  ///
  /// `rest + max(a, b) ≤ 0` says `rest + a ≤ 0` and `rest + b ≤ 0`; `rest + min(a, b) ≤ 0` says one of
  /// them. A negative factor exchanges the two.
  var alternatives: Formula? {
    guard case .atom(let term, let relation) = self,
      let (rest, coefficient, extreme) = term.split
    else { return nil }
    guard relation != .equal else {
      return .all([.atom(term, .atMost), .atom(term.scaled(by: -.one), .atMost)])
    }
    let parts = extreme.operands.map { Formula.atom(rest + $0.scaled(by: coefficient), relation) }
    return extreme.isMaximum == (coefficient > .zero) ? .all(parts) : .any(parts)
  }
}

/// Writes formulas as conditions of a query, each maximum and minimum as its alternatives.
///
/// `rest + max(a, b) ≤ 0` says `rest + a ≤ 0` and `rest + b ≤ 0`; `rest + min(a, b) ≤ 0` says one of
/// them. A negative factor exchanges the two.
struct Expansion {
  /// More comparisons than this are refused.
  static let limit = 100_000

  /// The names of a claim's quantities in its query.
  let name: (Quantity) -> String
  private var remaining = Expansion.limit

  init(name: @escaping (Quantity) -> String) { self.name = name }

  /// The condition, or nothing where it would be too long.
  mutating func condition(_ formula: Formula) -> Condition? {
    switch formula {
    case .all(let parts): return join(parts, isConjunction: true)
    case .any(let parts): return join(parts, isConjunction: false)
    case .norm, .unit:
      preconditionFailure("in queries, Jacobians are values of derivatives and units are values")
    case .spectralNorm(let matrix, let side, let limit):
      remaining -= 1
      let rows = matrix.map { "(\($0.map(name).joined(separator: " ")))" }
      let norm = "(norm \(rows.joined(separator: " ")))"
      let fraction = [limit.numerator, limit.denominator].map { Rational($0).numeral }
      let number = limit.decimalNumeral ?? "(/ \(fraction.joined(separator: " ")))"
      return .comparison("(\(side.symbol) \(norm) \(number))")
    case .atom(let term, let relation):
      guard let alternatives = formula.alternatives else {
        remaining -= 1
        return remaining < 0 ? nil : .comparison(comparison(term, relation))
      }
      return condition(alternatives)
    }
  }

  private mutating func join(_ parts: [Formula], isConjunction: Bool) -> Condition? {
    var conditions: [Condition] = []
    for part in parts {
      guard let condition = condition(part) else { return nil }
      switch condition {
      case .all(let inner) where isConjunction: conditions += inner
      case .any(let inner) where !isConjunction: conditions += inner
      case .comparison, .all, .any: conditions.append(condition)
      }
    }
    guard conditions.count != 1 else { return conditions[0] }
    return isConjunction ? .all(conditions) : .any(conditions)
  }

  /// A linear comparison without negative coefficients: what is subtracted stands on the other side.
  private func comparison(_ term: Term, _ relation: Formula.Relation) -> String {
    let coefficients = term.coefficients.sorted { $0.key < $1.key }
    var scale = Rational.one
    for value in [term.constant] + coefficients.map(\.value)
    where (value * scale).decimalNumeral == nil {
      scale = scale * Rational(value.denominator)
    }
    var (left, right): ([String], [String]) = ([], [])
    for (quantity, coefficient) in coefficients {
      let size = (coefficient * scale).magnitude
      let entry = name(quantity)
      let product = size == .one ? entry : "(* \(size.numeral) \(entry))"
      if coefficient > .zero { left.append(product) } else { right.append(product) }
    }
    // A constant stands alone where it can.
    let constant = term.constant * scale
    switch constant.signum {
    case 1 where right.isEmpty && !left.isEmpty: right = [(-constant).numeral]
    case 1: left.append(constant.numeral)
    case -1 where left.isEmpty && !right.isEmpty: left = [constant.numeral]
    case -1: right.append((-constant).numeral)
    default: break
    }
    return "(\(relation.rawValue) \(sum(left)) \(sum(right)))"
  }

  private func sum(_ terms: [String]) -> String {
    switch terms.count {
    case 0: Rational.zero.numeral
    case 1: terms[0]
    default: "(+ \(terms.joined(separator: " ")))"
    }
  }
}

extension NormCondition.Side {
  /// As a comparison in a query.
  fileprivate var symbol: String {
    switch self {
    case .above: ">"
    case .atLeast: ">="
    case .below: "<"
    case .atMost: "<="
    }
  }
}
