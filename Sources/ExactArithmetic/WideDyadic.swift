internal import BigInt

/// A number `mantissa · 2^exponent` with a mantissa of at most 126 bits: the checker's workhorse.
///
/// Sums keep as many bits as fit and drop the rest in the direction their name says; everything
/// else traps rather than wraps.
public struct WideDyadic: Hashable, Sendable {
  /// The signed integer part.
  public var mantissa: Int128
  /// The power of two it is scaled by.
  public var exponent: Int

  /// Creates `mantissa · 2^exponent`.
  ///
  /// - Parameters:
  ///   - mantissa: Any integer of at most 126 bits.
  ///   - exponent: The power of two it is scaled by.
  public init(_ mantissa: Int128, exponent: Int = 0) {
    self.mantissa = mantissa
    self.exponent = exponent
  }

  /// Zero.
  public static let zero = WideDyadic(0)

  /// The largest number of at most 120 bits that is not above an exact one.
  ///
  /// - Parameter value: Any dyadic number.
  public init(roundingDown value: Dyadic) {
    let size = value.shortMantissa?.significantBits ?? value.mantissa.magnitude.bitWidth
    let excess = max(0, size - 119)
    let kept =
      value.shortMantissa?.shifted(by: -excess)
      ?? Int128(narrowing: value.mantissa.flooredShift(by: excess))
    self.init(kept, exponent: value.exponent + excess)
  }

  /// The smallest number of at most 120 bits that is not below an exact one.
  ///
  /// - Parameter value: Any dyadic number.
  public init(roundingUp value: Dyadic) { self = -WideDyadic(roundingDown: -value) }

  /// A number of at most 120 bits that is not above an exact one, off by less than 2^-116 of it.
  ///
  /// - Parameter value: Any fraction.
  public init(roundingDown value: Rational) {
    let size = value.numerator.bitWidth - value.denominator.bitWidth
    self.init(roundingDown: value.roundedDown(toFractionalBits: 119 - size))
  }

  /// The exact value.
  public var dyadic: Dyadic { Dyadic(wide: mantissa, exponent: exponent) }

  /// Adds, rounding towards minus infinity where the exact sum does not fit.
  ///
  /// - Parameter other: The other addend.
  public mutating func addRoundingDown(_ other: WideDyadic) {
    guard other.mantissa != 0 else { return }
    guard mantissa != 0 else {
      self = other
      return
    }
    let top = max(
      exponent + mantissa.significantBits, other.exponent + other.mantissa.significantBits)
    let common = max(min(exponent, other.exponent), top - 124)
    mantissa =
      mantissa.shifted(by: exponent - common) + other.mantissa.shifted(by: other.exponent - common)
    exponent = common
  }

  /// Negates exactly.
  public static prefix func - (value: WideDyadic) -> WideDyadic {
    WideDyadic(-value.mantissa, exponent: value.exponent)
  }

  /// The sign: −1, 0 or 1.
  public var signum: Int { mantissa.signum() == 0 ? 0 : mantissa > 0 ? 1 : -1 }
}

extension Int128 {
  /// How many bits the magnitude has.
  public var significantBits: Int { 128 - magnitude.leadingZeroBitCount }

  /// `self · 2^places`, rounded towards minus infinity.
  ///
  /// - Parameter places: To the left where positive; the caller knows that the result fits.
  /// - Returns: The shifted number.
  public func shifted(by places: Int) -> Int128 {
    if places >= 0 {
      precondition(self == 0 || significantBits + places < 127, "a shift keeps every bit")
      return self == 0 ? 0 : self << Int128(places)
    }
    return places <= -127 ? (self < 0 ? -1 : 0) : self >> Int128(-places)
  }
}
