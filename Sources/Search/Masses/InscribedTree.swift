internal import BoundPropagation
internal import ProofFormat

/// Splits units until the pieces on all sides hold as much of an event, or of its contrary, as draws say there is.
struct InscribedTree: Sendable {
  private struct Node: Sendable {
    let parent: Int?
    let splits: [UnitSplit]
    let draws: [EventDraws.Draw]
    /// About how much there is.
    let estimate: Double
    let piece: InscribedPiece?
    /// What is shown, by the piece or by children.
    var mass: Double
    /// The first of two neighbouring children.
    var child: Int?
    var isClosed = false

    var own: Double { max(0, piece?.mass ?? 0) }
  }

  private let maker: PieceMaker
  private var nodes: [Node] = []
  private var generator: SplitMix

  private static let distances = [2.0, 2.5, 3.2]
  /// Fewer draws say too little.
  private static let (leastDraws, enoughDraws) = (8, 256)

  /// Starts with one piece, where draws from the event or its contrary say; there are some at least.
  init(_ draws: EventDraws, _ maker: PieceMaker, seed: UInt64, with propagator: Propagator) {
    self.maker = maker
    generator = SplitMix(seed: seed)
    let piece = maker.best([], at: draws.draws, within: Self.distances, with: propagator)
    nodes = [
      Node(
        parent: nil, splits: [], draws: draws.draws, estimate: draws.probability, piece: piece,
        mass: max(0, piece?.mass ?? 0))
    ]
  }

  /// The mass that is shown.
  var mass: Double { nodes[0].mass }

  /// How many pieces show it.
  private(set) var pieces = 1

  /// Splits the piece that lacks most.
  ///
  /// - Returns: Whether there was one.
  mutating func advance(with propagator: Propagator) -> Bool {
    let open = nodes.indices.filter { nodes[$0].child == nil && !nodes[$0].isClosed }
    guard
      let place = open.max(by: {
        nodes[$0].estimate - nodes[$0].own < nodes[$1].estimate - nodes[$1].own
      }), nodes[place].estimate - nodes[place].own > 1e-3 * (nodes[0].estimate - mass)
    else { return false }
    let node = nodes[place]
    nodes[place].isClosed = true
    let taken = Set(node.splits.map(\.unit))
    let units = candidates(of: node, without: taken)
    let choices = units.map { unit in
      [false, true].map { child(of: place, UnitSplit(unit: unit, isActive: $0), with: propagator) }
    }
    guard let best = choices.max(by: { Self.sum($0) < Self.sum($1) }) else { return true }
    nodes[place].child = nodes.count
    nodes += best
    var next: Int? = place
    while let parent = next, let child = nodes[parent].child {
      nodes[parent].mass = max(nodes[parent].own, nodes[child].mass + nodes[child + 1].mass)
      next = nodes[parent].parent
    }
    pieces = shownPieces.count
    return true
  }

  private static func sum(_ nodes: [Node]) -> Double { nodes.reduce(0) { $0 + $1.own } }

  /// The unit whose sides draws are on most evenly, and the one that costs the rows most.
  private func candidates(of node: Node, without taken: Set<Int>) -> [Int] {
    let even = maker.bounding.network.rectifiers.flatMap(\.units).filter { !taken.contains($0) }
      .map { unit in
        let active = node.draws.count { $0.isActive[unit] }
        return (unit: unit, fewer: min(active, node.draws.count - active))
      }.max { $0.fewer < $1.fewer }
    let costly = node.piece?.candidates.first { !taken.contains($0) }
    let first = even.flatMap { $0.fewer > 0 ? $0.unit : nil }
    return [first, costly == first ? nil : costly].compactMap(\.self)
  }

  private mutating func child(of place: Int, _ split: UnitSplit, with propagator: Propagator)
    -> Node
  {
    let parent = nodes[place]
    let own = parent.draws.filter { $0.isActive[split.unit] == split.isActive }
    let estimate = parent.estimate * Double(own.count) / Double(max(1, parent.draws.count))
    let splits = parent.splits + [split]
    guard own.count >= Self.leastDraws else {
      var node = Node(
        parent: place, splits: splits, draws: own, estimate: estimate, piece: nil, mass: 0)
      node.isClosed = true
      return node
    }
    let draws = refilled(own, splits, with: propagator)
    let near = parent.piece?.distance
    let piece = maker.best(
      splits, at: draws, within: near.map { [$0] } ?? Self.distances, with: propagator)
    return Node(
      parent: place, splits: splits, draws: draws, estimate: estimate, piece: piece,
      mass: max(0, piece?.mass ?? 0))
  }

  /// Moves copies of draws about where they are few.
  private mutating func refilled(
    _ draws: [EventDraws.Draw], _ splits: [UnitSplit], with propagator: Propagator
  ) -> [EventDraws.Draw] {
    guard draws.count < Self.enoughDraws else { return draws }
    let scorer = EventScorer(bounding: maker.bounding, isInside: maker.isInside)
    var current = (0..<Self.enoughDraws).map { draws[$0 % draws.count] }
    for _ in 0..<2 {
      var places = current.map(\.place)
      var scores = places.map { _ in 0.0 }
      scorer.move(&places, &scores, by: 0.35, above: 0, using: &generator, with: propagator)
      for (order, draw) in scorer.draws(at: places, with: propagator).enumerated()
      where splits.allSatisfy({ draw.isActive[$0.unit] == $0.isActive }) {
        current[order] = draw
      }
    }
    return current
  }

  /// The nodes whose pieces make up what is shown.
  private var shownPieces: [InscribedPiece] {
    var (path, found) = ([0], [InscribedPiece]())
    while let place = path.popLast() {
      let node = nodes[place]
      if let child = node.child, node.mass > node.own {
        path += [child + 1, child]
      } else if let piece = node.piece, piece.mass > 0 {
        found.append(piece)
      }
    }
    return found
  }

  /// Writes the pieces.
  func write(to writer: inout ProofWriter) {
    for piece in shownPieces {
      for record in piece.records { writer.append(record) }
    }
  }
}

extension PieceMaker {
  /// The piece with most mass, of those with units confined to several distances.
  func best(
    _ splits: [UnitSplit], at draws: [EventDraws.Draw], within distances: [Double],
    with propagator: Propagator
  ) -> InscribedPiece? {
    distances.compactMap { piece(splits, at: draws, within: $0, with: propagator) }
      .max { $0.mass < $1.mass }
  }
}
