internal import BoundPropagation
internal import ProofFormat

/// Runs a ``DisjunctMethod`` over all cases and disjuncts, depth first, in rounds.
struct DisjunctDriver<Method: DisjunctMethod> {
  /// How a run ended.
  enum End {
    case result(SearchResult)
    /// The method is not worth going on with here.
    case abandoned
  }

  private let context: SearchContext
  /// How many branches a round has, whatever the number of threads.
  private let roundSize: Int
  private let workers: Workers
  /// Whether to go on, told the share of all trees that is proved.
  private let isWorthwhile: (Double) -> Bool
  private var tree = ProofTree()
  private var unconfirmed: StopReason?
  private var proved = 0.0

  init(_ context: SearchContext, roundSize: Int, while isWorthwhile: @escaping (Double) -> Bool) {
    self.context = context
    self.roundSize = roundSize
    self.isWorthwhile = isWorthwhile
    workers = Workers(
      context.network, threads: context.options.threads,
      batchSize: max(1, roundSize / Workers.parts))
  }

  /// Closes one case after the other.
  consuming func search() -> End {
    var roots: [Int] = []
    for caseIndex in context.problem.cases.indices {
      let root = tree.addRoot()
      roots.append(root)
      if let end = search(caseIndex, from: root) { return end }
    }
    return .result(.closed(tree.bytes(roots: roots)))
  }

  /// Closes a case.
  ///
  /// - Returns: What ends the search; nil where the case is closed.
  private mutating func search(_ caseIndex: Int, from root: Int) -> End? {
    let item = context.problem.cases[caseIndex]
    guard !item.disjuncts.isEmpty else { return nil }
    guard !item.isEmptyBox else {
      tree.append(.closeCrossed, to: root)
      return nil
    }
    if let reason = context.run.reasonToStop() { return .result(.stopped(unconfirmed ?? reason)) }
    let whole = InputSplitting.OpenBox(
      node: root, caseIndex: caseIndex,
      subproblem: Subproblem(lower: item.lower, upper: item.upper, of: context.network),
      disjuncts: Array(item.disjuncts.indices), share: 1)
    let problem = context.problem
    let outcome = workers.map([whole]) {
      InputSplitting(problem: problem).process($0, with: $1, splitting: false)
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
      let branch = Branch(node: alone, subproblem: outcome.subproblem, share: share)
      if let end = search(branch, caseIndex, disjunct) { return end }
    }
    return nil
  }

  /// Closes a disjunct.
  ///
  /// - Returns: What ends the search; nil where the disjunct is closed.
  private mutating func search(_ root: Branch, _ caseIndex: Int, _ disjunct: Int) -> End? {
    let method = Method(context, caseIndex: caseIndex, disjunct: disjunct)
    var open = [root]
    while !open.isEmpty {
      if let reason = context.run.reasonToStop(open: open.count) {
        return .result(.stopped(unconfirmed ?? reason))
      }
      guard isWorthwhile(proved) else { return .abandoned }
      let round = Array(open.suffix(roundSize))
      open.removeLast(round.count)
      let outcomes = workers.map(round) { method.process($0, with: $1) }
      let before = proved
      for (branch, outcome) in zip(round, outcomes) {
        if let point = outcome.witness, let end = confirm(point, caseIndex) { return end }
        guard take(branch, outcome, into: &open) else { return .abandoned }
      }
      context.run.advance(
        nodes: round.count, proved: proved - before, open: open.count,
        lowestBound: outcomes.map(\.bound).min() ?? .infinity)
    }
    return nil
  }

  /// Records an outcome and opens what is left of the branch.
  ///
  /// - Returns: Whether there was something left to try.
  private mutating func take(
    _ branch: Branch, _ outcome: BranchOutcome, into open: inout [Branch]
  ) -> Bool {
    for record in outcome.records { tree.append(record, to: branch.node) }
    switch outcome.next {
    case .closed: proved += branch.share
    case .again(let subproblem):
      open.append(Branch(node: branch.node, subproblem: subproblem, share: branch.share))
    case .split(let record, let first, let second):
      let children = tree.split(branch.node, by: record)
      open.append(Branch(node: children.second, subproblem: second, share: branch.share / 2))
      open.append(Branch(node: children.first, subproblem: first, share: branch.share / 2))
    case .stuck: return false
    }
    return true
  }

  /// Tries a point that satisfies a disjunct in binary64.
  private mutating func confirm(_ point: [Double], _ caseIndex: Int) -> End? {
    if let witness = context.maker.witness(near: point, caseIndex: caseIndex) {
      return .result(.refuted(witness))
    }
    unconfirmed = .unconfirmedWitness("no exact point was found near it")
    return nil
  }
}
