internal import ExactArithmetic
internal import ProofFormat

/// The records that bound by a derivation of their own.
extension Replay {
  /// Bounds a unit or an input.
  func add(_ lemma: Lemma, to state: inout NodeState) throws(Rejection) {
    let (node, entry): (Int, Int)
    switch lemma.target {
    case .unit(let unit): (node, entry) = (try preactivation(of: unit), unit.index)
    case .input(let input): (node, entry) = (0, try existing(input: input))
    }
    let isUpper = lemma.side == .upper
    var substitution = BackSubstitution(network, state)
    substitution.add([isUpper ? -1 : 1], of: [entry], in: node, exponent: 0)
    try addOpenRows(lemma.derivation.rows, state, to: &substitution)
    _ = try finish(&substitution, lemma.derivation, state)
    state.raise(node, entry, ofNegative: isUpper, to: substitution.bound)
  }

  /// Narrows each input to where a form that no point makes positive can still be so.
  ///
  /// With `B` the form's minimum over the box, reached at one end of each input, an input with the
  /// coefficient `c` may be at most `−B / |c|` from that end.
  func contract(_ derivation: Derivation, _ state: inout NodeState) throws(Rejection) {
    var substitution = BackSubstitution(network, state)
    try addOpenRows(derivation.rows, state, to: &substitution)
    let (_, curved) = try substitute(&substitution, derivation, state)
    guard curved == nil else { throw invalid("a curved row contracts nothing") }
    let form = substitution.inputs
    substitution.minimiseOverBox()
    let bound = substitution.bound
    guard bound.signum <= 0 else {
      state.cross()
      return
    }
    for (entry, coefficient) in form.entries.enumerated() where coefficient != 0 {
      state.keep(
        entry, within: -bound.mantissa, over: coefficient, exponent: bound.exponent - form.exponent)
    }
  }

  /// Adds rows of the only open disjunct: what remains to be refuted satisfies them.
  private func addOpenRows(
    _ terms: [Term<Int>], _ state: NodeState, to substitution: inout BackSubstitution
  ) throws(Rejection) {
    guard !terms.isEmpty else { return }
    guard state.open.count == 1, let disjunct = state.open.first else {
      throw invalid("a bound uses a disjunct's rows where \(state.open.count) are open")
    }
    _ = try add(disjuncts[disjunct], terms, to: &substitution)
  }
}
