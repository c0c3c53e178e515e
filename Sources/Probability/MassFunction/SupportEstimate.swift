internal import Foundation
public import Regions

/// The published estimate of which patterns matter, for comparison with a best-first search.
///
/// Layer by layer each prefix's units are fixed where their marginals are decided enough, and all
/// combinations of the others are kept. Marginals are those of `C x + d` under the input law, not given
/// the prefix, as published; empty regions may be kept. Source: Chaudhari and Moura, Algorithms 1 to 3,
/// with the standard deviation where the text has the variance.
public struct SupportEstimate: Sendable {
  /// Which units stay free.
  public enum Rule: Hashable, Sendable {
    /// Those whose entropy is at least this, in bits (Algorithm 3).
    case entropy(atLeast: Double)
    /// Those whose marginal is nearer to one half than this (Table 1).
    case margin(below: Double)
  }

  private let components: [LatentComponent]
  private let rule: Rule
  private let largestFree: Int

  /// Prepares an estimate.
  ///
  /// - Parameters:
  ///   - components: The law as the network sees it, not clipped.
  ///   - rule: Which units stay free.
  ///   - largestFree: At most so many units of a rectifier stay free, those nearest to one half.
  public init(_ components: [LatentComponent], rule: Rule, largestFree: Int = 10) {
    self.components = components
    self.rule = rule
    self.largestFree = largestFree
  }

  /// The number of patterns in the estimate; none where there are more than a limit.
  ///
  /// - Parameter limit: Of prefixes, for the time that it takes.
  /// - Returns: The number.
  public func count(atMost limit: Int = 10_000_000) -> Double? {
    var prefixes = [components.map { PatternPrefix($0.network, on: $0.scope.chart) }]
    while let first = prefixes.first?.first, first.ordinal != nil {
      var total = 0.0
      let groups = first.ordinal.map { components[0].network.groupSizes.count - 1 == $0 } ?? true
      var next: [[PatternPrefix]] = []
      for prefix in prefixes {
        let (bits, free) = choice(prefix)
        total += exp2(Double(free.count))
        if groups { continue }
        guard total <= Double(limit) else { return nil }
        for code in 0..<1 << free.count {
          var chosen = bits
          for (place, unit) in free.enumerated() { chosen[unit] = code >> place & 1 == 1 }
          next.append(prefix.map { $0.fixing(chosen) })
        }
      }
      if groups { return total }
      prefixes = next
    }
    return 1
  }

  /// Whether a pattern is in the estimate, by walking its own prefixes.
  ///
  /// - Parameter pattern: Of the network.
  /// - Returns: Whether every fixed unit has its bit.
  public func contains(_ pattern: ActivationPattern) -> Bool {
    var prefix = components.map { PatternPrefix($0.network, on: $0.scope.chart) }
    while let ordinal = prefix.first?.ordinal {
      let (bits, free) = choice(prefix)
      let own = pattern.group(ordinal)
      for unit in bits.indices where own[unit] != bits[unit] && !free.contains(unit) {
        return false
      }
      prefix = prefix.map { $0.fixing(own) }
    }
    return true
  }

  /// The bits of the fixed units, and which are free.
  private func choice(_ prefix: [PatternPrefix]) -> (bits: [Bool], free: [Int]) {
    let marginals = marginals(prefix)
    let free = marginals.indices.filter { isFree(marginals[$0]) }
      .sorted { (abs(marginals[$0] - 0.5), $0) < (abs(marginals[$1] - 0.5), $1) }
      .prefix(largestFree).sorted()
    return (marginals.map { $0 > 0.5 }, free)
  }

  private func isFree(_ marginal: Double) -> Bool {
    switch rule {
    case .margin(let limit): return abs(marginal - 0.5) < limit
    case .entropy(let limit):
      func bits(_ share: Double) -> Double { share > 0 ? -share * log2(share) : 0 }
      return bits(marginal) + bits(1 - marginal) >= limit
    }
  }

  private func marginals(_ prefix: [PatternPrefix]) -> [Double] {
    var sums: [Double] = []
    for (component, prefix) in zip(components, prefix) {
      guard let rows = prefix.preActivations else { continue }
      if sums.isEmpty { sums = Array(repeating: 0, count: rows.rows) }
      for unit in 0..<rows.rows {
        let deviation = rows.row(unit).reduce(0) { $0 + $1 * $1 }.squareRoot()
        let share =
          deviation > 0
          ? StandardNormal.distribution(rows.offset[unit] / deviation)
          : rows.offset[unit] > 0 ? 1 : 0
        sums[unit] += component.weight * share
      }
    }
    return sums
  }
}
