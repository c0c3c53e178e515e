internal import ProofFormat

extension TailCell {
  /// Writes the records of the cell.
  func write(to writer: inout ProofWriter) {
    let missed = missed
    guard min(missed.outside, missed.inside) < 1 else { return writer.append(.leave) }
    for record in confined.records { writer.append(record) }
    switch aim {
    case .outside where excluding.contains(where: \.isSplit): writeExcluding(to: &writer)
    case .inside where holding.isSplit: writeHolding(to: &writer)
    case .outside, .inside:
      let (isExcluding, isHolding) = (missed.outside < 1, missed.inside < 1)
      writer.append(
        .charge(
          Charge(
            excluding: isExcluding ? excluding.flatMap(\.rootDerivations) : [],
            disjunct: isHolding ? holding.goal.disjunct : 0,
            holding: isHolding ? holding.rootDerivations : [], stepBits: 0)))
    }
  }

  /// Writes the trees of the disjuncts, each apart, and one record for those without splits.
  private func writeExcluding(to writer: inout ProofWriter) {
    let end = { (derivations: [Derivation]) in
      Record.charge(Charge(excluding: derivations, disjunct: 0, holding: [], stepBits: 0))
    }
    let others = excluding.filter { !$0.isSplit }
    var split = excluding.filter(\.isSplit)
    let last = others.isEmpty ? split.popLast() : nil
    for tree in split {
      writer.append(.separate(disjunct: tree.goal.disjunct))
      tree.write(end: end, to: &writer)
    }
    last?.write(end: end, to: &writer)
    if !others.isEmpty { writer.append(end(others.flatMap(\.rootDerivations))) }
  }

  private func writeHolding(to writer: inout ProofWriter) {
    let disjunct = holding.goal.disjunct
    holding.write(
      end: { .charge(Charge(excluding: [], disjunct: disjunct, holding: $0, stepBits: 0)) },
      to: &writer)
  }
}
