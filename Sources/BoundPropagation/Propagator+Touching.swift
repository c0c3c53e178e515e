internal import LinearAlgebra

/// What is found with lines that touch units at a point.
public struct TouchingBounds: Sendable {
  /// The bounds of the rows.
  public internal(set) var rows: RowBounds
  /// By box, the slope of the line below each unstable unit, in 255ths, by ascending unit.
  public internal(set) var slopes: [[UInt8]] = []
}

extension Propagator {
  /// Bounds rows with lines that touch the units at one point of each box.
  ///
  /// The line below an unstable unit has the slope 1 where the unit's argument is positive at the
  /// point, else 0: a positive multiple of the unit loses nothing there. A function below a row that is
  /// to be high around that point, not on the whole box, is best found so.
  ///
  /// - Parameters:
  ///   - rows: What to bound from below, the same on every box.
  ///   - subproblems: The boxes, with the unit bounds to be used.
  ///   - points: A point of each box, `[boxes][inputs]`.
  /// - Returns: The bounds, and the slopes that give them.
  public func bound(
    _ rows: [LinearRow], on subproblems: [Subproblem], touchingAt points: [Double]
  ) -> TouchingBounds {
    precondition(!network.hasGates, "the lines of gates do not touch")
    precondition(points.count == subproblems.count * network.inputSize, "a point for each box")
    let size = network.inputSize
    var result = TouchingBounds(
      rows: RowBounds(
        boxes: subproblems.count, rowCount: rows.count, inputSize: size, unitCount: 0))
    for first in stride(from: 0, to: subproblems.count, by: batchSize) {
      let batch = first..<min(first + batchSize, subproblems.count)
      load(subproblems, batch)
      let values = forward(
        MatrixView(
          rows: batch.count, columns: size,
          entries: Array(points[batch.lowerBound * size..<batch.upperBound * size])))
      fixLines(
        through: network.nodes.count - 1, rowsAfterwards: rows.count, carrying: [])
      for box in 0..<batch.count { result.slopes.append(touch(box, at: values)) }
      boundRows(rows, batch: batch, into: &result.rows)
    }
    return result
  }

  /// Lets the lines below a box's unstable units touch these where they are evaluated.
  ///
  /// - Returns: The slopes in 255ths, by ascending unit.
  private func touch(_ box: Int, at values: NodeValues) -> [UInt8] {
    var slopes: [UInt8] = []
    for (rectifier, relaxation) in zip(network.rectifiers, relaxations) {
      let carried = compaction.entries[rectifier.node]
      for place in 0..<relaxation.lower.columns {
        let entry = carried?[place] ?? place
        let unit = rectifier.firstUnit + entry
        // What is not carried is stable.
        guard !(unitUpper[box, unit] <= 0), !(unitLower[box, unit] >= 0) else { continue }
        let isActive = values[rectifier.source][box, entry] > 0
        relaxation.lower[box, place] = isActive ? 1 : 0
        slopes.append(isActive ? 255 : 0)
      }
    }
    return slopes
  }
}
