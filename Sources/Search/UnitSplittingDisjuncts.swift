internal import BoundPropagation
internal import ProofFormat

/// Closes the disjuncts that are open at the root of a case, each by a tree of branches of its own.
struct UnitSplittingDisjuncts {
  /// How it ended.
  enum Ending {
    /// All disjuncts are closed.
    case closed
    /// The work granted did not suffice, and much is left.
    case abandoned
    case ended(SearchResult)
  }

  private static let rootSettings = AscentSettings(
    steps: 40, goal: 1e-5, slopeRate: 0.3, splitRate: 0.1, decay: 0.95)
  private static let branchSettings = AscentSettings(
    steps: 16, goal: 1e-5, slopeRate: 0.1, splitRate: 0.1, decay: 0.95)
  /// Work goes on beyond what was granted where the lowest bound has come this share of its way to zero.
  private static let promisingShare = 0.6
  /// After this share of the work granted the lowest bound must have come a first share of its way.
  private static let trialShare = 0.1
  private static let triedShare = 0.25
  /// Work goes on where the lowest bound shrinks to this share whenever as much again was granted.
  private static let groundToGain = 0.8

  private let splitting: UnitSplitting
  private let workers: Workers
  private let root: Subproblem
  private let disjuncts: [Int]
  private var trees: [UnitSplittingTree]
  private var rootBounds: [Double] = []
  private var unconfirmed: StopReason?

  private var context: SearchContext { splitting.context }

  init(
    _ splitting: UnitSplitting, _ workers: Workers, _ disjuncts: [Int], root: Subproblem
  ) {
    self.splitting = splitting
    self.workers = workers
    self.root = root
    self.disjuncts = disjuncts
    trees = disjuncts.map { UnitSplittingTree(.disjunct($0), target: .infinity) }
  }

  /// Closes the disjuncts.
  ///
  /// - Parameter budget: How many multiplications are granted.
  /// - Returns: How it ended.
  mutating func close(budget: Double) -> Ending {
    let starts = trees.indices.map { (tree: $0, node: 0, branch: trees[$0].rootBranch()) }
    if let end = bound(starts, Self.rootSettings) { return .ended(end) }
    rootBounds = trees.map(\.bound)
    let size = context.workload.branchesPerRound(
      passes: 2 * Self.branchSettings.steps + 2, products: context.workload.products)
    var (used, granted) = (0.0, budget)
    var lastBound = lowestBound
    var isTried = false
    while trees.contains(where: { $0.openCount > 0 }) {
      let branches = nextBranches(size)
      // A leaf without a unit to split needs better bounds of the units.
      guard !branches.isEmpty else {
        return budget.isFinite ? .abandoned : .ended(.stopped(unconfirmed ?? .resolution))
      }
      if let end = bound(branches, Self.branchSettings) { return .ended(end) }
      used +=
        Double(branches.count * (2 * Self.branchSettings.steps + 2))
        * Double(context.workload.products)
      if used > budget * Self.trialShare, !isTried {
        isTried = true
        guard hasCome(Self.triedShare) else { return .abandoned }
      }
      guard used > granted else { continue }
      // A leaf that stays where it is needs better bounds of the units, however few are open.
      guard hasCome(Self.promisingShare), lowestBound > Self.groundToGain * lastBound
      else { return .abandoned }
      lastBound = lowestBound
      granted *= 2
    }
    return .closed
  }

  /// The lowest bound of all: that is where work goes.
  private var lowestBound: Double { trees.map(\.bound).min() ?? .infinity }

  /// Whether the lowest bound has come a share of its way to zero.
  private func hasCome(_ share: Double) -> Bool {
    lowestBound > (1 - share) * (rootBounds.min() ?? 0)
  }

  /// Splits the lowest leaves of the tree that is furthest from being closed, then of the others.
  private mutating func nextBranches(_ size: Int)
    -> [(tree: Int, node: Int, branch: UnitSplitting.Branch)]
  {
    var branches: [(tree: Int, node: Int, branch: UnitSplitting.Branch)] = []
    let open = trees.indices.filter { trees[$0].openCount > 0 }
      .sorted { trees[$0].bound < trees[$1].bound }
    for tree in open {
      while branches.count < size {
        let children = trees[tree].splitLowest()
        guard !children.isEmpty else { break }
        branches += children.map { (tree: tree, node: $0.node, branch: $0.branch) }
      }
    }
    return branches
  }

  /// Bounds branches.
  ///
  /// - Returns: What ends the search.
  private mutating func bound(
    _ branches: [(tree: Int, node: Int, branch: UnitSplitting.Branch)], _ settings: AscentSettings
  ) -> SearchResult? {
    let size = context.workload.branchesPerRound(
      passes: 2 * settings.steps + 2, products: context.workload.products)
    for start in stride(from: 0, to: branches.count, by: size) {
      let openCount = trees.reduce(0) { $0 + $1.openCount }
      if let reason = context.run.reasonToStop(open: openCount) {
        return .stopped(unconfirmed ?? reason)
      }
      let round = Array(branches[start..<min(start + size, branches.count)])
      let results = workers.map(round.map(\.branch)) { [splitting, root] in
        splitting.bound($0, below: root, settings, with: $1)
      }
      let before = closedShare
      for (item, result) in zip(round, results) {
        if let point = result.witness {
          let caseIndex = splitting.caseIndex
          if let witness = context.maker.witness(near: point, caseIndex: caseIndex) {
            return .refuted(witness)
          }
          unconfirmed = .unconfirmedWitness("no exact point was found near it")
        }
        trees[item.tree].take(result, of: item.node)
      }
      context.run.advance(
        nodes: round.count, proved: closedShare - before, open: openCount,
        lowestBound: lowestBound)
    }
    return nil
  }

  private var closedShare: Double {
    trees.reduce(0) { $0 + $1.closedShare }
      / Double(trees.count * context.problem.cases.count)
  }

  /// Writes the trees, which are closed.
  func write(to proof: inout ProofTree, at node: Int) {
    var node = node
    for (order, disjunct) in disjuncts.enumerated() {
      var alone = node
      if order + 1 < disjuncts.count {
        (alone, node) = proof.split(node, by: .separate(disjunct: disjunct))
      }
      trees[order].write(to: &proof, at: alone, name: context.network.unit) { result, _ in
        result.closing.map { [$0] } ?? []
      }
    }
  }
}
