internal import BoundPropagation
internal import ExactArithmetic
internal import ProofFormat

/// Runs ``InputSplitting`` over all cases, depth first, in rounds.
///
/// The size of a round does not depend on the number of threads, so that a run gives the same tree
/// on any machine.
struct InputSplittingDriver {
  private let context: SearchContext
  private var tree = ProofTree()
  private var roots: [Int] = []
  private var open: [InputSplitting.OpenBox] = []

  init(_ context: SearchContext) {
    self.context = context
    let cases = context.problem.cases
    for (index, item) in cases.enumerated() {
      let root = tree.addRoot()
      roots.append(root)
      guard !item.disjuncts.isEmpty else { continue }
      guard !item.isEmptyBox else {
        tree.append(.closeCrossed, to: root)
        continue
      }
      open.append(
        InputSplitting.OpenBox(
          node: root, caseIndex: index,
          subproblem: Subproblem(lower: item.lower, upper: item.upper, of: context.network),
          disjuncts: Array(item.disjuncts.indices), share: 1 / Double(cases.count)))
    }
    open.reverse()
  }

  /// Bounds and splits until nothing is open.
  consuming func search() -> SearchResult {
    let workers = Workers(
      context.network, threads: context.options.threads,
      batchSize: context.workload.boxesPerRound / Workers.parts)
    let splitting = InputSplitting(problem: context.problem)
    var unconfirmed: StopReason?
    while !open.isEmpty {
      if let reason = context.run.reasonToStop(open: open.count) {
        return .stopped(unconfirmed ?? reason)
      }
      let round = Array(open.suffix(context.workload.boxesPerRound))
      open.removeLast(round.count)
      let outcomes = workers.map(round) { splitting.process($0, with: $1) }
      var proved = 0.0
      for (box, outcome) in zip(round, outcomes) {
        if let point = outcome.witness {
          if let witness = context.maker.witness(near: point, caseIndex: box.caseIndex) {
            return .refuted(witness)
          }
          unconfirmed = .unconfirmedWitness("no exact point was found near it")
        }
        guard take(box, outcome) else { return .stopped(unconfirmed ?? .resolution) }
        if outcome.openDisjuncts.isEmpty { proved += box.share }
      }
      context.run.advance(
        nodes: round.count, proved: proved, open: open.count,
        lowestBound: outcomes.map(\.lowestBound).min() ?? .infinity)
    }
    return .closed(tree.bytes(roots: roots))
  }

  /// Records an outcome and opens its children.
  ///
  /// - Returns: Whether the box could be split, where it had to be.
  private mutating func take(_ box: InputSplitting.OpenBox, _ outcome: InputSplitting.Outcome)
    -> Bool
  {
    for record in outcome.records { tree.append(record, to: box.node) }
    guard !outcome.openDisjuncts.isEmpty else { return true }
    guard let split = outcome.split, let value = Dyadic(exactly: split.value) else { return false }
    let children = tree.split(box.node, by: .splitInput(entry: split.entry, value: value))
    var (low, high) = (outcome.subproblem, outcome.subproblem)
    low.upper[split.entry] = split.value
    high.lower[split.entry] = split.value
    for (node, subproblem) in [(children.second, high), (children.first, low)] {
      open.append(
        InputSplitting.OpenBox(
          node: node, caseIndex: box.caseIndex, subproblem: subproblem,
          disjuncts: outcome.openDisjuncts, share: box.share / 2))
    }
    return true
  }
}
