public import BigInt

/// An exact number of the form `mantissa · 2^exponent`.
///
/// Every finite binary floating-point number is one; sums and products are exact.
/// Zero is always stored as `0 · 2^0`, other values with an odd mantissa, so equality is structural.
public struct Dyadic: Hashable, Sendable {
  /// The signed integer part; odd unless the value is zero.
  public let mantissa: BigInt
  /// The power of two it is scaled by.
  public let exponent: Int

  /// Creates `mantissa · 2^exponent`, normalised.
  ///
  /// - Parameters:
  ///   - mantissa: Any integer.
  ///   - exponent: The power of two it is scaled by.
  public init(_ mantissa: BigInt, exponent: Int = 0) {
    if mantissa.isZero {
      self.mantissa = 0
      self.exponent = 0
    } else {
      let shift = mantissa.trailingZeroBitCount
      self.mantissa = shift == 0 ? mantissa : mantissa >> shift
      self.exponent = exponent + shift
    }
  }

  /// Creates the exact value of an integer.
  ///
  /// - Parameter value: Any machine integer.
  public init(_ value: Int) { self.init(BigInt(value)) }

  /// Creates the exact value of a floating-point number.
  ///
  /// Edge cases: `nil` for NaN and the infinities; both zeros give zero.
  ///
  /// - Parameter value: Any binary64 number.
  public init?(exactly value: Double) {
    guard value.isFinite else { return nil }
    let fraction = BigInt(value.significandBitPattern)
    let scale = Int(value.exponentBitPattern)
    // Subnormal numbers, and zero, have no leading one.
    let significand = scale == 0 ? fraction : fraction + (BigInt(1) << 52)
    self.init(value < 0 ? -significand : significand, exponent: max(scale, 1) - 1075)
  }

  /// Zero.
  public static let zero = Dyadic(0)
  /// One.
  public static let one = Dyadic(1)

  /// −1, 0 or 1.
  public var signum: Int { mantissa.signum() == 0 ? 0 : mantissa.signum() > 0 ? 1 : -1 }
  /// The absolute value.
  public var magnitude: Dyadic { signum < 0 ? -self : self }

  /// The integer `self · 2^scale`, rounded towards minus infinity.
  ///
  /// - Parameter scale: How many fractional bits to keep.
  /// - Returns: The largest integer not above `self · 2^scale`.
  public func floor(scaledBy scale: Int) -> BigInt {
    let shift = exponent + scale
    return shift >= 0 ? mantissa << shift : mantissa.flooredShift(by: -shift)
  }
}

extension Dyadic: Comparable {
  /// Negates exactly.
  public static prefix func - (value: Dyadic) -> Dyadic {
    Dyadic(-value.mantissa, exponent: value.exponent)
  }

  /// Adds exactly.
  public static func + (left: Dyadic, right: Dyadic) -> Dyadic {
    if left.mantissa.isZero { return right }
    if right.mantissa.isZero { return left }
    let exponent = min(left.exponent, right.exponent)
    return Dyadic(
      (left.mantissa << (left.exponent - exponent))
        + (right.mantissa << (right.exponent - exponent)),
      exponent: exponent)
  }

  /// Subtracts exactly.
  public static func - (left: Dyadic, right: Dyadic) -> Dyadic { left + -right }

  /// Multiplies exactly.
  public static func * (left: Dyadic, right: Dyadic) -> Dyadic {
    Dyadic(left.mantissa * right.mantissa, exponent: left.exponent + right.exponent)
  }

  /// Adds in place, exactly.
  public static func += (left: inout Dyadic, right: Dyadic) { left = left + right }

  /// Compares exactly.
  public static func < (left: Dyadic, right: Dyadic) -> Bool {
    left.signum != right.signum ? left.signum < right.signum : (left - right).signum < 0
  }
}
