internal import ExactArithmetic
internal import ProofFormat

/// Chooses which cells are cut, and where.
extension MassSearch {
  /// What is to be bounded: new cells, and the halves of those with most undecided mass.
  mutating func nextCells() -> [OpenCell] {
    var cells: [OpenCell] = []
    let round = components.map(\.round).min() ?? 1
    let least = queue.heaviest * Self.together
    while cells.count < round, queue.heaviest >= least, let cell = queue.popHeaviest() {
      guard let (charged, scores) = cell.bounded else {
        cells.append(cell)
        continue
      }
      if let halves = halves(of: cell, scores) {
        cells += [halves.low, halves.high].filter { $0.mass > 0 }
      } else {
        stuck += cell.open
        inside += charged.inside
      }
    }
    return cells
  }

  /// Of how much of a cell the event must be decided before a cut of it teaches what cuts gain.
  private static let telling = 1.0 / 16

  /// Cuts a cell by the coordinate that can be cut and promises most.
  private mutating func halves(
    of cell: OpenCell, _ scores: [Double]
  ) -> (low: OpenCell, high: OpenCell)? {
    let gains = gains[cell.component]
    let promises = scores.indices.map { scores[$0] * gains.factor(of: $0) }
    for entry in promises.indices.sorted(by: { promises[$0] > promises[$1] }) {
      let law = components[cell.component].laws[entry]
      guard let value = law.cut(cell.lower[entry], cell.upper[entry]),
        var (low, high) = cut(cell, entry, at: value)
      else { continue }
      let total = scores.reduce(0, +)
      if total > 0, cell.open < (1 - Self.telling) * cell.mass {
        let origin = CutGains.Cut(
          entry: entry, share: scores[entry] / total,
          undecided: cell.open / cell.mass)
        (low.origin, high.origin) = (origin, origin)
      }
      return (low, high)
    }
    return nil
  }

  /// Cuts a cell in two.
  mutating func cut(_ cell: OpenCell, _ entry: Int, at value: Double) -> (
    low: OpenCell, high: OpenCell
  )? {
    guard let exact = Dyadic(exactly: value) else { return nil }
    let nodes = tree.split(
      cell.node, after: cell.isTightened ? [.tightenAll] : [], entry, at: exact)
    var (low, high) = (cell.half(nodes.low), cell.half(nodes.high))
    let ends = components[cell.component].laws[entry]
      .ends(of: cell.lower[entry], cell.upper[entry], cutAt: value)
    low.upper[entry] = ends.last
    high.lower[entry] = ends.first
    weigh(&low)
    weigh(&high)
    return (low, high)
  }
}
