internal import Approximation
internal import BoundPropagation
internal import ClaimLanguage
internal import ExactArithmetic
internal import MassArithmetic
internal import ProofFormat

/// Bounds units and rows on cells by the means and deviations of linear forms.
///
/// A unit's bound is a form of the inputs; where many of these are normal, the form hardly ever lies more
/// than a few deviations from its mean, while over a box it would have all inputs at their ends at once. So
/// units are confined to a few deviations, one rectifier after the other, and what lies beyond is given up.
struct TailBounding: Sendable {
  let problem: FloatProblem
  let network: FloatNetwork
  /// Multiplications that it takes to bound all units.
  private let work: Double
  /// The mean and the deviation of each coordinate that is normal.
  let laws: [(mean: Double, deviation: Double)?]
  private let measures: [FloatLaw]
  /// Whether the time is over: then no more is bounded, and what is not bounded shows nothing.
  private let isOver: @Sendable () -> Bool

  /// How many steps the climbs of units take, behind the first rectifier of a network that is not large.
  private static let unitSteps = 6
  /// How many multiplications it may take to bound all units.
  private static let most = (drawing: 2e7, climbing: 2e9, atAll: 1e10)

  init(
    _ component: ProbabilityProblem.Component, _ network: FloatNetwork,
    isOver: @escaping @Sendable () -> Bool
  ) {
    self.isOver = isOver
    let workload = Workload(component.problem.network, network)
    work =
      2
      * zip(network.rectifiers, workload.productsBefore).reduce(0) {
        $0 + Double($1.0.size) * Double($1.1)
      }
    (problem, self.network) = (FloatProblem(component.problem), network)
    let box = problem.cases[0]
    measures = component.laws.enumerated().map {
      FloatLaw($1, lower: box.lower[$0], upper: box.upper[$0])
    }
    laws = component.laws.map {
      guard case .normal(let mean, let variance) = $0 else { return nil }
      return (mean.nearestDouble, variance.nearestDouble.squareRoot())
    }
  }

  /// Whether points may be inscribed: all coordinates are normal, and draws take no more than fits a search.
  var isDrawn: Bool { laws.allSatisfy { $0 != nil } && work <= Self.most.drawing }

  /// The box of all points, about whose units nothing is known, and a law to judge forms by.
  func whole(_ normal: NormalInputs) -> Subproblem {
    let box = problem.cases[0]
    var subproblem = Subproblem(lower: box.lower, upper: box.upper, of: network)
    subproblem.normal = normal
    return subproblem
  }

  /// Whether all rows are linear, and bounding all units takes no more than fits a search.
  var isPossible: Bool {
    work <= Self.most.atAll && problem.cases[0].disjuncts.joined().allSatisfy { $0.norm == nil }
  }

  /// The laws of what is not cut on both sides in a cell.
  private func normal(_ lower: [Double], _ upper: [Double]) -> NormalInputs {
    let whole = problem.cases[0]
    let free = laws.indices.map { entry -> (mean: Double, deviation: Double) in
      guard let law = laws[entry],
        lower[entry] == whole.lower[entry] || upper[entry] == whole.upper[entry]
      else { return (0, 0) }
      return law
    }
    return NormalInputs(mean: free.map(\.mean), deviation: free.map(\.deviation))
  }

  /// A cell about whose units nothing is known, and its mass.
  private func cell(lower: [Double], upper: [Double]) -> (cell: ConfinedCell, mass: Double) {
    var cell = ConfinedCell(subproblem: Subproblem(lower: lower, upper: upper, of: network))
    let normal = normal(lower, upper)
    cell.subproblem.normal = normal
    let masses = laws.indices.map { measures[$0].mass(lower[$0], upper[$0]) }
    for entry in laws.indices where normal.deviation[entry] > 0 {
      cell.factor /= max(masses[entry], .leastNormalMagnitude)
    }
    return (cell, masses.reduce(1, *))
  }

  /// Confines the units of a cell.
  ///
  /// - Parameters:
  ///   - cell: The cell, or the part of one that splits leave.
  ///   - share: What share of the cell's mass each end of a unit may give up.
  ///   - propagator: Bounds the network.
  /// - Returns: The cell with better bounds, the records that show them and what these give up.
  func confine(
    _ cell: ConfinedCell, givingUp share: Double, with propagator: Propagator
  ) -> ConfinedCell {
    var cell = ConfinedCell(subproblem: cell.subproblem, factor: cell.factor)
    let distance = StandardNormal.place(above: share / cell.factor)
    for (ordinal, rectifier) in network.rectifiers.enumerated() where !isOver() {
      cell.records.append(.refresh(rectifier: ordinal))
      var refreshed = [cell.subproblem]
      _ = propagator.bound([], on: &refreshed, refresh: .intervals)
      cell.subproblem = refreshed[0]
      let units = rectifier.units.filter(cell.subproblem.isUnstable)
      let ends = units.flatMap { unit in
        [false, true].map {
          Objective(subproblem: 0, quantity: .argument(unit: unit, isNegated: $0))
        }
      }
      let isExact = ordinal == 0 && cell.subproblem.splits.isEmpty
      let forms = propagator.ascend(
        ends, on: [cell.subproblem],
        settings: AscentSettings(
          steps: isExact || work > Self.most.climbing ? 0 : Self.unitSteps, goal: .infinity,
          deviations: distance))
      for (place, unit) in units.enumerated() {
        confine(unit, in: &cell, below: forms[2 * place], above: forms[2 * place + 1])
      }
    }
    return cell
  }

  /// Confines a unit, to one side of zero where it hardly ever leaves that.
  private func confine(
    _ unit: Int, in cell: inout ConfinedCell, below: AscentResult, above: AscentResult
  ) {
    if below.bound >= 0 {
      confine(unit, .lower, in: &cell, by: below, at: 0)
    } else if above.bound >= 0 {
      confine(unit, .upper, in: &cell, by: above, at: 0)
    } else {
      confine(unit, .lower, in: &cell, by: below, at: below.bound)
      confine(unit, .upper, in: &cell, by: above, at: above.bound)
    }
  }

  /// Confines one end of a unit, where that is better than what is known.
  private func confine(
    _ unit: Int, _ side: Lemma.Side, in cell: inout ConfinedCell, by form: AscentResult,
    at end: Double
  ) {
    // Less by a little, so that a form that has one value only stays above it in the checker.
    let margin = end == 0 ? 0 : 1e-9 * max(form.magnitude, end.magnitude)
    guard let value = Quantised.below(end - margin) else { return }
    let known =
      side == .lower ? cell.subproblem.unitLower[unit] : -cell.subproblem.unitUpper[unit]
    let found = value.nearestDouble
    let other =
      side == .lower ? cell.subproblem.unitUpper[unit] : -cell.subproblem.unitLower[unit]
    guard found > known, found < other, let normal = cell.subproblem.normal else { return }
    let (centre, deviation) = normal.spread(
      form.coefficients, constant: form.constant, lower: cell.subproblem.lower,
      upper: cell.subproblem.upper)
    let beyond = deviation > 0 ? (centre - found) / deviation : centre < found ? -.infinity : 40
    let derivation = cell.subproblem.derivation(form.multipliers, of: network)
    cell.records.append(
      .confine(
        network.unit(unit), side, derivation, value: side == .lower ? value : -value))
    cell.givenUp += min(1, cell.factor * StandardNormal.above(beyond))
    cell.ends += 1
    if side == .lower {
      cell.subproblem.unitLower[unit] = found
    } else {
      cell.subproblem.unitUpper[unit] = -found
    }
  }

  // MARK: Rows

  /// What is shown of a cell.
  enum Goal: Hashable, Sendable {
    /// That a disjunct fails.
    case excluding(Int)
    /// That each row of a disjunct holds.
    case holding(Int)

    var disjunct: Int {
      switch self {
      case .excluding(let disjunct), .holding(let disjunct): disjunct
      }
    }
  }

  /// The quantities that are to be positive, all of them, so that a goal is reached.
  func quantities(of goal: Goal) -> [Quantity] {
    switch goal {
    case .excluding(let disjunct):
      [.rows(problem.cases[0].disjuncts[disjunct].map { $0.linearExcess(with: nil) })]
    case .holding(let disjunct):
      problem.cases[0].disjuncts[disjunct].map { .rows([$0.linearExcess(with: nil).negated]) }
    }
  }

  /// Climbs to the largest distances.
  func margins(
    _ objectives: [Objective], on cells: [ConfinedCell], steps: Int, with propagator: Propagator
  ) -> [Margin] {
    let found = propagator.ascend(
      objectives, on: cells.map(\.subproblem),
      settings: AscentSettings(steps: steps, goal: .infinity, slopeRate: 0.2, splitRate: 0.2))
    return zip(objectives, found).map { objective, ascent in
      let cell = cells[objective.subproblem]
      return Margin(ascent, on: cell.subproblem, factor: cell.factor)
    }
  }

  // MARK: Cells

  /// What part of the mass that is missed units may give up.
  private static let givenUpShare = 0.03
  private static let rootSteps = 40

  /// Bounds a cell, its units confined by less and less, as long as more is shown.
  ///
  /// - Parameters:
  ///   - lower: The lower ends.
  ///   - upper: The upper ends.
  ///   - weight: That of the mixture's component.
  ///   - propagator: Bounds the network.
  /// - Returns: The cell.
  func settled(
    lower: [Double], upper: [Double], weight: Double, with propagator: Propagator
  ) -> TailCell {
    let (cell, mass) = cell(lower: lower, upper: upper)
    var best = bounded(
      cell, mass: weight * mass, expecting: 1, ends: 2 * network.unitCount, with: propagator)
    while true {
      let missed = min(best.missed.outside, best.missed.inside)
      guard missed < 0.5 * best.expected, !isOver() else { return best }
      let next = bounded(
        cell, mass: best.mass, expecting: missed, ends: best.confined.ends, with: propagator)
      guard min(next.missed.outside, next.missed.inside) < 0.95 * missed else { return best }
      best = next
    }
  }

  /// Bounds a cell again, its units so that they give up little of what splits miss.
  func anew(_ cell: TailCell, with propagator: Propagator) -> TailCell {
    bounded(
      self.cell(lower: cell.lower, upper: cell.upper).cell, mass: cell.mass,
      expecting: cell.missedByTrees, ends: cell.confined.ends, with: propagator)
  }

  /// The weight of the mixture's component that a cell belongs to.
  func weight(of cell: TailCell) -> Double {
    cell.mass / max(self.cell(lower: cell.lower, upper: cell.upper).mass, .leastNormalMagnitude)
  }

  private func bounded(
    _ cell: ConfinedCell, mass: Double, expecting missed: Double, ends: Int,
    with propagator: Propagator
  ) -> TailCell {
    let confined = confine(
      cell, givingUp: Self.givenUpShare * missed / Double(max(1, ends)), with: propagator)
    let disjuncts = Array(problem.cases[0].disjuncts.indices)
    let goals = disjuncts.map(Goal.excluding) + disjuncts.map(Goal.holding)
    let quantities = goals.map(quantities)
    let objectives = quantities.joined().map { Objective(subproblem: 0, quantity: $0) }
    var margins = margins(
      objectives, on: [confined], steps: isOver() ? 0 : Self.rootSteps, with: propagator)[...]
    let trees = zip(goals, quantities).map { goal, rows in
      defer { margins = margins.dropFirst(rows.count) }
      let root = ConfinedCell(subproblem: confined.subproblem, factor: confined.factor)
      let leaf = MarginTree.Leaf(cell: root, margins: Array(margins.prefix(rows.count)))
      return MarginTree(goal, leaf, of: network)
    }
    let holding = trees[disjuncts.count...].reduce(trees[disjuncts.count]) {
      $0.missed(withSplits: false) <= $1.missed(withSplits: false) ? $0 : $1
    }
    return TailCell(
      lower: cell.subproblem.lower, upper: cell.subproblem.upper, mass: mass, confined: confined,
      expected: missed, excluding: Array(trees[..<disjuncts.count]), holding: holding)
  }
}
