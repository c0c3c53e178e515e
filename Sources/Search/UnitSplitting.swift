internal import BoundPropagation
internal import ClaimLanguage
internal import ExactArithmetic
internal import ProofFormat

/// Branch and bound over the signs of rectifier units for one disjunct, with dual ascent at every
/// branch (after Wang et al., "Beta-CROWN", 2021).
struct UnitSplitting {
  /// A branch to be bounded.
  struct OpenBranch {
    let node: Int
    var subproblem: Subproblem
    var start: Multipliers?
    /// The share of all trees that lies below this node.
    let share: Double
  }

  /// What bounding a branch gave.
  struct Outcome {
    var records: [Record] = []
    var subproblem: Subproblem
    var isClosed = false
    var multipliers: Multipliers?
    /// The unit to split; nil where the branch is closed or nothing is left to split.
    var split: Int?
    /// A point that satisfies the disjunct in binary64.
    var witness: [Double]?
    var bound = -Double.infinity
  }

  let context: SearchContext
  let caseIndex: Int
  let disjunct: Int
  let settings: AscentSettings
  /// Whether later rectifiers are bounded again after a split.
  let tightens: Bool

  private var inputSet: FloatProblem.Case { context.problem.cases[caseIndex] }
  private var rows: [FloatProblem.Row] { inputSet.disjuncts[disjunct] }

  /// Bounds a batch of branches.
  func process(_ branches: ArraySlice<OpenBranch>, with propagator: Propagator) -> [Outcome] {
    var outcomes = branches.map { Outcome(subproblem: $0.subproblem) }
    for place in outcomes.indices { tighten(&outcomes[place], with: propagator) }
    let open = outcomes.indices.filter { !outcomes[$0].isClosed }
    let excesses = rows.map { $0.linearExcess }
    let results = propagator.ascend(
      open.enumerated().map { order, place in
        Objective(
          subproblem: order, rows: excesses, start: branches[branches.startIndex + place].start)
      }, on: open.map { outcomes[$0].subproblem }, settings: settings)
    let quantised = quantisedResults(results, on: open.map { outcomes[$0].subproblem }, propagator)
    for (order, place) in open.enumerated() {
      judge(&outcomes[place], results[order], quantised[order], with: propagator)
    }
    return outcomes
  }

  /// What the multipliers are worth after rounding to the proof's short numbers.
  ///
  /// - Returns: A result for each that looks closed; nil for the others.
  private func quantisedResults(
    _ results: [AscentResult], on subproblems: [Subproblem], _ propagator: Propagator
  ) -> [AscentResult?] {
    var quantised = [AscentResult?](repeating: nil, count: results.count)
    let chosen = results.indices.filter {
      results[$0].bound > 0 || (inputSet.ball != nil) || !inputSet.inputRows.isEmpty
    }
    let excesses = rows.map { $0.linearExcess }
    let again = propagator.ascend(
      chosen.map {
        Objective(subproblem: $0, rows: excesses, start: results[$0].multipliers.quantised)
      }, on: subproblems, settings: AscentSettings(steps: 0))
    for (place, result) in zip(chosen, again) { quantised[place] = result }
    return quantised
  }

  private func tighten(_ outcome: inout Outcome, with propagator: Propagator) {
    if tightens, let last = outcome.subproblem.splits.last {
      let first = context.network.unit(last.unit).rectifier + 1
      var one = [outcome.subproblem]
      _ = propagator.bound([], on: &one, refresh: .backward(from: first))
      outcome.subproblem = one[0]
      for rectifier in first..<max(first, context.network.rectifiers.count) {
        outcome.records.append(.tighten(rectifier: rectifier))
      }
    }
    guard outcome.subproblem.contradiction != nil else { return }
    outcome.records.append(.closeCrossed)
    outcome.isClosed = true
  }

  private func judge(
    _ outcome: inout Outcome, _ result: AscentResult, _ quantised: AscentResult?,
    with propagator: Propagator
  ) {
    outcome.bound = result.bound
    outcome.multipliers = result.multipliers
    if let quantised,
      let derivation = contradiction(
        quantised.function, quantised.multipliers, outcome.subproblem)
    {
      outcome.records.append(.close(disjunct: disjunct, derivation))
      outcome.isClosed = true
      return
    }
    let function = result.function
    let corner = function.minimiser(
      lower: outcome.subproblem.lower, upper: outcome.subproblem.upper)
    let candidate = inputSet.ball?.pulledInside(corner) ?? corner
    if context.problem.isSatisfied(
      disjunct, of: caseIndex, at: candidate, outputs: propagator.evaluate(candidate))
    {
      outcome.witness = candidate
      return
    }
    outcome.split = bestSplit(result, outcome.subproblem)
    if outcome.split == nil { solveRegion(&outcome, with: propagator) }
  }

  /// The derivation of a bound above the margin.
  private func contradiction(
    _ function: LowerFunction, _ multipliers: Multipliers, _ subproblem: Subproblem
  ) -> Derivation? {
    let magnitude = function.magnitude(lower: subproblem.lower, upper: subproblem.upper)
    let isProved = { (bound: Double) in
      Contradiction.isWorthProving(bound, of: magnitude, noise: subproblem.noise)
    }
    var inputRows: [Term<Int>] = []
    if !isProved(function.minimum) {
      guard let (rows, bound) = inputRowTerms(for: function, subproblem), isProved(bound)
      else { return nil }
      inputRows = rows
    }
    return Derivation(
      rows: Quantised.multipliers(multipliers.weights),
      slopes: .codes(codes(multipliers.slopes, subproblem)),
      units: Quantised.multipliers(splitTerms(multipliers.splits, subproblem)),
      inputRows: inputRows)
  }

  /// The multipliers of input rows that lift a function's minimum most, and the lifted minimum.
  private func inputRowTerms(for function: LowerFunction, _ subproblem: Subproblem)
    -> (rows: [Term<Int>], bound: Double)?
  {
    if let ball = inputSet.ball {
      let best = ball.bestMultiplier(
        for: function, lower: subproblem.lower, upper: subproblem.upper)
      guard let number = Quantised.multiplier(best.multiplier) else { return nil }
      return ([Term(ball.inputRow, number)], best.bound)
    }
    guard !inputSet.inputRows.isEmpty,
      let best = RowCombination(
        of: [function], lower: subproblem.lower, upper: subproblem.upper,
        inputRows: inputSet.inputRows), best.value.isFinite
    else { return nil }
    return (Quantised.multipliers(best.inputRows), best.value)
  }

  private func codes(_ slopes: [Double], _ subproblem: Subproblem) -> [UInt8] {
    slopes.indices.compactMap {
      subproblem.isUnstable($0) ? Quantised.slope(slopes[$0]) : nil
    }
  }

  private func splitTerms(_ values: [Double], _ subproblem: Subproblem)
    -> [(place: Unit, value: Double)]
  {
    zip(subproblem.splits, values).map { (context.network.unit($0.unit), $1) }
      .sorted { ($0.0.rectifier, $0.0.index) < ($1.0.rectifier, $1.0.index) }
  }

  private func bestSplit(_ result: AscentResult, _ subproblem: Subproblem) -> Int? {
    var best: (unit: Int, score: Double)?
    for unit in result.unitScores.indices where subproblem.isUnstable(unit) {
      let score = result.unitScores[unit].isNaN ? 0 : result.unitScores[unit]
      if let present = best, present.score >= score { continue }
      best = (unit, score)
    }
    return best?.unit
  }

  private func solveRegion(_ outcome: inout Outcome, with propagator: Propagator) {
    guard inputSet.ball == nil, inputSet.freeInputCount <= RegionProgram.mostInputs else { return }
    let program = RegionProgram(
      network: context.maker.problem.network, floats: context.network, rows: rows,
      inputSet: inputSet)
    switch program.solve(outcome.subproblem) {
    case .contradiction(let derivation, let isEmpty):
      outcome.records.append(
        isEmpty ? .closeEmpty(derivation) : .close(disjunct: disjunct, derivation))
      outcome.isClosed = true
    case .point(let point): outcome.witness = point
    case .nothing: break
    }
  }
}

extension FloatProblem.Case {
  /// How many inputs are not fixed.
  var freeInputCount: Int { zip(lower, upper).count { $0 < $1 } }
}

extension FloatProblem.Row {
  /// The left side less the bound.
  var linearExcess: LinearRow {
    LinearRow(
      inputs: linearRow.inputs, outputs: linearRow.outputs, constant: -bound)
  }
}

extension AscentResult {
  /// The affine function below the combination.
  fileprivate var function: LowerFunction {
    LowerFunction(coefficients: coefficients, constant: constant, minimum: bound)
  }
}

extension Multipliers {
  /// The multipliers as a proof has them: slopes of eight bits.
  fileprivate var quantised: Multipliers {
    Multipliers(
      slopes: slopes.map { Double(Quantised.slope($0)) / 255 }, splits: splits, weights: weights)
  }
}
