internal import Foundation
internal import Regions

/// A search through the prefixes of patterns.
struct BestFirstSearch {
  /// A prefix of a pattern, under one component.
  struct Prefix {
    /// The place of the component.
    let component: Int
    /// The bits.
    let pattern: ActivationPattern
    /// How many units are fixed, in order; the bits of others do not matter.
    let fixed: Int
  }

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

    /// The next rectifier where all units of this one are fixed.
    func after(_ pattern: ActivationPattern, unit: Int) -> Stage? {
      guard let rows, unit == rows.rows else { return nil }
      let bits = (0..<rows.rows).map { pattern[firstUnit + $0] }
      return Stage(
        component: component, prefix: prefix.fixing(bits), firstUnit: firstUnit + rows.rows)
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
    var stage: Stage
    /// How many units of the stage are fixed.
    var unit: Int
    let pattern: ActivationPattern
    /// Of the parent, until the last unit's half-space is cut.
    var law: FilteredNormal
    var cut: HalfSpace?
    /// The logarithm of weight and estimated mass.
    var rank: Double

    var prefix: Prefix {
      Prefix(component: stage.component, pattern: pattern, fixed: stage.firstUnit + unit)
    }

    /// Cuts the law, and ranks the prefix by it.
    mutating func refine(weight: Double) {
      guard let cut else { return }
      law.cut(to: cut)
      self.cut = nil
      let own = log(weight) + law.logMass
      // An estimate alone never closes a branch.
      if own.isFinite { rank = max(own, rank + BestFirstSearch.leastLogShare) }
    }
  }

  fileprivate static let leastLogShare = -16.0

  private let components: [LatentComponent]
  private let leastMass: Double
  /// Whether a prefix need not be continued; complete patterns need not ever.
  private let isClosed: (Prefix) -> Bool
  private var heap: [Node] = []

  init(
    _ components: [LatentComponent], among places: [Int]? = nil, leastMass: Double,
    isClosed: @escaping (Prefix) -> Bool = { _ in false }
  ) {
    self.components = components
    self.leastMass = leastMass
    self.isClosed = isClosed
    for index in places ?? Array(components.indices) {
      let component = components[index]
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

  /// The next complete pattern, or prefix that need not be continued.
  ///
  /// A prefix is ranked by its parent's law first, and by its own before anything is done with it.
  mutating func next() -> Prefix? {
    while var node = pop() {
      if node.cut != nil {
        node.refine(weight: components[node.stage.component].weight)
        if let other = heap.first, other.rank > node.rank {
          push(node)
          continue
        }
      }
      if isClosed(node.prefix) { return node.prefix }
      while let stage = node.stage.after(node.pattern, unit: node.unit) {
        node.stage = stage
        node.unit = 0
      }
      guard node.stage.rows != nil else { return node.prefix }
      branch(node)
    }
    return nil
  }

  private mutating func branch(_ node: Node) {
    guard let active = node.stage.space(node.unit, true),
      let inactive = node.stage.space(node.unit, false)
    else { return }
    let shares = node.law.logShares(of: active)
    let weight = components[node.stage.component].weight
    for (bit, space, share) in [(false, inactive, shares.outside), (true, active, shares.inside)] {
      // An estimate alone never closes a branch.
      var rank = node.rank + max(share, Self.leastLogShare)
      let isConstant = space.normal.allSatisfy { $0 == 0 }
      if isConstant {
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
          stage: node.stage, unit: node.unit + 1, pattern: pattern, law: node.law,
          cut: isConstant ? nil : space, rank: rank))
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
