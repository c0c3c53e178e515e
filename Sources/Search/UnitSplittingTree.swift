internal import BoundPropagation
internal import ProofFormat

/// The branches under which one quantity is bounded: a binary tree of splits of units' signs.
///
/// The bound that it gives is that of its lowest leaf; so the lowest is split next.
struct UnitSplittingTree {
  fileprivate struct Node {
    let parent: Int?
    /// What leads here.
    let split: UnitSplit?
    /// The first of two neighbouring children: where the unit is inactive.
    var firstChild: Int?
    /// nil where the branch is not bounded yet, or split.
    var result: UnitSplitting.Result?
  }

  let goal: UnitSplitting.Goal
  private var nodes = [Node(parent: nil, split: nil)]
  /// Leaves that are bounded and not closed, as a heap with the lowest first.
  private var open: [Int] = []
  /// The lowest bound among closed leaves.
  private var closedBound = Double.infinity
  /// The share of the tree that is closed: each split halves its node's share.
  private(set) var closedShare = 0.0
  /// Bounds above this close a branch.
  private let target: Double
  /// How many times longer a leaf without a unit to split climbs at most.
  private static let mostPatience = 256

  init(_ goal: UnitSplitting.Goal, target: Double) {
    self.goal = goal
    self.target = target
  }

  /// How many leaves are open.
  var openCount: Int { open.count }

  var nodeCount: Int { nodes.count }

  /// The bound that holds for all leaves.
  var bound: Double { min(closedBound, open.first.map { bound(of: $0) } ?? .infinity) }

  /// The lowest open leaf's unit to split; nil where there is none.
  var nextUnit: Int? { open.first.flatMap { nodes[$0].result?.unit?.unit } }

  private func bound(of node: Int) -> Double { nodes[node].result?.bound ?? -.infinity }

  /// The branch at the root, to be bounded first.
  func rootBranch(from start: Multipliers? = nil) -> UnitSplitting.Branch {
    UnitSplitting.Branch(goal: goal, splits: [], start: start)
  }

  /// Takes what bounding a branch gave.
  mutating func take(_ result: UnitSplitting.Result, of node: Int) {
    nodes[node].result = result
    // What closes a disjunct has its multipliers in it.
    if result.closing != nil {
      nodes[node].result?.multipliers = Multipliers(slopes: [], splits: [], weights: [])
    }
    guard result.bound <= target && result.closing == nil else {
      closedBound = min(closedBound, result.bound)
      closedShare += nodes[node].share(in: nodes)
      return
    }
    push(node)
  }

  /// Splits the lowest open leaf, or has it climb on for longer where it has no unit to split.
  ///
  /// - Returns: What is to be bounded; nothing where all patience is used up.
  mutating func splitLowest() -> [(node: Int, branch: UnitSplitting.Branch)] {
    guard let lowest = open.first, let result = nodes[lowest].result,
      result.unit != nil || result.patience < Self.mostPatience
    else { return [] }
    pop()
    let path = splits(to: lowest)
    guard let unit = result.unit else {
      nodes[lowest].result = nil
      let branch = UnitSplitting.Branch(
        goal: goal, splits: path, start: result.multipliers, inheritedBound: result.bound,
        patience: 4 * result.patience)
      return [(lowest, branch)]
    }
    nodes[lowest].result = nil
    nodes[lowest].firstChild = nodes.count
    return [false, true].map { isActive in
      let split = UnitSplit(unit: unit.unit, isActive: isActive)
      nodes.append(Node(parent: lowest, split: split))
      let branch = UnitSplitting.Branch(
        goal: goal, splits: path + [split],
        start: result.multipliers.split(unit, isActive: isActive),
        inheritedBound: result.bound, idleSplits: result.idleSplits)
      return (nodes.count - 1, branch)
    }
  }

  private func splits(to node: Int) -> [UnitSplit] {
    var splits: [UnitSplit] = []
    var place: Int? = node
    while let present = place {
      if let split = nodes[present].split { splits.append(split) }
      place = nodes[present].parent
    }
    return splits.reversed()
  }

  /// Writes the splits below the node of a proof that has the root's set, and at each leaf its records.
  func write(
    to proof: inout ProofTree, at root: Int, name: (Int) -> Unit,
    leaf: (UnitSplitting.Result, [UnitSplit]) -> [Record]
  ) {
    var waiting = [(node: 0, place: root)]
    while let (node, place) = waiting.popLast() {
      if let child = nodes[node].firstChild, let unit = nodes[child].split?.unit {
        let children = proof.split(place, by: .splitUnit(name(unit)))
        waiting += [(child + 1, children.second), (child, children.first)]
      } else if let result = nodes[node].result {
        for record in leaf(result, splits(to: node)) { proof.append(record, to: place) }
      }
    }
  }

  // MARK: The heap

  private mutating func push(_ node: Int) {
    open.append(node)
    var place = open.count - 1
    while place > 0, bound(of: open[place]) < bound(of: open[(place - 1) / 2]) {
      open.swapAt(place, (place - 1) / 2)
      place = (place - 1) / 2
    }
  }

  private mutating func pop() {
    open.swapAt(0, open.count - 1)
    open.removeLast()
    var place = 0
    while true {
      var least = place
      for child in [2 * place + 1, 2 * place + 2] where child < open.count {
        if bound(of: open[child]) < bound(of: open[least]) { least = child }
      }
      guard least != place else { return }
      open.swapAt(place, least)
      place = least
    }
  }
}

extension UnitSplittingTree.Node {
  /// The share of the tree below the node.
  fileprivate func share(in nodes: [UnitSplittingTree.Node]) -> Double {
    var share = 1.0
    var above = parent
    while let present = above {
      share /= 2
      above = nodes[present].parent
    }
    return share
  }
}
