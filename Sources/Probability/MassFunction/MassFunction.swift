internal import Foundation
public import NetworkModel
public import Regions

/// The law of a network's activation pattern: how probable each of its affine maps is.
///
/// Source: Chaudhari and Moura, *ReLU Networks as Random Functions*, Proposition 1, with the signs of
/// Lemma 1 corrected, and without the assumption of an invertible covariance: masses are those of
/// polytopes in the coordinates that the network can tell apart.
public struct MassFunction: Sendable {
  /// One pattern with its probability.
  public struct Entry: Sendable {
    /// Which units are active.
    public let pattern: ActivationPattern
    /// How probable that is.
    public let mass: UncertainMass
  }

  /// How the patterns were found.
  public enum Coverage: Hashable, Sendable {
    /// All of them, but those without mass.
    case complete
    /// The most probable ones first, until some limit.
    case bestFirst(BestFirstEnd)
  }

  /// The patterns, the most probable one first.
  public let entries: [Entry]
  /// The probability of all entries together.
  public let covered: UncertainMass
  /// How the patterns were found.
  public let coverage: Coverage

  init(_ masses: [ActivationPattern: [UncertainMass]], coverage: Coverage) {
    let entries = masses.map { Entry(pattern: $0.key, mass: .sum($0.value)) }
    self.init(entries, coverage: coverage)
  }

  init(_ entries: [Entry], coverage: Coverage) {
    self.entries = entries.sorted {
      ($1.mass.value, $0.pattern) < ($0.mass.value, $1.pattern)
    }
    covered = .sum(self.entries.map(\.mass))
    self.coverage = coverage
  }

  /// The most that all other patterns together can have.
  public var missing: Double { max(0, 1 - covered.lower) }

  /// The entropy of the pattern in bits: from below, what the entries and the missing mass as one give,
  /// and from above, with the missing mass spread evenly over all patterns that are left.
  ///
  /// Rounding: in doubles; errors of the masses are not counted.
  public var entropy: (lower: Double, upper: Double) {
    func bits(_ mass: Double) -> Double { mass > 0 ? -mass * log2(mass) : 0 }
    var listed = 0.0
    for entry in entries.reversed() { listed += bits(entry.mass.value) }
    let rest = max(0, 1 - covered.value)
    guard coverage != .complete else { return (listed, listed) }
    let units = Double(entries.first?.pattern.unitCount ?? 0)
    return (listed + bits(rest), listed + bits(rest) + rest * units)
  }

  /// What the network is on average, over the listed patterns: `E[C; listed]` and `E[d; listed]`.
  ///
  /// - Parameter network: The network of the patterns.
  /// - Returns: The sums of mass × map; with nothing missing the expected map. Not the map that takes
  ///   the mean input to the mean output.
  /// - Throws: ``RegionsError`` for a network that is none of one input.
  public func expectedMap(of network: Network) throws(RegionsError) -> AffineMap {
    let prepared = try RegionNetwork(network)
    var matrix = [Double](repeating: 0, count: prepared.outputSize * prepared.inputSize)
    var offset = [Double](repeating: 0, count: prepared.outputSize)
    for entry in entries.reversed() where entry.mass.value > 0 {
      let map = prepared.map(under: entry.pattern)
      for place in matrix.indices { matrix[place] += entry.mass.value * map.matrix[place] }
      for place in offset.indices { offset[place] += entry.mass.value * map.offset[place] }
    }
    return AffineMap(
      rows: prepared.outputSize, columns: prepared.inputSize, matrix: matrix, offset: offset)
  }
}

/// Why a best-first search ended.
public enum BestFirstEnd: String, Hashable, Sendable {
  /// As many patterns as were asked for.
  case count
  /// What is left has less mass each than was asked for, as far as the search's estimates go.
  case leastMass
  /// As much mass as was asked for.
  case covered
  /// Nothing is left.
  case exhausted
  /// The caller's check asked for an end.
  case cancelled
}
