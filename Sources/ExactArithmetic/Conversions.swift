public import BigInt

// BigInt 6.0.1 shifts negative numbers towards zero, and the standard library's generic conversions
// rely on shifts towards minus infinity: `Int128(negativeBigInt)` is wrong by up to 2^64. These
// conversions go through the magnitude.

extension Int128 {
  /// The value of a large integer; traps where it does not fit.
  ///
  /// - Parameter value: An integer of magnitude below 2^127.
  public init(narrowing value: BigInt) {
    precondition(value.magnitude.bitWidth <= 127, "the integer fits in 127 bits and a sign")
    var magnitude: Int128 = 0
    for word in value.magnitude.words.reversed() { magnitude = magnitude << 64 | Int128(word) }
    self = value.signum() < 0 ? -magnitude : magnitude
  }
}

extension Int64 {
  /// The value of a large integer; traps where it does not fit.
  ///
  /// - Parameter value: An integer of magnitude below 2^63.
  public init(narrowing value: BigInt) { self = Int64(Int128(narrowing: value)) }
}

extension BigInt {
  /// The value of a wide integer.
  ///
  /// - Parameter value: Any wide integer.
  public init(widening value: Int128) {
    let words = [value.magnitude, value.magnitude >> 64].map { UInt(truncatingIfNeeded: $0) }
    self.init(sign: value < 0 ? .minus : .plus, magnitude: BigUInt(words: words))
  }

  /// `⌊self / 2^places⌋`.
  ///
  /// - Parameter places: Not negative.
  /// - Returns: The quotient, rounded towards minus infinity.
  public func flooredShift(by places: Int) -> BigInt {
    signum() >= 0 ? self >> places : -((-self + (BigInt(1) << places) - 1) >> places)
  }
}
