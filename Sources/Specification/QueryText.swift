internal import BigInt
public import ExactArithmetic

/// A condition in the text of a query.
enum Condition {
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

  /// The plain decimal numeral of this number, with a point; `nil` where there is no finite one.
  public var decimalNumeral: String? {
    // A denominator 2^a · 5^b has max(a, b) decimal places.
    var fives = 0
    var rest = denominator >> denominator.trailingZeroBitCount
    while rest != 1 {
      let (quotient, remainder) = rest.quotientAndRemainder(dividingBy: 5)
      guard remainder.isZero else { return nil }
      rest = quotient
      fives += 1
    }
    let places = max(fives, denominator.trailingZeroBitCount, 1)
    let digits = String(magnitude.numerator * BigInt(10).power(places) / denominator)
    let padded = String(repeating: "0", count: max(0, places + 1 - digits.count)) + digits
    return "\(signum < 0 ? "-" : "")\(padded.dropLast(places)).\(padded.suffix(places))"
  }
}
