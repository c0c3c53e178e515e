internal import BoundPropagation
internal import ProofFormat

/// Closes all cases by splitting units: first the units' own bounds are refined at the root, with more
/// and more leaves, and in between the disjuncts are branched on for about as long.
struct UnitSplittingDriver {
  /// How many leaves each unit's tree may have, attempt by attempt; none at first.
  private static let levels = [0, 1, 8, 32, 128, 512]

  private let context: SearchContext
  private let workers: Workers
  private var tree = ProofTree()

  init(_ context: SearchContext) {
    self.context = context
    workers = Workers(
      context.network, threads: context.options.threads,
      batchSize: context.workload.branchesAtOnce)
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
      InputSplitting(problem: problem).process($0, with: $1, splitting: false)
    }[0]
    for record in outcome.records { tree.append(record, to: root) }
    if let point = outcome.witness,
      let witness = context.maker.witness(near: point, caseIndex: caseIndex)
    {
      return .refuted(witness)
    }
    guard !outcome.openDisjuncts.isEmpty else { return nil }
    return close(outcome.openDisjuncts, of: caseIndex, at: root, outcome.subproblem)
  }

  /// Closes what is open at the root of a case.
  ///
  /// - Returns: What ends the search; nil where all is closed.
  private mutating func close(
    _ disjuncts: [Int], of caseIndex: Int, at node: Int, _ root: Subproblem
  ) -> SearchResult? {
    let splitting = UnitSplitting(context: context, caseIndex: caseIndex)
    for (order, leaves) in Self.levels.enumerated() {
      var refinement = UnitSplittingRefinement(splitting, workers, root: root)
      if leaves > 0, !refinement.refine(leaves: leaves) {
        return .stopped(context.run.reasonToStop() ?? .resolution)
      }
      let next = order + 1 < Self.levels.count ? Self.levels[order + 1] : 0
      let work = UnitSplittingRefinement.work(leaves: next, on: refinement.root, context)
      // Branching may take half of what the next refinement takes, all there is where that is nothing.
      let budget = next > 0 && work > 0 ? work / 2 : .infinity
      var search = UnitSplittingDisjuncts(splitting, workers, disjuncts, root: refinement.root)
      switch search.close(budget: budget) {
      case .closed:
        search.write(to: &tree, at: refinement.write(to: &tree, at: node))
        return nil
      case .ended(let result): return result
      case .abandoned: continue
      }
    }
    return .stopped(.resolution)
  }
}
