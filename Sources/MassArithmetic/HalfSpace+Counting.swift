internal import BigInt
internal import ExactArithmetic

extension HalfSpace {
  /// The most steps, as a power of two.
  public static let mostStepBits = 12

  /// Counts the products of thin slices on which the sum is positive.
  ///
  /// Each term counts in steps of 2^e, from its least value on, rounded down; a thin slice is at most two
  /// steps wide and counts with its least value. Masses are whole numbers of 2^-62 of a slice's mass or
  /// less, rounded down, and so are products.
  func counted(
    _ active: [Int], _ cell: [Slice], _ measures: inout [CoordinateMeasure], stepBits: Int
  ) -> WideDyadic {
    let ends = active.map { entry in
      let values = [cell[entry].low, cell[entry].high].map { coefficients[entry] * $0 }
      return (lower: min(values[0], values[1]), upper: max(values[0], values[1]))
    }
    let range = ends.reduce(Dyadic.zero) { $0 + ($1.upper - $1.lower) }
    let exponent = range.exponent + range.mantissa.magnitude.bitWidth - stepBits
    let missing = ends.reduce(-constant) { $0 - $1.lower }.floor(scaledBy: -exponent) + 1
    // The counts of sums so far; at last those of at least so many steps.
    guard missing <= BigInt(1) << (stepBits + 1) else { return .zero }
    let target = missing.signum() > 0 ? Int(Int64(narrowing: missing)) : 0
    var counts: [UInt64] = [1 << 62]
    var scale = -62
    for (order, entry) in active.enumerated() {
      let coefficient = coefficients[entry]
      let grid =
        exponent + 1 - coefficient.exponent - coefficient.mantissa.magnitude.bitWidth
      let thin = measures[entry].thinSlices(of: cell[entry], grid: grid)
      let next = thin.counts(for: coefficient, stepExponent: exponent)
      scale += thin.scale + 64
      guard order < active.count - 1 else {
        return WideDyadic(Int128(Self.atLeast(target, counts, next)), exponent: scale)
      }
      counts = Self.sums(counts, next)
    }
    return .zero
  }

  /// The counts of sums, in units 2^64 times as large.
  private static func sums(_ first: [UInt64], _ second: [UInt64]) -> [UInt64] {
    var sums = [UInt64](repeating: 0, count: first.count + second.count - 1)
    var target = sums.mutableSpan
    for place in second.indices where second[place] > 0 {
      for (start, count) in first.enumerated() where count > 0 {
        target[start + place] += count.multipliedFullWidth(by: second[place]).high
      }
    }
    return sums
  }

  /// The count of sums of at least so many steps, in units 2^64 times as large.
  private static func atLeast(_ steps: Int, _ first: [UInt64], _ second: [UInt64]) -> UInt64 {
    var suffixes = [UInt64](repeating: 0, count: first.count + 1)
    for place in first.indices.reversed() { suffixes[place] = suffixes[place + 1] + first[place] }
    var total: UInt64 = 0
    for (place, count) in second.enumerated() {
      let rest = min(max(0, steps - place), first.count)
      total += count.multipliedFullWidth(by: suffixes[rest]).high
    }
    return total
  }
}
