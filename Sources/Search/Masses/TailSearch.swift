internal import Approximation
internal import BoundPropagation
internal import ClaimLanguage
internal import ExactArithmetic
internal import MassArithmetic
internal import ProofFormat

/// Bounds the probability of an event under laws of many normal coordinates: by half-spaces, for which
/// their number does not matter.
///
/// First the units of all of a component are split; where that shows hardly more, the cell of which most
/// is undecided is cut into slices of the coordinate that matters most, and so on.
struct TailSearch {
  /// How many leaves are split in a round, and how many cells they may be of.
  private static let round = (leaves: 16, cells: 8)

  private struct Component {
    let bounding: TailBounding
    let workers: Workers
    let weight: Double
    var cells: TailCells
    var inscribed: Inscribed?

    /// The lower and the upper bound of the event's mass.
    var bounds: (lower: Double, upper: Double) {
      let ends = cells.bounds
      guard let inscribed, let tree = inscribed.tree else { return ends }
      let mass = weight * tree.mass
      return inscribed.isInside
        ? (max(ends.lower, mass), ends.upper) : (ends.lower, min(ends.upper, weight - mass))
    }
  }

  /// Pieces of the event, or of its contrary.
  private struct Inscribed: Sendable {
    let isInside: Bool
    /// None where nothing was drawn.
    var tree: InscribedTree?
  }

  /// What checking a piece takes, in leaves, and in linear combinations that are weighed in these.
  private static let (leavesPerPiece, combinationsPerPiece) = (40, 200)

  private var components: [Component] = []

  init?(
    _ event: [ProbabilityProblem.Component], threads: Int, isOver: @escaping @Sendable () -> Bool
  ) throws(BoundPropagationError) {
    for item in event {
      let network = try FloatNetwork(item.problem.network)
      let bounding = TailBounding(item, network, isOver: isOver)
      let box = bounding.problem.cases[0]
      guard bounding.isPossible, !box.disjuncts.isEmpty else { return nil }
      let workers = Workers(network, threads: threads, batchSize: 32)
      let weight = item.weight.nearestDouble
      let roots = workers.map([0]) { _, propagator in
        [bounding.settled(lower: box.lower, upper: box.upper, weight: weight, with: propagator)]
      }
      components.append(
        Component(
          bounding: bounding, workers: workers, weight: weight,
          cells: TailCells(roots[0], laws: bounding.laws)))
    }
  }

  /// How many leaves there are.
  var leaves: Int {
    components.reduce(0) {
      $0 + $1.cells.leaves + Self.leavesPerPiece * ($1.inscribed?.tree?.pieces ?? 0)
    }
  }

  /// How many linear combinations the proof has, about.
  var proofSize: Int {
    components.reduce(0) {
      $0 + $1.cells.proofSize
        + Self.combinationsPerPiece * ($1.inscribed?.tree?.pieces ?? 0)
    }
  }

  /// The bounds so far, in floating point.
  var bounds: (lower: Double, upper: Double) {
    let sum = components.reduce((lower: 0.0, upper: 0.0)) {
      let ends = $1.bounds
      return ($0.lower + ends.lower, $0.upper + ends.upper)
    }
    return (max(0, min(sum.lower, sum.upper)), min(1, sum.upper))
  }

  /// The proof, as far as it has come.
  var proof: [UInt8] {
    var writer = ProofWriter()
    for component in components {
      component.inscribed?.tree?.write(to: &writer)
      component.cells.write(to: &writer)
    }
    return writer.bytes
  }

  // MARK: Pieces

  /// Looks for points of events, or of their contraries where these are less likely.
  ///
  /// - Parameter seed: Of the draws that say where they are.
  /// - Returns: Whether there was anything to do.
  mutating func inscribe(seed: UInt64) -> Bool {
    var isBusy = false
    for place in components.indices where components[place].bounding.isDrawn {
      let (bounding, workers) = (components[place].bounding, components[place].workers)
      guard let inscribed = components[place].inscribed else {
        let begun = workers.map([0]) { _, propagator in
          [Self.begin(bounding, seed: seed, with: propagator)]
        }
        components[place].inscribed = begun[0]
        isBusy = true
        continue
      }
      guard let tree = inscribed.tree else { continue }
      let advanced = workers.map([tree]) { trees, propagator in
        trees.map { tree in
          var tree = tree
          return (isBusy: tree.advance(with: propagator), tree: tree)
        }
      }
      components[place].inscribed?.tree = advanced[0].tree
      isBusy = isBusy || advanced[0].isBusy
    }
    return isBusy
  }

  private static func begin(_ bounding: TailBounding, seed: UInt64, with propagator: Propagator)
    -> Inscribed
  {
    let inside = EventDraws(of: bounding, isInside: true, seed: seed, with: propagator)
    let isInside = !inside.draws.isEmpty && inside.probability <= 0.5
    let draws =
      isInside
      ? inside : EventDraws(of: bounding, isInside: false, seed: seed, with: propagator)
    guard !draws.draws.isEmpty else { return Inscribed(isInside: isInside, tree: nil) }
    let maker = PieceMaker(bounding: bounding, isInside: isInside)
    return Inscribed(
      isInside: isInside, tree: InscribedTree(draws, maker, seed: seed, with: propagator))
  }

  // MARK: Cells

  /// Splits units, or cuts cells where that has shown what it can.
  ///
  /// - Returns: Whether there was anything to do.
  mutating func advance() -> Bool {
    let worst = components.indices.map { components[$0].cells.worst(Self.round.cells) }
    let masses = components.indices.map { component in
      worst[component].first.map { components[component].cells[$0].undecided } ?? 0
    }
    let most = masses.max() ?? 0
    var isBusy = false
    for component in components.indices {
      let chosen = worst[component].filter {
        let undecided = components[component].cells[$0].undecided
        return undecided > 0 && undecided >= most / 4
      }
      for node in chosen.prefix(2) where components[component].cells[node].isStalled {
        isBusy = cut(node, of: component) || isBusy
      }
      let open = chosen.filter { !components[component].cells[$0].isStalled }
      isBusy = splitUnits(of: open, in: component) || isBusy
    }
    return isBusy
  }

  /// Cuts a cell into slices.
  private mutating func cut(_ node: Int, of component: Int) -> Bool {
    let (bounding, cells) = (components[component].bounding, components[component].cells)
    guard let (entry, cuts) = cells.cuts(of: node) else {
      components[component].cells.give(up: node)
      return true
    }
    let weight = bounding.weight(of: cells[node])
    let slices = components[component].workers.map(cells.slices(of: node, entry, at: cuts)) {
      boxes, propagator in
      boxes.map {
        bounding.settled(lower: $0.lower, upper: $0.upper, weight: weight, with: propagator)
      }
    }
    components[component].cells.slice(node, entry, at: cuts, slices)
    return true
  }

  /// A leaf to be split.
  private struct Task {
    let node: Int
    let tree: Int
    let place: Int
    let leaf: MarginTree.Leaf
    let goal: TailBounding.Goal
    let mass: Double

    var missed: Double { mass * leaf.missed }
  }

  /// Splits the leaves of cells that miss most, or bounds their units anew where these give up too much.
  private mutating func splitUnits(of nodes: [Int], in component: Int) -> Bool {
    let bounding = components[component].bounding
    var tasks: [Task] = []
    for node in nodes {
      let cell = components[component].cells[node]
      if cell.givesUpTooMuch {
        let anew = components[component].workers.map([cell]) { cells, propagator in
          cells.map { bounding.anew($0, with: propagator) }
        }
        components[component].cells.replace(node, by: anew[0])
        return true
      }
      for (order, tree) in cell.trees.enumerated() {
        tasks += tree.worstLeaves(Self.round.leaves).map {
          Task(
            node: node, tree: order, place: $0.place, leaf: $0.leaf, goal: tree.goal,
            mass: cell.mass)
        }
      }
      if !cell.trees.contains(where: \.canBeSplit) {
        components[component].cells.change(node) { $0.stall() }
      }
    }
    let chosen = Array(tasks.sorted { $0.missed > $1.missed }.prefix(Self.round.leaves))
      .filter { $0.missed > (tasks.map(\.missed).max() ?? 0) / 16 }
    let splitting = TailSplitting(bounding)
    let results = components[component].workers.map(chosen) { tasks, propagator in
      tasks.map { splitting.split($0.leaf, for: $0.goal, with: propagator) }
    }
    for (task, result) in zip(chosen, results) {
      components[component].cells.change(task.node) {
        $0.split(task.place, of: task.tree, result)
      }
    }
    return !nodes.isEmpty
  }
}
