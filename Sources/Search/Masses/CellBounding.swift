internal import BoundPropagation
internal import ProofFormat

/// Bounds batches of cells, decides the event on them, and says which coordinate to cut.
struct CellBounding: Sendable {
  /// What bounding a cell gave.
  enum Outcome: Sendable {
    /// The event is certain, or else excluded.
    case decided(isInside: Bool, [Record])
    /// Not decided; the coordinates from the one that is worth cutting most.
    case open(cuts: [Int])
  }

  private let problem: FloatProblem
  /// The left sides of all rows, then their negatives.
  private let directions: [LinearRow]

  init(_ problem: FloatProblem) {
    self.problem = problem
    directions = problem.directions + problem.directions.map(\.negated)
  }

  private var rows: Int { problem.directions.count }

  func process(_ cells: ArraySlice<OpenCell>, with propagator: Propagator) -> [Outcome] {
    var subproblems = cells.map {
      Subproblem(lower: $0.lower, upper: $0.upper, of: propagator.network)
    }
    let bounds = propagator.bound(directions, on: &subproblems, refresh: .backward(from: 0))
    var outcomes: [Outcome?] = []
    var scores: [[Double]] = []
    for (box, subproblem) in subproblems.enumerated() {
      let function = { (row: FloatProblem.Row, isContrary: Bool) in
        isContrary
          ? bounds.function(box: box, row: rows + row.direction, less: -row.bound)
          : bounds.function(box: box, row: row.direction, less: row.bound)
      }
      outcomes.append(decide(subproblem, with: propagator, function))
      scores.append(widthScores(subproblem, function))
    }
    let open = outcomes.indices.filter { outcomes[$0] == nil }
    let slopes = propagator.gradientMagnitudes(
      of: problem.directions, on: open.map { subproblems[$0] })
    for (order, place) in open.enumerated() {
      let smears = smearScores(slopes, order, subproblems[place])
      let both = zip(scores[place].shares, smears.shares).map { $0 + $1 }
      outcomes[place] = .open(cuts: both.indices.sorted { both[$0] > both[$1] })
    }
    return outcomes.compactMap(\.self)
  }

  private func decide(
    _ subproblem: Subproblem, with propagator: Propagator,
    _ function: (FloatProblem.Row, Bool) -> LowerFunction
  ) -> Outcome? {
    guard subproblem.contradiction == nil else { return nil }
    let item = problem.cases[0]
    var records: [Record] = [.tightenAll]
    var isExcluded = true
    for (disjunct, rows) in item.disjuncts.enumerated() {
      if rows.allSatisfy({ isPositive(function($0, true), subproblem) }) {
        return .decided(isInside: true, [.tightenAll, .hold(disjunct: disjunct, [])])
      }
      guard isExcluded else { continue }
      let contradiction = Contradiction(
        noise: subproblem.noise, lower: subproblem.lower, upper: subproblem.upper,
        functions: rows.map { function($0, false) }, inputSet: item)
      let found = contradiction.derivation { weights, _ in
        propagator.combination(of: rows, weights, on: subproblem)
      }
      if case .success(.disjunct(let derivation)) = found {
        records.append(.close(disjunct: disjunct, derivation))
      } else {
        isExcluded = false
      }
    }
    return isExcluded ? .decided(isInside: false, records) : nil
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

extension LinearRow {
  fileprivate var negated: LinearRow {
    let negate = { (entry: Entry) in Entry(index: entry.index, coefficient: -entry.coefficient) }
    return LinearRow(
      inputs: inputs.map(negate), outputs: outputs.map(negate), constant: -constant)
  }
}
