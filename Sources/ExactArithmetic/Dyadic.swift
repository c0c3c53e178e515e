public import BigInt

/// An exact number of the form `mantissa · 2^exponent`.
///
/// Every finite binary floating-point number is one; sums and products are exact.
/// Zero is always stored as `0 · 2^0`, other values with an odd mantissa, so equality is structural.
public struct Dyadic: Hashable, Sendable {
  /// What fits 127 bits and a sign is short: nearly everything is, and is much quicker so.
  private enum Mantissa: Hashable, Sendable {
    case short(Int128)
    case long(BigInt)
  }

  private let stored: Mantissa
  /// The power of two it is scaled by.
  public let exponent: Int

  /// The signed integer part; odd unless the value is zero.
  public var mantissa: BigInt {
    switch stored {
    case .short(let mantissa): BigInt(widening: mantissa)
    case .long(let mantissa): mantissa
    }
  }

  /// The signed integer part, where it is short.
  var shortMantissa: Int128? { if case .short(let mantissa) = stored { mantissa } else { nil } }

  /// Creates `mantissa · 2^exponent`, normalised.
  ///
  /// - Parameters:
  ///   - mantissa: Any integer.
  ///   - exponent: The power of two it is scaled by.
  public init(_ mantissa: BigInt, exponent: Int = 0) {
    let shift = mantissa.isZero ? -exponent : mantissa.trailingZeroBitCount
    let odd = mantissa.isZero ? mantissa : mantissa >> shift
    stored = odd.magnitude.bitWidth > 127 ? .long(odd) : .short(Int128(narrowing: odd))
    self.exponent = exponent + shift
  }

  /// Creates `mantissa · 2^exponent`, normalised.
  ///
  /// - Parameters:
  ///   - mantissa: Any integer.
  ///   - exponent: The power of two it is scaled by.
  public init(wide mantissa: Int128, exponent: Int) {
    let shift = mantissa == 0 ? -exponent : mantissa.trailingZeroBitCount
    stored = .short(mantissa == 0 ? 0 : mantissa &>> Int128(shift))
    self.exponent = exponent + shift
  }

  /// Creates the exact value of an integer.
  ///
  /// - Parameter value: Any machine integer.
  public init(_ value: Int) { self.init(wide: Int128(value), exponent: 0) }

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
  public var signum: Int {
    switch stored {
    case .short(let mantissa): Int(mantissa.signum())
    case .long(let mantissa): mantissa.sign == .minus ? -1 : 1
    }
  }
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
    if let short = value.shortMantissa { return Dyadic(wide: -short, exponent: value.exponent) }
    return Dyadic(-value.mantissa, exponent: value.exponent)
  }

  /// Adds exactly.
  public static func + (left: Dyadic, right: Dyadic) -> Dyadic {
    if left.signum == 0 { return right }
    if right.signum == 0 { return left }
    let exponent = min(left.exponent, right.exponent)
    if let first = left.shortMantissa, let second = right.shortMantissa {
      let (places, others) = (left.exponent - exponent, right.exponent - exponent)
      if max(first.significantBits + places, second.significantBits + others) <= 126 {
        return Dyadic(
          wide: first &<< Int128(places) + second &<< Int128(others), exponent: exponent)
      }
    }
    return Dyadic(
      (left.mantissa << (left.exponent - exponent))
        + (right.mantissa << (right.exponent - exponent)),
      exponent: exponent)
  }

  /// Subtracts exactly.
  public static func - (left: Dyadic, right: Dyadic) -> Dyadic { left + -right }

  /// Multiplies exactly.
  public static func * (left: Dyadic, right: Dyadic) -> Dyadic {
    let exponent = left.exponent + right.exponent
    guard let first = left.shortMantissa, let second = right.shortMantissa,
      first.significantBits + second.significantBits <= 127
    else { return Dyadic(left.mantissa * right.mantissa, exponent: exponent) }
    return Dyadic(wide: first &* second, exponent: exponent)
  }

  /// Adds in place, exactly.
  public static func += (left: inout Dyadic, right: Dyadic) { left = left + right }

  /// Compares exactly.
  public static func < (left: Dyadic, right: Dyadic) -> Bool {
    left.signum != right.signum ? left.signum < right.signum : (left - right).signum < 0
  }
}
