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
      guard let pattern = search.next() else {
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

/// A search through the prefixes of patterns.
struct BestFirstSearch {
  /// A rectifier under a prefix.
  private final class Stage {
    let component: Int
    let prefix: PatternPrefix
    let rows: AffineMap?
    let firstUnit: Int

    init(component: Int, prefix: PatternPrefix, firstUnit: Int) {
      self.component = component
      self.prefix = prefix
      rows = prefix.preActivations
      self.firstUnit = firstUnit
    }

    /// The half-space of one unit's bit.
    func space(_ unit: Int, _ bit: Bool) -> HalfSpace? {
      guard let rows else { return nil }
      let sign = bit ? 1.0 : -1
      return HalfSpace(normal: rows.row(unit).map { $0 * sign }, offset: sign * rows.offset[unit])
    }
  }

  /// A prefix, with the units of one rectifier fixed up to some unit.
  private struct Node {
    let stage: Stage
    /// How many units of the stage are fixed.
    let unit: Int
    let pattern: ActivationPattern
    /// Of the parent, until the last unit's half-space is cut.
    let law: FilteredNormal
    let cut: HalfSpace?
    /// The logarithm of weight and estimated mass.
    let rank: Double
  }

  private static let leastLogShare = -16.0

  private let components: [LatentComponent]
  private let leastMass: Double
  private var heap: [Node] = []

  init(_ components: [LatentComponent], leastMass: Double) {
    self.components = components
    self.leastMass = leastMass
    for (index, component) in components.enumerated() {
      let prefix = PatternPrefix(component.network, on: component.scope.chart)
      var law = FilteredNormal(
        variances: (0..<component.dimension).map { $0 < component.normalCount ? 1 : 1.0 / 3 })
      for space in component.ownHalfSpaces where component.normalCount == component.dimension {
        law.cut(to: space)
      }
      let stage = Stage(component: index, prefix: prefix, firstUnit: 0)
      push(
        Node(
          stage: stage, unit: 0,
          pattern: ActivationPattern(groupSizes: component.network.groupSizes), law: law, cut: nil,

          rank: log(component.weight) + law.logMass))
    }
  }

  /// The next complete pattern.
  mutating func next() -> ActivationPattern? {
    while let node = pop() {
      var law = node.law
      if let cut = node.cut { law.cut(to: cut) }
      var node = node
      while let rows = node.stage.rows, node.unit == rows.rows {
        let bits = (0..<rows.rows).map { node.pattern[node.stage.firstUnit + $0] }
        let stage = Stage(
          component: node.stage.component, prefix: node.stage.prefix.fixing(bits),
          firstUnit: node.stage.firstUnit + rows.rows)
        node = Node(
          stage: stage, unit: 0, pattern: node.pattern, law: law, cut: nil,
          rank: node.rank)
      }
      guard node.stage.rows != nil else { return node.pattern }
      branch(node, law)
    }
    return nil
  }

  private mutating func branch(_ node: Node, _ law: FilteredNormal) {
    guard let active = node.stage.space(node.unit, true),
      let inactive = node.stage.space(node.unit, false)
    else { return }
    let shares = law.logShares(of: active)
    let weight = components[node.stage.component].weight
    for (bit, space, share) in [(false, inactive, shares.outside), (true, active, shares.inside)] {
      // An estimate alone never closes a branch.
      var rank = node.rank + max(share, Self.leastLogShare)
      if space.normal.allSatisfy({ $0 == 0 }) {
        guard bit ? space.offset > 0 : space.offset >= 0 else { continue }
        rank = node.rank
      }
      // The estimate may be off by a good factor; the marginal is a bound.
      guard rank > log(leastMass / 16), weight * marginal(of: space, node) >= leastMass else {
        continue
      }
      var pattern = node.pattern
      pattern[node.stage.firstUnit + node.unit] = bit
      push(
        Node(
          stage: node.stage, unit: node.unit + 1, pattern: pattern, law: law, cut: space,
          rank: rank))
    }
  }

  /// A bound of the mass: the probability of one half-space alone.
  private func marginal(of space: HalfSpace, _ node: Node) -> Double {
    let component = components[node.stage.component]
    guard leastMass > 0, component.normalCount == component.dimension,
      component.scope.isEverywhere
    else { return 1 }
    let length = space.normal.reduce(0) { $0 + $1 * $1 }.squareRoot()
    guard length > 0 else { return space.offset >= 0 ? 1 : 0 }
    return StandardNormal.distribution(space.offset / length)
  }

  // MARK: The heap

  private mutating func push(_ node: Node) {
    heap.append(node)
    var place = heap.count - 1
    while place > 0, heap[(place - 1) / 2].rank < heap[place].rank {
      heap.swapAt(place, (place - 1) / 2)
      place = (place - 1) / 2
    }
  }

  private mutating func pop() -> Node? {
    guard let first = heap.first, let last = heap.popLast() else { return nil }
    guard !heap.isEmpty else { return first }
    heap[0] = last
    var place = 0
    while true {
      var largest = place
      for child in [2 * place + 1, 2 * place + 2]
      where child < heap.count && heap[child].rank > heap[largest].rank { largest = child }
      guard largest != place else { return first }
      heap.swapAt(place, largest)
      place = largest
    }
  }
}
