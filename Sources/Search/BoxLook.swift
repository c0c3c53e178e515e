internal import Approximation
internal import BoundPropagation
internal import ExactArithmetic
internal import ProofFormat

/// One look at a bounded box: closes what it can, narrows the box by what must hold in the rest, and
/// chooses how to split it.
struct BoxLook {
  let problem: FloatProblem
  let open: InputSplitting.OpenBox
  /// The box with its units' bounds.
  var subproblem: Subproblem
  /// The functions of its units.
  let units: UnitFunctions
  let propagator: Propagator
  /// What is known of the rows on it.
  let known: BoxRows
  private var result: InputSplitting.Outcome
  /// The weights with which the rows of each open disjunct are closest to a contradiction.
  private var weights: [Int: [Double]] = [:]

  init(
    problem: FloatProblem, open: InputSplitting.OpenBox, subproblem: Subproblem,
    units: UnitFunctions, propagator: Propagator, rows: BoxRows
  ) {
    self.problem = problem
    self.open = open
    self.subproblem = subproblem
    self.units = units
    self.propagator = propagator
    known = rows
    result = InputSplitting.Outcome(subproblem: subproblem)
  }

  private var inputSet: FloatProblem.Case { problem.cases[open.caseIndex] }

  /// Closes what it can and says how to go on.
  mutating func outcome(splitting: Bool) -> InputSplitting.Outcome {
    result.records = propagator.network.boundRecords(for: open.subproblem)
    guard subproblem.contradiction == nil else {
      result.records.append(.closeCrossed)
      return result
    }
    let splits = SplitFunction.all(of: subproblem, among: units, in: propagator.network)
    guard isOpen(after: splits), splitting else { return result }
    guard narrow(by: splits) else {
      result.openDisjuncts = []
      result.witness = nil
      return result
    }
    let isWorthwhile = subproblem.share(of: result.subproblem) < InputSplitting.worthwhileShare
    result.subproblem = subproblem
    result.next =
      isWorthwhile && open.looks + 1 < InputSplitting.mostLooks
      ? .again : unitSplit() ?? halving() ?? .stuck
    return result
  }

  /// Closes the box or splits a further unit, by the units' bounds that it began with.
  ///
  /// - Returns: nil where these do not say which unit to split.
  mutating func outcomeAtOnce() -> InputSplitting.Outcome? {
    guard subproblem.contradiction == nil else {
      result.records = [.closeCrossed]
      return result
    }
    let splits = SplitFunction.all(of: subproblem, among: units, in: propagator.network)
    guard isOpen(after: splits) else { return result }
    guard let split = unitSplit() else { return nil }
    result.next = split
    return result
  }

  /// Tries to close every disjunct.
  ///
  /// - Returns: Whether some disjunct is left.
  private mutating func isOpen(after splits: [SplitFunction]) -> Bool {
    for disjunct in open.disjuncts {
      guard close(disjunct, splits) else { continue }
      result.openDisjuncts = []
      result.witness = nil
      return false
    }
    return !result.openDisjuncts.isEmpty
  }

  /// Tries to close a disjunct.
  ///
  /// - Returns: Whether the whole node was closed.
  private mutating func close(_ disjunct: Int, _ splits: [SplitFunction]) -> Bool {
    let rows = inputSet.disjuncts[disjunct]
    let contradiction = Contradiction(
      noise: subproblem.noise, lower: subproblem.lower, upper: subproblem.upper,
      functions: rows.map(known.function), inputSet: inputSet, splits: splits)
    let found = contradiction.derivation { [propagator, subproblem] weights, units in
      propagator.combination(
        of: rows, weights, arguments: subproblem.arguments(units, in: propagator.network),
        on: subproblem)
    }
    switch found {
    case .success(.disjunct(let derivation)):
      result.records.append(.close(disjunct: disjunct, derivation))
    case .success(.node(let derivation)):
      result.records.append(.closeEmpty(derivation))
      return true
    case .failure(let rest):
      result.openDisjuncts.append(disjunct)
      weights[disjunct] = rest.weights
      result.lowestBound = min(
        result.lowestBound, contradiction.strongest?.minimum ?? -.infinity)
      if result.witness == nil, let candidate = rest.candidate { look(at: candidate, disjunct) }
    }
    return false
  }

  /// Evaluates a point that may satisfy a disjunct.
  private mutating func look(at point: [Double], _ disjunct: Int) {
    guard point.allSatisfy(\.isFinite) else { return }
    let outputs = propagator.evaluate(point)
    if problem.isSatisfied(disjunct, of: open.caseIndex, at: point, outputs: outputs) {
      result.witness = point
    }
    let excess = inputSet.disjuncts[disjunct].map { $0.excess(inputs: point, outputs: outputs) }
      .max()
    guard let excess, excess < result.nearest?.excess ?? .infinity else { return }
    result.nearest = InputSplitting.Nearest(point: point, disjunct: disjunct, excess: excess)
  }

  /// Narrows the box by the rows of the only open disjunct and by the split units.
  ///
  /// - Returns: Whether something is left of it.
  private mutating func narrow(by splits: [SplitFunction]) -> Bool {
    var functions: [(derivation: Derivation, function: LowerFunction)] = []
    if result.openDisjuncts.count == 1 {
      functions = inputSet.disjuncts[result.openDisjuncts[0]].enumerated().map {
        (Derivation(rows: [Term($0, .one)]), known.function(of: $1))
      }
    }
    functions += splits.map { (Derivation(units: [Term($0.unit, .one)]), $0.function) }
    for (derivation, function) in functions {
      let contraction = subproblem.contract(by: function)
      guard contraction != .none else { continue }
      result.records.append(.contract(derivation))
      guard contraction != .empty else {
        result.records.append(.closeCrossed)
        return false
      }
    }
    return true
  }

  /// The split of a unit, where few are unstable.
  private func unitSplit() -> InputSplitting.Next? {
    let unstable = subproblem.unitLower.indices.filter { subproblem.isUnstable($0) }
    guard (1...InputSplitting.mostUnitsToSplit).contains(unstable.count), inputSet.ball == nil
    else { return nil }
    let disjunct = result.openDisjuncts[0]
    guard result.openDisjuncts.count == 1 else { return .separate(disjunct: disjunct) }
    let rows = inputSet.disjuncts[disjunct]
    let weights = weights[disjunct] ?? rows.map { _ in 1 }
    let all = known.haveScores ? [] : propagator.unitScores(of: rows, weights, on: subproblem)
    let scores = unstable.map {
      known.haveScores ? known.score(of: $0, in: rows, weights) : all[$0]
    }
    let place = scores.indices.filter { scores[$0] > 0 }.max { scores[$0] < scores[$1] }
    guard let best = place.map({ unstable[$0] }) else { return nil }
    var (inactive, active) = (subproblem, subproblem)
    inactive.add(UnitSplit(unit: best, isActive: false))
    active.add(UnitSplit(unit: best, isActive: true))
    return .split(.splitUnit(propagator.network.unit(best)), inactive, active)
  }

  /// The halving that makes most units stable, or nearly so.
  ///
  /// Where the units' bounds served for nothing but the choice and decide few units' signs, the proof
  /// goes without them: each half bounds all units anew, and about half as much is to be checked.
  private mutating func halving() -> InputSplitting.Next? {
    var scores = HalvingScores(units, on: subproblem).scores
    if scores.allSatisfy({ !($0 > 0) }) {
      scores = zip(subproblem.lower, subproblem.upper).map { $1 - $0 }
    }
    guard let (entry, middle) = subproblem.bestHalving(by: scores),
      let value = Dyadic(exactly: middle)
    else { return nil }
    var whole = subproblem
    let unstable = Double(subproblem.unstableCount) / Double(open.subproblem.unstableCount)
    if unstable > InputSplitting.dispensableShare,
      result.records == propagator.network.boundRecords(for: open.subproblem)
    {
      (result.records, whole) = ([], open.subproblem)
    }
    var (low, high) = (whole, whole)
    low.upper[entry] = middle
    high.lower[entry] = middle
    return .split(.splitInput(entry: entry, value: value), low, high)
  }
}

/// The affine function of the inputs that must not be positive because a unit is split.
struct SplitFunction {
  let unit: Unit
  let function: LowerFunction

  /// The functions of a subproblem's splits, by ascending unit.
  static func all(
    of subproblem: Subproblem, among functions: UnitFunctions, in network: FloatNetwork
  ) -> [SplitFunction] {
    guard !subproblem.splits.isEmpty else { return [] }
    let inputs = subproblem.lower.count
    var isActive: [Int: Bool] = [:]
    for split in subproblem.splits { isActive[split.unit] = split.isActive }
    return functions.units.indices
      .filter { isActive[functions.units[$0]] == functions.areNegated[$0] }
      .sorted { functions.units[$0] < functions.units[$1] }
      .map { place in
        SplitFunction(
          unit: network.unit(functions.units[place]),
          function: LowerFunction(
            coefficients: Array(functions.coefficients[place * inputs..<(place + 1) * inputs]),
            constant: functions.constants[place],
            minimum: functions.minimum(place, on: subproblem)))
      }
  }
}

extension Subproblem {
  /// Multiples of split units' arguments, so that they must not be positive.
  func arguments(_ terms: [Term<Unit>], in network: FloatNetwork) -> [LinearRow.Entry] {
    guard !terms.isEmpty else { return [] }
    var multipliers: [Unit: Double] = [:]
    for term in terms { multipliers[term.place] = term.value.nearestDouble }
    return splits.compactMap { split in
      multipliers[network.unit(split.unit)].map {
        LinearRow.Entry(index: split.unit, coefficient: split.isActive ? -$0 : $0)
      }
    }
  }
}

extension FloatNetwork {
  /// What makes the checker know the units' bounds that bounding a subproblem gives.
  func boundRecords(for subproblem: Subproblem) -> [Record] {
    rectifiers.indices.filter { subproblem.settledUnits <= rectifiers[$0].firstUnit }.map {
      intervalsAreExact(of: $0) ? .refresh(rectifier: $0) : .tighten(rectifier: $0)
    }
  }
}
