/// A cell whose event is not decided on all of it yet.
struct OpenCell: Sendable {
  /// The part of the mixture.
  let component: Int
  /// Its weight.
  let weight: Double
  /// The place in the tree.
  let node: Int
  /// The ends of the box.
  var lower: [Double]
  var upper: [Double]
  /// Its mass, times the component's weight.
  var mass: Double
  /// What it is charged with, once it is bounded, and where to cut it.
  var bounded: (charged: CellBounding.Charged, cuts: [Int])?

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
