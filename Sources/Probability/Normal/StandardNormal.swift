internal import Foundation

/// The standard normal law of one number.
public enum StandardNormal {
  /// The density.
  ///
  /// - Parameter x: Any number.
  /// - Returns: φ(x); zero at the infinities.
  public static func density(_ x: Double) -> Double {
    exp(-0.5 * x * x) * 0.398942280401432677939946059934
  }

  /// The probability of at most a number, to a few units in the last place, in both tails.
  ///
  /// - Parameter x: Any number.
  /// - Returns: Φ(x).
  public static func distribution(_ x: Double) -> Double {
    0.5 * erfc(-x * 0.707106781186547524400844362105)
  }

  /// The probability of an interval, without cancellation in the tails.
  ///
  /// - Parameters:
  ///   - lower: The lower end.
  ///   - upper: The upper end.
  /// - Returns: Φ(upper) - Φ(lower); zero where the ends are in the wrong order.
  public static func probability(_ lower: Double, _ upper: Double) -> Double {
    guard lower < upper else { return 0 }
    return lower > 0
      ? max(0, distribution(-lower) - distribution(-upper))
      : max(0, distribution(upper) - distribution(lower))
  }
}
