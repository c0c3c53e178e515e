internal import BoundPropagation
internal import ClaimLanguage
internal import ExactArithmetic
internal import ProofFormat

/// Bounds quantities on branches, the sets that splits of units' signs leave of a case, by dual ascent
/// (after Wang et al., "Beta-CROWN", 2021).
struct UnitSplitting: Sendable {
  /// What a tree of branches bounds from below.
  enum Goal: Sendable {
    /// The excess of a disjunct's rows; where it is positive the disjunct is closed.
    case disjunct(Int)
    /// One end of a unit's argument.
    case end(Lemma.Side, unit: Int)
  }

  /// A branch to be bounded.
  struct Branch: Sendable {
    let goal: Goal
    /// What is split below the root.
    let splits: [UnitSplit]
    let start: Multipliers?
    /// The bound of the branch that it comes from; not a number at the root.
    var inheritedBound = Double.nan
    /// How many splits in a row have gained next to nothing there.
    var idleSplits = 0
    /// How many times longer to climb where no unit is left to split.
    var patience = 1
  }

  /// What bounding a branch gave.
  struct Result: Sendable {
    /// The bound, less what rounding may make of it in the checker.
    var bound: Double
    var multipliers: Multipliers
    /// The unit to split next; none: all are decided.
    var unit: CostlyUnit?
    /// What closes the branch.
    var closing: Record?
    /// A point that satisfies the disjunct in binary64.
    var witness: [Double]?
    /// How many splits in a row have gained next to nothing.
    var idleSplits = 0
    /// How many times longer than at first it climbed where no unit is left to split.
    var patience = 1
  }

  /// The long climb of a branch that cannot be split.
  private static let lastSettings = AscentSettings(
    steps: 300, goal: 1e-5, slopeRate: 0.1, splitRate: 0.1, decay: 0.99)
  /// The climb from the standard lines.
  private static let newSettings = AscentSettings(
    steps: 20, goal: 1e-5, slopeRate: 0.3, splitRate: 0.3, decay: 0.96)
  /// A split that lifts the bound by less than this share has gained next to nothing.
  private static let leastGain = 0.1
  /// So many such splits in a row are followed by a climb from the standard lines.
  private static let mostIdleSplits = 2

  let context: SearchContext
  let caseIndex: Int

  private var inputSet: FloatProblem.Case { context.problem.cases[caseIndex] }

  /// Bounds a batch of branches below a root.
  func bound(
    _ branches: ArraySlice<Branch>, below root: Subproblem, _ settings: AscentSettings,
    with propagator: Propagator
  ) -> [Result] {
    let subproblems = branches.map { branch in
      var subproblem = root
      for split in branch.splits { subproblem.add(split) }
      return subproblem
    }
    var found = propagator.ascend(
      branches.enumerated().map { place, branch in
        Objective(
          subproblem: place, quantity: quantity(branch.goal, on: subproblems[place]),
          start: branch.start)
      }, on: subproblems, settings: settings)
    climbOn(branches, &found, on: subproblems, with: propagator)
    let idle = climbAnew(branches, &found, on: subproblems, with: propagator)
    let noise = root.noise
    var results = found.map { ascent in
      Result(
        bound: Contradiction.provable(ascent.bound, of: ascent.magnitude, noise: noise),
        multipliers: ascent.multipliers, unit: ascent.costliestUnits.first)
    }
    for (place, branch) in branches.enumerated() {
      (results[place].idleSplits, results[place].patience) = (idle[place], branch.patience)
      guard case .disjunct(let disjunct) = branch.goal else { continue }
      close(disjunct, &results[place], found[place], on: subproblems[place])
    }
    findWitnesses(branches, found, subproblems, &results, with: propagator)
    chooseUnits(branches, found, subproblems, &results, with: propagator)
    return results
  }

  /// Climbs on where no unit is left to split, so that the multipliers are all that can be better.
  private func climbOn(
    _ branches: ArraySlice<Branch>, _ found: inout [AscentResult], on subproblems: [Subproblem],
    with propagator: Propagator
  ) {
    let places = found.indices.filter { found[$0].costliestUnits.isEmpty && found[$0].bound <= 0 }
    let all = Array(branches)
    var settings = Self.lastSettings
    let patience = places.map { all[$0].patience }.max() ?? 1
    settings.steps *= patience
    settings.decay = 1 - (1 - settings.decay) / Double(patience)
    let further = propagator.ascend(
      places.map {
        Objective(
          subproblem: $0, quantity: quantity(all[$0].goal, on: subproblems[$0]),
          start: found[$0].multipliers)
      }, on: subproblems, settings: settings)
    for (place, result) in zip(places, further) where result.bound > found[place].bound {
      found[place] = result
    }
  }

  /// Climbs again from the standard lines where splits in a row have gained next to nothing: the multipliers
  /// that such a branch has from its parent are a point that short climbs do not leave, though what the
  /// splits exclude often lies far above.
  ///
  /// - Returns: How many splits in a row have gained next to nothing.
  private func climbAnew(
    _ branches: ArraySlice<Branch>, _ found: inout [AscentResult], on subproblems: [Subproblem],
    with propagator: Propagator
  ) -> [Int] {
    let all = Array(branches)
    var idle = all.indices.map { place in
      let inherited = all[place].inheritedBound
      let isIdle = found[place].bound <= inherited + Self.leastGain * inherited.magnitude
      return isIdle ? all[place].idleSplits + 1 : 0
    }
    let places = all.indices.filter {
      idle[$0] >= Self.mostIdleSplits && found[$0].bound <= 0
    }
    let anew = propagator.ascend(
      places.map {
        Objective(subproblem: $0, quantity: quantity(all[$0].goal, on: subproblems[$0]))
      }, on: subproblems, settings: Self.newSettings)
    for (place, result) in zip(places, anew) {
      idle[place] = 0
      if result.bound > found[place].bound { found[place] = result }
    }
    return idle
  }

  /// What a goal asks to bound on a subproblem.
  func quantity(_ goal: Goal, on subproblem: Subproblem) -> Quantity {
    switch goal {
    case .disjunct(let disjunct):
      let required = requiredUnit(disjunct, on: subproblem)
      return .rows(
        inputSet.disjuncts[disjunct].map { $0.linearExcess(with: required) })
    case .end(let side, let unit): return .argument(unit: unit, isNegated: side == .upper)
    }
  }

  /// The output that is an unstable unit and must be positive wherever a disjunct is closed: its row is that
  /// unit less what is never negative.
  ///
  /// Such a unit has its argument for the line below. Any other slope loses, and with the slope zero the
  /// row is bounded by zero, where no multiplier has a gradient and no unit costs anything.
  private func requiredUnit(_ disjunct: Int, on subproblem: Subproblem)
    -> (output: Int, unit: Int)?
  {
    let rows = inputSet.disjuncts[disjunct]
    guard rows.count == 1, rows[0].bound >= 0, rows[0].inputs.isEmpty else { return nil }
    let outputs = rows[0].outputs
    let units = outputs.map { context.network.unit(ofOutput: $0.index) }
    let positive = outputs.indices.filter { outputs[$0].coefficient > 0 }
    guard !units.contains(nil), positive.count == 1, let place = positive.first,
      let unit = units[place], units.count(where: { $0 == unit }) == 1, subproblem.isUnstable(unit)
    else { return nil }
    return (outputs[place].index, unit)
  }

  /// Closes a disjunct where its bound, lifted by the input rows, is positive, and by a linear program
  /// where no unit is left to split.
  private func close(
    _ disjunct: Int, _ result: inout Result, _ ascent: AscentResult, on subproblem: Subproblem
  ) {
    var inputRows: [Term<Int>] = []
    if result.bound <= 0,
      let (rows, lifted) = inputRowTerms(for: ascent.function, subproblem), lifted > result.bound
    {
      inputRows = rows
      result.bound = Contradiction.provable(
        lifted, of: ascent.magnitude, noise: subproblem.noise)
    }
    if result.bound > 0 {
      result.closing = .close(
        disjunct: disjunct,
        derivation(
          result.multipliers, on: subproblem, inputRows: inputRows,
          required: requiredUnit(disjunct, on: subproblem)?.unit))
    } else if result.unit == nil {
      solveRegion(disjunct, &result, subproblem)
    }
  }

  /// The derivation of what multipliers give on a subproblem, a required unit with the slope one.
  func derivation(
    _ multipliers: Multipliers, on subproblem: Subproblem, inputRows: [Term<Int>] = [],
    required: Int? = nil
  ) -> Derivation {
    let codes = multipliers.slopes.indices.compactMap { unit -> UInt8? in
      guard subproblem.isUnstable(unit) else { return nil }
      return unit == required ? 255 : multipliers.slopes[unit]
    }
    let splits = zip(subproblem.splits, multipliers.splits)
      .map { (place: context.network.unit($0.unit), value: $1) }
      .sorted { ($0.place.rectifier, $0.place.index) < ($1.place.rectifier, $1.place.index) }
    return Derivation(
      rows: multipliers.weights == [1] ? [] : Quantised.multipliers(multipliers.weights),
      slopes: .codes(codes), units: Quantised.multipliers(splits), inputRows: inputRows)
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

  /// Looks whether the corners where the lower functions are least satisfy their disjuncts.
  private func findWitnesses(
    _ branches: ArraySlice<Branch>, _ ascents: [AscentResult], _ subproblems: [Subproblem],
    _ results: inout [Result], with propagator: Propagator
  ) {
    var suspects: [(place: Int, disjunct: Int, point: [Double])] = []
    for (place, branch) in branches.enumerated() where results[place].closing == nil {
      guard case .disjunct(let disjunct) = branch.goal, results[place].witness == nil else {
        continue
      }
      let corner = ascents[place].function.minimiser(
        lower: subproblems[place].lower, upper: subproblems[place].upper)
      suspects.append((place, disjunct, inputSet.ball?.pulledInside(corner) ?? corner))
    }
    guard !suspects.isEmpty else { return }
    let outputs = propagator.evaluate(suspects.flatMap(\.point))
    let width = outputs.count / suspects.count
    for (order, suspect) in suspects.enumerated() {
      let values = Array(outputs[order * width..<(order + 1) * width])
      guard
        context.problem.isSatisfied(
          suspect.disjunct, of: caseIndex, at: suspect.point, outputs: values)
      else { continue }
      results[suspect.place].witness = suspect.point
    }
  }

  private func solveRegion(_ disjunct: Int, _ result: inout Result, _ subproblem: Subproblem) {
    guard inputSet.ball == nil,
      RegionProgram.isAffordable(context.network, inputs: inputSet.freeInputCount)
    else { return }
    let program = RegionProgram(
      network: context.maker.problem.network, floats: context.network,
      rows: inputSet.disjuncts[disjunct], inputSet: inputSet)
    switch program.solve(subproblem) {
    case .contradiction(let derivation, let isEmpty):
      result.closing = isEmpty ? .closeEmpty(derivation) : .close(disjunct: disjunct, derivation)
    case .point(let point): result.witness = point
    case .nothing: break
    }
  }
}

extension FloatProblem.Case {
  /// How many inputs are not fixed.
  var freeInputCount: Int { zip(lower, upper).count { $0 < $1 } }
}

extension FloatProblem.Row {
  /// The left side less the bound, with the argument of a required unit in place of the output.
  func linearExcess(with required: (output: Int, unit: Int)?) -> LinearRow {
    let row = linearRow
    return LinearRow(
      inputs: row.inputs, outputs: row.outputs.filter { $0.index != required?.output },
      arguments: row.outputs.filter { $0.index == required?.output }.compactMap { entry in
        required.map { .init(index: $0.unit, coefficient: entry.coefficient) }
      }, constant: -bound)
  }
}

extension AscentResult {
  /// The affine function below the combination.
  fileprivate var function: LowerFunction {
    LowerFunction(coefficients: coefficients, constant: constant, minimum: bound)
  }
}
