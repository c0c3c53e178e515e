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
    /// Whether its mass is bounded together with that of others, rather than what it misses.
    let isLeading: Bool

    init(_ ascent: AscentResult, above end: Double, isLeading: Bool, laws: TailBounding) {
      coefficients = zip(ascent.coefficients, laws.laws).map { $0 * ($1?.deviation ?? 0) }
      constant = zip(ascent.coefficients, laws.laws).reduce(ascent.constant - end) {
        $0 + $1.0 * ($1.1?.mean ?? 0)
      }
      self.isLeading = isLeading
    }

    var square: Double { TiltedRows.product(coefficients, coefficients) }
    /// How many deviations its mean lies above zero.
    var distance: Double { constant / max(square.squareRoot(), 1e-300) }
  }

  private static let steps = (units: 4, rows: 12)
  /// Units that so small a share of the draws has on the other side of zero are confined to one side.
  private static let ignored = 0.004

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
    let network = bounding.network
    let law = law(of: draws)
    var cell = bounding.whole(law)
    var (records, forms) = ([Record](), [Form]())
    for (ordinal, rectifier) in network.rectifiers.enumerated() {
      records.append(.refresh(rectifier: ordinal))
      var refreshed = [cell]
      _ = propagator.bound([], on: &refreshed, refresh: .intervals)
      cell = refreshed[0]
      let units = rectifier.units.filter(cell.isUnstable)
      let ends = units.flatMap { unit in
        [false, true].map {
          Objective(subproblem: 0, quantity: .argument(unit: unit, isNegated: $0))
        }
      }
      let found = propagator.ascend(
        ends, on: [cell],
        settings: AscentSettings(
          steps: ordinal == 0 ? 0 : Self.steps.units, goal: .infinity, deviations: distance))
      let state = cell
      for (place, unit) in units.enumerated() {
        let split = splits.first { $0.unit == unit }
        let spreads = (0...1).map { spread(of: found[2 * place + $0], at: draws, distance) }
        var ends = spreads.map(\.low)
        if let split {
          ends[split.isActive ? 0 : 1] = 0
        } else if let side = (0...1).first(where: { spreads[$0].negative <= Self.ignored }) {
          ends[side] = 0
          ends[1 - side] = -.infinity
        }
        for side in 0...1 where ends[side] > -.infinity {
          let form = found[2 * place + side]
          guard let value = Quantised.below(ends[side]),
            value.nearestDouble > known(side, unit, cell)
          else { continue }
          let isLeading = split.map { $0.isActive == (side == 0) } ?? false
          forms.append(
            Form(form, above: value.nearestDouble, isLeading: isLeading, laws: bounding))
          records.append(
            .confine(
              network.unit(unit), side == 0 ? .lower : .upper,
              state.derivation(form.multipliers, of: network), value: side == 0 ? value : -value))
          if side == 0 {
            cell.unitLower[unit] = value.nearestDouble
          } else {
            cell.unitUpper[unit] = -value.nearestDouble
          }
        }
      }
    }
    let rows = propagator.ascend(
      goals.flatMap(bounding.quantities).map { Objective(subproblem: 0, quantity: $0) }, on: [cell],
      settings: AscentSettings(
        steps: Self.steps.rows, goal: .infinity, slopeRate: 0.2, splitRate: 0.2))
    guard rows.allSatisfy({ $0.bound.isFinite }) else { return nil }
    forms += rows.map { Form($0, above: 0, isLeading: true, laws: bounding) }
    let derivations = rows.map { cell.derivation($0.multipliers, of: network) }
    records.append(
      .charge(
        Charge(
          excluding: isInside ? [] : derivations, disjunct: isInside ? goals[0].disjunct : 0,
          holding: isInside ? derivations : [], stepBits: 0)))
    guard let weighed = weighed(forms) else { return nil }
    let worst = rows.min { $0.bound < $1.bound }
    return InscribedPiece(
      records: [.inscribe(weighed.lists)] + records, mass: weighed.mass,
      candidates: (worst?.costliestUnits ?? []).map(\.unit), distance: distance)
  }

  /// What is to be shown: the disjunct that most draws have, or that all fail.
  private func goals(at draws: [EventDraws.Draw]) -> [TailBounding.Goal]? {
    let disjuncts = bounding.problem.cases[0].disjuncts.indices
    guard isInside else { return disjuncts.map { .excluding($0) } }
    let counts = disjuncts.map { disjunct in draws.count { $0.disjunct == disjunct } }
    return disjuncts.max { counts[$0] < counts[$1] }.map { [.holding($0)] }
  }

  private func known(_ side: Int, _ unit: Int, _ cell: Subproblem) -> Double {
    side == 0 ? cell.unitLower[unit] : -cell.unitUpper[unit]
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
    let form = Form(ascent, above: 0, isLeading: false, laws: bounding)
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
  private static let tiny = 1e-4
  private static let mostPromotions = 6
  private static let mostLeading = 12

  /// What the record says of forms, and the mass that it shows.
  private func weighed(_ forms: [Form]) -> (lists: [[Term<Int>]], mass: Double)? {
    var leading: [Int] = []
    for form in forms.indices.filter({ forms[$0].isLeading }).sorted(by: {
      (forms[$0].distance, $0) < (forms[$1].distance, $1)
    }) where leading.count < Self.mostLeading {
      let candidate = (leading + [form]).sorted()
      if field(candidate, forms) != nil { leading = candidate }
    }
    guard var best = shown(leading, forms) else { return nil }
    for _ in 0..<Self.mostPromotions {
      guard let worst = best.missed.max(by: { $0.mass < $1.mass }),
        worst.mass > 0.03 * max(best.mass, best.whole / 8),
        let next = shown((leading + [worst.form]).sorted(), forms), next.mass > best.mass
      else { break }
      leading = (leading + [worst.form]).sorted()
      best = next
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
