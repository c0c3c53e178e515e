internal import BigInt
public import ExactArithmetic

/// An enclosure of a real number: it lies between two exact numbers of at most 160 bits.
///
/// Rounding: every operation rounds its lower end down and its upper end up, each by less than
/// 2^-159 of itself; what an operation says of all numbers of its arguments holds of the result.
public struct Interval: Hashable, Sendable {
  /// How many bits an end keeps.
  static let bits = 160

  /// At most the number.
  public let lower: Dyadic
  /// At least the number.
  public let upper: Dyadic

  /// Encloses all numbers between two.
  ///
  /// - Parameters:
  ///   - lower: The lower end, rounded down.
  ///   - upper: The upper end, rounded up; not below the lower one.
  public init(_ lower: Dyadic, _ upper: Dyadic) {
    precondition(lower <= upper, "an interval has its lower end first")
    self.lower = lower.floored(toBits: Self.bits)
    self.upper = -(-upper).floored(toBits: Self.bits)
  }

  /// Encloses a number.
  ///
  /// - Parameter value: Any exact number.
  public init(_ value: Dyadic) { self.init(value, value) }

  /// Encloses a fraction.
  ///
  /// - Parameter value: Any fraction.
  public init(_ value: Rational) {
    self = Interval(Dyadic(value.numerator)) / Interval(Dyadic(value.denominator))
  }

  /// Zero.
  public static let zero = Interval(Dyadic.zero)
  /// One.
  public static let one = Interval(Dyadic.one)
  static let half = Interval(Dyadic(1, exponent: -1))

  /// The exact negative.
  public static prefix func - (value: Interval) -> Interval {
    Interval(-value.upper, -value.lower)
  }

  /// The sum.
  public static func + (left: Interval, right: Interval) -> Interval {
    Interval(left.lower + right.lower, left.upper + right.upper)
  }

  /// The difference.
  public static func - (left: Interval, right: Interval) -> Interval { left + -right }

  /// The product.
  public static func * (left: Interval, right: Interval) -> Interval {
    if left.lower.signum >= 0, right.lower.signum >= 0 {
      return Interval(left.lower * right.lower, left.upper * right.upper)
    }
    let products = [
      left.lower * right.lower, left.lower * right.upper, left.upper * right.lower,
      left.upper * right.upper,
    ]
    return Interval(
      products.reduce(products[0], min), products.reduce(products[0], max))
  }

  /// The quotient; the divisor is positive.
  public static func / (left: Interval, right: Interval) -> Interval {
    precondition(right.lower.signum > 0, "a divisor is positive")
    let low = left.lower.signum >= 0 ? right.upper : right.lower
    let high = left.upper.signum >= 0 ? right.lower : right.upper
    return Interval(
      left.lower.quotient(dividingBy: low, bits: Self.bits),
      -(-left.upper).quotient(dividingBy: high, bits: Self.bits))
  }

  /// Half of it, exactly.
  var halved: Interval {
    Interval(
      Dyadic(lower.mantissa, exponent: lower.exponent - 1),
      Dyadic(upper.mantissa, exponent: upper.exponent - 1))
  }

  /// The square root; the number is not negative.
  public var squareRoot: Interval {
    precondition(lower.signum >= 0, "a root's argument is not negative")
    return Interval(lower.flooredRoot(bits: Self.bits).root, upper.ceilingRoot(bits: Self.bits))
  }

  /// What of it lies between 0 and 1: of a number known to lie there.
  public var probability: Interval {
    Interval(min(max(lower, .zero), .one), max(min(upper, .one), .zero))
  }
}

extension Dyadic {
  /// The largest number of so many bits that is not above this one.
  func floored(toBits bits: Int) -> Dyadic {
    let excess = mantissa.magnitude.bitWidth - bits
    guard excess > 0 else { return self }
    return Dyadic(mantissa.flooredShift(by: excess), exponent: exponent + excess)
  }

  /// A number not above the quotient, off by less than `2^(1 − bits)` of it.
  fileprivate func quotient(dividingBy divisor: Dyadic, bits: Int) -> Dyadic {
    let shift = max(
      0, bits + divisor.mantissa.magnitude.bitWidth - mantissa.magnitude.bitWidth)
    var (quotient, remainder) = (mantissa << shift).quotientAndRemainder(
      dividingBy: divisor.mantissa)
    if remainder.signum() < 0 { quotient -= 1 }
    return Dyadic(quotient, exponent: exponent - shift - divisor.exponent)
  }

  /// A number not above the square root, whether it is the root, and the last place.
  fileprivate func flooredRoot(bits: Int) -> (root: Dyadic, isExact: Bool, unit: Dyadic) {
    var shift = max(0, 2 * bits - mantissa.magnitude.bitWidth)
    if (exponent - shift) % 2 != 0 { shift += 1 }
    let scaled = mantissa << shift
    let root = scaled.squareRoot()
    let unit = Dyadic(1, exponent: (exponent - shift) / 2)
    return (Dyadic(root) * unit, root * root == scaled, unit)
  }

  fileprivate func ceilingRoot(bits: Int) -> Dyadic {
    let (root, isExact, unit) = flooredRoot(bits: bits)
    return isExact ? root : root + unit
  }
}
