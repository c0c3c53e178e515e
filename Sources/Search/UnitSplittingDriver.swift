internal import BoundPropagation
internal import ProofFormat

/// Runs ``UnitSplitting`` over all cases and disjuncts, depth first, in rounds.
struct UnitSplittingDriver {
  /// Up to this many units, all later rectifiers are bounded again after each split.
  private static let mostUnitsToTighten = 4096

  private let context: SearchContext
  private let workers: Workers
  private var tree = ProofTree()
  private var unconfirmed: StopReason?

  init(_ context: SearchContext) {
    self.context = context
    workers = Workers(
      context.network, threads: context.options.threads,
      batchSize: context.workload.branchesPerRound / Workers.parts)
  }

  /// Closes one case after the other.
  consuming func search() -> SearchResult {
    var roots: [Int] = []
    for caseIndex in context.problem.cases.indices {
      let root = tree.addRoot()
      roots.append(root)
      if let end = search(caseIndex, from: root) { return end }
    }
    return .closed(tree.bytes(roots: roots))
  }

  /// Closes a case.
  ///
  /// - Returns: What ends the search; nil where the case is closed.
  private mutating func search(_ caseIndex: Int, from root: Int) -> SearchResult? {
    let item = context.problem.cases[caseIndex]
    guard !item.disjuncts.isEmpty else { return nil }
    guard !item.isEmptyBox else {
      tree.append(.closeCrossed, to: root)
      return nil
    }
    let whole = InputSplitting.OpenBox(
      node: root, caseIndex: caseIndex,
      subproblem: Subproblem(lower: item.lower, upper: item.upper, of: context.network),
      disjuncts: Array(item.disjuncts.indices), share: 1)
    let problem = context.problem
    let outcome = workers.map([whole]) {
      InputSplitting(problem: problem).process($0, with: $1)
    }[0]
    for record in outcome.records { tree.append(record, to: root) }
    if let point = outcome.witness, let end = confirm(point, caseIndex) { return end }
    var node = root
    let share = 1 / Double(context.problem.cases.count * max(1, outcome.openDisjuncts.count))
    for (order, disjunct) in outcome.openDisjuncts.enumerated() {
      var alone = node
      if order + 1 < outcome.openDisjuncts.count {
        (alone, node) = tree.split(node, by: .separate(disjunct: disjunct))
      }
      let branch = UnitSplitting.OpenBranch(
        node: alone, subproblem: outcome.subproblem, start: nil, share: share)
      if let end = search(branch, caseIndex, disjunct) { return end }
    }
    return nil
  }

  /// Closes a disjunct.
  ///
  /// - Returns: What ends the search; nil where the disjunct is closed.
  private mutating func search(
    _ root: UnitSplitting.OpenBranch, _ caseIndex: Int, _ disjunct: Int
  ) -> SearchResult? {
    let splitting = UnitSplitting(
      context: context, caseIndex: caseIndex, disjunct: disjunct,
      settings: AscentSettings(goal: 1e-6),
      tightens: context.network.unitCount <= Self.mostUnitsToTighten)
    var open = [root]
    while !open.isEmpty {
      if let reason = context.run.reasonToStop(open: open.count) {
        return .stopped(unconfirmed ?? reason)
      }
      let round = Array(open.suffix(context.workload.branchesPerRound))
      open.removeLast(round.count)
      let outcomes = workers.map(round) { splitting.process($0, with: $1) }
      var proved = 0.0
      for (branch, outcome) in zip(round, outcomes) {
        if let point = outcome.witness, let end = confirm(point, caseIndex) { return end }
        for record in outcome.records { tree.append(record, to: branch.node) }
        if outcome.isClosed {
          proved += branch.share
        } else if let unit = outcome.split {
          split(branch, outcome, at: unit, into: &open)
        } else {
          return .stopped(unconfirmed ?? .resolution)
        }
      }
      context.run.advance(
        nodes: round.count, proved: proved, open: open.count,
        lowestBound: outcomes.map(\.bound).min() ?? .infinity)
    }
    return nil
  }

  private mutating func split(
    _ branch: UnitSplitting.OpenBranch, _ outcome: UnitSplitting.Outcome, at unit: Int,
    into open: inout [UnitSplitting.OpenBranch]
  ) {
    let children = tree.split(branch.node, by: .splitUnit(context.network.unit(unit)))
    for (node, isActive) in [(children.second, true), (children.first, false)] {
      var subproblem = outcome.subproblem
      subproblem.add(UnitSplit(unit: unit, isActive: isActive))
      open.append(
        UnitSplitting.OpenBranch(
          node: node, subproblem: subproblem, start: outcome.multipliers, share: branch.share / 2))
    }
  }

  /// Tries a point that satisfies a disjunct in binary64.
  private mutating func confirm(_ point: [Double], _ caseIndex: Int) -> SearchResult? {
    if let witness = context.maker.witness(near: point, caseIndex: caseIndex) {
      return .refuted(witness)
    }
    unconfirmed = .unconfirmedWitness("no exact point was found near it")
    return nil
  }
}
