internal import BoundPropagation
internal import ExactArithmetic
internal import ProofFormat

/// Runs ``DerivativeSplitting`` over all cases, depth first, in rounds.
struct DerivativeSplittingDriver {
  private let context: SearchContext
  private var boxes: OpenBoxes

  init(_ context: SearchContext) {
    self.context = context
    boxes = OpenBoxes(context)
  }

  /// Bounds and splits until no box is open.
  consuming func search() -> SearchResult {
    let size = max(2, context.workload.boxesPerRound / 8)
    let workers = Workers(context.network, threads: context.options.threads, batchSize: 20)
    let splitting = DerivativeSplitting(context.problem, context.network)
    var unconfirmed: StopReason?
    while !boxes.isEmpty {
      if let reason = context.run.reasonToStop(open: boxes.count) {
        return .stopped(unconfirmed ?? reason)
      }
      let round = boxes.takeRound(of: size)
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
        nodes: round.count, proved: proved, open: boxes.count,
        lowestBound: outcomes.map(\.lowestBound).min() ?? .infinity)
    }
    return .closed(boxes.proof)
  }

  /// Records an outcome and opens its children.
  ///
  /// - Returns: Whether the box could be split, where it had to be.
  private mutating func take(
    _ box: InputSplitting.OpenBox, _ outcome: DerivativeSplitting.Outcome
  ) -> Bool {
    boxes.append(outcome.records, to: box)
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
    guard let halves = outcome.split?.halves(of: outcome.subproblem) else { return false }
    boxes.split(
      box, by: record, (halves[0], outcome.openDisjuncts), (halves[1], outcome.openDisjuncts))
    return true
  }
}
