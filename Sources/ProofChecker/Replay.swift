internal import BigInt
internal import ExactArithmetic
internal import ProofFormat

/// Replays the records of one case after the other.
struct Replay {
  /// How many nodes may wait for their turn, each with its state: more would be a way to use up memory.
  static let mostWaiting = 1 << 14

  let network: PreparedNetwork
  /// What is left for later; nil in a part, which has none.
  var parts: [Part]? = []
  /// Nodes replayed so far.
  var nodes = 0
  /// Records replayed or left for later so far.
  var records = 0
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
    case .splitInput(let entry, let value): return try cut(input: entry, at: value, state)
    case .splitUnit(let unit): return try split(unit, state)
    case .splitBound(let unit, let side, let value):
      return cut(try preactivation(of: unit), unit.index, side, at: value, state)
    case .separate(let disjunct): return try separate(disjunct, state)
    case .tighten(let rectifier): try tighten(try existing(rectifier: rectifier), &state)
    case .tightenAll:
      for rectifier in network.preactivations.indices { try tighten(rectifier, &state) }
    case .refresh(let rectifier): try refresh(try existing(rectifier: rectifier), &state)
    case .contract(let derivation): try contract(derivation, &state)
    case .lemma(let unit, let side, let derivation): try bound(unit, side, by: derivation, &state)
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
    case .hold, .leave, .charge, .confine, .outweigh, .inscribe:
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

  // MARK: Splits

  /// Cuts an input at a value; the child below it is replayed first.
  func cut(
    input entry: Int, at value: Dyadic, _ state: NodeState
  ) throws(Rejection) -> [NodeState] {
    guard entry < network.sizes[0] else {
      throw invalid("there is no input \(entry), the problem has \(network.sizes[0])")
    }
    return cut(0, entry, .lower, at: value, state)
  }

  /// Cuts at a bound of an entry; the child that misses the bound is replayed first.
  private func cut(
    _ node: Int, _ entry: Int, _ side: Lemma.Side, at value: Dyadic, _ state: NodeState
  ) -> [NodeState] {
    [side == .upper, side == .lower].map { isAtMost in
      var child = state
      let end = WideDyadic(roundingDown: isAtMost ? -value : value)
      child.raise(node, entry, ofNegative: isAtMost, to: end)
      return child
    }
  }

  private func split(_ unit: Unit, _ state: NodeState) throws(Rejection) -> [NodeState] {
    guard state.splits[unit] == nil else { throw invalid("the unit is split above already") }
    let node = try preactivation(of: unit)
    var children = cut(node, unit.index, .lower, at: .zero, state)
    for (child, isNegative) in [false, true].enumerated() {
      children[child].splits[unit] = (node, isNegative)
    }
    return children
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
