internal import BoundPropagation
internal import ExactArithmetic
internal import ProofFormat

/// Branch and bound over boxes of inputs, for few inputs.
struct InputSplitting {
  /// A box to be bounded.
  struct OpenBox {
    let node: Int
    let caseIndex: Int
    var subproblem: Subproblem
    var disjuncts: [Int]
    /// The share of all trees that lies below this node.
    let share: Double
  }

  /// What bounding a box gave.
  struct Outcome {
    var records: [Record] = []
    var subproblem: Subproblem
    var openDisjuncts: [Int] = []
    var split: (entry: Int, value: Double)?
    /// A point that satisfies a disjunct in binary64.
    var witness: [Double]?
    var lowestBound = Double.infinity
    /// What the width of each input costs the bounds.
    var scores: [Double] = []
  }

  let problem: FloatProblem

  /// Bounds a batch of boxes, closes disjuncts and chooses splits.
  func process(_ boxes: ArraySlice<OpenBox>, with propagator: Propagator) -> [Outcome] {
    var wanted: Set<Int> = []
    for open in boxes {
      for disjunct in open.disjuncts {
        wanted.formUnion(problem.cases[open.caseIndex].disjuncts[disjunct].map(\.direction))
      }
    }
    let directions = wanted.sorted()
    var places: [Int: Int] = [:]
    for (place, direction) in directions.enumerated() { places[direction] = place }
    var subproblems = boxes.map(\.subproblem)
    let bounds = propagator.bound(
      directions.map { problem.directions[$0] }, on: &subproblems, refresh: .backward(from: 0))
    var outcomes = zip(boxes, subproblems).enumerated().map { box, item in
      judge(item.0, item.1, with: propagator) { row in
        bounds.function(box: box, row: places[row.direction] ?? 0, less: row.bound)
      }
    }
    chooseSplits(for: &outcomes, along: directions.map { problem.directions[$0] }, with: propagator)
    return outcomes
  }

  /// Halves the input whose width costs most: by the slope of the lower functions, and by the range of
  /// the derivative, which also sees what the relaxation hides.
  private func chooseSplits(
    for outcomes: inout [Outcome], along directions: [LinearRow], with propagator: Propagator
  ) {
    let open = outcomes.indices.filter { !outcomes[$0].openDisjuncts.isEmpty }
    let inputs = propagator.network.inputSize
    let slopes = propagator.gradientMagnitudes(
      of: directions, on: open.map { outcomes[$0].subproblem })
    for (order, place) in open.enumerated() {
      let subproblem = outcomes[place].subproblem
      var scores = outcomes[place].scores
      let total = scores.reduce(0, +)
      var smears = [Double](repeating: 0, count: inputs)
      for row in directions.indices {
        for entry in 0..<inputs {
          smears[entry] +=
            slopes[(order * directions.count + row) * inputs + entry]
            * (subproblem.upper[entry] - subproblem.lower[entry])
        }
      }
      let smeared = smears.reduce(0, +)
      for entry in 0..<inputs {
        scores[entry] =
          scores[entry] / max(total, .leastNormalMagnitude)
          + smears[entry] / max(smeared, .leastNormalMagnitude)
      }
      outcomes[place].split = subproblem.bestHalving(by: scores)
    }
  }

  private func judge(
    _ open: OpenBox, _ subproblem: Subproblem, with propagator: Propagator,
    function: (FloatProblem.Row) -> LowerFunction
  ) -> Outcome {
    var outcome = Outcome(subproblem: subproblem)
    outcome.records.append(.tightenAll)
    guard subproblem.contradiction == nil else {
      outcome.records.append(.closeCrossed)
      return outcome
    }
    let item = problem.cases[open.caseIndex]
    var scores = [Double](repeating: 0, count: subproblem.lower.count)
    for disjunct in open.disjuncts {
      let rows = item.disjuncts[disjunct]
      let contradiction = Contradiction(
        noise: subproblem.noise,
        lower: subproblem.lower, upper: subproblem.upper, functions: rows.map(function),
        inputSet: item)
      let found = contradiction.derivation { weights in
        propagator.combination(of: rows, weights, problem: problem, on: subproblem)
      }
      switch found {
      case .success(.disjunct(let derivation)):
        outcome.records.append(.close(disjunct: disjunct, derivation))
      case .success(.node(let derivation)):
        outcome.records.append(.closeEmpty(derivation))
        outcome.openDisjuncts = []
        outcome.witness = nil
        return outcome
      case .failure(let rest):
        outcome.openDisjuncts.append(disjunct)
        outcome.lowestBound = min(
          outcome.lowestBound, contradiction.strongest?.minimum ?? -.infinity)
        contradiction.addSplitScores(to: &scores)
        if outcome.witness == nil, let candidate = rest.candidate,
          problem.isSatisfied(
            disjunct, of: open.caseIndex, at: candidate,
            outputs: propagator.evaluate(candidate))
        {
          outcome.witness = candidate
        }
      }
    }
    outcome.scores = scores
    return outcome
  }
}

extension Subproblem {
  /// The middle of the entry with the best score that binary64 can still halve.
  func bestHalving(by scores: [Double]) -> (entry: Int, value: Double)? {
    var best: (entry: Int, value: Double, score: Double)?
    for entry in lower.indices {
      let middle = lower[entry] / 2 + upper[entry] / 2
      guard lower[entry] < middle, middle < upper[entry] else { continue }
      let score = scores[entry].isNaN ? 0 : scores[entry]
      if let present = best, present.score >= score { continue }
      best = (entry, middle, score)
    }
    return best.map { ($0.entry, $0.value) }
  }
}

extension RowBounds {
  /// The affine function below a row's excess on a box.
  func function(box: Int, row: Int, less bound: Double) -> LowerFunction {
    let place = box * rowCount + row
    return LowerFunction(
      coefficients: Array(coefficients[place * inputSize..<(place + 1) * inputSize]),
      constant: constants[place] - bound, minimum: lower[place] - bound)
  }
}

extension Propagator {
  /// The lower function of a weighted sum of rows, by a substitution of its own.
  func combination(
    of rows: [FloatProblem.Row], _ weights: [Double], problem: FloatProblem,
    on subproblem: Subproblem
  ) -> LowerFunction {
    var inputs: [LinearRow.Entry] = []
    var outputs: [LinearRow.Entry] = []
    var bound = 0.0
    for (row, weight) in zip(rows, weights) where weight > 0 {
      inputs += row.inputs.map { .init(index: $0.index, coefficient: weight * $0.coefficient) }
      outputs += row.outputs.map { .init(index: $0.index, coefficient: weight * $0.coefficient) }
      bound += weight * row.bound
    }
    var subproblems = [subproblem]
    return self.bound(
      [LinearRow(inputs: inputs, outputs: outputs)], on: &subproblems, refresh: .none
    ).function(box: 0, row: 0, less: bound)
  }
}
