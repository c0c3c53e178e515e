internal import BoundPropagation
internal import ClaimLanguage
internal import LinearProgramming
internal import NetworkModel
internal import ProofFormat

/// Branch and bound over the signs of units for one disjunct, with linear programs at every branch:
/// where the rows are not refuted, they bound the units, and the units' lines come closer.
///
/// What a row says back to the units is worth more than many splits (after Kotha et al., "Provably
/// Bounding Neural Network Preimages", 2023, who climb where this solves).
struct ProgramSplitting: DisjunctMethod {
  /// Above this many coefficients a program costs more than it brings.
  static let mostEntries = 400_000
  /// How often the units of a branch are bounded at most.
  private static let mostRounds = 3
  /// Units are bounded again where the last time gained this share of the excess.
  private static let worthwhileGain = 0.1
  /// A bound is kept where it cuts off this share of the unit's interval.
  private static let worthwhileCut = 0.01

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
  private var network: FloatNetwork { context.network }

  /// A branch while it is worked on.
  private struct Work {
    var subproblem: Subproblem
    let splits: [Int: Bool]
    var outcome = BranchOutcome()
    /// What the line above each unit with a column loses.
    var losses: [Double] = []

    init(_ subproblem: Subproblem) {
      self.subproblem = subproblem
      splits = Dictionary(subproblem.splits.map { ($0.unit, $0.isActive) }) { first, _ in first }
    }
  }

  func process(_ branches: ArraySlice<Branch>, with propagator: Propagator) -> [BranchOutcome] {
    branches.map { branch in
      let stuck = BranchOutcome()
      guard
        let forms = RelaxedForms(
          context.maker.problem.network, network, root: branch.subproblem, rows: rows,
          mostEntries: Self.mostEntries)
      else { return stuck }
      let program = RelaxedProgram(forms, inputRows: inputSet.inputRows)
      let outcome = try? withProblem { problem throws(ProblemError) in
        var work = Work(branch.subproblem)
        tightenLater(than: work.subproblem.splits.last?.unit, &work, with: propagator)
        try program.build(in: &problem, work.subproblem)
        try close(&work, program, in: &problem, with: propagator)
        return work.outcome
      }
      return outcome ?? stuck
    }
  }

  /// Alternates between refuting the rows and bounding the units, then chooses a split.
  private func close(
    _ work: inout Work, _ program: RelaxedProgram, in problem: inout LinearProgramming.Problem,
    with propagator: Propagator
  ) throws(ProblemError) {
    var last = -Double.infinity
    for round in 0...Self.mostRounds {
      if case .closed = work.outcome.next { return }
      guard try refute(&work, program, in: &problem, with: propagator) else { return }
      let excess = work.outcome.bound
      let gained = round == 0 || excess - last >= Self.worthwhileGain * last.magnitude
      guard gained, round < Self.mostRounds else { break }
      last = excess
      try tighten(&work, program, in: &problem, with: propagator)
    }
    if case .closed = work.outcome.next { return }
    split(&work, program.forms)
  }

  /// Tries to show that the rows contradict each other.
  ///
  /// - Returns: Whether the branch is still open and its program was solved.
  private func refute(
    _ work: inout Work, _ program: RelaxedProgram, in problem: inout LinearProgramming.Problem,
    with propagator: Propagator
  ) throws(ProblemError) -> Bool {
    try program.load(work.subproblem, splits: work.splits, into: &problem)
    guard let solution = try program.leastExcess(in: &problem) else { return false }
    let found = combination(solution.multipliers, nil, program.forms, work)
    work.outcome.bound = found.bound
    work.losses = found.losses
    if isProved(found.bound, found, work) {
      work.outcome.records.append(
        found.derivation.rows.isEmpty
          ? .closeEmpty(found.derivation) : .close(disjunct: disjunct, found.derivation))
      work.outcome.next = .closed
      return false
    }
    let point = zip(solution.point, zip(work.subproblem.lower, work.subproblem.upper)).map {
      min($1.1, max($1.0, $0))
    }
    if context.problem.isSatisfied(
      disjunct, of: caseIndex, at: point, outputs: propagator.evaluate(point))
    {
      work.outcome.witness = point
    }
    return true
  }

  private func isProved(_ bound: Double, _ found: RelaxedCombination, _ work: Work) -> Bool {
    Contradiction.isWorthProving(bound, of: found.magnitude, noise: work.subproblem.noise)
  }

  private func combination(
    _ multipliers: RelaxedCombination.Multipliers, _ quantity: (place: Int, sign: Double)?,
    _ forms: RelaxedForms, _ work: Work
  ) -> RelaxedCombination {
    RelaxedCombination(
      multipliers, quantity: quantity, forms, on: work.subproblem, splits: work.splits,
      inputRows: inputSet.inputRows, network: network)
  }

  // MARK: Bounding units

  /// Bounds the units whose lines lose most, from both sides, with the rows required.
  private func tighten(
    _ work: inout Work, _ program: RelaxedProgram, in problem: inout LinearProgramming.Problem,
    with propagator: Propagator
  ) throws(ProblemError) {
    let losses = work.losses
    let chosen = losses.indices.filter { losses[$0] > 0 }
      .sorted { (losses[$0], $1) > (losses[$1], $0) }
    guard !chosen.isEmpty else { return }
    try program.requireRows(in: &problem)
    var earliest: Int?
    for place in chosen {
      for sign in [1.0, -1] where work.subproblem.isUnstable(program.forms.units[place]) {
        if context.run.isOver { return }
        guard let solution = try program.least(place, sign: sign, in: &problem) else { continue }
        let found = combination(solution.multipliers, (place, sign), program.forms, work)
        guard adopt(found, place, sign, program.forms, &work) else { continue }
        let unit = program.forms.units[place]
        earliest = min(earliest ?? unit, unit)
        if case .closed = work.outcome.next { return }
      }
    }
    tightenLater(than: earliest, &work, with: propagator)
  }

  /// Takes a bound over where it is worth a record.
  ///
  /// A bound that is zero but for rounding is left alone: the checker might count the unit otherwise.
  private func adopt(
    _ found: RelaxedCombination, _ place: Int, _ sign: Double, _ forms: RelaxedForms,
    _ work: inout Work
  ) -> Bool {
    let unit = forms.units[place]
    let (low, high) = (work.subproblem.unitLower[unit], work.subproblem.unitUpper[unit])
    let value = sign * found.bound
    let cut = sign > 0 ? value - low : high - value
    guard value.isFinite, cut > Self.worthwhileCut * (high - low),
      value.magnitude > 1e-9 * max(found.magnitude, work.subproblem.noise * 1e3)
    else { return false }
    let isCrossed = sign > 0 ? value > high : value < low
    let margin = (sign > 0 ? value - high : low - value)
    if isCrossed, !isProved(margin, found, work) { return false }
    work.outcome.records.append(
      .lemma(network.unit(unit), sign > 0 ? .lower : .upper, found.derivation))
    if isCrossed {
      work.outcome.records.append(.closeCrossed)
      work.outcome.next = .closed
    } else if sign > 0 {
      work.subproblem.unitLower[unit] = value
    } else {
      work.subproblem.unitUpper[unit] = value
    }
    return true
  }

  /// Bounds the rectifiers behind a unit whose bounds have changed.
  private func tightenLater(than unit: Int?, _ work: inout Work, with propagator: Propagator) {
    guard let unit else { return }
    let first = network.unit(unit).rectifier + 1
    guard first < network.rectifiers.count else { return }
    var one = [work.subproblem]
    _ = propagator.bound([], on: &one, refresh: .backward(from: first))
    work.subproblem = one[0]
    for rectifier in first..<network.rectifiers.count {
      work.outcome.records.append(.tighten(rectifier: rectifier))
    }
    guard work.subproblem.contradiction != nil else { return }
    work.outcome.records.append(.closeCrossed)
    work.outcome.next = .closed
  }

  // MARK: Splitting

  /// Splits the unit whose line loses most.
  private func split(_ work: inout Work, _ forms: RelaxedForms) {
    let candidates = forms.units.indices.filter {
      work.subproblem.isUnstable(forms.units[$0]) && work.splits[forms.units[$0]] == nil
    }
    guard let best = candidates.max(by: { work.losses[$0] < work.losses[$1] }) else { return }
    let unit = forms.units[best]
    var (inactive, active) = (work.subproblem, work.subproblem)
    inactive.add(UnitSplit(unit: unit, isActive: false))
    active.add(UnitSplit(unit: unit, isActive: true))
    work.outcome.next = .split(.splitUnit(network.unit(unit)), inactive, active)
  }
}
