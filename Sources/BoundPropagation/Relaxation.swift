internal import LinearAlgebra

/// The lines that enclose the units of one rectifier on each box of a batch.
///
/// `lower · z + floor ≤ unit(z) ≤ upper · z + intercept` between the bounds of the unit's argument; the
/// floor is zero but for gates. Shapes: `[boxes][carried units]`.
struct Relaxation {
  let lower: MatrixView
  let upper: MatrixView
  let intercept: MatrixView
  /// None: zero.
  let floor: MatrixView?

  init(memory: RelaxationMemory, boxes: Int, units: Int) {
    lower = MatrixView(memory.lower, rows: boxes, columns: units)
    upper = MatrixView(memory.upper, rows: boxes, columns: units)
    intercept = MatrixView(memory.intercept, rows: boxes, columns: units)
    floor = memory.floor.map { MatrixView($0, rows: boxes, columns: units) }
  }

  /// Chooses the lines for one box.
  ///
  /// Bounds that are not numbers give lines that are not, so that whatever uses them proves nothing.
  ///
  /// - Parameters:
  ///   - box: Which box.
  ///   - unitLower: Lower bounds, `[boxes][units of the rectifier]`.
  ///   - unitUpper: Upper bounds.
  ///   - units: The carried units; none: all.
  func choose(box: Int, unitLower: MatrixView, unitUpper: MatrixView, units: [Int]?) {
    let (low, high) = unsafe (unitLower.pointer(toRow: box), unitUpper.pointer(toRow: box))
    let (slope, line) = unsafe (lower.pointer(toRow: box), upper.pointer(toRow: box))
    let height = unsafe intercept.pointer(toRow: box)
    guard let units else {
      for unit in 0..<lower.columns {
        unsafe (slope[unit], line[unit], height[unit]) = Self.lines(low[unit], high[unit])
      }
      return
    }
    for (place, unit) in units.enumerated() {
      unsafe (slope[place], line[place], height[place]) = Self.lines(low[unit], high[unit])
    }
  }

  /// The lines between bounds: the lower one's slope, the upper one's slope and intercept.
  @inline(__always)
  private static func lines(_ low: Double, _ high: Double) -> (Double, Double, Double) {
    if high <= 0 { return (0, 0, 0) }
    if low >= 0 { return (1, 1, 0) }
    let slope = high / (high - low)
    // Both ends lie under the line even where high − low overflows.
    let (atLow, atHigh) = (-slope * low, high - slope * high)
    return (high > -low * (1 + 0x1p-20) ? 1 : 0, slope, atLow > atHigh ? atLow : atHigh)
  }
}

/// Memory for the lines of one rectifier.
struct RelaxationMemory {
  let lower: Buffer
  let upper: Buffer
  let intercept: Buffer
  let floor: Buffer?

  init(count: Int, ofGate isGate: Bool) {
    lower = Buffer(count: count)
    upper = Buffer(count: count)
    intercept = Buffer(count: count)
    floor = isGate ? Buffer(count: count) : nil
  }
}
