internal import BoundPropagation
internal import ExactArithmetic
internal import ProofFormat

/// Runs ``InputSplitting`` over all cases, depth first, in rounds.
///
/// The size of a round does not depend on the number of threads, so that a run gives the same tree
/// on any machine.
struct InputSplittingDriver {
  /// One open box in so many, the closest to a witness, is a start of the attack.
  private static let boxesPerDescent = 16
  /// The trusted share of each side of the box there.
  private static let trustNearby = 0.1

  private let context: SearchContext
  private var boxes: OpenBoxes
  private var starts: DescentStarts
  /// How many boxes were bounded.
  private var bounded = 0

  init(_ context: SearchContext) {
    self.context = context
    starts = DescentStarts(context.problem, seed: context.options.seed)
    boxes = OpenBoxes(context)
  }

  /// Bounds and splits until no box is open.
  consuming func search() -> SearchResult {
    let workers = Workers(
      context.network, threads: context.options.threads,
      batchSize: context.workload.boxesPerRound / Workers.parts)
    let splitting = InputSplitting(problem: context.problem)
    var unconfirmed: StopReason?
    while !boxes.isEmpty {
      if let reason = context.run.reasonToStop(open: boxes.count) {
        return .stopped(unconfirmed ?? reason)
      }
      let round = boxes.takeRound(of: context.workload.boxesPerRound)
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
      bounded += round.count
      if let witness = descend(
        from: closest(outcomes, of: round) + starts.due(after: bounded), with: workers)
      {
        return .refuted(witness)
      }
      context.run.advance(
        nodes: round.count, proved: proved, open: boxes.count,
        lowestBound: outcomes.map(\.lowestBound).min() ?? .infinity)
    }
    return .closed(boxes.proof)
  }

  /// The points of a round that came closest to a witness.
  private func closest(_ outcomes: [InputSplitting.Outcome], of round: [InputSplitting.OpenBox])
    -> [DescentStarts.Start]
  {
    let found = zip(round, outcomes).compactMap { box, outcome in
      outcome.openDisjuncts.isEmpty
        ? nil : outcome.nearest.map { (near: $0, caseIndex: box.caseIndex) }
    }.sorted { $0.near.excess < $1.near.excess }
    let count = (found.count + Self.boxesPerDescent - 1) / Self.boxesPerDescent
    return found.prefix(count).map { near, caseIndex in
      DescentStarts.Start(
        caseIndex: caseIndex, disjunct: near.disjunct, points: [near.point], trust: Self.trustNearby
      )
    }
  }

  /// Goes on with the attack.
  private func descend(from starts: [DescentStarts.Start], with workers: Workers) -> Witness? {
    let (problem, run) = (context.problem, context.run)
    let points = workers.map(starts) { starts, propagator in
      starts.map { start in
        LinearDescent(
          problem: problem, caseIndex: start.caseIndex, disjunct: start.disjunct,
          propagator: propagator, firstTrust: start.trust
        ).point(fromBestOf: start.points) { run.isOver }
      }
    }
    for (start, point) in zip(starts, points) {
      guard let point else { continue }
      if let witness = context.maker.witness(near: point, caseIndex: start.caseIndex) {
        return witness
      }
    }
    return nil
  }

  /// Records an outcome and opens what is left of the box.
  ///
  /// - Returns: Whether there was something left to try, where it had to be.
  private mutating func take(_ box: InputSplitting.OpenBox, _ outcome: InputSplitting.Outcome)
    -> Bool
  {
    boxes.append(outcome.records, to: box)
    switch outcome.next {
    case .closed: break
    case .again:
      boxes.open(
        InputSplitting.OpenBox(
          node: box.node, caseIndex: box.caseIndex, subproblem: outcome.subproblem,
          disjuncts: outcome.openDisjuncts, share: box.share, looks: box.looks + 1))
    case .split(let record, let first, let second):
      boxes.split(
        box, by: record, (first, outcome.openDisjuncts), (second, outcome.openDisjuncts))
    case .separate(let disjunct):
      boxes.split(
        box, by: .separate(disjunct: disjunct), (outcome.subproblem, [disjunct]),
        (outcome.subproblem, outcome.openDisjuncts.filter { $0 != disjunct }))
    case .stuck: return false
    }
    return true
  }
}
