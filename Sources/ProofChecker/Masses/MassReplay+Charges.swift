internal import ExactArithmetic
internal import MassArithmetic
internal import ProofFormat

/// Cells that are not decided as a whole.
extension MassReplay {
  /// The masses of a cell's parts where a linear bound of rows decides the event.
  ///
  /// Where a combination of rows of a disjunct is positive, one of them fails; where the contraries of
  /// all rows of a disjunct are positive, it holds.
  mutating func charge(
    _ charge: Charge, _ state: NodeState, _ cell: [Slice], _ whole: Interval
  ) throws(Rejection) -> Shares {
    guard charge.stepBits <= HalfSpace.mostStepBits else {
      throw replay.invalid("more than 2^\(HalfSpace.mostStepBits) steps are counted")
    }
    let (outside, inside) = try halfSpaces(charge, state)
    return Shares(
      outside: share(of: outside, cell, whole, stepBits: charge.stepBits),
      inside: share(of: inside, cell, whole, stepBits: charge.stepBits))
  }

  /// Where each open disjunct fails, and where each row of one holds.
  func halfSpaces(_ charge: Charge, _ state: NodeState)
    throws(Rejection) -> (outside: [HalfSpace], inside: [HalfSpace])
  {
    var (outside, inside): ([HalfSpace], [HalfSpace]) = ([], [])
    if !charge.excluding.isEmpty {
      guard charge.excluding.count == state.open.count else {
        throw replay.invalid("a cell is charged without a derivation for each open disjunct")
      }
      for (disjunct, derivation) in zip(state.open.sorted(), charge.excluding) {
        let multipliers = derivation.rows.isEmpty ? [Term(0, .one)] : derivation.rows
        outside.append(
          try replay.halfSpace(
            replay.disjuncts[disjunct], times: multipliers, by: derivation, state))
      }
    }
    if !charge.holding.isEmpty {
      let rows = try rows(toHold: charge.disjunct, state)
      try checkHolding(charge.holding, rows)
      for (row, derivation) in zip(rows, charge.holding) {
        inside.append(
          try replay.halfSpace([row], times: [Term(0, .one)], by: derivation, state))
      }
    }
    return (outside, inside)
  }

  /// The mass that all half-spaces have in common; zero of none.
  private mutating func share(
    of halfSpaces: [HalfSpace], _ cell: [Slice], _ whole: Interval, stepBits: Int
  ) -> Share {
    guard !halfSpaces.isEmpty else { return .none(of: whole) }
    guard stepBits == 0 else {
      return .only(
        HalfSpace.commonMass(of: halfSpaces, in: cell, &measures, stepBits: stepBits), of: whole)
    }
    return halfSpaces.reduce(Share.all(of: whole)) {
      $0.and(.all(of: whole, but: $1.missed(in: cell, measures)), of: whole)
    }
  }

  /// Shows that no point satisfies the rows of a disjunct, but for points where several forms, each of a
  /// combination of its rows and of split units that would not be positive, are not positive.
  ///
  /// - Returns: The mass of these.
  func outweigh(
    _ disjunct: Int, _ derivations: [Derivation], at place: [Dyadic], _ state: NodeState,
    _ cell: [Slice]
  ) throws(Rejection) -> Interval {
    guard state.open.contains(disjunct) else {
      throw replay.invalid("disjunct \(disjunct) is not open here")
    }
    let halfSpaces = try derivations.map { (derivation) throws(Rejection) in
      try replay.halfSpace(
        replay.disjuncts[disjunct], times: derivation.rows, by: derivation, state)
    }
    guard
      let missed = HalfSpace.missed(byAll: halfSpaces, in: cell, measures, tiltedAt: place)
    else { throw replay.invalid("half-spaces depend on one another") }
    return missed
  }

  /// Moves an end of a unit's enclosure to a value that a form below the unit, or below its negative, need
  /// not reach.
  ///
  /// - Returns: Where it does; the node's other points are given up.
  func confine(
    _ unit: Unit, _ side: Lemma.Side, by derivation: Derivation, at value: Dyadic,
    _ state: inout NodeState
  ) throws(Rejection) -> HalfSpace {
    guard derivation.rows.isEmpty, !state.isConditional else {
      throw replay.invalid("a unit is confined where bounds assume rows of a disjunct")
    }
    let node = try replay.preactivation(of: unit)
    let isUpper = side == .upper
    let end = isUpper ? -value : value
    let kept = try replay.halfSpace(
      to: (node, unit.index, isUpper), above: end, by: derivation, state)
    state.raise(node, unit.index, ofNegative: isUpper, to: WideDyadic(roundingDown: end))
    return kept
  }
}

extension Replay {
  /// Where the sum of rows that must not be positive, and of an entry of a node or its negative, exceeds a
  /// value, by the form below it.
  fileprivate func halfSpace(
    _ rows: [PreparedRow] = [], times multipliers: [Term<Int>] = [],
    to entry: (node: Int, index: Int, isNegated: Bool)? = nil, above value: Dyadic = .zero,
    by derivation: Derivation, _ state: NodeState
  ) throws(Rejection) -> HalfSpace {
    var state = state
    let combination = try combine(derivation, rows, times: multipliers, to: entry, &state)
    guard combination.curved == nil else { throw invalid("a curved row bounds no half-space") }
    let (form, bound) = (combination.substitution.inputs, combination.substitution.bound)
    // With a strict row it is enough that the form is zero throughout.
    let isZero = bound.signum == 0 && form.entries.allSatisfy { $0 == 0 }
    // So many bits of the bound are kept, rounded down, that sums with it fit machine integers.
    let excess = max(0, bound.mantissa.significantBits - 72)
    let kept = WideDyadic(bound.mantissa.shifted(by: -excess), exponent: bound.exponent + excess)
    return HalfSpace(
      coefficients: form.entries.map { Dyadic(wide: Int128($0), exponent: form.exponent) },
      constant: combination.isStrict && isZero ? .one : kept.dyadic - value)
  }
}
