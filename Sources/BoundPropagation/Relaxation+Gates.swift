internal import LinearAlgebra

/// How the sign of a rectifier's unit stands, and with it the gate that it opens or shuts.
enum GatePosition {
  case open, shut, either

  /// Reads off the bounds of the rectifier's argument; those that are no numbers leave it open.
  init(_ lower: Double, _ upper: Double) {
    self = upper <= 0 ? .shut : lower >= 0 ? .open : .either
  }
}

extension Relaxation {
  /// Chooses the lines of gates for one box: the argument where a gate is open, zero where it is shut, and
  /// chords of `min(0, w)` and `max(0, w)` where it may be either.
  ///
  /// - Parameters:
  ///   - box: Which box.
  ///   - lower: Lower bounds of all units, `[boxes][units]`.
  ///   - upper: Upper bounds.
  ///   - signs: The units whose signs open and shut the gates.
  ///   - units: The gates' own numbers.
  func chooseGates(
    box: Int, lower: MatrixView, upper: MatrixView, signs: Range<Int>, units: Range<Int>
  ) {
    guard let floor else { preconditionFailure("gates have floors") }
    for (place, (sign, unit)) in zip(signs, units).enumerated() {
      var lines = (below: 0.0, floor: 0.0, above: 0.0, intercept: 0.0)
      switch GatePosition(lower[box, sign], upper[box, sign]) {
      case .shut: break
      case .open: (lines.below, lines.above) = (1, 1)
      case .either:
        let (low, high) = (lower[box, unit], upper[box, unit])
        let (down, up) = (max(0, -low), max(0, high))
        guard down + up != 0 else { break }
        (lines.below, lines.above) = (down / (down + up), up / (down + up))
        lines.floor = min(-lines.below * high, (1 - lines.below) * low, 0)
        lines.intercept = max(-lines.above * low, (1 - lines.above) * high, 0)
      }
      self.lower[box, place] = lines.below
      self.upper[box, place] = lines.above
      floor[box, place] = lines.floor
      intercept[box, place] = lines.intercept
    }
  }

  /// What the floors of one box add to the bound of a row of coefficients.
  func floors(of row: Int, _ rows: MatrixView, box: Int) -> Double {
    guard let floor else { return 0 }
    var sum = 0.0
    for place in 0..<rows.columns where rows[row, place] > 0 {
      sum += rows[row, place] * floor[box, place]
    }
    return sum
  }
}
