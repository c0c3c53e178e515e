internal import BigInt
public import ExactArithmetic

extension Rational {
  /// The binary64 number nearest to this one, ties to even; infinite beyond its range.
  ///
  /// A candidate and for messages: nothing is decided with it.
  public var nearestDouble: Double {
    guard signum != 0 else { return 0 }
    let magnitude = self.magnitude
    // Two more bits than a significand, the last one sticky, so that one final rounding is right.
    let size = magnitude.numerator.bitWidth - magnitude.denominator.bitWidth
    let bits = min(55 - size, 1076)
    let scaled = bits >= 0 ? magnitude.numerator << bits : magnitude.numerator
    let divisor = bits >= 0 ? magnitude.denominator : magnitude.denominator << (-bits)
    var (quotient, remainder) = scaled.quotientAndRemainder(dividingBy: divisor)
    if !remainder.isZero { quotient |= 1 }
    guard let integer = UInt64(exactly: quotient) else {
      return signum < 0 ? -.infinity : .infinity
    }
    let value = scalbn(Double(integer), -bits)
    return signum < 0 ? -value : value
  }

  /// Scales by a power of two in two steps, so that a result in the subnormal range rounds once.
  private func scalbn(_ value: Double, _ exponent: Int) -> Double {
    guard exponent > -1000 else {
      return value * 0x1p-900 * Double(sign: .plus, exponent: exponent + 900, significand: 1)
    }
    guard exponent < 1000 else { return .infinity }
    return value * Double(sign: .plus, exponent: exponent, significand: 1)
  }
}

extension Dyadic {
  /// The binary64 number nearest to this one.
  public var nearestDouble: Double { Rational(self).nearestDouble }
}
