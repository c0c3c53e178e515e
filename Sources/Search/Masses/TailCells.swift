internal import Approximation
internal import BoundPropagation
internal import ExactArithmetic
internal import MassArithmetic
internal import ProofFormat

/// The cells of one component of a mixture: a tree whose nodes are cut into slices of one coordinate.
///
/// A node is what half-spaces show of it, or what its slices show together: the better of the two.
struct TailCells {
  private struct Node {
    /// What is worked on.
    var cell: TailCell
    /// What was found before it was bounded anew.
    var earlier: TailCell?
    let parent: Int?
    /// The coordinate, the cuts, and the first of neighbouring children.
    var slices: (entry: Int, cuts: [Dyadic], child: Int)?
    var undecided: Double
    var isGivenUp = false

    init(_ cell: TailCell, below parent: Int?) {
      (self.cell, self.parent, undecided) = (cell, parent, cell.undecided)
    }

    /// What shows most without slices.
    var best: TailCell {
      guard let earlier, earlier.undecided < cell.undecided else { return cell }
      return earlier
    }

    /// Whether its slices show more.
    var isSliced: Bool { slices != nil && undecided < best.undecided }
  }

  private var nodes: [Node]
  private let laws: [(mean: Double, deviation: Double)?]
  private let whole: (lower: [Double], upper: [Double])

  init(_ root: TailCell, laws: [(mean: Double, deviation: Double)?]) {
    nodes = [Node(root, below: nil)]
    self.laws = laws
    whole = (root.lower, root.upper)
  }

  subscript(node: Int) -> TailCell { nodes[node].cell }

  /// How many leaves of unit trees there are.
  var leaves: Int { nodes.reduce(0) { $0 + ($1.slices == nil ? $1.cell.leaves : 0) } }

  /// The lower and the upper bound of the event's mass.
  var bounds: (lower: Double, upper: Double) {
    var sum = (lower: 0.0, upper: 0.0)
    visit { node in
      let ends = node.best.bounds
      sum = (sum.lower + ends.lower, sum.upper + ends.upper)
    } slice: { _ in
    }
    return sum
  }

  /// How many linear combinations the proof has, about.
  var proofSize: Int {
    var sum = 0
    visit {
      sum += $0.best.proofSize
    } slice: { _ in
    }
    return sum
  }

  /// The nodes whose cells are not cut, those first of which most is undecided.
  func worst(_ count: Int) -> [Int] {
    let open = nodes.indices.filter { nodes[$0].slices == nil && !nodes[$0].isGivenUp }
    return Array(
      open.sorted { (nodes[$1].undecided, $0) < (nodes[$0].undecided, $1) }.prefix(count))
  }

  /// Changes a cell.
  mutating func change(_ node: Int, _ body: (inout TailCell) -> Void) {
    body(&nodes[node].cell)
    weigh(node)
  }

  /// Takes a cell that is bounded anew.
  mutating func replace(_ node: Int, by cell: TailCell) {
    nodes[node].earlier = nodes[node].best
    nodes[node].cell = cell
    weigh(node)
  }

  /// Puts the slices of a cell below it.
  mutating func slice(_ node: Int, _ entry: Int, at cuts: [Dyadic], _ cells: [TailCell]) {
    nodes[node].slices = (entry, cuts, nodes.count)
    nodes += cells.map { Node($0, below: node) }
    weigh(node)
  }

  /// Leaves a cell that cannot be cut as it is.
  mutating func give(up node: Int) { nodes[node].isGivenUp = true }

  private mutating func weigh(_ start: Int) {
    var place: Int? = start
    while let node = place {
      var undecided = nodes[node].best.undecided
      if let slices = nodes[node].slices {
        let sum = (0...slices.cuts.count).reduce(0) { $0 + nodes[slices.child + $1].undecided }
        undecided = min(undecided, sum)
      }
      nodes[node].undecided = undecided
      place = nodes[node].parent
    }
  }

  /// Visits what the proof has of the tree, in its order.
  private func visit(_ leaf: (Node) -> Void, slice: (Record) -> Void) {
    var path: [(node: Int, before: Record?)] = [(0, nil)]
    while let (place, before) = path.popLast() {
      if let before { slice(before) }
      let node = nodes[place]
      guard let slices = node.slices, node.isSliced else {
        leaf(node)
        continue
      }
      for order in (0...slices.cuts.count).reversed() {
        let record =
          order < slices.cuts.count
          ? Record.splitInput(entry: slices.entry, value: slices.cuts[order]) : nil
        path.append((slices.child + order, record))
      }
    }
  }

  /// Writes the tree.
  func write(to writer: inout ProofWriter) {
    var records = writer
    visit {
      $0.best.write(to: &records)
    } slice: {
      records.append($0)
    }
    writer = records
  }

  // MARK: Slices

  /// Where the ends of the slices of a coordinate lie that nothing was cut of, in deviations.
  private static let places = [-2.4, -1.6, -0.8, 0, 0.8, 1.6, 2.4]
  /// The same beyond an end.
  private static let beyond = [0.6, 1.4]

  /// Where to cut a cell: the normal coordinate that adds most to what is missed, and the cuts.
  func cuts(of node: Int) -> (entry: Int, cuts: [Dyadic])? {
    let cell = nodes[node].cell
    let slopes = cell.slopes
    guard let entry = slopes.indices.max(by: { slopes[$0] < slopes[$1] }), slopes[entry] > 0,
      let law = laws[entry]
    else { return nil }
    let (low, high) = (cell.lower[entry], cell.upper[entry])
    let isOpen = (below: low == whole.lower[entry], above: high == whole.upper[entry])
    let places: [Double]
    switch isOpen {
    case (true, true): places = Self.places.map { law.mean + $0 * law.deviation }
    case (false, true): places = Self.beyond.map { low + $0 * law.deviation }
    case (true, false): places = Self.beyond.reversed().map { high - $0 * law.deviation }
    case (false, false): places = [low / 2 + high / 2]
    }
    let cuts = places.compactMap { Quantised.below($0) }
    guard cuts.count == places.count, zip(cuts, cuts.dropFirst()).allSatisfy({ $0 < $1 }),
      cuts.allSatisfy({ low < $0.nearestDouble && $0.nearestDouble < high })
    else { return nil }
    return (entry, cuts)
  }

  /// The boxes of the slices.
  func slices(of node: Int, _ entry: Int, at cuts: [Dyadic]) -> [(lower: [Double], upper: [Double])]
  {
    let cell = nodes[node].cell
    let values = cuts.map(\.nearestDouble)
    return zip([cell.lower[entry]] + values, values + [cell.upper[entry]]).map { low, high in
      var (lower, upper) = (cell.lower, cell.upper)
      (lower[entry], upper[entry]) = (low, high)
      return (lower, upper)
    }
  }
}
