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
    /// Not decided as a whole; the scores of cutting it, by coordinate.
    case open(Charged, scores: [Double], units: UnitEnds)

    /// The undecided part of a cell's mass.
    func open(of mass: Double) -> Double {
      switch self {
      case .decided, .tied: 0
      case .open(let charged, _, _): max(0, mass - charged.decided)
      }
    }
  }

  /// The parts of a cell on which the event is decided.
  struct Charged: Sendable {
    /// The records; none where there are no such parts.
    var records: [Record] = []
    var inside = 0.0
    var outside = 0.0

    var decided: Double { inside + outside }
  }

  let problem: FloatProblem
  /// The left sides of all rows, then their negatives.
  let directions: [LinearRow]
  private let laws: [FloatLaw]
  private let ties: CellTies

  init(_ problem: FloatProblem, of exact: Problem, laws: [FloatLaw]) {
    self.problem = problem
    ties = CellTies(exact, rows: problem.cases[0].disjuncts)
    self.laws = laws
    directions = problem.directions + problem.directions.map(\.negated)
  }

  var rows: Int { problem.directions.count }

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
    var subproblems = cells.map { $0.subproblem(of: propagator.network) }
    let isGated = propagator.network.hasGates
    let bounds = propagator.bound(
      directions, on: &subproblems, refresh: .backward(from: 0), scoringUnits: isGated,
      keeping: isGated ? .ofUnits : .none)
    var (outcomes, undecided) = decided(cells, subproblems, bounds, with: propagator)
    undecided.removeAll { outcomes[$0.place] != nil }
    touch(&undecided, subproblems, with: propagator)
    let parts = undecided.map {
      CellParts(
        part: CellPart(lower: $0.cell.lower, upper: $0.cell.upper, laws: laws),
        weight: $0.cell.weight, tolerance: tolerance)
    }
    var charges = zip(parts, undecided).map { $0.charge($1.open, after: $1.records) }
    let pieces = inPieces(undecided, subproblems, parts, with: propagator)
    for (index, charged) in pieces.enumerated() where charged.decided > charges[index].decided {
      charges[index] = charged
    }
    let scores = cutScores(undecided, subproblems, with: propagator)
    for (index, item) in undecided.enumerated() {
      let spread = isGated ? spreadScores(item, bounds.unitFunctions[item.place]) : nil
      let subproblem = subproblems[item.place]
      outcomes[item.place] = .open(
        charges[index], scores: spread ?? scores[index],
        units: UnitEnds(lower: subproblem.unitLower, upper: subproblem.unitUpper))
    }
    return outcomes.compactMap(\.self)
  }

  /// Decides cells as a whole, by bounds and by sides that are equal.
  private func decided(
    _ cells: ArraySlice<OpenCell>, _ subproblems: [Subproblem], _ bounds: RowBounds,
    with propagator: Propagator
  ) -> (outcomes: [Outcome?], others: [Undecided]) {
    var outcomes: [Outcome?] = []
    var undecided: [Undecided] = []
    for ((box, subproblem), cell) in zip(subproblems.enumerated(), cells) {
      var found = Undecided(place: box, cell: cell, scores: widthScores(subproblem, bounds, box))
      outcomes.append(decide(subproblem, with: propagator, bounds, &found))
      guard outcomes[box] == nil else { continue }
      if propagator.network.hasGates {
        found.unitCosts = unitCosts(
          found.open, bounds, box, on: subproblem, of: propagator.network)
      }
      undecided.append(found)
    }
    // Where a gate may be open or shut, pieces of the cell are asked, not the whole.
    let settled = undecided.filter(\.unitCosts.isEmpty)
    for (item, decision) in zip(settled, tied(settled, with: propagator)) {
      outcomes[item.place] = decision.map { .tied($0) }
    }
    return (outcomes, undecided)
  }

  /// A cell that is not decided as a whole.
  struct Undecided {
    let place: Int
    let cell: OpenCell
    let scores: [Double]
    /// What the units whose signs are open cost the rows' bounds, where there are gates.
    var unitCosts: [Int: Double] = [:]
    /// What closes disjuncts.
    var records: [Record] = [.tightenAll]
    /// The other disjuncts, ascending; none where the bounds contradict each other.
    var open: [OpenDisjunct] = []
  }

  private func decide(
    _ subproblem: Subproblem, with propagator: Propagator, _ bounds: RowBounds,
    _ undecided: inout Undecided
  ) -> Outcome? {
    guard subproblem.contradiction == nil else { return nil }
    let item = problem.cases[0]
    for (disjunct, rows) in item.disjuncts.enumerated() {
      let contraries = rows.map { function(of: $0, isContrary: true, bounds, undecided.place) }
      if contraries.allSatisfy({ isPositive($0, subproblem) }) {
        return .decided(isInside: true, [.tightenAll, .hold(disjunct: disjunct, [])])
      }
      let functions = rows.map { function(of: $0, isContrary: false, bounds, undecided.place) }
      let contradiction = Contradiction(
        noise: subproblem.noise, lower: subproblem.lower, upper: subproblem.upper,
        functions: functions, inputSet: item)
      let found = contradiction.derivation { weights, _ in
        propagator.combination(of: rows, weights, on: subproblem)
      }
      if case .success(.disjunct(let derivation)) = found {
        undecided.records.append(.close(disjunct: disjunct, derivation))
      } else {
        undecided.open.append(
          OpenDisjunct(
            place: disjunct, functions: functions.map { [BoundForm($0)] },
            contraries: contraries.map { [BoundForm($0)] }))
      }
    }
    return undecided.open.isEmpty ? .decided(isInside: false, undecided.records) : nil
  }

  /// What rows whose sides are equal decide.
  private func tied(_ undecided: [Undecided], with propagator: Propagator) -> [CellTies.Decision?] {
    let outputs = propagator.evaluate(undecided.flatMap { $0.cell.lower + $0.cell.upper })
    let count = outputs.count / max(1, 2 * undecided.count)
    return undecided.enumerated().map { order, item in
      let ends = [0, 1].map {
        Array(outputs[(2 * order + $0) * count..<(2 * order + $0 + 1) * count])
      }
      return ties.decision(
        lower: item.cell.lower, upper: item.cell.upper, outputs: ends, open: item.open.map(\.place),
        after: item.records)
    }
  }

  /// Adds functions that are close to the rows where the event begins, rather than on the whole cell.
  private func touch(
    _ undecided: inout [Undecided], _ subproblems: [Subproblem], with propagator: Propagator
  ) {
    guard !propagator.network.hasGates else { return }
    let places = undecided.indices.filter { !undecided[$0].open.isEmpty }
    let points = places.map {
      undecided[$0].open.edge(lower: undecided[$0].cell.lower, upper: undecided[$0].cell.upper)
    }
    let found = propagator.bound(
      directions, on: places.map { subproblems[undecided[$0].place] },
      touchingAt: points.flatMap(\.self))
    for (box, place) in places.enumerated() {
      for index in undecided[place].open.indices {
        let rows = problem.cases[0].disjuncts[undecided[place].open[index].place]
        for (entry, row) in rows.enumerated() {
          let functions = [false, true].map {
            BoundForm(
              function(of: row, isContrary: $0, found.rows, box), slopes: .codes(found.slopes[box]))
          }
          undecided[place].open[index].functions[entry].append(functions[0])
          undecided[place].open[index].contraries[entry].append(functions[1])
        }
      }
    }
  }

  /// The function below a row or its contrary.
  func function(
    of row: FloatProblem.Row, isContrary: Bool, _ bounds: RowBounds, _ box: Int
  ) -> LowerFunction {
    var function =
      isContrary
      ? bounds.function(box: box, row: rows + row.direction, less: -row.bound)
      : bounds.function(box: box, row: row.direction, less: row.bound)
    guard let norm = row.norm else { return function.settled(isStrict: row.isStrict != isContrary) }
    let range = NormRange(
      row.normDirections.map {
        $0.map { direction in
          (
            bounds.function(box: box, row: direction, less: 0).minimum,
            -bounds.function(box: box, row: rows + direction, less: 0).minimum
          )
        }
      })
    // The checker rounds in its own way.
    let least = norm.isNegated == isContrary ? range.lower : -range.upper
    let value = least - 1e-9 * least.magnitude
    function.constant += value
    function.minimum += value
    return function
  }

  func isPositive(_ function: LowerFunction, _ subproblem: Subproblem) -> Bool {
    Contradiction.isWorthProving(
      function.minimum,
      of: function.magnitude(lower: subproblem.lower, upper: subproblem.upper),
      noise: subproblem.noise)
  }

  /// What the width of each coordinate costs the rows' bounds.
  private func widthScores(_ subproblem: Subproblem, _ bounds: RowBounds, _ box: Int) -> [Double] {
    var scores = [Double](repeating: 0, count: subproblem.lower.count)
    for row in problem.cases[0].disjuncts.joined() {
      for isContrary in [false, true] {
        let function = function(of: row, isContrary: isContrary, bounds, box)
        for entry in scores.indices {
          scores[entry] +=
            function.coefficients[entry].magnitude
            * (subproblem.upper[entry] - subproblem.lower[entry])
        }
      }
    }
    return scores
  }

  /// Says what cutting cells promises, by coordinate.
  ///
  /// Linear forms lose nothing on what half-spaces decide, so that a cut gains what it takes from the gaps
  /// around the units; the forms' widths count a little, for what is lost by several rows or by counting. With
  /// gates, the widths and the ranges of the derivatives, which see what relaxation hides.
  private func cutScores(
    _ undecided: [Undecided], _ subproblems: [Subproblem], with propagator: Propagator
  ) -> [[Double]] {
    let boxes = undecided.map { subproblems[$0.place] }
    let weights = undecided.flatMap { openRows(of: $0) }
    if let gains = propagator.gapGains(of: problem.directions, weights: weights, on: boxes) {
      return undecided.enumerated().map { order, item in
        let inputs = item.scores.count
        let own = Array(gains[order * inputs..<(order + 1) * inputs]).shares
        return zip(own, item.scores.shares).map { $0 + Self.widthShare * $1 }
      }
    }
    let slopes = propagator.gradientMagnitudes(of: problem.directions, on: boxes)
    return undecided.enumerated().map { order, item in
      let smears = smearScores(slopes, order, boxes[order])
      return zip(item.scores.shares, smears.shares).map { $0 + $1 }
    }
  }

  /// How much the widths of forms count beside what cuts take from gaps.
  private static let widthShare = 0.125

  /// For each row in how many open disjuncts it may fail.
  private func openRows(of undecided: Undecided) -> [Double] {
    var counts = [Double](repeating: 0, count: rows)
    for disjunct in undecided.open {
      for (row, contraries) in zip(
        problem.cases[0].disjuncts[disjunct.place], disjunct.contraries)
      where !(contraries[0].function.minimum > 0) {
        for direction in row.directions { counts[direction] += 1 }
      }
    }
    return counts
  }

  /// The ranges of the rows' derivatives times the widths.
  private func smearScores(_ slopes: [Double], _ order: Int, _ subproblem: Subproblem) -> [Double] {
    let inputs = subproblem.lower.count
    return (0..<inputs).map { entry in
      let sum = (0..<rows).reduce(0.0) { $0 + slopes[(order * rows + $1) * inputs + entry] }
      return sum * (subproblem.upper[entry] - subproblem.lower[entry])
    }
  }
}

extension OpenCell {
  /// The cell with the bounds of units that are known there.
  fileprivate func subproblem(of network: FloatNetwork) -> Subproblem {
    var subproblem = Subproblem(lower: lower, upper: upper, of: network)
    if let units { (subproblem.unitLower, subproblem.unitUpper) = (units.lower, units.upper) }
    return subproblem
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
  var negated: LinearRow {
    let negate = { (entry: Entry) in Entry(index: entry.index, coefficient: -entry.coefficient) }
    return LinearRow(
      inputs: inputs.map(negate), outputs: outputs.map(negate), constant: -constant)
  }
}
