/// Bounds of all units' arguments on a cell.
struct UnitEnds: Sendable {
  let lower: [Double]
  let upper: [Double]
}

/// A cell whose event is not decided on all of it yet.
struct OpenCell: Sendable {
  /// The part of the mixture.
  let component: Int
  /// Its weight.
  let weight: Double
  /// The place in the tree.
  var node: Int
  /// The ends of the box.
  var lower: [Double]
  var upper: [Double]
  /// Its mass, times the component's weight.
  var mass: Double
  /// Bounds of the units that the checker knows there, too; nil where it knows none.
  var units: UnitEnds?
  /// Whether these are of the cell itself, not of one that it is a part of.
  var isTightened = false
  /// How often the component's box was cut on the way to the cell.
  var depth = 0
  /// The cut that it is a half of; nil where that teaches nothing.
  var origin: CutGains.Cut?
  /// What it is charged with, once it is bounded, and the scores of cutting it.
  var bounded: (charged: CellBounding.Charged, scores: [Double])?

  /// A part of it, at a place in the tree, that is not bounded yet; its ends are still those of the whole.
  func half(_ node: Int) -> OpenCell {
    var half = self
    (half.node, half.depth) = (node, depth + 1)
    (half.bounded, half.isTightened, half.origin) = (nil, false, nil)
    return half
  }

  /// The mass that is not decided.
  var open: Double {
    guard let charged = bounded?.charged else { return mass }
    return max(0, mass - charged.decided)
  }
}

/// Open cells, the one with most undecided mass first: a binary heap.
struct CellQueue {
  private var cells: [OpenCell] = []

  var count: Int { cells.count }

  /// The undecided mass of all.
  var open: Double { cells.reduce(0) { $0 + $1.open } }

  /// The mass where the event is certain.
  var inside: Double { cells.reduce(0) { $0 + ($1.bounded?.charged.inside ?? 0) } }

  /// Charged cells whose charges decide least, as many as weigh not more than `mass` together.
  func leastCharged(weighing mass: Double) -> Set<Int> {
    var rest = mass
    let charged = cells.compactMap { cell in
      cell.bounded.flatMap { $0.charged.records.isEmpty ? nil : (cell.node, $0.charged.decided) }
    }
    return Set(
      charged.sorted { $0.1 < $1.1 }.prefix {
        rest -= $0.1
        return rest >= 0
      }.map(\.0))
  }

  /// The undecided mass of the first one.
  var heaviest: Double { cells.first?.open ?? 0 }

  /// Changes what the cells are charged with.
  mutating func revise(_ body: (inout OpenCell) -> Void) {
    let old = cells
    cells = []
    for var cell in old {
      body(&cell)
      insert(cell)
    }
  }

  mutating func insert(_ cell: OpenCell) {
    cells.append(cell)
    var place = cells.count - 1
    while place > 0, cells[(place - 1) / 2].open < cells[place].open {
      cells.swapAt(place, (place - 1) / 2)
      place = (place - 1) / 2
    }
  }

  mutating func popHeaviest() -> OpenCell? {
    guard let heaviest = cells.first, let last = cells.popLast() else { return nil }
    guard !cells.isEmpty else { return heaviest }
    cells[0] = last
    var place = 0
    while true {
      var largest = place
      for child in [2 * place + 1, 2 * place + 2]
      where child < cells.count && cells[child].open > cells[largest].open {
        largest = child
      }
      guard largest != place else { return heaviest }
      cells.swapAt(place, largest)
      place = largest
    }
  }
}
