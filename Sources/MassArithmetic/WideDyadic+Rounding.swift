public import ExactArithmetic

/// How many bits a rounded number keeps.
let keptBits = 120

extension WideDyadic: Comparable {
  /// Compares exactly: of two numbers of at most 121 bits only one is rounded when they are added.
  public static func < (left: WideDyadic, right: WideDyadic) -> Bool {
    var difference = left
    difference.addRoundingDown(-right)
    return difference.signum < 0
  }

  /// A product or quotient of a sign: `±(kept + what was lost) · 2^exponent`, rounded down.
  private init(isNegative: Bool, _ kept: UInt128, lost: Bool, exponent: Int) {
    let size = Int128(kept)
    self.init(isNegative ? -size - (lost ? 1 : 0) : size, exponent: exponent)
  }

  /// At most ``keptBits`` leading bits of it, rounded down.
  func rounded() -> WideDyadic {
    let excess = mantissa.significantBits - keptBits
    guard excess > 0 else { return self }
    return WideDyadic(mantissa.shifted(by: -excess), exponent: exponent + excess)
  }

  /// The sum, rounded down.
  func plus(_ other: WideDyadic) -> WideDyadic {
    var sum = self
    sum.addRoundingDown(other)
    return sum.rounded()
  }

  /// The product, rounded down; both have at most 121 bits.
  func times(_ other: WideDyadic) -> WideDyadic {
    let (high, low) = mantissa.magnitude.multipliedFullWidth(by: other.mantissa.magnitude)
    let bits = high == 0 ? 128 - low.leadingZeroBitCount : 256 - high.leadingZeroBitCount
    let excess = max(0, bits - keptBits)
    let kept = excess == 0 ? low : high << UInt128(128 - excess) | low >> UInt128(excess)
    return WideDyadic(
      isNegative: (mantissa < 0) != (other.mantissa < 0), kept,
      lost: low & ((1 << UInt128(excess)) - 1) != 0, exponent: exponent + other.exponent + excess)
  }

  /// The quotient, rounded down; the divisor is positive.
  func divided(by divisor: WideDyadic) -> WideDyadic {
    guard mantissa != 0 else { return .zero }
    let (size, bottom) = (mantissa.magnitude, divisor.mantissa.magnitude)
    let (shift, bottomShift) = (size.leadingZeroBitCount, bottom.leadingZeroBitCount)
    // The leading bits of both are the highest ones; the dividend is halved, so that the quotient fits.
    let top = size << UInt128(shift)
    let (quotient, remainder) = (bottom << UInt128(bottomShift)).dividingFullWidth(
      (top >> 1, top << 127))
    let excess = 128 - keptBits
    return WideDyadic(
      isNegative: mantissa < 0, quotient >> UInt128(excess),
      lost: remainder != 0 || quotient & ((1 << UInt128(excess)) - 1) != 0,
      exponent: exponent - shift - divisor.exponent + bottomShift - 127 + excess)
  }
}
