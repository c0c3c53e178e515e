internal import Approximation
internal import BoundPropagation
internal import ExactArithmetic
internal import ProofFormat

/// Bounds the units at the root of a case better and better, rectifier by rectifier: each end of each
/// unstable unit is a quantity with a tree of branches of its own.
///
/// That pays twice: what is bounded later rests on all that is bounded before, so that a few leaves for
/// each unit narrow the last rectifiers many times over.
struct UnitSplittingRefinement {
  /// One improvement, in the order in which they rest on each other.
  private struct Fact {
    let tree: UnitSplittingTree
    let side: Lemma.Side
    let unit: Int
    /// The bound that is stated where the tree has several leaves.
    let value: Dyadic
    /// What the fact rests on.
    let root: Subproblem
  }

  /// How the root of a tree climbs, and how its branches do.
  private static let rootSettings = AscentSettings(
    steps: 20, slopeRate: 0.3, splitRate: 0.1, decay: 0.95)
  /// How the root climbs where it is all that there is: most of what 20 steps gain, at a third of the cost.
  private static let shortSettings = AscentSettings(steps: 7, slopeRate: 0.3, decay: 0.85)
  private static let branchSettings = AscentSettings(
    steps: 4, slopeRate: 0.2, splitRate: 0.1, decay: 0.9)
  /// Gains of less than this share of a unit's width are not worth a record.
  private static let leastGain = 1e-3

  let splitting: UnitSplitting
  let workers: Workers
  /// What is known at the root.
  private(set) var root: Subproblem
  private var facts: [Fact] = []

  private var context: SearchContext { splitting.context }

  init(_ splitting: UnitSplitting, _ workers: Workers, root: Subproblem) {
    self.splitting = splitting
    self.workers = workers
    self.root = root
  }

  private static func settings(leaves: Int) -> AscentSettings {
    leaves > 1 ? rootSettings : shortSettings
  }

  /// The multiplications that refining would take.
  static func work(leaves: Int, on root: Subproblem, _ context: SearchContext) -> Double {
    context.network.rectifiers.indices.reduce(0) { sum, ordinal in
      guard !context.network.hasExactIntervals(ordinal) else { return sum }
      let unstable = context.network.rectifiers[ordinal].units.count { root.isUnstable($0) }
      let passes =
        2 * settings(leaves: leaves).steps + 2 * (leaves - 1) * (2 * branchSettings.steps + 2)
      return sum + Double(2 * unstable * passes) * Double(context.workload.productsBefore[ordinal])
    }
  }

  /// Refines all rectifiers.
  ///
  /// - Parameter leaves: How many leaves a unit's tree may have.
  /// - Returns: Whether it was not stopped.
  mutating func refine(leaves: Int) -> Bool {
    for ordinal in context.network.rectifiers.indices
    where !context.network.hasExactIntervals(ordinal) {
      guard refine(ordinal, leaves: leaves) else { return false }
    }
    return true
  }

  private mutating func refine(_ ordinal: Int, leaves: Int) -> Bool {
    let units = context.network.rectifiers[ordinal].units.filter { root.isUnstable($0) }
    var trees = units.flatMap { unit in
      [Lemma.Side.upper, .lower].map { UnitSplittingTree(.end($0, unit: unit), target: 0) }
    }
    let products = context.workload.productsBefore[ordinal]
    let starts = trees.indices.map { (tree: $0, node: 0, branch: trees[$0].rootBranch()) }
    guard bound(starts, of: &trees, Self.settings(leaves: leaves), products) else { return false }
    var count = 1
    while count < leaves {
      let open = trees.indices.filter { isWorthSplitting($0, in: trees) }
      guard !open.isEmpty else { break }
      // Few trees are split at several leaves, so that there is something to do in parallel.
      let each = max(1, min(leaves - count, 16 / open.count))
      let branches = open.flatMap { tree in
        (0..<each).flatMap { _ in
          trees[tree].splitLowest().map { (tree: tree, node: $0.node, branch: $0.branch) }
        }
      }
      guard bound(branches, of: &trees, Self.branchSettings, products) else { return false }
      count += each
    }
    let base = root
    for pair in stride(from: 0, to: trees.count, by: 2) {
      take(upper: trees[pair], lower: trees[pair + 1], unit: units[pair / 2], from: base)
    }
    return true
  }

  /// Whether a tree can be split and neither it nor its unit's other tree has shown the unit stable.
  private func isWorthSplitting(_ tree: Int, in trees: [UnitSplittingTree]) -> Bool {
    trees[tree].bound <= 0 && trees[tree ^ 1].bound <= 0 && trees[tree].nextUnit != nil
  }

  /// Bounds branches of the trees.
  ///
  /// - Returns: Whether it was not stopped.
  private func bound(
    _ branches: [(tree: Int, node: Int, branch: UnitSplitting.Branch)],
    of trees: inout [UnitSplittingTree], _ settings: AscentSettings, _ products: Int
  ) -> Bool {
    let size = context.workload.branchesPerRound(
      passes: 2 * settings.steps + 2, products: products)
    for start in stride(from: 0, to: branches.count, by: size) {
      guard !context.run.isOver else { return false }
      let round = Array(branches[start..<min(start + size, branches.count)])
      let results = workers.map(round.map(\.branch)) { [splitting, root] in
        splitting.bound($0, below: root, settings, with: $1)
      }
      for (item, result) in zip(round, results) { trees[item.tree].take(result, of: item.node) }
      context.run.advance(
        nodes: round.count, proved: 0, open: branches.count - start - round.count,
        lowestBound: -.infinity)
    }
    return true
  }

  /// Takes what the two trees of a unit show, of one that they show stable one end.
  private mutating func take(
    upper: UnitSplittingTree, lower: UnitSplittingTree, unit: Int, from base: Subproblem
  ) {
    if lower.bound <= 0 { take(upper, .upper, unit, from: base) }
    if upper.bound <= 0 { take(lower, .lower, unit, from: base) }
  }

  /// Takes what a tree shows that grew from `base`.
  private mutating func take(
    _ tree: UnitSplittingTree, _ side: Lemma.Side, _ unit: Int, from base: Subproblem
  ) {
    let bound = tree.bound
    let width = root.unitUpper[unit] - root.unitLower[unit]
    let present = side == .lower ? root.unitLower[unit] : -root.unitUpper[unit]
    guard bound.isFinite, bound > 0 || bound > present + Self.leastGain * width,
      let value = Quantised.below(min(bound, 0))
    else { return }
    let signed = side == .lower ? value : -value
    facts.append(Fact(tree: tree, side: side, unit: unit, value: signed, root: base))
    guard tree.nodeCount > 1 else { return root.raise(side, of: unit, to: bound) }
    if value.signum == 0 && side == .lower {
      root.add(UnitSplit(unit: unit, isActive: true))
    } else {
      root.raise(side, of: unit, to: value.nearestDouble)
    }
  }

  /// Writes all facts.
  ///
  /// - Returns: The node of the proof where they hold.
  func write(to proof: inout ProofTree, at node: Int) -> Int {
    var node = node
    for fact in facts {
      let name = context.network.unit(fact.unit)
      let lemma = { (result: UnitSplitting.Result, splits: [UnitSplit]) in
        var subproblem = fact.root
        for split in splits { subproblem.add(split) }
        return Record.lemma(
          name, fact.side, splitting.derivation(result.multipliers, on: subproblem))
      }
      guard fact.tree.nodeCount > 1 else {
        fact.tree.write(to: &proof, at: node, name: context.network.unit) { [lemma($0, $1)] }
        continue
      }
      // Only an active unit's sign is worth a multiplier later; its line does not know it.
      let showsActive = fact.side == .lower && fact.value.signum == 0
      let children = proof.split(
        node,
        by: showsActive
          ? .splitUnit(name) : .splitBound(name, fact.side, value: fact.value))
      fact.tree.write(to: &proof, at: children.first, name: context.network.unit) {
        [lemma($0, $1), .closeCrossed]
      }
      node = children.second
    }
    return node
  }
}

extension Subproblem {
  /// Raises one end of a unit's argument, or of its negative, to a lower bound.
  fileprivate mutating func raise(_ side: Lemma.Side, of unit: Int, to bound: Double) {
    switch side {
    case .lower: unitLower[unit] = max(unitLower[unit], bound)
    case .upper: unitUpper[unit] = min(unitUpper[unit], -bound)
    }
  }
}
