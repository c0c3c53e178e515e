internal import BoundPropagation
internal import ProofFormat

/// Splits the units of a cell until what is to be shown of its points is missed by little of its mass.
///
/// A leaf misses at most the mass of a half-space for each row, or of what those of one row and of the splits have in
/// common, and a node what its children miss together;
/// where that is more than what it misses itself, its children stay out of the proof.
struct MarginTree: Sendable {
  /// A leaf, with what is known there.
  struct Leaf: Sendable {
    var cell: ConfinedCell
    var margins: [Margin]
    /// What the margin and the splits show together, where that is more.
    var outweighed: Outweighed?

    /// What the leaf misses, as a share of the mass of the cell.
    var missed: Double { outweighed?.share ?? margins.reduce(0) { $0 + $1.share } }

    /// Units that may be split.
    var candidates: [CostlyUnit] { margins.max { $0.share < $1.share }?.units ?? [] }
  }

  private struct Node {
    let parent: Int?
    let derivations: [Derivation]
    /// The record of a leaf, where it is not one of half-spaces apart.
    let outweighed: Record?
    /// What the node misses without children.
    let own: Double
    /// What it misses.
    var missed: Double
    /// The unit that is split, and the first of two neighbouring children.
    var split: (unit: Int, child: Int)?

    init(_ leaf: Leaf, of network: FloatNetwork, below parent: Int?) {
      self.parent = parent
      derivations = leaf.margins.map {
        leaf.cell.subproblem.derivation($0.multipliers, of: network)
      }
      outweighed = leaf.outweighed?.record
      (own, missed) = (leaf.missed, leaf.missed)
    }

    /// How many linear combinations end it as a leaf.
    var combinations: Int {
      if case .outweigh(_, let derivations, _) = outweighed { return derivations.count }
      return derivations.count
    }

    var isSplit: Bool { split != nil && missed < own }
  }

  let goal: TailBounding.Goal
  private let network: FloatNetwork
  private var nodes: [Node] = []
  private var leaves: [Int: Leaf] = [:]
  /// How many linear combinations its leaves have.
  private(set) var combinations: Int

  /// Starts a tree.
  ///
  /// - Parameters:
  ///   - goal: What is to be shown.
  ///   - root: The cell; what it gives up counts elsewhere.
  ///   - network: The network.
  init(_ goal: TailBounding.Goal, _ root: Leaf, of network: FloatNetwork) {
    (self.goal, self.network) = (goal, network)
    nodes = [Node(root, of: network, below: nil)]
    leaves = [0: root]
    combinations = nodes[0].combinations
  }

  /// What is missed with or without splits.
  func missed(withSplits: Bool) -> Double { withSplits ? nodes[0].missed : nodes[0].own }

  /// Whether something is split.
  var isSplit: Bool { nodes[0].isSplit }

  /// How many leaves there are.
  var leafCount: Int { (nodes.count + 1) / 2 }

  /// The leaves that miss most, of those that can be split.
  func worstLeaves(_ count: Int) -> [(place: Int, leaf: Leaf)] {
    leaves.keys.filter { nodes[$0].own > 0 }.sorted {
      (nodes[$1].own, $0) < (nodes[$0].own, $1)
    }.prefix(count).compactMap { place in leaves[place].map { (place, $0) } }
  }

  /// Whether there are leaves that may be split.
  var canBeSplit: Bool { leaves.keys.contains { nodes[$0].own > 0 } }

  /// What each input adds to what the leaves miss: its share of the variance of their forms.
  var slopes: [Double] {
    leaves.values.flatMap(\.margins).reduce([]) { sum, margin in
      let shares = margin.slopes.map { $0 * margin.share }
      return sum.isEmpty ? shares : zip(sum, shares).map(+)
    }
  }

  /// Splits a leaf, or takes it out of the choice.
  ///
  /// - Parameters:
  ///   - leaf: The leaf.
  ///   - result: What is split, and both children, that of the inactive unit first; nil where nothing can
  ///     be split.
  mutating func take(_ leaf: Int, _ result: (unit: Int, children: [Leaf])?) {
    leaves[leaf] = nil
    guard let (unit, children) = result else { return }
    nodes[leaf].split = (unit, nodes.count)
    combinations -= nodes[leaf].combinations
    for child in children {
      leaves[nodes.count] = child
      nodes.append(Node(child, of: network, below: leaf))
      combinations += nodes[nodes.count - 1].combinations
    }
    var place: Int? = leaf
    while let node = place, let child = nodes[node].split?.child {
      nodes[node].missed = min(
        nodes[node].own, nodes[child].missed + nodes[child + 1].missed)
      place = nodes[node].parent
    }
  }

  /// Writes the tree.
  ///
  /// - Parameters:
  ///   - end: The record of a leaf, by the derivations of its rows.
  ///   - writer: Takes the records.
  func write(end: ([Derivation]) -> Record, to writer: inout ProofWriter) {
    var path = [0]
    while let place = path.popLast() {
      let node = nodes[place]
      if let split = node.split, node.isSplit {
        writer.append(.splitUnit(network.unit(split.unit)))
        path += [split.child + 1, split.child]
      } else {
        writer.append(node.outweighed ?? end(node.derivations))
      }
    }
  }

  /// The derivations at the root.
  var rootDerivations: [Derivation] { nodes[0].derivations }
}
