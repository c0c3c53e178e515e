internal import Foundation

/// The exact interval of Clopper and Pearson for a probability that was sampled.
public struct BinomialInterval: Hashable, Sendable {
  /// The lower end.
  public let lower: Double
  /// The upper end.
  public let upper: Double

  /// Computes the interval.
  ///
  /// Rounding: the ends are found by bisection to about 1e-15 and moved outwards by as much.
  ///
  /// - Parameters:
  ///   - hits: How often the event happened.
  ///   - count: How often it could have, above zero.
  ///   - confidence: The chance with which the interval is to hold the probability, at least.
  public init(hits: Int, of count: Int, confidence: Double) {
    precondition(count > 0 && (0...count).contains(hits), "hits are among the trials")
    let tail = (1 - confidence) / 2
    let (hit, missed) = (Double(hits), Double(count - hits))
    lower =
      hits == 0
      ? 0
      : max(0, Self.solve { IncompleteBeta.value(hit, missed + 1, at: $0) < tail } * (1 - 1e-14))
    upper =
      hits == count
      ? 1
      : min(
        1, Self.solve { IncompleteBeta.value(hit + 1, missed, at: $0) < 1 - tail } * (1 + 1e-14))
  }

  /// The number between 0 and 1 at which something stops to hold.
  private static func solve(_ holds: (Double) -> Bool) -> Double {
    var (low, high) = (0.0, 1.0)
    for _ in 0..<200 {
      // By logarithms near zero, where ends may be tiny.
      let middle = high < 1e-3 ? (max(low, 1e-300) * high).squareRoot() : low / 2 + high / 2
      guard middle > low, middle < high else { break }
      if holds(middle) { low = middle } else { high = middle }
    }
    return low / 2 + high / 2
  }
}

/// The distribution function of the beta law, by its continued fraction (Lentz's method).
enum IncompleteBeta {
  /// `I_x(a, b)`, for positive parameters.
  static func value(_ a: Double, _ b: Double, at x: Double) -> Double {
    guard x > 0 else { return 0 }
    guard x < 1 else { return 1 }
    let logFront = logGamma(a + b) - logGamma(a) - logGamma(b) + a * log(x) + b * log1p(-x)
    return x < (a + 1) / (a + b + 2)
      ? exp(logFront) * fraction(a, b, x) / a : 1 - exp(logFront) * fraction(b, a, 1 - x) / b
  }

  private static func logGamma(_ x: Double) -> Double {
    // Thread-safe, unlike lgamma: Stirling's series above 15, the recurrence below.
    var (shift, y) = (0.0, x)
    while y < 15 {
      shift += log(y)
      y += 1
    }
    let inverse = 1 / (y * y)
    let series =
      (1.0 / 12 - inverse
        * (1.0 / 360 - inverse
          * (1.0 / 1260 - inverse
            * (1.0 / 1680
              - inverse * (1.0 / 1188 - inverse * 691.0 / 360360)))))
      / y
    return (y - 0.5) * log(y) - y + 0.918938533204672742 + series - shift
  }

  private static func fraction(_ a: Double, _ b: Double, _ x: Double) -> Double {
    let tiny = 1e-300
    func safe(_ value: Double) -> Double { abs(value) < tiny ? tiny : value }
    var numerator = 1.0
    var denominator = 1 / safe(1 - (a + b) * x / (a + 1))
    var result = denominator
    for step in 1...100_000 {
      let m = Double(step)
      let even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
      denominator = 1 / safe(1 + even * denominator)
      numerator = safe(1 + even / numerator)
      result *= denominator * numerator
      let odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
      denominator = 1 / safe(1 + odd * denominator)
      numerator = safe(1 + odd / numerator)
      let change = denominator * numerator
      result *= change
      if abs(change - 1) < 1e-16 { break }
    }
    return result
  }
}
