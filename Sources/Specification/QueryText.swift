internal import ExactArithmetic

/// A condition in the text of a query.
enum Condition: Sendable {
  case comparison(String)
  case all([Condition])
  case any([Condition])

  /// The condition as strict VNN-LIB 2.0.
  var text: String {
    switch self {
    case .comparison(let text): text
    case .all(let parts): "(and \(parts.map(\.text).joined(separator: " ")))"
    case .any(let parts): "(or \(parts.map(\.text).joined(separator: " ")))"
    }
  }
}

extension Rational {
  /// The decimal numeral of a number that is known to have a finite one.
  var numeral: String {
    guard let numeral = decimalNumeral else {
      preconditionFailure("numbers are scaled until they have decimal numerals")
    }
    return numeral
  }
}
