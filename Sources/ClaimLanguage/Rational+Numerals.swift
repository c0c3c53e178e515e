internal import BigInt
public import ExactArithmetic

extension Rational {
  /// Whether numerator and denominator have at most 8,192 bits, so that arithmetic takes little time.
  var isShort: Bool { max(numerator.bitWidth, denominator.bitWidth) <= 8_192 }

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

  /// The binary32 number nearest to this one, ties to even; `nil` beyond the finite ones.
  var nearestBinary32: Rational? {
    guard signum != 0 else { return self }
    let size = magnitude
    // 2^exponent ≤ size < 2^(exponent + 1), and the spacing of binary32 numbers there.
    var exponent = size.numerator.bitWidth - size.denominator.bitWidth
    if size < Rational(Dyadic(1, exponent: exponent)) { exponent -= 1 }
    let spacing = max(exponent - 23, -149)
    let below = size.roundedDown(toFractionalBits: -spacing)
    let above = below + Dyadic(1, exponent: spacing)
    let toBelow = size - Rational(below)
    let toAbove = Rational(above) - size
    let isBelowEven = below.mantissa.isZero || below.exponent > spacing
    let nearest = toBelow < toAbove || (toBelow == toAbove && isBelowEven) ? below : above
    guard nearest < Dyadic(1, exponent: 128) else { return nil }
    return Rational(signum < 0 ? -nearest : nearest)
  }
}
