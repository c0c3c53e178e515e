internal import BigInt
public import ExactArithmetic

/// Which way a number is rounded.
public enum Rounding: Hashable, Sendable {
  /// Towards minus infinity.
  case down
  /// Towards plus infinity.
  case up
}

extension Dyadic {
  /// A decimal numeral of at most 12 digits, as a claim may have it.
  ///
  /// Edge cases: between 0 and 10^-400, the least that a claim may have, it is rounded to one of the
  /// two; a proof about many inputs may show far smaller ones.
  ///
  /// - Parameter rounding: Which way the numeral may be off.
  /// - Returns: The numeral, as `0.125` or `-3.2e-9`.
  public func numeral(rounding: Rounding) -> String {
    if signum < 0 { return "-" + (-self).numeral(rounding: rounding == .up ? .down : .up) }
    let isTiny = exponent + mantissa.bitWidth <= -1_328
    guard signum > 0, !isTiny else { return signum > 0 && rounding == .up ? "1e-400" : "0" }
    let value = Rational(self)
    var exponent = (self.exponent + mantissa.bitWidth - 1) * 301 / 1000
    while Self.power(exponent) > value { exponent -= 1 }
    while Self.power(exponent + 1) <= value { exponent += 1 }
    let scaled = value * Self.power(11 - exponent)
    var (integer, rest) = scaled.numerator.quotientAndRemainder(dividingBy: scaled.denominator)
    if rounding == .up, !rest.isZero { integer += 1 }
    if integer == BigInt(10).power(12) {
      integer /= 10
      exponent += 1
    }
    var digits = String(integer)
    while digits.last == "0" { digits.removeLast() }
    if (-5..<0).contains(exponent) {
      return "0." + String(repeating: "0", count: -1 - exponent) + digits
    }
    let fraction = digits.count > 1 ? "." + digits.dropFirst() : ""
    return "\(digits.prefix(1))\(fraction)" + (exponent == 0 ? "" : "e\(exponent)")
  }

  private static func power(_ exponent: Int) -> Rational {
    exponent >= 0
      ? Rational(BigInt(10).power(exponent)) : Rational(1, over: BigInt(10).power(-exponent))
  }
}
