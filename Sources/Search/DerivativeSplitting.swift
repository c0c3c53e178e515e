internal import BoundPropagation
internal import ExactArithmetic
internal import ProofFormat

/// Branch and bound over boxes of points and directions, for conditions on derivatives.
///
/// A derivative does not change with the point but where a unit changes its sign, so that no slope of a
/// bound says which input to halve: the most promising ones are tried, and the best taken.
struct DerivativeSplitting {
  /// How many points' entries are tried, how many directions', and how many units.
  private static let mostPointEntries = 6
  private static let mostDirectionEntries = 3
  private static let mostUnits = 3
  /// The share of what is missing that a split of points is taken to gain, and what the gains of others
  /// count beside it.
  private static let leastGain = 0.1
  private static let worthOfOthers = 0.3

  /// How a box is divided.
  enum Split {
    case input(entry: Int, value: Double)
    /// A unit whose sign opens a gate.
    case unit(Int)

    /// Both parts of a box, as a proof orders them.
    func halves(of box: Subproblem) -> [Subproblem] {
      var (first, second) = (box, box)
      switch self {
      case .input(let entry, let value):
        first.upper[entry] = value
        second.lower[entry] = value
      case .unit(let unit):
        first.add(UnitSplit(unit: unit, isActive: false))
        second.add(UnitSplit(unit: unit, isActive: true))
      }
      return [first, second]
    }
  }

  /// What bounding a box gave.
  struct Outcome {
    var records: [Record] = []
    var subproblem: Subproblem
    var openDisjuncts: [Int] = []
    var split: Split?
    /// A point that satisfies a disjunct in binary64.
    var witness: [Double]?
    var lowestBound = Double.infinity
  }

  let problem: FloatProblem
  /// Whether an input moves the sign of some gate: it is part of a point, not of a direction.
  let movesGates: [Bool]

  /// Finds out which inputs are directions.
  init(_ problem: FloatProblem, _ network: FloatNetwork) {
    self.problem = problem
    movesGates = network.inputsOfGates
  }

  /// Bounds a box, closes disjuncts and chooses a split.
  func process(_ open: InputSplitting.OpenBox, with propagator: Propagator) -> Outcome {
    let item = problem.cases[open.caseIndex]
    let (lower, upper) = (open.subproblem.lower, open.subproblem.upper)
    if let missed = item.balls.first(where: { $0.misses(lower: lower, upper: upper) }) {
      let row = Derivation(inputRows: [Term(missed.inputRow, .one)])
      return Outcome(records: [.closeEmpty(row)], subproblem: open.subproblem)
    }
    var subproblems = [open.subproblem]
    let rows = open.disjuncts.flatMap { item.disjuncts[$0] }
    let bounds = propagator.bound(
      rows.map(\.linearRow), on: &subproblems, refresh: .backward(from: 0), scoringUnits: true)
    var outcome = Outcome(subproblem: subproblems[0])
    outcome.records.append(.tightenAll)
    guard outcome.subproblem.contradiction == nil else {
      outcome.records.append(.closeCrossed)
      return outcome
    }
    var first = 0
    var worst: (place: Int, function: LowerFunction)?
    for disjunct in open.disjuncts {
      let functions = item.disjuncts[disjunct].enumerated().map { place, row in
        bounds.function(box: 0, row: first + place, less: row.bound)
      }
      let chosen = rows[first..<first + functions.count]
      first += functions.count
      let contradiction = Contradiction(
        noise: outcome.subproblem.noise, lower: outcome.subproblem.lower,
        upper: outcome.subproblem.upper, functions: functions, inputSet: item)
      let found = contradiction.derivation { weights, _ in
        propagator.combination(
          of: Array(chosen), weights, on: outcome.subproblem)
      }
      switch found {
      case .success(.disjunct(let derivation)):
        outcome.records.append(.close(disjunct: disjunct, derivation))
      case .success(.node(let derivation)):
        outcome.records.append(.closeEmpty(derivation))
        (outcome.openDisjuncts, outcome.witness) = ([], nil)
        return outcome
      case .failure:
        outcome.openDisjuncts.append(disjunct)
        let strongest = functions.indices.max { functions[$0].minimum < functions[$1].minimum }
        guard let place = strongest else { continue }
        let function = functions[place]
        outcome.lowestBound = min(outcome.lowestBound, function.minimum)
        if worst.map({ function.minimum < $0.function.minimum }) ?? true {
          worst = (chosen.startIndex + place, function)
        }
        look(for: disjunct, of: open.caseIndex, along: function, with: propagator, &outcome)
      }
    }
    if let worst {
      let units = propagator.network.unitCount
      let scores = bounds.unitScores[worst.place * units..<(worst.place + 1) * units]
      outcome.split = split(
        outcome.subproblem, rows[worst.place], worst.function, Array(scores), item, with: propagator
      )
    }
    return outcome
  }

  /// Evaluates a point near the middle, where kinks are less likely, in the direction in which a lower function is least.
  private func look(
    for disjunct: Int, of caseIndex: Int, along function: LowerFunction,
    with propagator: Propagator, _ outcome: inout Outcome
  ) {
    guard outcome.witness == nil else { return }
    let (lower, upper) = (outcome.subproblem.lower, outcome.subproblem.upper)
    let corner = lower.indices.map { entry in
      let coefficient = function.coefficients[entry]
      return coefficient > 0
        ? lower[entry]
        : coefficient < 0 ? upper[entry] : lower[entry] + 0.4931 * (upper[entry] - lower[entry])
    }
    let item = problem.cases[caseIndex]
    let directions = item.balls.first { ball in ball.centre.keys.allSatisfy { !movesGates[$0] } }
    let point = directions?.furthest(along: function, from: corner) ?? corner
    let outputs = propagator.evaluate(point)
    if problem.isSatisfied(disjunct, of: caseIndex, at: point, outputs: outputs) {
      outcome.witness = point
    }
  }

  // MARK: Splits

  /// The halving whose halves have the best bounds.
  private func split(
    _ box: Subproblem, _ row: FloatProblem.Row, _ function: LowerFunction,
    _ unitScores: [Double], _ item: FloatProblem.Case, with propagator: Propagator
  ) -> Split? {
    let candidates =
      candidates(in: box, function, with: propagator)
      + units(in: box, unitScores, of: propagator.network).map { .unit($0) }
    var halves = candidates.flatMap { $0.halves(of: box) }
    let bounds = propagator.bound([row.linearRow], on: &halves, refresh: .backward(from: 0))
    var best: (place: Int, gain: Double)?
    for place in candidates.indices {
      let gains = [2 * place, 2 * place + 1].map { half in
        guard halves[half].contradiction == nil else { return Double.infinity }
        let bound = self.bound(
          bounds.function(box: half, row: 0, less: row.bound), on: halves[half], item)
        return bound - self.bound(function, on: box, item)
      }
      // The product rule of branch and bound; a bound above zero is as good as any. Narrower points
      // help later gates, whatever they gain now; units and directions must gain at once.
      let enough = max(0, -self.bound(function, on: box, item))
      let isOfPoints: Bool
      if case .input(let entry, _) = candidates[place] {
        isOfPoints = movesGates[entry]
      } else {
        isOfPoints = false
      }
      let least = isOfPoints ? Self.leastGain * enough : 0
      let product = gains.reduce(1) { $0 * max(min($1, enough), least) }
      let gain = isOfPoints ? product : product * Self.worthOfOthers
      if gain > (best?.gain ?? -.infinity) { best = (place, gain) }
    }
    return best.map { candidates[$0.place] }
  }

  private func bound(
    _ function: LowerFunction, on box: Subproblem, _ item: FloatProblem.Case
  ) -> Double {
    let ball = item.ball?.bestMultiplier(for: function, lower: box.lower, upper: box.upper)
    return max(function.minimum, ball?.bound ?? -.infinity)
  }

  /// The middles of the entries that may matter, the points' before the directions'.
  private func candidates(
    in box: Subproblem, _ function: LowerFunction, with propagator: Propagator
  ) -> [Split] {
    let outputs = (0..<propagator.network.outputSize).map {
      LinearRow(outputs: [.init(index: $0, coefficient: 1)])
    }
    let slopes = propagator.gradientMagnitudes(of: outputs, on: [box])
    var scores = [Double](repeating: 0, count: box.lower.count)
    for (place, slope) in slopes.enumerated() { scores[place % scores.count] += slope }
    typealias Halving = (entry: Int, value: Double, score: Double)
    let halvings = box.lower.indices.compactMap { entry -> Halving? in
      let (low, high) = (box.lower[entry], box.upper[entry])
      let middle = low / 2 + high / 2
      guard low < middle, middle < high else { return nil }
      let slope = movesGates[entry] ? scores[entry] : function.coefficients[entry].magnitude
      return (entry, middle, slope * (high - low))
    }
    let sorted = halvings.sorted { ($0.score, $1.entry) > ($1.score, $0.entry) }
    let points = sorted.filter { movesGates[$0.entry] }.prefix(Self.mostPointEntries)
    let directions = sorted.filter { !movesGates[$0.entry] }.prefix(Self.mostDirectionEntries)
    return (points + directions).map { .input(entry: $0.entry, value: $0.value) }
  }

  /// The units whose undecided gates cost a bound most.
  private func units(
    in box: Subproblem, _ scores: [Double], of network: FloatNetwork
  ) -> [Int] {
    var costs: [Int: Double] = [:]
    for rectifier in network.rectifiers {
      guard let gate = rectifier.gate else { continue }
      for (sign, unit) in zip(network.rectifiers[gate].units, rectifier.units)
      where box.isUnstable(sign) && scores[unit] > 0 {
        costs[sign, default: 0] += scores[unit]
      }
    }
    return costs.sorted { ($0.value, $1.key) > ($1.value, $0.key) }.prefix(Self.mostUnits)
      .map(\.key)
  }
}

extension Ball {
  /// The point of the ball in which a function is least, other entries being those of a point.
  func furthest(along function: LowerFunction, from point: [Double]) -> [Double] {
    var result = point
    for (entry, curve) in centre { result[entry] = curve.centre }
    switch norm {
    case .one:
      let steepest = centre.max { left, right in
        function.coefficients[left.key].magnitude / left.value.coefficient
          < function.coefficients[right.key].magnitude / right.value.coefficient
      }
      guard let (entry, curve) = steepest else { return result }
      let reach = bound / curve.coefficient
      result[entry] += function.coefficients[entry] > 0 ? -reach : reach
    case .two:
      var length = 0.0
      for (entry, curve) in centre {
        let slope = function.coefficients[entry]
        length += slope * slope / curve.coefficient
      }
      guard length > 0 else { return result }
      let reach = (bound / length).squareRoot()
      for (entry, curve) in centre {
        result[entry] -= reach * function.coefficients[entry] / curve.coefficient
      }
    }
    return pulledInside(result)
  }
}
