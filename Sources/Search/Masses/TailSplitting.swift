internal import BoundPropagation

/// Splits leaves of margin trees.
struct TailSplitting: Sendable {
  /// How many units are tried.
  private static let candidates = 3
  /// How many steps the climbs take.
  private static let steps = 12

  let bounding: TailBounding

  init(_ bounding: TailBounding) { self.bounding = bounding }

  /// Splits a leaf at the unit that helps most, of those that cost most.
  ///
  /// - Parameters:
  ///   - leaf: The leaf.
  ///   - goal: What is to be shown.
  ///   - propagator: Bounds the network.
  /// - Returns: The unit, and the children, that of the inactive unit first; nil where all are stable.
  func split(
    _ leaf: MarginTree.Leaf, for goal: TailBounding.Goal, with propagator: Propagator
  ) -> (unit: Int, children: [MarginTree.Leaf])? {
    let quantities = bounding.quantities(of: goal)
    let units = leaf.candidates.prefix(Self.candidates)
    var (cells, objectives) = ([ConfinedCell](), [Objective]())
    for unit in units {
      for isActive in [false, true] {
        var cell = ConfinedCell(subproblem: leaf.cell.subproblem, factor: leaf.cell.factor)
        cell.subproblem.add(UnitSplit(unit: unit.unit, isActive: isActive))
        for (quantity, margin) in zip(quantities, leaf.margins) {
          var start = margin.multipliers
          start.splits.append(isActive ? unit.activeMultiplier : unit.inactiveMultiplier)
          objectives.append(
            Objective(subproblem: cells.count, quantity: quantity, start: start))
        }
        cells.append(cell)
      }
    }
    let margins = bounding.margins(
      objectives, on: cells, steps: Self.steps, with: propagator)
    let leaves = cells.indices.map { place in
      MarginTree.Leaf(
        cell: cells[place],
        margins: Array(margins[place * quantities.count..<(place + 1) * quantities.count]))
    }
    let pairs = units.enumerated().map { order, unit in
      (unit: unit.unit, children: Array(leaves[2 * order..<2 * order + 2]))
    }
    return pairs.min {
      $0.children.reduce(0) { $0 + $1.missed } < $1.children.reduce(0) { $0 + $1.missed }
    }.map { pair in
      let children = pair.children.map { child in
        var child = child
        child.outweighed = bounding.outweighed(child, for: goal, with: propagator)
        return child
      }
      return (pair.unit, children)
    }
  }
}
