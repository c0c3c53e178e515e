internal import BigInt
internal import ExactArithmetic

extension Rational {
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
    let overMiddle = size + size - Rational(below + above)
    let isBelowEven = below.mantissa.isZero || below.exponent > spacing
    let nearest = overMiddle < .zero || (overMiddle == .zero && isBelowEven) ? below : above
    guard nearest < Dyadic(1, exponent: 128) else { return nil }
    return Rational(signum < 0 ? -nearest : nearest)
  }
}
