internal import ProofFormat

/// What is known at one node of a proof's tree: all of it holds for every point of the node's set.
struct NodeState {
  /// Enclosures by network node; those of rectifiers follow from their pre-activations.
  var bounds: [Bounds]
  /// Error radii of affine nodes, by network node.
  var errors: [Block?]
  /// The rows that every point satisfies: the case's, then the split planes'.
  var inputRows: [PreparedRow]
  /// The split units, with whether the branch has them at or below zero.
  var splits: [Unit: Bool] = [:]
  /// The disjuncts still to be refuted.
  var open: Set<Int>
  /// Whether some bounds of one quantity exclude each other.
  var isCrossed: Bool

  /// Intersects the enclosures of a node with further ones.
  mutating func narrow(_ node: Int, to bounds: Bounds) {
    let (both, crossed) = self.bounds[node].intersected(with: bounds)
    self.bounds[node] = both
    isCrossed = isCrossed || crossed
  }
}
