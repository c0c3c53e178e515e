internal import BoundPropagation
internal import ExactArithmetic
internal import ProofFormat

/// Runs ``DerivativeSplitting`` over all cases, depth first, in rounds.
struct DerivativeSplittingDriver {
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
    let size = max(2, context.workload.boxesPerRound / 8)
    let workers = Workers(context.network, threads: context.options.threads, batchSize: 20)
    let splitting = DerivativeSplitting(context.problem, context.network)
    var unconfirmed: StopReason?
    while !open.isEmpty {
      if let reason = context.run.reasonToStop(open: open.count) {
        return .stopped(unconfirmed ?? reason)
      }
      let round = Array(open.suffix(size))
      open.removeLast(round.count)
      let outcomes = workers.map(round) { boxes, propagator in
        boxes.map { splitting.process($0, with: propagator) }
      }
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
  private mutating func take(
    _ box: InputSplitting.OpenBox, _ outcome: DerivativeSplitting.Outcome
  ) -> Bool {
    for record in outcome.records { tree.append(record, to: box.node) }
    guard !outcome.openDisjuncts.isEmpty else { return true }
    let record: Record
    switch outcome.split {
    case nil: return false
    case .input(let entry, let value)?:
      guard let value = Dyadic(exactly: value) else { return false }
      record = .splitInput(entry: entry, value: value)
    case .unit(let unit)?:
      let ordinal = context.network.ordinal(of: unit)
      record = .splitUnit(
        Unit(rectifier: ordinal, index: unit - context.network.rectifiers[ordinal].firstUnit))
    }
    let children = tree.split(box.node, by: record)
    let halves = outcome.split?.halves(of: outcome.subproblem) ?? []
    for (node, subproblem) in zip([children.first, children.second], halves).reversed() {
      open.append(
        InputSplitting.OpenBox(
          node: node, caseIndex: box.caseIndex, subproblem: subproblem,
          disjuncts: outcome.openDisjuncts, share: box.share / 2))
    }
    return true
  }
}
