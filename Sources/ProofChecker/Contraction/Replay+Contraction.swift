internal import ExactArithmetic
internal import ProofFormat

/// What the rows of the only open disjunct say of the inputs and units.
extension Replay {
  /// Narrows each input to where a form that no point makes positive can still be so.
  ///
  /// With `B` the form's minimum over the box, reached at one end of each input, an input with the
  /// coefficient `c` may be at most `−B / |c|` from that end.
  func contract(_ derivation: Derivation, _ state: inout NodeState) throws(Rejection) {
    state.isConditional = state.isConditional || !derivation.rows.isEmpty
    var combination = try combine(
      derivation, try openRows(for: derivation, state), times: derivation.rows, &state)
    guard combination.curved == nil else { throw invalid("a curved row contracts nothing") }
    let (form, box) = (combination.substitution.inputs, state.bounds[0])
    let bound = combination.minimum(over: box)
    guard bound.signum <= 0 else {
      state.cross()
      return
    }
    let shift = bound.exponent - form.exponent - box.exponent
    guard bound.mantissa.significantBits + shift <= 120 else { return }
    for (entry, coefficient) in form.entries.enumerated() where coefficient != 0 {
      let size = Int128(coefficient.magnitude)
      let distance = (-bound.mantissa.shifted(by: shift) + size - 1) / size
      let near = Int128(coefficient > 0 ? box.lower[entry] : -box.upper[entry])
      state.raise(
        0, entry, ofNegative: coefficient > 0,
        to: WideDyadic(-(near + distance), exponent: box.exponent))
    }
  }

  /// The rows of the only open disjunct, which what remains to be refuted satisfies; none where the
  /// derivation uses none.
  func openRows(for derivation: Derivation, _ state: NodeState) throws(Rejection)
    -> [PreparedRow]
  {
    if derivation.rows.isEmpty { return [] }
    guard state.open.count == 1, let disjunct = state.open.first else {
      throw invalid("a bound uses a disjunct's rows where \(state.open.count) are open")
    }
    return disjuncts[disjunct]
  }
}
