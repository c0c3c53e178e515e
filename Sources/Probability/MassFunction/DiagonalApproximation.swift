internal import Foundation
public import Regions

/// The product of the units' marginals instead of their joint probability: what the mass function is
/// when every covariance is replaced by its diagonal.
///
/// Chaudhari and Moura call it reasonable in practice; compared with the mass function it is far off,
/// so it has this name and is never called a mass.
public enum DiagonalApproximation {
  /// The product for one pattern.
  ///
  /// - Parameters:
  ///   - pattern: Of the network.
  ///   - components: The law as the network sees it: normal, neither truncated nor clipped.
  /// - Returns: `Σ α Π Φ(±mean/deviation)`; `nil` for another law.
  public static func product(
    of pattern: ActivationPattern, under components: [LatentComponent]
  ) -> Double? {
    var sum = 0.0
    for component in components {
      guard component.clippingGroups == 0, component.normalCount == component.dimension,
        component.scope.isEverywhere
      else { return nil }
      var product = component.weight
      for side in component.network.halfSpaces(of: pattern, on: component.scope.chart) {
        let length = side.normal.reduce(0) { $0 + $1 * $1 }.squareRoot()
        guard case .unit(let unit) = side.origin else { continue }
        if length > 0 {
          product *= StandardNormal.distribution(side.offset / length)
        } else if pattern[unit] ? side.offset <= 0 : side.offset < 0 {
          product = 0
        }
      }
      sum += product
    }
    return sum
  }

  /// How far the products are from the masses.
  public struct Deviation: Hashable, Sendable {
    /// The total variation distance of the two laws is at least this.
    public let lower: Double
    /// And at most this; the same where all patterns with a region are listed.
    public let upper: Double
    /// The share of the products that falls on the listed patterns.
    public let listed: Double
  }

  /// How far the products are from a mass function.
  ///
  /// Of patterns that are not listed, both laws are known in sum only, hence two ends; of a complete list
  /// no mass is missing, and what the products have elsewhere falls on patterns without a region.
  ///
  /// Rounding: in doubles; errors of the masses are not counted.
  ///
  /// - Parameters:
  ///   - masses: The masses of some patterns.
  ///   - components: The law that it is of.
  /// - Returns: The distance; `nil` for a law that is not normal.
  public static func deviation(
    from masses: MassFunction, under components: [LatentComponent]
  ) -> Deviation? {
    var (above, below, listed) = (0.0, 0.0, 0.0)
    for entry in masses.entries {
      guard let product = product(of: entry.pattern, under: components) else { return nil }
      above += max(0, product - entry.mass.value)
      below += max(0, entry.mass.value - product)
      listed += product
    }
    // The products of all patterns sum to one: each layer's do, given the layers before.
    let otherProducts = max(0, 1 - listed)
    let otherMasses = masses.coverage == .complete ? 0 : max(0, 1 - masses.covered.value)
    let largest = (above + below + otherProducts + otherMasses) / 2
    let least =
      (above + below + abs(otherProducts - otherMasses)) / 2
    return Deviation(lower: min(least, largest), upper: min(largest, 1), listed: listed)
  }
}
