internal import ExactArithmetic
internal import MassArithmetic
internal import ProofFormat

/// Points that are decided though no cell is.
extension MassReplay {
  /// How many pieces there may be: each is compared with those before it.
  private static let mostPieces = 1 << 11

  /// The mass that is decided on a side: by cells but for what is given up, or by inscribed points.
  func mass(decidedInside isInside: Bool) -> Interval {
    let cells = (isInside ? decided.inside : decided.outside) - decided.givenUp
    let points = inscribed.reduce(Interval.zero) {
      $1.isInside == isInside ? $0 + $1.mass : $0
    }
    return cells.lower < points.lower ? points : cells
  }

  /// Shows that the points of the first cell where several forms are positive have the event, or do not.
  ///
  /// The first form is below its unit at all points of the cell; where it is positive the unit's end holds, so
  /// that the next form is below its own, and so on: where all are positive all ends hold, and what is shown of the
  /// rows. Forms that are shown for fewer points of the cell to begin with would say nothing of the others.
  mutating func inscribe(
    _ weighed: [[Term<Int>]], _ start: NodeState, _ cell: [Slice], _ reader: inout ProofReader
  ) throws(Rejection) {
    guard !start.isConditional else {
      throw replay.invalid("points are inscribed where bounds assume rows of a disjunct")
    }
    var (state, forms) = (start, [HalfSpace]())
    var piece = Inscribed(isInside: false, mass: .zero)
    while true {
      switch try replay.read(&reader) {
      case .confine(let unit, let side, let derivation, let value):
        forms.append(try confine(unit, side, by: derivation, at: value, &state))
        if side == .lower, value.signum >= 0 { piece.active.insert(unit) }
        if side == .upper, value.signum <= 0 { piece.inactive.insert(unit) }
      case .charge(let charge):
        guard charge.stepBits == 0, charge.excluding.isEmpty || charge.holding.isEmpty else {
          throw replay.invalid("inscribed points are counted, or decided both ways")
        }
        let sides = try halfSpaces(charge, state)
        forms += sides.outside + sides.inside
        piece.isInside = !charge.holding.isEmpty
        piece.mass = try mass(of: forms, weighed, cell)
        guard inscribed.count < Self.mostPieces,
          inscribed.allSatisfy({ $0.isInside != piece.isInside || $0.isApart(from: piece) })
        else { throw replay.invalid("inscribed points may be among those inscribed before") }
        return inscribed.append(piece)
      case let record:
        guard case .refresh = record else {
          throw replay.invalid("it neither confines nor decides inscribed points")
        }
        _ = try replay.apply(record, to: &state, &reader)
      }
    }
  }

  /// A lower bound of the mass where all forms are positive: of that where some are, less what each other one misses.
  private func mass(
    of forms: [HalfSpace], _ weighed: [[Term<Int>]], _ cell: [Slice]
  ) throws(Rejection) -> Interval {
    let factors = (weighed.first ?? []).map(\.place)
    try replay.checkAscending(factors, below: forms.count, "form")
    guard !factors.isEmpty, weighed.count - 1 == forms.count - factors.count else {
      throw replay.invalid("\(weighed.count) lists of forms, of \(forms.count) forms in all")
    }
    var mass = HalfSpace.mass(
      inAll: factors.map { forms[$0] }, in: cell, measures, means: weighed[0].map(\.value))
    let others = forms.indices.filter { !factors.contains($0) }
    for (form, ties) in zip(others, weighed.dropFirst()) {
      guard ties.allSatisfy({ factors.contains($0.place) }) else {
        throw replay.invalid("a form is weighed with one that is not bounded from below")
      }
      let missed =
        ties.isEmpty
        ? forms[form].missed(in: cell, measures)
        : HalfSpace.missed(
          byAll: [forms[form]] + ties.map { forms[$0.place].opposite }, in: cell, measures,
          tiltedAt: ties.map(\.value))
      mass = mass.flatMap { mass in missed.map { mass - $0 } }
    }
    guard let mass else { throw replay.invalid("half-spaces depend on one another") }
    return mass.probability
  }
}
