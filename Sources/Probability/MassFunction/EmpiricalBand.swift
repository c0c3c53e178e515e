internal import Foundation

/// The band around a distribution function that was sampled: it holds the whole function at once.
///
/// Source: Dvoretzky, Kiefer and Wolfowitz (1956), with the constant of Massart (1990).
public struct EmpiricalBand: Hashable, Sendable {
  /// How far the distribution function may be from the sampled one, above or below.
  public let halfWidth: Double

  /// The band of a sample.
  ///
  /// - Parameters:
  ///   - count: How many independent draws, above zero.
  ///   - confidence: The chance with which the band is to hold the function everywhere, between 0 and 1.
  public init(of count: Int, confidence: Double) {
    precondition(count > 0 && confidence > 0 && confidence < 1, "a sample and a confidence")
    halfWidth = min(1, (log(2 / (1 - confidence)) / (2 * Double(count))).squareRoot() * (1 + 1e-12))
  }
}
