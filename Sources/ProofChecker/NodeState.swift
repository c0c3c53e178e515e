internal import ExactArithmetic
internal import ProofFormat

/// What is known at one node of a proof's tree: all of it holds for every point of the node's set.
struct NodeState {
  /// Enclosures by network node; those of rectifiers follow from their pre-activations.
  private(set) var bounds: [Bounds]
  /// Error radii of affine nodes, by network node.
  var errors: [Block?]
  /// The split units, with the node of the pre-activation and whether the branch has it at or below zero.
  var splits: [Unit: (node: Int, isNegative: Bool)] = [:]
  /// Whether points where what a gate follows is zero count: with the gate shut, and with it open.
  var countsKinks = false
  /// The disjuncts still to be refuted.
  var open: Set<Int>
  /// Whether bounds hold only where the rows of a disjunct do.
  var isConditional = false
  /// Whether some bounds of one quantity exclude each other.
  private(set) var isCrossed: Bool
  /// The lines of rectifiers, by the node of the pre-activation, as far as they are kept.
  private(set) var lines: [Lines?]

  /// Intersects the enclosures of a node with further ones.
  mutating func narrow(_ node: Int, to bounds: Bounds) {
    let (both, crossed) = self.bounds[node].intersected(with: bounds)
    self.bounds[node] = both
    isCrossed = isCrossed || crossed
    lines[node] = nil
  }

  /// Raises the lower end of an entry, or of its negative.
  mutating func raise(_ node: Int, _ entry: Int, ofNegative: Bool, to value: WideDyadic) {
    if bounds[node].raise(entry, ofNegative: ofNegative, to: value) { isCrossed = true }
    lines[node] = nil
  }

  /// Says that the set has no point.
  mutating func cross() { isCrossed = true }

  /// The lines of the rectifiers of a node, with standard slopes.
  func lines(of node: Int) -> Lines {
    if let kept = lines[node] { return kept }
    let active = splits.isEmpty ? [:] : splits.filter { $0.value == (node, false) }
    return Lines(bounds[node], active: active.map(\.key.index))
  }

  /// Keeps the lines of these nodes, so that they are found once only.
  mutating func keepLines(of nodes: some Sequence<Int>) {
    for node in nodes where lines[node] == nil { lines[node] = lines(of: node) }
  }
}
