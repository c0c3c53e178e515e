internal import Foundation
public import Regions

/// When a best-first search may end; without any limit it goes on until nothing is left.
public struct BestFirstLimits: Sendable {
  /// As many patterns as this.
  public var count: Int?
  /// Patterns of less mass are not wanted.
  public var leastMass: Double?
  /// As much mass as this, all found patterns together.
  public var covered: Double?

  /// Creates limits.
  ///
  /// - Parameters:
  ///   - count: As many patterns as this.
  ///   - leastMass: Patterns of less mass are not wanted.
  ///   - covered: As much mass as this, all found patterns together.
  public init(count: Int? = nil, leastMass: Double? = nil, covered: Double? = nil) {
    self.count = count
    self.leastMass = leastMass
    self.covered = covered
  }
}

extension MassFunction {
  /// The most probable patterns, by branching on units and going on with the most probable prefix.
  ///
  /// Prefixes are ranked by an estimate of their joint mass (each unit given the earlier ones), and
  /// dropped where the marginal probability of one bit, which bounds the mass, is below the least mass
  /// that is wanted. The masses of complete patterns do not rest on the estimates, and the missing mass
  /// is one minus theirs; only whether the order is right does.
  ///
  /// - Parameters:
  ///   - components: The law as the network sees it.
  ///   - limits: When the search may end.
  ///   - options: Of sampled masses.
  ///   - isCancelled: Asked now and then; `true` ends the search.
  ///   - progress: Gets the number of patterns and the mass so far.
  /// - Returns: The patterns found.
  /// - Throws: ``MassError``.
  public static func bestFirst(
    _ components: [LatentComponent], limits: BestFirstLimits, options: MassOptions = MassOptions(),
    isCancelled: () -> Bool = { false }, progress: (Int, Double) -> Void = { _, _ in }
  ) throws(MassError) -> MassFunction {
    var search = BestFirstSearch(components, leastMass: limits.leastMass ?? 0)
    var entries: [ActivationPattern: UncertainMass] = [:]
    var covered = 0.0
    while true {
      if isCancelled() { return MassFunction(entries, .cancelled) }
      if let count = limits.count, entries.count >= count { return MassFunction(entries, .count) }
      if let wanted = limits.covered, covered >= wanted { return MassFunction(entries, .covered) }
      guard let pattern = search.next()?.pattern else {
        return MassFunction(entries, limits.leastMass == nil ? .exhausted : .leastMass)
      }
      guard entries[pattern] == nil else { continue }
      let mass = try mass(of: pattern, under: components, options)
      // A sampled mass of zero stays: to leave it out would choose patterns by the sample's luck.
      guard mass.value > 0 || mass.spread > 0 else { continue }
      entries[pattern] = mass
      covered += mass.value
      progress(entries.count, covered)
    }
  }

  private init(_ entries: [ActivationPattern: UncertainMass], _ end: BestFirstEnd) {
    self.init(
      entries.map { Entry(pattern: $0.key, mass: $0.value) }, coverage: .bestFirst(end))
  }

  /// The mass of one pattern under all components.
  ///
  /// Linear programs find whether there is a region at all, and its needed half-spaces; regions narrower
  /// than about 1e-9 count as none.
  ///
  /// - Parameters:
  ///   - pattern: Of the network; where a law is clipped, patterns of clipped components are summed by
  ///     ``complete(_:options:isCancelled:)`` only.
  ///   - components: The law as the network sees it, not clipped.
  ///   - options: Of sampled masses.
  /// - Returns: The mass.
  /// - Throws: ``MassError``.
  public static func mass(
    of pattern: ActivationPattern, under components: [LatentComponent],
    _ options: MassOptions = MassOptions()
  ) throws(MassError) -> UncertainMass {
    var masses: [UncertainMass] = []
    for component in components {
      guard component.clippingGroups == 0 else {
        throw .distribution(
          DistributionError(
            .whole, "found a clipped law, expected one that is not where single patterns are asked")
        )
      }
      let region: Region?
      do { region = try component.network.region(of: pattern, within: component.scope) } catch {
        throw .regions(error)
      }
      guard let region else { continue }
      let spaces = region.facets.filter { $0.origin != .scope }.map(HalfSpace.init)
      do throws(NormalError) {
        masses.append(component.weight * (try component.mass(of: spaces, options: options)))
      } catch { throw .normal(error) }
    }
    return .sum(masses)
  }
}
