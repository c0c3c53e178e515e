public import BigInt

/// An exact fraction in lowest terms.
///
/// Holds the decimal constants of specifications (`0.1` is 1/10); hot paths use ``Dyadic``
/// enclosures instead, because every operation here takes a greatest common divisor.
public struct Rational: Hashable, Sendable {
  /// The signed numerator.
  public let numerator: BigInt
  /// The denominator, always positive.
  public let denominator: BigInt

  /// Creates `numerator / denominator` in lowest terms.
  ///
  /// - Parameters:
  ///   - numerator: Any integer.
  ///   - denominator: Any integer but zero.
  public init(_ numerator: BigInt, over denominator: BigInt = 1) {
    precondition(!denominator.isZero, "the denominator must not be zero")
    let divisor = numerator.greatestCommonDivisor(with: denominator)
    let sign: BigInt = denominator.signum() < 0 ? -1 : 1
    self.numerator = sign * numerator / divisor
    self.denominator = sign * denominator / divisor
  }

  /// Creates the exact value of an integer.
  ///
  /// - Parameter value: Any machine integer.
  public init(_ value: Int) { self.init(BigInt(value)) }

  /// Creates the exact value of a dyadic number.
  ///
  /// - Parameter value: Any dyadic number.
  public init(_ value: Dyadic) {
    self.init(value.mantissa << max(value.exponent, 0), over: BigInt(1) << max(-value.exponent, 0))
  }

  /// Creates the exact value of a decimal numeral: `-12`, `0.1`, `1.5e-3`, `.5`, `2.`.
  ///
  /// Edge cases: `nil` for anything else, and for exponents beyond ±10,000 (a hostile file could
  /// otherwise ask for a number of any size).
  ///
  /// - Parameter text: The numeral's ASCII characters.
  public init?(decimal text: some StringProtocol) {
    let parts = text.utf8.split(maxSplits: 1, omittingEmptySubsequences: false) {
      $0 | 0x20 == UInt8(ascii: "e")
    }
    let isNegative = parts[0].first == UInt8(ascii: "-")
    let unsigned = parts[0].dropFirst(isNegative || parts[0].first == UInt8(ascii: "+") ? 1 : 0)
    let halves = unsigned.split(
      separator: UInt8(ascii: "."), maxSplits: 1, omittingEmptySubsequences: false)
    let digits = Array(halves.joined())
    guard 1...10_000 ~= digits.count,
      digits.allSatisfy((UInt8(ascii: "0")...UInt8(ascii: "9")).contains),
      let integer = BigInt(String(decoding: digits, as: UTF8.self), radix: 10),
      let power = parts.count == 1 ? 0 : Int(String(decoding: parts[1], as: UTF8.self)),
      power.magnitude <= 10_000
    else { return nil }
    let signed = isNegative ? -integer : integer
    let scale = power - (halves.count == 2 ? halves[1].count : 0)
    self.init(signed * BigInt(10).power(max(scale, 0)), over: BigInt(10).power(max(-scale, 0)))
  }

  /// Zero.
  public static let zero = Rational(0)
  /// One.
  public static let one = Rational(1)

  /// −1, 0 or 1.
  public var signum: Int { numerator.isZero ? 0 : numerator.signum() > 0 ? 1 : -1 }
  /// The absolute value.
  public var magnitude: Rational { signum < 0 ? -self : self }

  /// The plain decimal numeral of this number, with a point; `nil` where there is no finite one.
  public var decimalNumeral: String? {
    // A denominator 2^a · 5^b has max(a, b) decimal places, fewer than bits.
    var places = denominator.bitWidth
    let (scaled, remainder) = (magnitude.numerator * BigInt(10).power(places))
      .quotientAndRemainder(dividingBy: denominator)
    guard remainder.isZero else { return nil }
    var digits = String(scaled)
    digits = String(repeating: "0", count: max(0, places + 1 - digits.count)) + digits
    while places > 1, digits.last == "0" {
      digits.removeLast()
      places -= 1
    }
    return "\(signum < 0 ? "-" : "")\(digits.dropLast(places)).\(digits.suffix(places))"
  }

  /// The largest dyadic number with `bits` fractional bits that is not above this one.
  ///
  /// - Parameter bits: How many fractional bits to keep.
  /// - Returns: A lower bound, off by less than `2^-bits`; exact when it can be.
  public func roundedDown(toFractionalBits bits: Int) -> Dyadic {
    var (quotient, remainder) = (numerator << max(bits, 0))
      .quotientAndRemainder(dividingBy: denominator << max(-bits, 0))
    if remainder.signum() < 0 { quotient -= 1 }
    return Dyadic(quotient, exponent: -bits)
  }

  /// The smallest dyadic number with `bits` fractional bits that is not below this one.
  ///
  /// - Parameter bits: How many fractional bits to keep.
  /// - Returns: An upper bound, off by less than `2^-bits`; exact when it can be.
  public func roundedUp(toFractionalBits bits: Int) -> Dyadic {
    -(-self).roundedDown(toFractionalBits: bits)
  }

  /// The exact dyadic value, where the denominator is a power of two.
  public var dyadic: Dyadic? {
    let bits = denominator.trailingZeroBitCount
    return denominator == BigInt(1) << bits ? Dyadic(numerator, exponent: -bits) : nil
  }
}

extension Rational: Comparable {
  /// Negates exactly.
  public static prefix func - (value: Rational) -> Rational {
    Rational(-value.numerator, over: value.denominator)
  }

  /// Adds exactly.
  public static func + (left: Rational, right: Rational) -> Rational {
    Rational(
      left.numerator * right.denominator + right.numerator * left.denominator,
      over: left.denominator * right.denominator)
  }

  /// Subtracts exactly.
  public static func - (left: Rational, right: Rational) -> Rational { left + -right }

  /// Multiplies exactly.
  public static func * (left: Rational, right: Rational) -> Rational {
    Rational(left.numerator * right.numerator, over: left.denominator * right.denominator)
  }

  /// Divides exactly.
  ///
  /// Edge cases: division by zero traps.
  public static func / (left: Rational, right: Rational) -> Rational {
    Rational(left.numerator * right.denominator, over: left.denominator * right.numerator)
  }

  /// Compares exactly.
  public static func < (left: Rational, right: Rational) -> Bool {
    left.numerator * right.denominator < right.numerator * left.denominator
  }
}
