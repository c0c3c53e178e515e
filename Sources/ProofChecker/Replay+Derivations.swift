internal import BigInt
internal import ExactArithmetic
internal import ProofFormat

/// The records that show a set empty.
extension Replay {
  /// Shows that the sum of the rows that must not be positive is positive.
  func refute(_ rows: [PreparedRow]?, by derivation: Derivation, _ state: NodeState)
    throws(Rejection)
  {
    var substitution = BackSubstitution(network, state)
    var isStrict = false
    if let rows {
      let chosen = derivation.rows.isEmpty ? [Term(0, Dyadic.one)] : derivation.rows
      isStrict = try add(rows, chosen, to: &substitution)
    }
    isStrict = try finish(&substitution, derivation, state) || isStrict
    guard substitution.bound.signum > 0 || (isStrict && substitution.bound.signum == 0) else {
      throw notProved("the combination may be as low as \(substitution.bound)")
    }
  }

  /// Adds rows of a disjunct with their multipliers.
  ///
  /// - Returns: Whether a strict one is among them.
  func add(
    _ rows: [PreparedRow], _ terms: [Term<Int>], to substitution: inout BackSubstitution
  ) throws(Rejection) -> Bool {
    try checkAscending(terms.map(\.place), below: rows.count, "row of the disjunct")
    var isStrict = false
    for term in terms {
      let row = rows[term.place]
      guard row.curves.isEmpty else { throw invalid("a disjunct's row is curved") }
      try add(row, times: term.value, to: &substitution)
      isStrict = isStrict || row.isStrict
    }
    return isStrict
  }

  /// Adds input rows and split units, substitutes, and minimises over the inputs.
  ///
  /// - Returns: Whether a strict input row takes part.
  func finish(
    _ substitution: inout BackSubstitution, _ derivation: Derivation, _ state: NodeState
  ) throws(Rejection) -> Bool {
    let (isStrict, curved) = try substitute(&substitution, derivation, state)
    if let curved {
      substitution.add(
        constant: CurvedRow.minimum(
          form: substitution.inputs, multiplier: curved.multiplier, curves: curved.row.curves,
          box: state.bounds[0]))
    } else {
      substitution.minimiseOverBox()
    }
    return isStrict
  }

  /// Adds input rows and split units, and substitutes until only inputs are left.
  ///
  /// - Returns: Whether a strict input row takes part, and the curved one.
  func substitute(
    _ substitution: inout BackSubstitution, _ derivation: Derivation, _ state: NodeState
  ) throws(Rejection) -> (isStrict: Bool, curved: (row: PreparedRow, multiplier: Dyadic)?) {
    try checkAscending(
      derivation.inputRows.map(\.place), below: state.inputRows.count, "input row")
    var isStrict = false
    var curved: (row: PreparedRow, multiplier: Dyadic)?
    for term in derivation.inputRows {
      let row = state.inputRows[term.place]
      try add(row, times: term.value, to: &substitution)
      isStrict = isStrict || row.isStrict
      guard !row.curves.isEmpty else { continue }
      guard curved == nil else { throw invalid("more than one curved row is used") }
      curved = (row, term.value)
    }
    try add(derivation.units, to: &substitution, state)
    substitution.substitute(slopes: try slopes(of: derivation, state))
    return (isStrict, curved)
  }

  private func add(
    _ row: PreparedRow, times multiplier: Dyadic, to substitution: inout BackSubstitution
  ) throws(Rejection) {
    let factor = try mantissa(of: multiplier)
    for part in row.parts {
      substitution.add(
        part.coefficients.map { $0 * factor }, of: part.entries, in: part.node,
        exponent: row.exponent + multiplier.exponent)
    }
    substitution.add(
      constant: WideDyadic(
        -row.bound.mantissa * factor, exponent: row.bound.exponent + multiplier.exponent))
  }

  /// Adds `multiplier · z` where `z ≤ 0` on the branch, `−multiplier · z` where `z ≥ 0`: never
  /// positive there, so that a lower bound of the sum is one of the form.
  private func add(
    _ units: [Term<Unit>], to substitution: inout BackSubstitution, _ state: NodeState
  ) throws(Rejection) {
    var last: Unit?
    for term in units {
      let (unit, node) = (term.place, try preactivation(of: term.place))
      guard let isNegative = state.splits[unit] else {
        throw invalid("the multiplied unit is not split above")
      }
      if let last, (last.rectifier, last.index) >= (unit.rectifier, unit.index) {
        throw invalid("a unit is multiplied twice or out of order")
      }
      last = unit
      let factor = try mantissa(of: term.value)
      substitution.add(
        [isNegative ? factor : -factor], of: [unit.index], in: node, exponent: term.value.exponent)
    }
  }

  /// A multiplier's mantissa: positive, and of at most 30 bits, so that products fit.
  private func mantissa(of multiplier: Dyadic) throws(Rejection) -> Int128 {
    guard multiplier.signum > 0 else { throw invalid("a multiplier is not positive") }
    guard multiplier.mantissa.bitWidth - 1 <= 30 else {
      throw invalid("a multiplier has more than 30 bits")
    }
    return Int128(narrowing: multiplier.mantissa)
  }

  func checkAscending(_ places: [Int], below count: Int, _ what: String) throws(Rejection) {
    for (position, place) in places.enumerated() {
      guard place < count else {
        throw invalid("there is no \(what) \(place), expected < \(count)")
      }
      guard position == 0 || places[position - 1] < place else {
        throw invalid("a \(what) is named twice or out of order, expected them ascending")
      }
    }
  }

  private func slopes(of derivation: Derivation, _ state: NodeState) throws(Rejection) -> [UInt8]? {
    guard case .codes(let codes) = derivation.slopes else { return nil }
    let most = network.preactivations.reduce(0) { $0 + state.lines(of: $1).unstable.count }
    guard codes.count <= most else { throw invalid("\(codes.count) slopes, expected \(most)") }
    return codes + [UInt8](repeating: 0, count: most - codes.count)
  }
}
