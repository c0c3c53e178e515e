internal import BoundPropagation
internal import ExactArithmetic
internal import ProofFormat

/// Branch and bound over boxes of inputs for one disjunct, where every row narrows the box to where it
/// can still hold before the box is split.
///
/// Where a row fixes an input, the next bounds fix others: what unit propagation is to formulas.
struct ContractionSplitting: DisjunctMethod {
  /// A box is looked at again where an input lost at least this share of its width.
  private static let worthwhileShare = 0.2

  private let context: SearchContext
  private let caseIndex: Int
  private let disjunct: Int

  init(_ context: SearchContext, caseIndex: Int, disjunct: Int) {
    self.context = context
    self.caseIndex = caseIndex
    self.disjunct = disjunct
  }

  private var inputSet: FloatProblem.Case { context.problem.cases[caseIndex] }
  private var rows: [FloatProblem.Row] { inputSet.disjuncts[disjunct] }

  func process(_ branches: ArraySlice<Branch>, with propagator: Propagator) -> [BranchOutcome] {
    var subproblems = branches.map(\.subproblem)
    let bounds = propagator.bound(
      rows.map(\.linearRow), on: &subproblems, refresh: .backward(from: 0))
    var narrowed: [Int: Subproblem] = [:]
    var outcomes = zip(branches, subproblems).enumerated().map { box, item in
      let functions = rows.enumerated().map { bounds.function(box: box, row: $0, less: $1.bound) }
      var subproblem = item.1
      let records = propagator.network.boundRecords(for: item.0.subproblem)
      let outcome = judge(&subproblem, functions, after: records, with: propagator)
      narrowed[box] = subproblem
      return outcome
    }
    let stuck = outcomes.indices.filter {
      if case .stuck = outcomes[$0].next { true } else { false }
    }
    let left = stuck.compactMap { narrowed[$0] }
    for (place, scores) in zip(stuck, splitScores(left, with: propagator)) {
      split(&outcomes[place], narrowed[place], by: scores)
    }
    return outcomes
  }

  /// Closes a box, or narrows it.
  private func judge(
    _ subproblem: inout Subproblem, _ functions: [LowerFunction], after records: [Record],
    with propagator: Propagator
  ) -> BranchOutcome {
    var outcome = BranchOutcome(records: records)
    guard subproblem.contradiction == nil else {
      outcome.records.append(.closeCrossed)
      outcome.next = .closed
      return outcome
    }
    let contradiction = Contradiction(
      noise: subproblem.noise, lower: subproblem.lower, upper: subproblem.upper,
      functions: functions, inputSet: inputSet)
    outcome.bound = contradiction.strongest?.minimum ?? -.infinity
    let found = contradiction.derivation { weights, _ in
      propagator.combination(of: rows, weights, on: subproblem)
    }
    switch found {
    case .success(.disjunct(let derivation)):
      outcome.records.append(.close(disjunct: disjunct, derivation))
      outcome.next = .closed
    case .success(.node(let derivation)):
      outcome.records.append(.closeEmpty(derivation))
      outcome.next = .closed
    case .failure(let rest):
      if let candidate = rest.candidate,
        context.problem.isSatisfied(
          disjunct, of: caseIndex, at: candidate, outputs: propagator.evaluate(candidate))
      {
        outcome.witness = candidate
      }
      contract(&subproblem, by: functions, &outcome)
    }
    return outcome
  }

  /// Narrows a box row by row.
  private func contract(
    _ subproblem: inout Subproblem, by functions: [LowerFunction], _ outcome: inout BranchOutcome
  ) {
    var largest = 0.0
    for (row, function) in functions.enumerated() {
      let contraction = subproblem.contract(by: function)
      guard contraction != .none else { continue }
      outcome.records.append(.contract(Derivation(rows: [Term(row, .one)])))
      switch contraction {
      case .none: break
      case .narrowed(let share): largest = max(largest, share)
      case .empty:
        outcome.records.append(.closeCrossed)
        outcome.next = .closed
        return
      }
    }
    if largest >= Self.worthwhileShare { outcome.next = .again(subproblem) }
  }

  /// What the width of each input costs the rows, by the ranges of their derivatives.
  private func splitScores(_ subproblems: [Subproblem], with propagator: Propagator) -> [[Double]] {
    let inputs = propagator.network.inputSize
    let slopes = propagator.gradientMagnitudes(of: rows.map(\.linearRow), on: subproblems)
    return subproblems.enumerated().map { box, subproblem in
      var scores = [Double](repeating: 0, count: inputs)
      for row in rows.indices {
        let first = (box * rows.count + row) * inputs
        let smears = (0..<inputs).map {
          slopes[first + $0] * (subproblem.upper[$0] - subproblem.lower[$0])
        }
        let total = max(smears.reduce(0, +), .leastNormalMagnitude)
        for entry in 0..<inputs { scores[entry] += smears[entry] / total }
      }
      return scores
    }
  }

  private func split(
    _ outcome: inout BranchOutcome, _ subproblem: Subproblem?, by scores: [Double]
  ) {
    guard let subproblem, let (entry, middle) = subproblem.bestHalving(by: scores),
      let value = Dyadic(exactly: middle)
    else { return }
    var (low, high) = (subproblem, subproblem)
    low.upper[entry] = middle
    high.lower[entry] = middle
    outcome.next = .split(.splitInput(entry: entry, value: value), low, high)
  }
}

/// What narrowing a box did.
enum Contraction: Hashable {
  /// Nothing.
  case none
  /// An input lost this share of its width, and none a larger one.
  case narrowed(Double)
  /// Nothing of the box is left.
  case empty
}

extension Subproblem {
  /// A function that takes less than this share of its width off every input is not used.
  private static let worthwhileCut = 1e-3
  /// The same where units are split: a box that stays as it is keeps what is known of its first units.
  private static let worthwhileCutBelowSplits = 0.1
  /// A minimum within this share of the numbers involved is zero: where units are logic gates, it is.
  private static let zero = 1e-15
  /// A minimum nearer to zero than this share of the numbers involved is mostly rounding.
  private static let illConditioned = 1e-7

  /// Narrows every input to where an affine function that nothing left may exceed is not positive.
  ///
  /// Every input, by as little as it be, because the checker does: a unit whose standard slope
  /// depends on the difference would be bounded by other lines there. For the same reason nothing is
  /// narrowed by what rounding decides.
  mutating func contract(by function: LowerFunction) -> Contraction {
    var current = function
    current.minimise(lower: lower, upper: upper)
    let magnitude = current.magnitude(lower: lower, upper: upper)
    guard current.minimum.isFinite, magnitude.isFinite else { return .none }
    if current.minimum > Contradiction.margin(of: magnitude, noise: noise) { return .empty }
    let isZero = current.minimum.magnitude <= Self.zero * magnitude
    guard isZero || current.minimum < -Self.illConditioned * magnitude else { return .none }
    let slack = isZero ? 0 : -current.minimum
    let shares = lower.indices.map { entry in
      let width = upper[entry] - lower[entry]
      let slope = current.coefficients[entry].magnitude
      return width > 0 && slope > 0 ? min(1, slack / slope / width) : 1
    }
    let largest = shares.reduce(0) { max($0, 1 - $1) }
    let worthwhile = splits.isEmpty ? Self.worthwhileCut : Self.worthwhileCutBelowSplits
    guard largest >= worthwhile else { return .none }
    for (entry, share) in shares.enumerated() where share < 1 {
      let distance = slack / current.coefficients[entry].magnitude
      if current.coefficients[entry] > 0 {
        upper[entry] = lower[entry] + distance
      } else {
        lower[entry] = upper[entry] - distance
      }
    }
    return .narrowed(largest)
  }
}
