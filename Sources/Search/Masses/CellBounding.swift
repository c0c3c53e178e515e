internal import BoundPropagation
internal import ClaimLanguage
internal import ProofFormat

/// Bounds batches of cells, decides the event on them or on parts of them, and says which coordinate
/// to cut.
struct CellBounding: Sendable {
  /// What bounding a cell gave.
  enum Outcome: Sendable {
    /// The event is certain, or else excluded.
    case decided(isInside: Bool, [Record])
    /// The same, by rows whose sides are equal.
    case tied(CellTies.Decision)
    /// Not decided as a whole; the coordinates from the one that is worth cutting most.
    case open(Charged, cuts: [Int])
  }

  /// The parts of a cell on which the event is decided.
  struct Charged: Sendable {
    /// The records; none where there are no such parts.
    var records: [Record] = []
    var inside = 0.0
    var outside = 0.0

    var decided: Double { inside + outside }
  }

  private let problem: FloatProblem
  /// The left sides of all rows, then their negatives.
  private let directions: [LinearRow]
  private let laws: [FloatLaw]
  private let ties: CellTies

  init(_ problem: FloatProblem, of exact: Problem, laws: [FloatLaw]) {
    self.problem = problem
    ties = CellTies(exact, rows: problem.cases[0].disjuncts)
    self.laws = laws
    directions = problem.directions + problem.directions.map(\.negated)
  }

  private var rows: Int { problem.directions.count }

  /// Bounds cells.
  ///
  /// - Parameters:
  ///   - cells: The cells.
  ///   - propagator: Bounds the network.
  ///   - tolerance: What counting may lose, as a share of the mass of a cell.
  /// - Returns: An outcome for each.
  func process(
    _ cells: ArraySlice<OpenCell>, with propagator: Propagator, tolerance: Double
  ) -> [Outcome] {
    var subproblems = cells.map {
      Subproblem(lower: $0.lower, upper: $0.upper, of: propagator.network)
    }
    let bounds = propagator.bound(directions, on: &subproblems, refresh: .backward(from: 0))
    var outcomes: [Outcome?] = []
    var charges: [Charged] = []
    var scores: [[Double]] = []
    for ((box, subproblem), cell) in zip(subproblems.enumerated(), cells) {
      let function = { (row: FloatProblem.Row, isContrary: Bool) in
        isContrary
          ? bounds.function(box: box, row: rows + row.direction, less: -row.bound)
            .settled(isStrict: !row.isStrict)
          : bounds.function(box: box, row: row.direction, less: row.bound)
            .settled(isStrict: row.isStrict)
      }
      let (outcome, charged) = decide(
        subproblem, cell, with: propagator, tolerance: tolerance, function)
      outcomes.append(outcome)
      charges.append(charged)
      scores.append(widthScores(subproblem, function))
    }
    let open = outcomes.indices.filter { outcomes[$0] == nil }
    let slopes = propagator.gradientMagnitudes(
      of: problem.directions, on: open.map { subproblems[$0] })
    for (order, place) in open.enumerated() {
      let smears = smearScores(slopes, order, subproblems[place])
      let both = zip(scores[place].shares, smears.shares).map { $0 + $1 }
      outcomes[place] = .open(
        charges[place], cuts: both.indices.sorted { both[$0] > both[$1] })
    }
    return outcomes.compactMap(\.self)
  }

  private func decide(
    _ subproblem: Subproblem, _ cell: OpenCell, with propagator: Propagator, tolerance: Double,
    _ function: (FloatProblem.Row, Bool) -> LowerFunction
  ) -> (Outcome?, Charged) {
    guard subproblem.contradiction == nil else { return (nil, Charged()) }
    let item = problem.cases[0]
    var records: [Record] = [.tightenAll]
    var open: [(disjunct: Int, functions: [LowerFunction], contraries: [LowerFunction])] = []
    for (disjunct, rows) in item.disjuncts.enumerated() {
      let contraries = rows.map { function($0, true) }
      if contraries.allSatisfy({ isPositive($0, subproblem) }) {
        let outcome = Outcome.decided(
          isInside: true, [.tightenAll, .hold(disjunct: disjunct, [])])
        return (outcome, Charged())
      }
      let functions = rows.map { function($0, false) }
      let contradiction = Contradiction(
        noise: subproblem.noise, lower: subproblem.lower, upper: subproblem.upper,
        functions: functions, inputSet: item)
      let found = contradiction.derivation { weights, _ in
        propagator.combination(of: rows, weights, on: subproblem)
      }
      if case .success(.disjunct(let derivation)) = found {
        records.append(.close(disjunct: disjunct, derivation))
      } else {
        open.append((disjunct, functions, contraries))
      }
    }
    guard !open.isEmpty else { return (.decided(isInside: false, records), Charged()) }
    if let decision = ties.decision(
      lower: cell.lower, upper: cell.upper, open: open.map(\.disjunct), after: records)
    {
      return (.tied(decision), Charged())
    }
    let parts = CellParts(
      part: CellPart(lower: cell.lower, upper: cell.upper, laws: laws), weight: cell.weight,
      tolerance: tolerance)
    return (nil, parts.charge(open, after: records))
  }

  private func isPositive(_ function: LowerFunction, _ subproblem: Subproblem) -> Bool {
    Contradiction.isWorthProving(
      function.minimum,
      of: function.magnitude(lower: subproblem.lower, upper: subproblem.upper),
      noise: subproblem.noise)
  }

  /// What the width of each coordinate costs the rows' bounds.
  private func widthScores(
    _ subproblem: Subproblem, _ function: (FloatProblem.Row, Bool) -> LowerFunction
  ) -> [Double] {
    var scores = [Double](repeating: 0, count: subproblem.lower.count)
    for row in problem.cases[0].disjuncts.joined() {
      for function in [function(row, false), function(row, true)] {
        for entry in scores.indices {
          scores[entry] +=
            function.coefficients[entry].magnitude
            * (subproblem.upper[entry] - subproblem.lower[entry])
        }
      }
    }
    return scores
  }

  /// The ranges of the rows' derivatives times the widths, which also see what relaxation hides.
  private func smearScores(_ slopes: [Double], _ order: Int, _ subproblem: Subproblem) -> [Double] {
    let inputs = subproblem.lower.count
    return (0..<inputs).map { entry in
      let sum = (0..<rows).reduce(0.0) { $0 + slopes[(order * rows + $1) * inputs + entry] }
      return sum * (subproblem.upper[entry] - subproblem.lower[entry])
    }
  }
}

extension [Double] {
  /// Each as a share of the sum; not a number becomes nothing.
  fileprivate var shares: [Double] {
    let total = Swift.max(reduce(0) { $0 + ($1.isNaN ? 0 : $1) }, .leastNormalMagnitude)
    return map { $0.isNaN ? 0 : $0 / total }
  }
}

extension LowerFunction {
  /// Of a strict row, what is zero throughout is as good as positive.
  fileprivate func settled(isStrict: Bool) -> LowerFunction {
    guard isStrict, constant.magnitude < 1e-12, coefficients.allSatisfy({ $0 == 0 }) else {
      return self
    }
    var function = self
    function.constant = .leastNormalMagnitude
    return function
  }
}

extension LinearRow {
  fileprivate var negated: LinearRow {
    let negate = { (entry: Entry) in Entry(index: entry.index, coefficient: -entry.coefficient) }
    return LinearRow(
      inputs: inputs.map(negate), outputs: outputs.map(negate), constant: -constant)
  }
}
