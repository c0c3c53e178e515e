internal import BigInt
internal import ExactArithmetic
internal import MassArithmetic
internal import ProofFormat

/// Cells that are not decided as a whole.
extension MassReplay {
  /// Adds the masses of a cell's parts where a linear bound of rows decides the event.
  ///
  /// Where a combination of rows of a disjunct is positive, one of them fails; where the contraries of
  /// all rows of a disjunct are positive, it holds. Of several half-spaces, what they have in common
  /// weighs at least their sum less the cell for each but one.
  mutating func charge(_ charge: Charge, _ state: NodeState, _ cell: [Slice]) throws(Rejection) {
    guard charge.stepBits <= HalfSpace.mostStepBits else {
      throw replay.invalid("more than 2^\(HalfSpace.mostStepBits) steps are counted")
    }
    let whole = mass(of: cell)
    let measured = { (measures: inout [CoordinateMeasure], halfSpace: HalfSpace) in
      halfSpace.mass(in: cell, &measures, stepBits: charge.stepBits)
    }
    var (outside, inside) = ([Interval](), [Interval]())
    if !charge.excluding.isEmpty {
      guard charge.excluding.count == state.open.count else {
        throw replay.invalid("a cell is charged without a derivation for each open disjunct")
      }
      for (disjunct, derivation) in zip(state.open.sorted(), charge.excluding) {
        let multipliers = derivation.rows.isEmpty ? [Term(0, .one)] : derivation.rows
        let halfSpace = try replay.halfSpace(
          replay.disjuncts[disjunct], times: multipliers, by: derivation, state)
        outside.append(measured(&measures, halfSpace))
      }
    }
    if !charge.holding.isEmpty {
      let rows = try rows(toHold: charge.disjunct, state)
      try checkHolding(charge.holding, rows)
      for (row, derivation) in zip(rows, charge.holding) {
        let halfSpace = try replay.halfSpace([row], times: [Term(0, .one)], by: derivation, state)
        inside.append(measured(&measures, halfSpace))
      }
    }
    decided.add(whole, outside: whole.common(outside), inside: whole.common(inside))
  }
}

extension DecidedMass {
  fileprivate mutating func add(_ whole: Interval, outside: Interval, inside: Interval) {
    self.outside = self.outside + outside
    self.inside = self.inside + inside
    left = left + (whole - outside - inside).probability
  }
}

extension Interval {
  /// At least the mass that parts of this one have in common; zero of none.
  fileprivate func common(_ parts: [Interval]) -> Interval {
    guard let first = parts.first else { return .zero }
    return parts.dropFirst().reduce(first) { ($0 + $1 - self).probability }
  }
}

extension Replay {
  /// Where the sum of rows that must not be positive is positive, by the form below it.
  fileprivate func halfSpace(
    _ rows: [PreparedRow], times multipliers: [Term<Int>], by derivation: Derivation,
    _ state: NodeState
  ) throws(Rejection) -> HalfSpace {
    var state = state
    let combination = try combine(derivation, rows, times: multipliers, &state)
    guard combination.curved == nil else { throw invalid("a curved row bounds no half-space") }
    let (form, bound) = (combination.substitution.inputs, combination.substitution.bound)
    // With a strict row it is enough that the form is zero throughout.
    let isZero = bound.signum == 0 && form.entries.allSatisfy { $0 == 0 }
    return HalfSpace(
      coefficients: form.entries.map { Dyadic(BigInt($0), exponent: form.exponent) },
      constant: combination.isStrict && isZero ? .one : bound.dyadic)
  }
}
