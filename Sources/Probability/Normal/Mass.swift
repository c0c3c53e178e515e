internal import Foundation

/// A nonnegative number of any magnitude: `significand · 2^exponent`.
///
/// Probabilities below the range of `Double` are products of many; here they keep their relative
/// accuracy of a few units in the last place an operation.
struct Mass: Sendable, Hashable {
  /// Zero, or from 1/2 up to 1.
  private(set) var significand: Double
  private(set) var exponent: Int

  static let zero = Mass(0)
  static let one = Mass(1)

  /// Creates a finite nonnegative number times a power of two.
  init(_ value: Double, exponent: Int = 0) {
    precondition(value >= 0 && value.isFinite, "a mass is nonnegative and finite")
    guard value > 0 else {
      significand = 0
      self.exponent = 0
      return
    }
    let shift = Int(value.exponent) + 1
    significand = scalbn(value, -shift)
    self.exponent = exponent + shift
  }

  /// The exponential of a number below 10^15; of minus infinity, zero.
  static func exp(_ power: Double) -> Mass {
    guard power > -1e15 else { return .zero }
    let shift = (power * 1.442695040888963407).rounded()
    // ln 2 in two parts, the first with few enough bits for an exact product.
    let rest = (power - shift * 0x1.62e42fefa3800p-1) - shift * 0x1.ef35793c76730p-45
    return Mass(Foundation.exp(rest), exponent: Int(shift))
  }

  /// `exp(−x²/2)`, the square taken in two parts.
  static func gaussian(_ x: Double) -> Mass {
    let head = (x * 1024).rounded() / 1024
    return exp(-head * head / 2) * exp(-(x - head) * (x + head) / 2)
  }

  /// The nearest `Double`; zero below its range.
  var value: Double {
    exponent < -1100 ? 0 : exponent > 1100 ? .infinity : scalbn(significand, exponent)
  }

  /// The natural logarithm; minus infinity of zero.
  var logarithm: Double {
    guard significand > 0 else { return -.infinity }
    // The logarithm of a number near one must not cancel.
    if abs(exponent) <= 1 { return Foundation.log(scalbn(significand, exponent)) }
    return Foundation.log(significand) + Double(exponent) * 0.693147180559945309
  }

  static func * (left: Mass, right: Mass) -> Mass {
    Mass(left.significand * right.significand, exponent: left.exponent + right.exponent)
  }

  static func * (left: Mass, right: Double) -> Mass {
    Mass(left.significand * right, exponent: left.exponent)
  }

  static func + (left: Mass, right: Mass) -> Mass {
    if left.significand == 0 { return right }
    if right.significand == 0 { return left }
    let (large, small) = left.exponent >= right.exponent ? (left, right) : (right, left)
    let shift = max(small.exponent - large.exponent, -1000)
    return Mass(large.significand + scalbn(small.significand, shift), exponent: large.exponent)
  }

  /// The ratio of two masses; the divisor is not zero.
  static func / (left: Mass, right: Mass) -> Mass {
    Mass(left.significand / right.significand, exponent: left.exponent - right.exponent)
  }
}
