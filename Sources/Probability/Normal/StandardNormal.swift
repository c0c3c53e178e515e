internal import Foundation

/// The standard normal law on the line, to full relative accuracy however far out.
public enum StandardNormal {
  /// The density at a point.
  ///
  /// - Parameter x: Any number.
  /// - Returns: `exp(−x²/2) / √(2π)`; the square is split, so far out no digits are lost.
  public static func density(_ x: Double) -> Double { gaussian(x) * inverseRootTwoPi }

  /// The chance to lie above a point.
  ///
  /// - Parameter x: Any number, also infinite.
  /// - Returns: `P(z > x)`, within a few units in the last place until it underflows.
  public static func upperTail(_ x: Double) -> Double {
    if x >= 0 { return x > 40 ? 0 : density(x) * millsRatio(x) }
    return 1 - (x < -40 ? 0 : density(x) * millsRatio(-x))
  }

  /// The chance to lie at or below a point.
  ///
  /// - Parameter x: Any number, also infinite.
  /// - Returns: `P(z <= x)`, within a few units in the last place until it underflows.
  public static func distribution(_ x: Double) -> Double { upperTail(-x) }

  /// The chance to lie between two points, without cancellation.
  ///
  /// - Parameters:
  ///   - lower: The lower end, perhaps `-infinity`.
  ///   - upper: The upper end, perhaps `infinity`.
  /// - Returns: `P(lower < z < upper)`, zero where the ends cross.
  public static func probability(_ lower: Double, _ upper: Double) -> Double {
    guard lower < upper else { return 0 }
    let (scaled, nearest) = scaledProbability(lower, upper)
    return scaled * gaussian(nearest)
  }

  /// The natural logarithm of the chance to lie between two points.
  ///
  /// - Parameters:
  ///   - lower: The lower end, perhaps `-infinity`.
  ///   - upper: The upper end, perhaps `infinity`.
  /// - Returns: `ln P(lower < z < upper)`; it does not underflow; `-infinity` where the ends cross.
  public static func logProbability(_ lower: Double, _ upper: Double) -> Double {
    guard lower < upper else { return -.infinity }
    if lower < 0, upper > 0 {
      let outside = upperTail(upper) + upperTail(-lower)
      if outside < 0.5 { return log1p(-outside) }
    }
    let (scaled, nearest) = scaledProbability(lower, upper)
    return log(scaled) - nearest * nearest / 2
  }

  static let inverseRootTwoPi = 0.39894228040143267794

  /// `exp(−x²/2)`, the square taken in two parts.
  static func gaussian(_ x: Double) -> Double {
    guard abs(x) < 40 else { return 0 }
    let head = (x * 1048576).rounded() / 1048576
    return exp(-head * head / 2) * exp(-(x - head) * (x + head) / 2)
  }

  /// The chance to lie above `x >= 0` divided by the density there.
  ///
  /// `(x + 4)` times it is a polynomial in `(x − 4)/(x + 4)`: the Chebyshev series of the 60-digit
  /// function, cut after 28 terms, where they pass 1e-18.
  static func millsRatio(_ x: Double) -> Double {
    guard x < 1e9 else { return x == .infinity ? 0 : 1 / x }
    let t = (x - 4) / (x + 4)
    var sum = 0.0
    for coefficient in millsCoefficients { sum = sum * t + coefficient }
    return sum / (x + 4)
  }

  /// By descending power.
  static let millsCoefficients: [Double] = [
    -1.0254094572227676e-10, -1.1267807254558607e-10, 9.868002712534122e-10, 1.5854913575723623e-09,
    -4.218749495275368e-09,
    -1.145701192551998e-08, 7.240192448257756e-09, 5.7235748608406186e-08,
    3.251007182630254e-08, -2.215470359124112e-07, -3.890569037412125e-07,
    6.857356598858169e-07, 2.561432250079801e-06, -1.5801527038269724e-06,
    -1.484005459703653e-05, 1.7968713266322371e-06, 8.80947682676669e-05,
    -4.7833729314486615e-06, -0.000579269115388907, 0.0003342446322140252,
    0.004087855658088079, -0.008722295275658478, -0.018900450860124655, 0.15139176231250703,
    -0.46754096299838316, 0.9704095548675873, -1.523770910819983, 1.8932190633084853,
  ]

  /// The probability between two points over `exp(−nearest²/2)`, where `nearest` is the point of the
  /// interval nearest to zero: never underflows, never cancels.
  static func scaledProbability(
    _ lower: Double, _ upper: Double
  ) -> (scaled: Double, nearest: Double) {
    if upper < 0 {
      let (scaled, nearest) = scaledProbability(-upper, -lower)
      return (scaled, -nearest)
    }
    let largest = max(abs(lower), upper, 1)
    if (upper - lower) * largest < 1 {
      return narrow(lower, upper)
    }
    guard lower > 0 else {
      return (1 - upperTail(upper) - upperTail(-lower), 0)
    }
    let near = millsRatio(lower)
    let drop = exp((lower - upper) * (lower + upper) / 2)
    let far = drop > 0 ? drop * millsRatio(upper) : 0
    return ((near - far) * inverseRootTwoPi, lower)
  }

  /// As ``scaledProbability(_:_:)``, where the density hardly varies.
  private static func narrow(
    _ lower: Double, _ upper: Double
  ) -> (scaled: Double, nearest: Double) {
    let nearest = lower > 0 ? lower : 0
    let half = (upper - lower) / 2
    let middle = lower + half
    var sum = 0.0
    for (node, weight) in zip(GaussLegendre.ten.nodes, GaussLegendre.ten.weights) {
      let x = middle + half * node
      sum += weight * exp(-(x - nearest) * (x + nearest) / 2)
    }
    return (sum * half * inverseRootTwoPi, nearest)
  }
}
