internal import BigInt
internal import ExactArithmetic
internal import ProofFormat

/// A linear form that is substituted down to the inputs, and what is known of the rows in it.
struct Combination {
  var substitution: BackSubstitution
  /// Whether a strict row takes part.
  var isStrict = false
  /// The curved row that takes part.
  var curved: (row: PreparedRow, multiplier: Dyadic)?

  /// Minimises over the inputs.
  ///
  /// - Returns: The form's lower bound.
  mutating func minimum(over box: Bounds) -> WideDyadic {
    if let curved {
      substitution.add(
        constant: CurvedRow.minimum(
          form: substitution.inputs, multiplier: curved.multiplier, curves: curved.row.curves,
          box: box))
    } else {
      substitution.minimiseOverBox()
    }
    return substitution.bound
  }
}

/// The records that conclude from a linear combination of rows.
extension Replay {
  /// Shows that the sum of rows that must not be positive is positive.
  func refute(
    _ rows: [PreparedRow], times multipliers: [Term<Int>], by derivation: Derivation,
    _ state: inout NodeState
  ) throws(Rejection) {
    var combination = try combine(derivation, rows, times: multipliers, &state)
    let bound = combination.minimum(over: state.bounds[0])
    guard bound.signum > 0 || (combination.isStrict && bound.signum == 0) else {
      throw notProved("the combination may be as low as \(bound)")
    }
  }

  /// Bounds a unit.
  func bound(
    _ unit: Unit, _ side: Lemma.Side, by derivation: Derivation, _ state: inout NodeState
  ) throws(Rejection) {
    let node = try preactivation(of: unit)
    state.isConditional = state.isConditional || !derivation.rows.isEmpty
    let isUpper = side == .upper
    var combination = try combine(
      derivation, try openRows(for: derivation, state), times: derivation.rows,
      to: (node, unit.index, isUpper), &state)
    let bound = combination.minimum(over: state.bounds[0])
    state.raise(node, unit.index, ofNegative: isUpper, to: bound)
  }

  // MARK: Combinations

  /// Adds up multiples of rows that must not be positive and, where one is given, an entry of a node
  /// or its negative; then substitutes until only inputs are left.
  func combine(
    _ derivation: Derivation, _ rows: [PreparedRow], times multipliers: [Term<Int>],
    to entry: (node: Int, index: Int, isNegated: Bool)? = nil, _ state: inout NodeState
  ) throws(Rejection) -> Combination {
    state.keepLines(of: network.preactivations)
    var combination = Combination(substitution: BackSubstitution(network, state))
    if let entry {
      combination.substitution.start(at: entry.node, [(entry.index, entry.isNegated)])
    }
    try checkAscending(multipliers.map(\.place), below: rows.count, "row of the disjunct")
    for term in multipliers {
      guard rows[term.place].curves.isEmpty else { throw invalid("a disjunct's row is curved") }
      try add(rows[term.place], times: term.value, state, to: &combination)
    }
    try checkAscending(derivation.inputRows.map(\.place), below: inputRows.count, "input row")
    for term in derivation.inputRows {
      try add(inputRows[term.place], times: term.value, state, to: &combination)
    }
    try checkAscending(derivation.units.map(\.place), "split unit")
    for term in derivation.units {
      try add(try row(ofSplit: term.place, state), times: term.value, state, to: &combination)
    }
    combination.substitution.substitute(slopes: try slopes(of: derivation, state))
    return combination
  }

  /// Adds a row with a multiplier: positive, and of at most 30 bits, so that products fit.
  private func add(
    _ row: PreparedRow, times multiplier: Dyadic, _ state: NodeState,
    to combination: inout Combination
  ) throws(Rejection) {
    guard multiplier.signum > 0 else { throw invalid("a multiplier is not positive") }
    guard multiplier.mantissa.bitWidth - 1 <= 30 else {
      throw invalid("a multiplier has more than 30 bits")
    }
    let factor = Int128(narrowing: multiplier.mantissa)
    for part in row.parts {
      combination.substitution.add(
        part.coefficients.map { $0 * factor }, at: part.entries, of: part.node,
        exponent: row.exponent + multiplier.exponent, to: 0)
    }
    combination.substitution.add(
      constant: WideDyadic(
        -row.bound.mantissa * factor, exponent: row.bound.exponent + multiplier.exponent))
    if let least = row.norm?.minimum(in: network, state) {
      combination.substitution.add(
        constant: WideDyadic(
          least.mantissa * factor, exponent: least.exponent + multiplier.exponent))
    }
    combination.isStrict = combination.isStrict || row.isStrict
    guard !row.curves.isEmpty else { return }
    guard combination.curved == nil else { throw invalid("more than one curved row is used") }
    combination.curved = (row, multiplier)
  }

  /// `z ≤ 0`, or `−z ≤ 0`, as the branch has it for a unit.
  private func row(ofSplit unit: Unit, _ state: NodeState) throws(Rejection) -> PreparedRow {
    _ = try preactivation(of: unit)
    guard let (node, isNegative) = state.splits[unit] else {
      throw invalid("the multiplied unit is not split above")
    }
    let part = PreparedRow.Part(
      node: node, entries: [unit.index], coefficients: [isNegative ? 1 : -1])
    return PreparedRow(parts: [part], exponent: 0, bound: .zero)
  }

  func checkAscending(_ places: [Int], below count: Int, _ what: String) throws(Rejection) {
    for place in places where place >= count {
      throw invalid("there is no \(what) \(place), expected < \(count)")
    }
    try checkAscending(places, what)
  }

  private func checkAscending<Place: Comparable>(_ places: [Place], _ what: String)
    throws(Rejection)
  {
    guard zip(places, places.dropFirst()).allSatisfy({ $0 < $1 }) else {
      throw invalid("a \(what) is named twice or out of order, expected them ascending")
    }
  }

  private func slopes(of derivation: Derivation, _ state: NodeState) throws(Rejection) -> [UInt8]? {
    guard case .codes(let codes) = derivation.slopes else { return nil }
    let most = network.preactivations.reduce(0) { $0 + state.lines(of: $1).unstable.count }
    guard codes.count <= most else { throw invalid("\(codes.count) slopes, expected \(most)") }
    return codes + [UInt8](repeating: 0, count: most - codes.count)
  }
}
