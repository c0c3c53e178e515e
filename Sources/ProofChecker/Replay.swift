internal import BigInt
internal import ExactArithmetic
internal import ProofFormat

/// Replays the records of one case after the other.
struct Replay {
  let network: PreparedNetwork
  /// Whether to end early.
  private let isCancelled: () -> Bool
  /// Nodes entered so far.
  private(set) var nodes = 0
  /// Records replayed so far.
  private(set) var records = 0
  /// How many nodes may wait for their turn, each with its state: more would be a way to use up memory.
  private static let mostWaiting = 1 << 14
  private(set) var disjuncts: [[PreparedRow]] = []

  init(network: PreparedNetwork, isCancelled: @escaping () -> Bool) {
    self.network = network
    self.isCancelled = isCancelled
  }

  /// Replays the tree of one case.
  ///
  /// - Parameters:
  ///   - root: The case.
  ///   - reader: Stands at the tree's first record; afterwards behind its last.
  /// - Throws: ``Rejection`` at the first record that does not stand.
  mutating func replay(_ root: RootState, from reader: inout ProofReader) throws(Rejection) {
    disjuncts = root.disjuncts
    var path = [root.state]
    while var state = path.popLast() {
      nodes += 1
      var children: [NodeState] = []
      while !state.open.isEmpty && children.isEmpty {
        guard !isCancelled() else { throw .cancelled }
        let record: Record
        do { record = try reader.next() } catch { throw .malformed(error) }
        records += 1
        children = try apply(record, to: &state)
      }
      path += children
      guard path.count <= Self.mostWaiting else {
        throw invalid("more than \(Self.mostWaiting) nodes wait for their turn")
      }
    }
  }

  /// Applies one record.
  ///
  /// - Returns: The children where the record splits, the one to be replayed first last.
  private func apply(_ record: Record, to state: inout NodeState) throws(Rejection) -> [NodeState] {
    switch record {
    case .splitInput(let entry, let value):
      return try splitInput(entry, at: value, state)
    case .splitUnit(let unit):
      return try split(unit, state)
    case .splitPlane(let entries, let bound):
      return try splitPlane(entries, bound, state)
    case .separate(let disjunct):
      return try separate(disjunct, state)
    case .tighten(let rectifier):
      try tighten(try existing(rectifier: rectifier), &state)
    case .tightenAll:
      for rectifier in network.preactivations.indices { try tighten(rectifier, &state) }
    case .refresh(let rectifier):
      try refresh(try existing(rectifier: rectifier), &state)
    case .contract(let derivation):
      try contract(derivation, &state)
    case .lemma(let lemma):
      try add(lemma, to: &state)
    case .close(let disjunct, let derivation):
      guard state.open.contains(disjunct) else {
        throw invalid("disjunct \(disjunct) is not open here")
      }
      try refute(disjuncts[disjunct], derivation, state)
      state.open.remove(disjunct)
    case .closeEmpty(let derivation):
      guard derivation.rows.isEmpty else { throw invalid("an empty node uses no disjunct's rows") }
      try refute(nil, derivation, state)
      state.open = []
    case .closeCrossed:
      guard state.isCrossed else {
        throw .notProved(record: records, reason: "no bounds exclude each other here")
      }
      state.open = []
    }
    return []
  }

  func invalid(_ reason: String) -> Rejection { .invalid(record: records, reason: reason) }

  private func existing(rectifier: Int) throws(Rejection) -> Int {
    guard rectifier < network.preactivations.count else {
      throw invalid(
        "there is no rectifier \(rectifier), the network has \(network.preactivations.count)")
    }
    return rectifier
  }

  func preactivation(of unit: Unit) throws(Rejection) -> Int {
    let node = network.preactivations[try existing(rectifier: unit.rectifier)]
    guard unit.index < network.sizes[node] else {
      throw invalid(
        "there is no unit \(unit.index), rectifier \(unit.rectifier) has \(network.sizes[node])")
    }
    return node
  }

  func existing(input entry: Int) throws(Rejection) -> Int {
    guard entry < network.sizes[0] else {
      throw invalid("there is no input \(entry), the problem has \(network.sizes[0])")
    }
    return entry
  }

  // MARK: Splits

  private func splitInput(_ entry: Int, at value: Dyadic, _ state: NodeState) throws(Rejection)
    -> [NodeState]
  {
    let entry = try existing(input: entry)
    var (low, high) = (state, state)
    let crossesLow = low.bounds[0].reduceUpper(entry, to: WideDyadic(roundingUp: value))
    let crossesHigh = high.bounds[0].raiseLower(entry, to: WideDyadic(roundingDown: value))
    low.isCrossed = low.isCrossed || crossesLow
    high.isCrossed = high.isCrossed || crossesHigh
    return [high, low]
  }

  private func split(_ unit: Unit, _ state: NodeState) throws(Rejection) -> [NodeState] {
    let node = try preactivation(of: unit)
    guard state.splits[unit] == nil else { throw invalid("the unit is split above already") }
    var (negative, positive) = (state, state)
    let crossesNegative = negative.bounds[node].reduceUpper(unit.index, to: .zero)
    let crossesPositive = positive.bounds[node].raiseLower(unit.index, to: .zero)
    negative.isCrossed = negative.isCrossed || crossesNegative
    positive.isCrossed = positive.isCrossed || crossesPositive
    negative.splits[unit] = true
    positive.splits[unit] = false
    return [positive, negative]
  }

  private func splitPlane(_ entries: [Term<Int>], _ bound: Dyadic, _ state: NodeState)
    throws(Rejection) -> [NodeState]
  {
    var places: [PreparedRow.Entry] = []
    let exponent = entries.map(\.value.exponent).min() ?? 0
    for (position, entry) in entries.enumerated() {
      let index = try existing(input: entry.place)
      guard position == 0 || entries[position - 1].place < index else {
        throw invalid("the plane's inputs are not in ascending order")
      }
      let shift = entry.value.exponent - exponent
      guard entry.value.mantissa.bitWidth - 1 + shift <= Block.coefficientBits else {
        throw invalid("the plane's coefficients need more than \(Block.coefficientBits) bits")
      }
      places.append(
        PreparedRow.Entry(
          node: 0, index: index, coefficient: Int64(narrowing: entry.value.mantissa << shift)))
    }
    let negated = places.map {
      PreparedRow.Entry(node: 0, index: $0.index, coefficient: -$0.coefficient)
    }
    var (below, above) = (state, state)
    below.inputRows.append(
      PreparedRow(plane: places, exponent: exponent, bound: WideDyadic(roundingUp: bound)))
    above.inputRows.append(
      PreparedRow(plane: negated, exponent: exponent, bound: WideDyadic(roundingUp: -bound)))
    return [above, below]
  }

  private func separate(_ disjunct: Int, _ state: NodeState) throws(Rejection) -> [NodeState] {
    guard state.open.contains(disjunct), state.open.count > 1 else {
      throw invalid("disjunct \(disjunct) is not one of several that are open here")
    }
    var (alone, others) = (state, state)
    alone.open = [disjunct]
    others.open.remove(disjunct)
    return [others, alone]
  }

  // MARK: Bounds

  private func refresh(_ rectifier: Int, _ state: inout NodeState) throws(Rejection) {
    for position in network.chains[rectifier] {
      guard case .affine(let node) = network.nodes[position] else { continue }
      let step = try IntervalStep(node, size: network.sizes[position]) { source in
        guard case .relu(let preactivation) = network.nodes[source] else {
          return state.bounds[source]
        }
        return state.bounds[preactivation].rectified
      }
      state.narrow(position, to: step.bounds)
      state.errors[position] = step.error
    }
  }

  private func tighten(_ rectifier: Int, _ state: inout NodeState) throws(Rejection) {
    try refresh(rectifier, &state)
    let node = network.preactivations[rectifier]
    let unstable = (0..<network.sizes[node]).filter { state.bounds[node].isUnstable($0) }
    var narrowed = state.bounds[node]
    let together = max(1, Self.mostCoefficients / network.largestSize / 2)
    for start in stride(from: 0, to: unstable.count, by: together) {
      guard !isCancelled() else { throw .cancelled }
      let entries = unstable[start..<min(start + together, unstable.count)]
      let forms = entries.flatMap { [(index: $0, isNegated: false), (index: $0, isNegated: true)] }
      let lower = try lowerBounds(of: node, forms, state)
      for (form, bound) in zip(forms, lower) {
        let crosses =
          form.isNegated
          ? narrowed.reduceUpper(
            form.index, to: WideDyadic(-bound.mantissa, exponent: bound.exponent))
          : narrowed.raiseLower(form.index, to: bound)
        state.isCrossed = state.isCrossed || crosses
      }
    }
    state.bounds[node] = narrowed
  }

  /// How many coefficients of a node are worked on at once.
  private static let mostCoefficients = 1 << 18

  /// Lower bounds of plus or minus entries of a node, with standard slopes.
  private func lowerBounds(
    of node: Int, _ entries: [(index: Int, isNegated: Bool)], _ state: NodeState
  ) throws(Rejection) -> [WideDyadic] {
    var substitution = BackSubstitution(network, state, count: entries.count)
    substitution.start(at: node, entries)
    do { try substitution.substitute(slopes: .standard, multipliers: []) } catch {
      throw invalid(error.reason)
    }
    substitution.minimiseOverBox()
    return substitution.bounds
  }

  // MARK: Contradictions

  /// Shows that the sum of the rows that must not be positive is positive.
  private func refute(_ rows: [PreparedRow]?, _ derivation: Derivation, _ state: NodeState)
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
      throw .notProved(
        record: records, reason: "the combination may be as low as \(substitution.bound)")
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

  /// Adds split units and input rows, substitutes, and minimises over the inputs.
  ///
  /// - Returns: Whether a strict input row takes part.
  func finish(
    _ substitution: inout BackSubstitution, _ derivation: Derivation, _ state: NodeState
  ) throws(Rejection) -> Bool {
    let (isStrict, curved) = try substitute(&substitution, derivation, state)
    if let curved {
      let form = substitution.inputs
      substitution.add(
        constant: CurvedRow.minimum(
          form: form, multiplier: curved.multiplier, curves: curved.row.curves,
          box: state.bounds[0]))
    } else {
      substitution.minimiseOverBox()
    }
    return isStrict
  }

  /// Adds split units and input rows, and substitutes until only inputs are left.
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
    let slopes = try slopes(of: derivation, state)
    let multipliers = try multipliers(of: derivation, state)
    do {
      try substitution.substitute(slopes: slopes, multipliers: multipliers)
    } catch { throw invalid(error.reason) }
    return (isStrict, curved)
  }

  private func add(
    _ row: PreparedRow, times multiplier: Dyadic, to substitution: inout BackSubstitution
  ) throws(Rejection) {
    let factor = try mantissa(of: multiplier)
    let exponent = row.exponent + multiplier.exponent
    substitution.add(
      row.entries.lazy.map { (node: $0.node, index: $0.index, coefficient: $0.coefficient) },
      times: factor, exponent: exponent)
    var bound = row.bound
    if bound.mantissa.significantBits > 90 {
      // Upward: the row is subtracted.
      let excess = bound.mantissa.significantBits - 90
      bound = WideDyadic(
        -(-bound.mantissa).shifted(by: -excess), exponent: bound.exponent + excess)
    }
    substitution.add(
      constant: WideDyadic(
        -bound.mantissa * factor, exponent: bound.exponent + multiplier.exponent))
  }

  /// A multiplier's mantissa: positive, and of at most 30 bits, so that products fit.
  private func mantissa(of multiplier: Dyadic) throws(Rejection) -> Int128 {
    guard multiplier.signum > 0 else { throw invalid("a multiplier is not positive") }
    guard multiplier.mantissa.bitWidth - 1 <= 30 else {
      throw invalid("a multiplier has more than 30 bits")
    }
    return Int128(narrowing: multiplier.mantissa)
  }

  private func checkAscending(_ places: [Int], below count: Int, _ what: String)
    throws(Rejection)
  {
    for (position, place) in places.enumerated() {
      guard place < count else {
        throw invalid("there is no \(what) \(place), expected < \(count)")
      }
      guard position == 0 || places[position - 1] < place else {
        throw invalid("a \(what) is named twice or out of order")
      }
    }
  }

  private func slopes(of derivation: Derivation, _ state: NodeState) throws(Rejection)
    -> SlopeCodes
  {
    switch derivation.slopes {
    case .standard: return .standard
    case .codes(let codes):
      var starts = [0]
      for node in network.preactivations {
        let bounds = state.bounds[node]
        let unstable = bounds.lower.indices.reduce(0) { $0 + (bounds.isUnstable($1) ? 1 : 0) }
        starts.append(starts[starts.count - 1] + unstable)
      }
      guard starts.last == codes.count else {
        throw invalid("found \(codes.count) slopes, expected \(starts.last ?? 0)")
      }
      return SlopeCodes(codes: codes, starts: starts)
    }
  }

  private func multipliers(of derivation: Derivation, _ state: NodeState) throws(Rejection)
    -> [SplitMultiplier]
  {
    var multipliers: [SplitMultiplier] = []
    var last: Unit?
    for term in derivation.units {
      let node = try preactivation(of: term.place)
      guard let isNegative = state.splits[term.place] else {
        throw invalid("the multiplied unit is not split above")
      }
      if let last, (last.rectifier, last.index) >= (term.place.rectifier, term.place.index) {
        throw invalid("a unit is multiplied twice or out of order")
      }
      last = term.place
      multipliers.append(
        SplitMultiplier(
          node: node, index: term.place.index, multiplier: try mantissa(of: term.value),
          exponent: term.value.exponent, isNegative: isNegative))
    }
    return multipliers
  }
}
