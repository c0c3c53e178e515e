internal import Approximation
internal import BoundPropagation
internal import ExactArithmetic
internal import ProofFormat

/// Points of an event, or of its contrary, that forms show: those where all are positive.
struct InscribedPiece: Sendable {
  /// What shows it.
  let records: [Record]
  /// A lower bound of its mass; not positive where nothing is shown.
  let mass: Double
  /// Units that may be split.
  let candidates: [Int]
  /// How many deviations units were confined to.
  let distance: Double
}

/// Makes pieces of what draws say.
struct PieceMaker: Sendable {
  let bounding: TailBounding
  let isInside: Bool

  /// A form, in standard normal coordinates, that is to be positive.
  private struct Form {
    let coefficients: [Double]
    let constant: Double
    let isRow: Bool

    init(_ ascent: AscentResult, above end: Double, isRow: Bool, laws: TailBounding) {
      coefficients = zip(ascent.coefficients, laws.laws).map { $0 * ($1?.deviation ?? 0) }
      constant = zip(ascent.coefficients, laws.laws).reduce(ascent.constant - end) {
        $0 + $1.0 * ($1.1?.mean ?? 0)
      }
      self.isRow = isRow
    }

    var square: Double { TiltedRows.product(coefficients, coefficients) }
    /// How many deviations its mean lies above zero.
    var distance: Double { constant / max(square.squareRoot(), 1e-300) }
  }

  private static let steps = (units: 4, rows: 12)
  /// Units that so small a share of the draws has on the other side of zero are confined to one side.
  private static let ignored = 0.006

  /// What was shown so far: where all forms are positive, units are bounded as in the cell.
  private struct Draft {
    var cell: Subproblem
    var records: [Record] = []
    var forms: [Form] = []

    /// What a unit, or its negative, is known to be at least.
    func known(_ unit: Int, isNegated: Bool) -> Double {
      isNegated ? -cell.unitUpper[unit] : cell.unitLower[unit]
    }
  }

  /// Bounds units where draws lie, one rectifier after the other, and then the rows.
  ///
  /// - Parameters:
  ///   - splits: The sides of units that the piece lies on.
  ///   - draws: Draws from the event on these sides.
  ///   - distance: How many deviations of the draws units are confined to.
  ///   - propagator: Bounds the network.
  /// - Returns: The piece; nil where nothing can be said.
  func piece(
    _ splits: [UnitSplit], at draws: [EventDraws.Draw], within distance: Double,
    with propagator: Propagator
  ) -> InscribedPiece? {
    guard let goals = goals(at: draws) else { return nil }
    let draws = isInside ? draws.filter { $0.disjunct == goals[0].disjunct } : draws
    var draft = Draft(cell: bounding.whole(law(of: draws)))
    for ordinal in bounding.network.rectifiers.indices {
      confine(ordinal, splits, at: draws, within: distance, &draft, with: propagator)
    }
    let rows = propagator.ascend(
      goals.flatMap(bounding.quantities).map { Objective(subproblem: 0, quantity: $0) },
      on: [draft.cell],
      settings: AscentSettings(
        steps: Self.steps.rows, goal: .infinity, slopeRate: 0.2, splitRate: 0.2))
    guard rows.allSatisfy({ $0.bound.isFinite }) else { return nil }
    draft.forms += rows.map { Form($0, above: 0, isRow: true, laws: bounding) }
    guard let weighed = weighed(draft.forms) else { return nil }
    let derivations = rows.map {
      draft.cell.derivation($0.multipliers, of: bounding.network)
    }
    let charge = Charge(
      excluding: isInside ? [] : derivations, disjunct: isInside ? goals[0].disjunct : 0,
      holding: isInside ? derivations : [], stepBits: 0)
    let worst = rows.min { $0.bound < $1.bound }
    return InscribedPiece(
      records: [.inscribe(weighed.lists)] + draft.records + [.charge(charge)],
      mass: weighed.mass, candidates: (worst?.costliestUnits ?? []).map(\.unit),
      distance: distance)
  }

  /// Confines the units of a rectifier, split ones to their sides.
  private func confine(
    _ ordinal: Int, _ splits: [UnitSplit], at draws: [EventDraws.Draw], within distance: Double,
    _ draft: inout Draft, with propagator: Propagator
  ) {
    draft.records.append(.refresh(rectifier: ordinal))
    var refreshed = [draft.cell]
    _ = propagator.bound([], on: &refreshed, refresh: .intervals)
    draft.cell = refreshed[0]
    let units = bounding.network.rectifiers[ordinal].units.filter(draft.cell.isUnstable)
    let arguments = units.flatMap { unit in
      [false, true].map {
        Objective(subproblem: 0, quantity: .argument(unit: unit, isNegated: $0))
      }
    }
    let found = propagator.ascend(
      arguments, on: [draft.cell],
      settings: AscentSettings(
        steps: ordinal == 0 ? 0 : Self.steps.units, goal: .infinity, deviations: distance))
    for (place, unit) in units.enumerated() {
      let forms = Array(found[2 * place...2 * place + 1])
      let ends = ends(of: unit, by: forms, splits, at: draws, within: distance)
      for (form, isNegated) in zip(forms, [false, true]) {
        confine(unit, isNegated: isNegated, by: form, above: ends[isNegated ? 1 : 0], &draft)
      }
    }
  }

  /// What a unit and its negative are to exceed: nothing where they need not.
  private func ends(
    of unit: Int, by forms: [AscentResult], _ splits: [UnitSplit], at draws: [EventDraws.Draw],
    within distance: Double
  ) -> [Double?] {
    if let split = splits.first(where: { $0.unit == unit }) {
      return split.isActive ? [0, nil] : [nil, 0]
    }
    let spreads = forms.map { spread(of: $0, at: draws, distance) }
    if spreads[0].negative <= Self.ignored { return [0, nil] }
    if spreads[1].negative <= Self.ignored { return [nil, 0] }
    return spreads.map { $0.low.isFinite ? $0.low : nil }
  }

  private func confine(
    _ unit: Int, isNegated: Bool, by form: AscentResult, above end: Double?, _ draft: inout Draft
  ) {
    guard let value = end.flatMap({ Quantised.below($0) }),
      value.nearestDouble > draft.known(unit, isNegated: isNegated)
    else { return }
    let derivation = draft.cell.derivation(form.multipliers, of: bounding.network)
    draft.forms.append(Form(form, above: value.nearestDouble, isRow: false, laws: bounding))
    draft.records.append(
      .confine(
        bounding.network.unit(unit), isNegated ? .upper : .lower, derivation,
        value: isNegated ? -value : value))
    if isNegated {
      draft.cell.unitUpper[unit] = -value.nearestDouble
    } else {
      draft.cell.unitLower[unit] = value.nearestDouble
    }
  }

  /// What is to be shown: the disjunct that most draws have, or that all fail.
  private func goals(at draws: [EventDraws.Draw]) -> [TailBounding.Goal]? {
    let disjuncts = bounding.problem.cases[0].disjuncts.indices
    guard isInside else { return disjuncts.map { .excluding($0) } }
    let counts = disjuncts.map { disjunct in draws.count { $0.disjunct == disjunct } }
    return disjuncts.max { counts[$0] < counts[$1] }.map { [.holding($0)] }
  }

  /// The mean and the deviation of each input among draws.
  private func law(of draws: [EventDraws.Draw]) -> NormalInputs {
    let count = Double(max(1, draws.count))
    let inputs = bounding.laws.enumerated().map { entry, law -> (mean: Double, deviation: Double) in
      let mean = draws.reduce(0) { $0 + $1.place[entry] } / count
      let square = draws.reduce(0) {
        $0 + ($1.place[entry] - mean) * ($1.place[entry] - mean)
      }
      // With few draws less is known than they seem to say.
      let spread = ((square + 4) / (count + 4)).squareRoot()
      guard let law else { return (0, 0) }
      return (law.mean + mean * law.deviation, spread * law.deviation)
    }
    return NormalInputs(mean: inputs.map(\.mean), deviation: inputs.map(\.deviation))
  }

  /// So many deviations below a form's mean among draws, and the share of these where it is negative.
  private func spread(
    of ascent: AscentResult, at draws: [EventDraws.Draw], _ distance: Double
  ) -> (low: Double, negative: Double) {
    let form = Form(ascent, above: 0, isRow: false, laws: bounding)
    let values = draws.map { TiltedRows.product(form.coefficients, $0.place) + form.constant }
    let count = Double(max(1, values.count))
    let mean = values.reduce(0, +) / count
    let square = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    let spread = ((square + 4 * form.square) / (count + 4)).squareRoot()
    let low = mean - distance * spread
    guard low.isFinite else { return (-.infinity, 1) }
    return (low, Double(values.count { $0 < 0 }) / count)
  }

  // MARK: Masses

  /// Tails below this share of the mass need no closer look.
  private static let tiny = 5e-4
  /// How many forms are weighed with others.
  private static let mostLeading = 10
  /// How many are tried at a time.
  private static let tried = 4
  /// A form that leaves less than this part is nearly opposite to others, where a product of laws is far too small.
  private static let leastLeft = 0.03

  /// What the record says of forms, and the mass that it shows.
  ///
  /// The row that is least likely leads, and then the forms, one by one, that miss most of what those before have.
  private func weighed(_ forms: [Form]) -> (lists: [[Term<Int>]], mass: Double)? {
    let rows = forms.indices.filter { forms[$0].isRow }
    guard let first = rows.min(by: { forms[$0].distance < forms[$1].distance }) else { return nil }
    var leading = [first]
    guard var best = shown(leading, forms) else { return nil }
    while leading.count < Self.mostLeading {
      let costly = best.missed.sorted { $0.mass > $1.mass }.prefix(Self.tried).filter {
        $0.mass > Self.leastLeft * max(best.mass, best.whole / 8)
      }
      let choices = costly.compactMap { cost -> (leading: [Int], gain: Double)? in
        let more = (leading + [cost.form]).sorted()
        guard let mass = field(more, forms)?.mass, mass > Self.leastLeft * best.whole else {
          return nil
        }
        return (more, mass + cost.mass)
      }
      guard let choice = choices.max(by: { $0.gain < $1.gain }),
        let next = shown(choice.leading, forms), next.mass > best.mass
      else { break }
      (leading, best) = (choice.leading, next)
    }
    let means = best.means.compactMap { Quantised.below($0) }
    guard means.count == leading.count else { return nil }
    return ([zip(leading, means).map { Term($0, $1) }] + best.missed.map(\.ties), best.mass)
  }

  private func field(_ leading: [Int], _ forms: [Form]) -> MeanField? {
    MeanField(leading.map { forms[$0].coefficients }, limits: leading.map { forms[$0].constant })
  }

  private struct Shown {
    let means: [Double]
    let whole: Double
    let missed: [(form: Int, ties: [Term<Int>], mass: Double)]

    var mass: Double { missed.reduce(whole) { $0 - $1.mass } }
  }

  /// The mass where all forms are positive, by that of some and what others miss of it.
  private func shown(_ leading: [Int], _ forms: [Form]) -> Shown? {
    guard let field = field(leading, forms) else { return nil }
    let missed = forms.indices.filter { !leading.contains($0) }.map { form in
      let alone = StandardNormal.above(forms[form].distance)
      if alone < Self.tiny * field.mass { return (form, [Term<Int>](), alone) }
      return miss(of: form, leading, forms) ?? (form, [], alone)
    }
    return Shown(means: field.means, whole: field.mass, missed: missed)
  }

  /// What a form misses of the points where others are positive.
  private func miss(of form: Int, _ leading: [Int], _ forms: [Form])
    -> (form: Int, ties: [Term<Int>], mass: Double)?
  {
    let rows = [forms[form].coefficients] + leading.map { forms[$0].coefficients.map { -$0 } }
    let limits = [-forms[form].constant] + leading.map { forms[$0].constant }
    let tilted = TiltedRows(rows, limits: limits, startingWith: 0)
    let place = tilted.place.dropLast().compactMap { Quantised.below($0) }
    guard tilted.order.first == 0, place.count == tilted.order.count - 1 else { return nil }
    let ties = zip(tilted.order.dropFirst(), place).map { Term(leading[$0 - 1], $1) }
    let alone = StandardNormal.above(forms[form].distance)
    return tilted.mass < alone ? (form, ties, tilted.mass) : nil
  }
}
