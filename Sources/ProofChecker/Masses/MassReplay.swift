internal import ClaimLanguage
internal import ExactArithmetic
internal import MassArithmetic
internal import ProofFormat

/// Replays a tree of cells, and adds up the masses of those where the event is decided.
struct MassReplay {
  /// Masses, rounded down.
  var decided = DecidedMass()
  /// The same for each cell that is not cut, as a share of the component.
  private(set) var leaves: [CellMass] = []
  var replay: Replay
  var measures: [CoordinateMeasure]
  /// Points that are decided apart from cells; no two on one side are the same.
  var inscribed: [Inscribed] = []
  /// For each row of each disjunct, its contrary.
  private let contraries: [[PreparedRow]]

  init(_ replay: Replay, laws: [CoordinateLaw], contraries: [[PreparedRow]]) {
    self.replay = replay
    measures = laws.map { CoordinateMeasure($0) }
    self.contraries = contraries
  }

  /// How many nodes and records there were.
  var size: (nodes: Int, records: Int) { (decided.nodes, replay.records) }

  /// How a run of records ends.
  private enum End {
    case cells([(state: NodeState, cell: [Slice])])
    case pieces([NodeState])
    case leaf(Shares)
  }

  /// Replays the tree.
  ///
  /// - Parameters:
  ///   - root: The event's only case.
  ///   - reader: Stands at the tree's first record; afterwards behind its last.
  /// - Throws: ``Rejection`` at the first record that does not stand.
  mutating func run(_ root: RootState, _ reader: inout ProofReader) throws(Rejection) {
    var start = root.state
    start.countsKinks = true
    var path = [(state: start, cell: rootCell())]
    while let (state, cell) = path.popLast() {
      let whole = mass(of: cell)
      var (pieces, isWhole) = ([state], true)
      // What all pieces so far show of their points, and nothing of others.
      var shares = Shares.all(of: whole)
      var cells: [(state: NodeState, cell: [Slice])] = []
      while let piece = pieces.popLast() {
        switch try replayNode(piece, cell, whole, &shares, &reader) {
        case .cells(let children):
          guard isWhole else { throw replay.invalid("an input is split below another split") }
          decided.givenUp = decided.givenUp + shares.outside.missing
          cells = children
        case .pieces(let children): (pieces, isWhole) = (pieces + children, false)
        case .leaf(let leaf): shares = shares.and(leaf, of: whole)
        }
        guard path.count + pieces.count + cells.count <= Replay.mostWaiting else {
          throw replay.invalid("more than \(Replay.mostWaiting) nodes wait for their turn")
        }
      }
      if cells.isEmpty {
        decided.add(shares)
        leaves.append(CellMass(inside: shares.inside.shown, outside: shares.outside.shown))
      }
      path += cells
    }
  }

  /// Replays the records of a node up to a split or to what they show.
  private mutating func replayNode(
    _ start: NodeState, _ cell: [Slice], _ whole: Interval, _ shares: inout Shares,
    _ reader: inout ProofReader
  ) throws(Rejection) -> End {
    var state = start
    decided.nodes += 1
    while !state.open.isEmpty {
      switch try replay.read(&reader) {
      case .splitInput(let entry, let value):
        return .cells(try split(entry, at: value, state, cell))
      case .hold(let disjunct, let derivations):
        try hold(disjunct, derivations, state)
        return .leaf(Shares(outside: .none(of: whole), inside: .all(of: whole)))
      case .charge(let record): return .leaf(try charge(record, state, cell, whole))
      case .leave: return .leaf(.all(of: whole, but: whole))
      case .confine(let unit, let side, let derivation, let value):
        let kept = try confine(unit, side, by: derivation, at: value, &state)
        shares = shares.and(.all(of: whole, but: kept.missed(in: cell, measures)), of: whole)
      case .outweigh(let disjunct, let derivations, let place):
        let missed = try outweigh(disjunct, derivations, at: place, state, cell)
        shares.outside = shares.outside.and(.all(of: whole, but: missed), of: whole)
        state.open.remove(disjunct)
      case .inscribe(let weighed):
        guard decided.nodes == 1, shares.outside.missing == .zero else {
          throw replay.invalid("points are inscribed where others were left out before")
        }
        try inscribe(weighed, state, cell, &reader)
      case let record:
        let pieces = try replay.apply(record, to: &state, &reader)
        guard pieces.isEmpty else { return .pieces(pieces) }
      }
    }
    return .leaf(Shares(outside: .all(of: whole), inside: .none(of: whole)))
  }

  /// The cell of all points; what lies beyond counts as possible.
  private mutating func rootCell() -> [Slice] {
    measures.map { measure in
      let slice = Slice(measure.law)
      decided.possible =
        decided.possible + (slice.lowTails?.below ?? .zero) + (slice.highTails?.above ?? .zero)
      return slice
    }
  }

  /// Cuts a cell in two; the cut belongs to the first one.
  private mutating func split(
    _ entry: Int, at value: Dyadic, _ state: NodeState, _ cell: [Slice]
  ) throws(Rejection) -> [(state: NodeState, cell: [Slice])] {
    let node = try replay.cut(input: entry, at: value, state)
    guard cell[entry].cuts.lower < value, value < cell[entry].cuts.upper else {
      throw replay.invalid("a cell of input \(entry) is cut where it is not")
    }
    let halves = cell[entry].split(at: value, measures[entry].tails(at: value))
    return zip(node, [halves.high, halves.low]).map { half, slice in
      var (half, cell) = (half, cell)
      cell[entry] = slice
      cell[entry].narrow(to: measures[entry].law)
      half.raise(0, entry, ofNegative: false, to: WideDyadic(roundingDown: cell[entry].low))
      half.raise(0, entry, ofNegative: true, to: WideDyadic(roundingDown: -cell[entry].high))
      return (half, cell)
    }
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
