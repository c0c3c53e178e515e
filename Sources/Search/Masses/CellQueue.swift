/// A cell whose event is not decided yet.
struct OpenCell: Sendable {
  /// The part of the mixture.
  let component: Int
  /// The place in the tree.
  let node: Int
  /// The ends of the box.
  var lower: [Double]
  var upper: [Double]
  /// Its mass, times the component's weight.
  var mass: Double
}

/// Open cells, the heaviest one first: a binary heap.
struct CellQueue {
  private var cells: [OpenCell] = []

  var count: Int { cells.count }

  /// The mass of all.
  var mass: Double { cells.reduce(0) { $0 + $1.mass } }

  mutating func insert(_ cell: OpenCell) {
    cells.append(cell)
    var place = cells.count - 1
    while place > 0, cells[(place - 1) / 2].mass < cells[place].mass {
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
      where child < cells.count && cells[child].mass > cells[largest].mass {
        largest = child
      }
      guard largest != place else { return heaviest }
      cells.swapAt(place, largest)
      place = largest
    }
  }
}
