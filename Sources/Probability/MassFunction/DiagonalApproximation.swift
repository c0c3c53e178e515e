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

  /// How far the products are from a complete mass function.
  ///
  /// - Parameters:
  ///   - masses: Complete.
  ///   - components: The law that it is of.
  /// - Returns: The total variation, and the share of the products that falls on patterns with a
  ///   region at all; `nil` for another law, or where not all patterns are listed.
  public static func error(
    against masses: MassFunction, under components: [LatentComponent]
  ) -> (totalVariation: Double, onRegions: Double)? {
    guard masses.coverage == .complete else { return nil }
    var (distance, onRegions) = (0.0, 0.0)
    for entry in masses.entries {
      guard let product = product(of: entry.pattern, under: components) else { return nil }
      distance += abs(product - entry.mass.value)
      onRegions += product
    }
    // The products of all patterns sum to one: each layer's do, given the layers before.
    return ((distance + max(0, 1 - onRegions)) / 2, onRegions)
  }
}
