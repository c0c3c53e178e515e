internal import ClaimLanguage
internal import ExactArithmetic
internal import MassArithmetic
internal import ProofFormat

/// Replays a tree of cells, and adds up the masses of those where the event is decided.
struct MassReplay {
  /// Masses, rounded down.
  var decided = DecidedMass()
  var replay: Replay
  var measures: [CoordinateMeasure]
  /// For each row of each disjunct, its contrary.
  private let contraries: [[PreparedRow]]

  init(
    _ replay: Replay, laws: [CoordinateLaw], contraries: [[PreparedRow]]
  ) {
    self.replay = replay
    measures = laws.map { CoordinateMeasure($0) }
    self.contraries = contraries
  }

  /// How many nodes and records there were.
  var size: (nodes: Int, records: Int) { (replay.nodes + decided.nodes, replay.records) }

  /// Replays the tree.
  ///
  /// - Parameters:
  ///   - root: The event's only case.
  ///   - reader: Stands at the tree's first record; afterwards behind its last.
  /// - Throws: ``Rejection`` at the first record that does not stand.
  mutating func run(_ root: RootState, _ reader: inout ProofReader) throws(Rejection) {
    var path = [(state: root.state, cell: rootCell())]
    while let (start, cell) = path.popLast() {
      var (state, children) = (start, [(state: NodeState, cell: [Slice])]())
      var isDone = false
      decided.nodes += 1
      while !isDone, children.isEmpty {
        guard !state.open.isEmpty else {
          decided.outside = decided.outside + mass(of: cell)
          isDone = true
          continue
        }
        switch try replay.read(&reader) {
        case .splitInput(let entry, let value):
          children = try split(entry, at: value, state, cell)
        case .hold(let disjunct, let derivations):
          try hold(disjunct, derivations, state)
          decided.inside = decided.inside + mass(of: cell)
          isDone = true
        case .charge(let record):
          try charge(record, state, cell)
          isDone = true
        case .leave:
          decided.left = decided.left + mass(of: cell)
          isDone = true
        case let record:
          let pieces = try replay.apply(record, to: &state, &reader)
          guard !pieces.isEmpty else { continue }
          try replay.replay(pieces, &reader)
          state.open = []
        }
      }
      path += children
      guard path.count <= Replay.mostWaiting else {
        throw replay.invalid("more than \(Replay.mostWaiting) nodes wait for their turn")
      }
    }
  }

  /// The cell of all points; what lies beyond counts as left.
  private mutating func rootCell() -> [Slice] {
    measures.map { measure in
      let slice = Slice(measure.law)
      decided.left =
        decided.left + (slice.lowTails?.below ?? .zero) + (slice.highTails?.above ?? .zero)
      return slice
    }
  }

  /// Cuts a cell in two; the cut belongs to the first one.
  private mutating func split(
    _ entry: Int, at value: Dyadic, _ state: NodeState, _ cell: [Slice]
  ) throws(Rejection) -> [(state: NodeState, cell: [Slice])] {
    let node = try replay.cut(input: entry, at: value, state)
    guard cell[entry].low < value, value < cell[entry].high else {
      throw replay.invalid("a cell of input \(entry) is cut where it is not")
    }
    var (low, high) = (cell, cell)
    (low[entry], high[entry]) = cell[entry].split(at: value, measures[entry].tails(at: value))
    return [(node[0], high), (node[1], low)]
  }

  /// Shows that no point of the node fails a row of a disjunct: that the contrary of each is empty.
  private func hold(_ disjunct: Int, _ derivations: [Derivation], _ state: NodeState)
    throws(Rejection)
  {
    let rows = try rows(toHold: disjunct, state)
    let derivations =
      derivations.isEmpty ? rows.map { _ in Derivation.standard } : derivations
    try checkHolding(derivations, rows)
    for (row, derivation) in zip(rows, derivations) {
      var known = state
      try replay.refute([row], times: [Term(0, .one)], by: derivation, &known)
    }
  }

  /// The contraries of a disjunct's rows, where it can be shown that these hold.
  func rows(toHold disjunct: Int, _ state: NodeState) throws(Rejection) -> [PreparedRow] {
    guard state.open.contains(disjunct) else {
      throw replay.invalid("disjunct \(disjunct) is not open here")
    }
    guard !state.isConditional else {
      throw replay.invalid("a disjunct holds where bounds assume rows of one")
    }
    return contraries[disjunct]
  }

  func checkHolding(_ derivations: [Derivation], _ rows: [PreparedRow]) throws(Rejection) {
    guard derivations.count == rows.count else {
      throw replay.invalid("\(derivations.count) derivations, expected one for each row")
    }
    guard derivations.allSatisfy(\.rows.isEmpty) else {
      throw replay.invalid("a derivation of a row names rows")
    }
  }

  func mass(of cell: [Slice]) -> Interval { cell.reduce(Interval.one) { $0 * $1.mass } }
}

/// What a tree of cells decides.
struct DecidedMass {
  /// Where the event is certain.
  var inside = Interval.zero
  /// Where it is excluded.
  var outside = Interval.zero
  /// Where neither is shown: not less than the rest.
  var left = Interval.zero
  /// How many cells there were.
  var nodes = 0
}
