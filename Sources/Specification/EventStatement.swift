internal import ExactArithmetic
internal import NetworkModel
internal import Probability

/// Sentences about Jacobians, units and patterns in the words of queries.
///
/// A column of a Jacobian is the value of the network's derivative along a unit vector, a network and a
/// variable of their own; a unit is active where its pre-activation, a hidden value, is above zero.
struct EventStatement {
  /// The most entries of directions: each is an input of the query, and with 64 inputs the derivatives along all of them take
  /// gigabytes.
  private static let mostDirections = 512
  /// Sums of so many magnitudes at most are written out, by their signs.
  private static let mostMagnitudes = 8

  /// A column of the Jacobian of an application.
  private struct Column: Hashable {
    let application: Int
    let input: Int
  }

  /// The words of the sentences, with the derivatives that they need.
  private(set) var vocabulary: Vocabulary
  /// The rectifiers of each application whose pre-activations are spoken of.
  private(set) var rectifiers: [Int: Set<Int>] = [:]
  /// What the inputs beside the law's are, in order: the directions' entries.
  private(set) var directions: [Rational] = []
  private var derivatives: [Column: Int] = [:]

  /// Sees what sentences need.
  ///
  /// - Parameters:
  ///   - formulas: The sentences, of one variable.
  ///   - vocabulary: Their words.
  init(_ formulas: [Formula], vocabulary: Vocabulary) {
    self.vocabulary = vocabulary
    var columns: Set<Column> = []
    for formula in formulas { note(formula, &columns) }
    let size = vocabulary.size(of: 0) ?? 0
    guard columns.count * size <= Self.mostDirections else { return }
    let ordered = columns.sorted { ($0.application, $0.input) < ($1.application, $1.input) }
    for column in ordered {
      derivatives[column] = self.vocabulary.addDerivative(of: column.application)
      directions += (0..<size).map { $0 == column.input ? .one : .zero }
    }
  }

  private mutating func note(_ formula: Formula, _ columns: inout Set<Column>) {
    switch formula {
    case .all(let parts), .any(let parts): for part in parts { note(part, &columns) }
    case .atom(let term, _):
      for quantity in term.quantities {
        guard case .jacobian(let place) = quantity.source else { continue }
        columns.insert(Column(application: place, input: quantity.index % inputs(of: place)))
      }
    case .norm(let condition):
      guard statement(of: condition) != nil else { return }
      for input in 0..<inputs(of: condition.network) {
        columns.insert(Column(application: condition.network, input: input))
      }
    case .spectralNorm: break
    case .unit(let condition):
      guard preactivation(of: condition) != nil else { return }
      rectifiers[condition.network, default: []].insert(condition.rectifier)
    }
  }

  private func sizes(of application: Int) -> Vocabulary.Sizes? {
    vocabulary.networks[vocabulary.applications[application].network]
  }

  private func inputs(of application: Int) -> Int { sizes(of: application)?.inputs ?? 0 }

  private func outputs(of application: Int) -> Int { sizes(of: application)?.outputs ?? 0 }

  /// The value of the file that is a unit's pre-activation.
  private func preactivation(of unit: UnitCondition) -> Port? {
    sizes(of: unit.network)?.preactivations[unit.rectifier]
  }

  // MARK: In the words of queries

  /// What a sentence says; nothing where it is about norms that no linear conditions give, or about units
  /// whose pre-activations are no values of the file.
  func formula(_ formula: Formula) -> Formula? {
    switch formula {
    case .all(let parts): return stated(parts).map(Formula.all)
    case .any(let parts): return stated(parts).map(Formula.any)
    case .atom(let term, let relation):
      return term.replacing(quantity).map { .atom($0, relation) }
    case .norm(let condition): return statement(of: condition).flatMap(self.formula)
    case .spectralNorm(let matrix, let side, let limit):
      let stated = matrix.map { $0.compactMap(quantity) }
      guard zip(stated, matrix).allSatisfy({ $0.count == $1.count }) else { return nil }
      return .spectralNorm(stated, side, limit)
    case .unit(let condition):
      guard preactivation(of: condition) != nil else { return nil }
      let value = Term(
        Quantity(
          source: .preactivation(condition.network, rectifier: condition.rectifier),
          index: condition.index))
      return condition.isActive ? .atom(value.scaled(by: -.one), .below) : .atom(value, .atMost)
    }
  }

  private func stated(_ parts: [Formula]) -> [Formula]? {
    let stated = parts.compactMap(formula)
    return stated.count == parts.count ? stated : nil
  }

  private func quantity(_ quantity: Quantity) -> Quantity? {
    guard case .jacobian(let place) = quantity.source else { return quantity }
    let column = Column(application: place, input: quantity.index % inputs(of: place))
    return derivatives[column].map {
      Quantity(source: .application($0), index: quantity.index / inputs(of: place))
    }
  }

  // MARK: Norms

  /// What a condition on a norm says of the entries of the Jacobian; nothing where that is too long.
  private func statement(of condition: NormCondition) -> Formula? {
    let (rows, columns) = (outputs(of: condition.network), inputs(of: condition.network))
    let matrix = (0..<rows).map { row in
      (0..<columns).map {
        Quantity(source: .jacobian(condition.network), index: row * columns + $0)
      }
    }
    switch condition.norm {
    case .two: return .spectralNorm(matrix, condition.side, condition.limit)
    case .frobenius:
      // That of a single row is the root of the sum of squares.
      return .spectralNorm([matrix.flatMap(\.self)], condition.side, condition.limit)
    case .infinity: return largestSum(of: matrix, condition)
    case .one:
      return largestSum(of: (0..<columns).map { column in matrix.map { $0[column] } }, condition)
    }
  }

  /// That the largest sum of magnitudes of a line is on a side of a number.
  private func largestSum(of lines: [[Quantity]], _ condition: NormCondition) -> Formula? {
    guard lines.allSatisfy({ $0.count <= Self.mostMagnitudes }) else { return nil }
    let excesses = lines.map { line in
      line.reduce(Term(.zero) - Term(condition.limit)) { $0 + Term($1).magnitude }
    }
    switch condition.side {
    case .atMost: return .all(excesses.map { .atom($0, .atMost) })
    case .below: return .all(excesses.map { .atom($0, .below) })
    case .above: return .any(excesses.map { .atom($0.scaled(by: -.one), .below) })
    case .atLeast: return .any(excesses.map { .atom($0.scaled(by: -.one), .atMost) })
    }
  }
}
