internal import ClaimLanguage
internal import ExactArithmetic
internal import MassArithmetic
internal import ProofFormat

/// Replays a tree of cells, and adds up the masses of those where the event is decided.
struct MassReplay {
  /// The points of a product of half-open intervals.
  struct Cell {
    /// The cuts; at the root the ends of the laws' ranges.
    var ends: [(low: Dyadic, high: Dyadic)]
    /// What lies beyond the cuts; nil where no mass does.
    var tails: [(low: CoordinateLaw.Tails?, high: CoordinateLaw.Tails?)]
  }

  /// Masses, rounded down.
  private(set) var decided = DecidedMass()
  private var replay: Replay
  private let laws: [CoordinateLaw]
  /// For each row of each disjunct, its contrary.
  private let contraries: [[PreparedRow]]
  /// What is known of cuts, by coordinate.
  private var known: [[Dyadic: CoordinateLaw.Tails]]

  init(
    _ replay: Replay, laws: [CoordinateLaw], contraries: [[PreparedRow]]
  ) {
    self.replay = replay
    self.laws = laws
    self.contraries = contraries
    known = laws.map { _ in [:] }
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
      var (state, children) = (start, [(state: NodeState, cell: Cell)]())
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
  private mutating func rootCell() -> Cell {
    var cell = Cell(ends: [], tails: [])
    for law in laws {
      let range = law.range
      cell.ends.append((range.lower, range.upper))
      let low = range.isBounded.below ? nil : law.tails(at: range.lower)
      let high = range.isBounded.above ? nil : law.tails(at: range.upper)
      cell.tails.append((low, high))
      decided.left = decided.left + (low?.below ?? .zero) + (high?.above ?? .zero)
    }
    return cell
  }

  /// Cuts a cell in two; the cut belongs to the first one.
  private mutating func split(
    _ entry: Int, at value: Dyadic, _ state: NodeState, _ cell: Cell
  ) throws(Rejection) -> [(state: NodeState, cell: Cell)] {
    let node = try replay.cut(.input(entry), .lower, at: value, state)
    guard cell.ends[entry].low < value, value < cell.ends[entry].high else {
      throw replay.invalid("a cell of input \(entry) is cut where it is not")
    }
    let tails = known[entry][value] ?? laws[entry].tails(at: value)
    known[entry][value] = tails
    var (low, high) = (cell, cell)
    low.ends[entry].high = value
    low.tails[entry].high = tails
    high.ends[entry].low = value
    high.tails[entry].low = tails
    return [(node[0], high), (node[1], low)]
  }

  /// Shows that no point of the node fails a row of a disjunct: that the contrary of each is empty.
  private func hold(_ disjunct: Int, _ derivations: [Derivation], _ state: NodeState)
    throws(Rejection)
  {
    guard state.open.contains(disjunct) else {
      throw replay.invalid("disjunct \(disjunct) is not open here")
    }
    guard !state.isConditional else {
      throw replay.invalid("a disjunct holds where bounds assume rows of one")
    }
    let rows = contraries[disjunct]
    let derivations =
      derivations.isEmpty ? rows.map { _ in Derivation.standard } : derivations
    guard derivations.count == rows.count else {
      throw replay.invalid("\(derivations.count) derivations, expected one for each row")
    }
    for (row, derivation) in zip(rows, derivations) {
      guard derivation.rows.isEmpty else {
        throw replay.invalid("a derivation of a row names rows")
      }
      var known = state
      try replay.refute([row], times: [Term(0, .one)], by: derivation, &known)
    }
  }

  private func mass(of cell: Cell) -> Interval {
    cell.tails.reduce(Interval.one) { $0 * CoordinateLaw.mass(above: $1.low, upTo: $1.high) }
  }
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
