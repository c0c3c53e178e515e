internal import BigInt
public import ExactArithmetic

/// An enclosure of a real number: it lies between two exact numbers of at most 121 bits.
///
/// Rounding: every operation rounds its lower end down and its upper end up, each by less than
/// 2^-118 of itself; what an operation says of all numbers of its arguments holds of the result.
public struct Interval: Sendable {
  /// At most the number.
  let low: WideDyadic
  /// At least the number.
  let high: WideDyadic

  /// At most the number.
  public var lower: Dyadic { low.dyadic }
  /// At least the number.
  public var upper: Dyadic { high.dyadic }

  /// Encloses all numbers between two that are rounded already.
  init(_ low: WideDyadic, _ high: WideDyadic) {
    precondition(low <= high, "an interval has its lower end first")
    (self.low, self.high) = (low, high)
  }

  /// Encloses all numbers between two.
  ///
  /// - Parameters:
  ///   - lower: The lower end, rounded down.
  ///   - upper: The upper end, rounded up; not below the lower one.
  public init(_ lower: Dyadic, _ upper: Dyadic) {
    self.init(WideDyadic(roundingDown: lower), WideDyadic(roundingUp: upper))
  }

  /// Encloses a number.
  ///
  /// - Parameter value: Any exact number.
  public init(_ value: Dyadic) { self.init(value, value) }

  /// A small whole number.
  init(_ value: Int) {
    let number = WideDyadic(Int128(value))
    self.init(number, number)
  }

  /// Encloses a fraction.
  ///
  /// - Parameter value: Any fraction.
  public init(_ value: Rational) {
    self = Interval(Dyadic(value.numerator)) / Interval(Dyadic(value.denominator))
  }

  /// Zero.
  public static let zero = Interval(0)
  /// One.
  public static let one = Interval(1)
  static let half = one.halved

  /// The exact negative.
  public static prefix func - (value: Interval) -> Interval {
    Interval(-value.high, -value.low)
  }

  /// The sum.
  public static func + (left: Interval, right: Interval) -> Interval {
    Interval(left.low.plus(right.low), -(-left.high).plus(-right.high))
  }

  /// The difference.
  public static func - (left: Interval, right: Interval) -> Interval { left + -right }

  /// The product.
  public static func * (left: Interval, right: Interval) -> Interval {
    if left.low.signum >= 0, right.low.signum >= 0 {
      return Interval(left.low.times(right.low), -(-left.high).times(right.high))
    }
    if left.high.signum < 0 { return -(-left * right) }
    if right.high.signum < 0 { return -(left * -right) }
    return Interval(
      min(
        min(left.low.times(right.low), left.low.times(right.high)),
        min(left.high.times(right.low), left.high.times(right.high))),
      max(
        max(-(-left.low).times(right.low), -(-left.low).times(right.high)),
        max(-(-left.high).times(right.low), -(-left.high).times(right.high))))
  }

  /// The quotient; the divisor is positive.
  public static func / (left: Interval, right: Interval) -> Interval {
    precondition(right.low.signum > 0, "a divisor is positive")
    let low = left.low.signum >= 0 ? right.high : right.low
    let high = left.high.signum >= 0 ? right.low : right.high
    return Interval(left.low.divided(by: low), -(-left.high).divided(by: high))
  }

  /// Half of it, exactly.
  var halved: Interval {
    Interval(
      WideDyadic(low.mantissa, exponent: low.exponent - 1),
      WideDyadic(high.mantissa, exponent: high.exponent - 1))
  }

  /// The square root; the number is not negative.
  public var squareRoot: Interval {
    precondition(low.signum >= 0, "a root's argument is not negative")
    return Interval(lower.flooredRoot, upper.ceilingRoot)
  }

  /// What of it lies between 0 and 1: of a number known to lie there.
  public var probability: Interval {
    Interval(min(max(low, .zero), Self.one.low), max(min(high, Self.one.low), .zero))
  }

  /// The lesser of two.
  public func atMost(_ other: Interval) -> Interval {
    Interval(min(low, other.low), min(high, other.high))
  }

  /// The largest magnitude.
  var magnitude: WideDyadic { max(-low, high) }
}

extension Interval: Equatable {
  /// Whether both ends are the same numbers.
  public static func == (left: Interval, right: Interval) -> Bool {
    left.lower == right.lower && left.upper == right.upper
  }
}

extension Dyadic {
  /// A number not above the square root, of more than ``keptBits`` bits or the root.
  fileprivate var flooredRoot: Dyadic {
    var shift = max(0, 2 * keptBits + 4 - mantissa.magnitude.bitWidth)
    if (exponent - shift) % 2 != 0 { shift += 1 }
    return Dyadic((mantissa << shift).squareRoot(), exponent: (exponent - shift) / 2)
  }

  /// A number not below the square root; the root, where that is a short number.
  fileprivate var ceilingRoot: Dyadic {
    let root = flooredRoot
    guard root * root != self else { return root }
    let unit = root.exponent + root.mantissa.bitWidth - keptBits - 2
    return Dyadic(root.floor(scaledBy: -unit) + 1, exponent: unit)
  }
}
