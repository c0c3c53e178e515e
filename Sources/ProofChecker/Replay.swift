internal import BigInt
internal import ExactArithmetic
internal import ProofFormat

/// Replays the records of one case after the other.
struct Replay {
  /// How many nodes may wait for their turn, each with its state: more would be a way to use up memory.
  static let mostWaiting = 1 << 14

  /// How many planes may be split on the way to a node: each node that waits has their rows.
  static let mostPlanes = 256

  /// Records that are left for later: those of a node from one place on, and of its subtree.
  struct Part: Sendable {
    fileprivate let replay: Replay
    fileprivate let state: NodeState
    fileprivate let reader: ProofReader
    fileprivate let bytes: Int
    fileprivate let records: Int

    /// Replays the records.
    ///
    /// - Returns: How many nodes they are of.
    /// - Throws: ``Rejection`` at the first record that does not stand.
    func check() throws(Rejection) -> Int {
      var (replay, reader) = (replay, reader)
      try replay.replay([state], &reader)
      let (bytes, records) = (
        reader.offset - self.reader.offset, replay.records - self.replay.records
      )
      guard bytes == self.bytes, records == self.records else {
        throw replay.invalid(
          "a part has \(bytes) bytes and \(records) records, expected \(self.bytes) and "
            + "\(self.records)")
      }
      return replay.nodes
    }
  }

  let network: PreparedNetwork
  /// What is left for later; nil in a part, which has none.
  private(set) var parts: [Part]? = []
  /// Nodes replayed so far.
  private(set) var nodes = 0
  /// Records replayed or left for later so far.
  private(set) var records = 0
  private(set) var inputRows: [PreparedRow] = []
  private(set) var disjuncts: [[PreparedRow]] = []
  private let isCancelled: @Sendable () -> Bool

  init(network: PreparedNetwork, isCancelled: @escaping @Sendable () -> Bool) {
    self.network = network
    self.isCancelled = isCancelled
  }

  /// Replays the tree of one case, its parts left out.
  ///
  /// - Parameters:
  ///   - root: The case.
  ///   - reader: Stands at the tree's first record; afterwards behind its last.
  /// - Throws: ``Rejection`` at the first record that does not stand.
  mutating func replay(_ root: RootState, _ reader: inout ProofReader) throws(Rejection) {
    (inputRows, disjuncts) = (root.inputRows, root.disjuncts)
    try replay([root.state], &reader)
  }

  /// Prepares for a case whose tree another one replays; it has no parts.
  mutating func start(_ root: RootState, records: Int) {
    (inputRows, disjuncts) = (root.inputRows, root.disjuncts)
    (parts, self.records) = (nil, records)
  }

  /// Reads the next record and counts it.
  mutating func read(_ reader: inout ProofReader) throws(Rejection) -> Record {
    try stopIfCancelled()
    let record: Record
    do { record = try reader.next() } catch { throw .malformed(error) }
    records += 1
    return record
  }

  /// Replays nodes with their subtrees, the last one first.
  mutating func replay(_ roots: [NodeState], _ reader: inout ProofReader) throws(Rejection) {
    var path = roots
    while var state = path.popLast() {
      var children: [NodeState] = []
      nodes += 1
      while !state.open.isEmpty && children.isEmpty {
        children = try apply(try read(&reader), to: &state, &reader)
      }
      path += children
      guard path.count + (parts?.count ?? 0) <= Self.mostWaiting else {
        throw invalid("more than \(Self.mostWaiting) nodes wait for their turn")
      }
    }
  }

  private mutating func leave(
    _ state: NodeState, bytes: Int, records: Int, _ reader: inout ProofReader
  ) throws(Rejection) {
    guard parts != nil else { throw invalid("a part lies within another one") }
    var replay = self
    (replay.parts, replay.nodes) = (nil, 0)
    parts?.append(
      Part(replay: replay, state: state, reader: reader, bytes: bytes, records: records))
    // The part counts its node again.
    nodes -= 1
    self.records += records
    reader.skip(bytes)
  }

  func stopIfCancelled() throws(Rejection) {
    guard !isCancelled() else { throw .cancelled }
  }

  /// Applies one record.
  ///
  /// - Returns: The children where the record splits, the one to be replayed first last.
  mutating func apply(
    _ record: Record, to state: inout NodeState, _ reader: inout ProofReader
  ) throws(Rejection) -> [NodeState] {
    switch record {
    case .part(let bytes, let records):
      try leave(state, bytes: bytes, records: records, &reader)
      state.open = []
    case .splitInput(let entry, let value):
      return try cut(.input(entry), .lower, at: value, state)
    case .splitUnit(let unit): return try split(unit, state)
    case .splitBound(let unit, let side, let value):
      return try cut(.unit(unit), side, at: value, state)
    case .splitPlane(let entries, let bound): return try splitPlane(entries, bound, state)
    case .separate(let disjunct): return try separate(disjunct, state)
    case .tighten(let rectifier): try tighten(try existing(rectifier: rectifier), &state)
    case .tightenAll:
      for rectifier in network.preactivations.indices { try tighten(rectifier, &state) }
    case .refresh(let rectifier): try refresh(try existing(rectifier: rectifier), &state)
    case .contract(let derivation): try contract(derivation, &state)
    case .lemma(let target, let side, let derivation):
      try bound(target, side, by: derivation, &state)
    case .close(let disjunct, let derivation):
      guard state.open.contains(disjunct) else {
        throw invalid("disjunct \(disjunct) is not open here")
      }
      let multipliers = derivation.rows.isEmpty ? [Term(0, .one)] : derivation.rows
      try refute(disjuncts[disjunct], times: multipliers, by: derivation, &state)
      state.open.remove(disjunct)
    case .closeEmpty(let derivation):
      guard derivation.rows.isEmpty else { throw invalid("an empty node uses no disjunct's rows") }
      try refute([], times: [], by: derivation, &state)
      state.open = []
    case .closeCrossed:
      guard state.isCrossed else { throw notProved("no bounds exclude each other here") }
      state.open = []
    case .hold, .leave, .charge:
      throw invalid("it belongs to a cell of a proof about a probability")
    }
    return []
  }

  // MARK: What records name

  func invalid(_ reason: String) -> Rejection { .invalid(record: records, reason: reason) }

  func notProved(_ reason: String) -> Rejection { .notProved(record: records, reason: reason) }

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

  /// The node and the entry that are bounded.
  func place(of target: Lemma.Target) throws(Rejection) -> (node: Int, entry: Int) {
    switch target {
    case .unit(let unit): return (try preactivation(of: unit), unit.index)
    case .input(let entry):
      guard entry < network.sizes[0] else {
        throw invalid("there is no input \(entry), the problem has \(network.sizes[0])")
      }
      return (0, entry)
    }
  }

  // MARK: Splits

  /// Cuts at a bound of an entry; the child that misses the bound is replayed first.
  func cut(
    _ target: Lemma.Target, _ side: Lemma.Side, at value: Dyadic, _ state: NodeState
  ) throws(Rejection) -> [NodeState] {
    let (node, entry) = try place(of: target)
    return [side == .upper, side == .lower].map { isAtMost in
      var child = state
      let end = WideDyadic(roundingDown: isAtMost ? -value : value)
      child.raise(node, entry, ofNegative: isAtMost, to: end)
      return child
    }
  }

  private func split(_ unit: Unit, _ state: NodeState) throws(Rejection) -> [NodeState] {
    guard state.splits[unit] == nil else { throw invalid("the unit is split above already") }
    var children = try cut(.unit(unit), .lower, at: .zero, state)
    let node = try preactivation(of: unit)
    for (child, isNegative) in [false, true].enumerated() {
      children[child].splits[unit] = (node, isNegative)
    }
    return children
  }

  private func splitPlane(_ entries: [Term<Int>], _ bound: Dyadic, _ state: NodeState)
    throws(Rejection) -> [NodeState]
  {
    guard state.planes.count < Self.mostPlanes else {
      throw invalid("more than \(Self.mostPlanes) planes are split on one path")
    }
    let exponent = entries.map(\.value.exponent).min() ?? 0
    try checkAscending(entries.map(\.place), below: network.sizes[0], "input")
    let coefficients = try entries.map { (entry) throws(Rejection) in
      let shift = entry.value.exponent - exponent
      guard entry.value.mantissa.bitWidth - 1 + shift <= Block.coefficientBits else {
        throw invalid("the plane's coefficients need more than \(Block.coefficientBits) bits")
      }
      return Int128(narrowing: entry.value.mantissa << shift)
    }
    return [-1, 1].map { sign in
      var child = state
      let part = PreparedRow.Part(
        node: 0, entries: entries.map(\.place), coefficients: coefficients.map { Int128(sign) * $0 }
      )
      let end = PreparedRow.short(WideDyadic(roundingUp: sign < 0 ? -bound : bound))
      child.planes.append(PreparedRow(parts: [part], exponent: exponent, bound: end))
      return child
    }
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
}
