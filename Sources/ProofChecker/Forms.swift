internal import ExactArithmetic

/// The coefficients of several linear forms at one node, each form on its own grid.
struct Forms {
  /// Row-major `[forms][size]`, of at most ``Block/coefficientBits`` bits.
  var coefficients: [Int64]
  /// The power of two that each form's integers are scaled by.
  var exponents: [Int]
  let size: Int

  /// Forms that are zero.
  init(count: Int, size: Int) {
    coefficients = [Int64](repeating: 0, count: count * size)
    exponents = [Int](repeating: 0, count: count)
    self.size = size
  }

  /// The places of a form.
  func places(of form: Int) -> Range<Int> { form * size..<(form + 1) * size }

  /// Adds multiples of `2^exponent` at some places to a form: both are rounded down to a grid that
  /// holds the sum.
  ///
  /// - Returns: How many of the two lost bits, and the grid.
  mutating func add(_ sums: [Int128], at places: [Int], exponent: Int, to form: Int)
    -> (losses: Int, grid: Int)
  {
    guard let top = WideBlock.top(of: sums.span, exponent: exponent) else { return (0, 0) }
    var (grid, losses) = (max(exponent, top + 1 - Block.coefficientBits), 0)
    let row = self.places(of: form)
    if coefficients[row].contains(where: { $0 != 0 }) {
      let old = WideBlock(coefficients[row].map { Int128($0) }, exponent: exponents[form])
      let highest = max(top, old.top ?? top)
      grid = max(min(exponent, old.exponent), highest + 1 - Block.coefficientBits)
      for place in row { coefficients[place] = 0 }
      losses = pour(old.entries, at: Array(0..<size), by: old.exponent - grid, into: form)
    }
    exponents[form] = grid
    return (losses + pour(sums, at: places, by: exponent - grid, into: form), grid)
  }

  /// Adds multiples of `2^shift` to a form, rounded down.
  ///
  /// - Returns: 1 where bits were lost, else 0.
  private mutating func pour(
    _ sums: [Int128], at places: [Int], by shift: Int, into form: Int
  ) -> Int {
    let (left, right) = (Int128(max(0, shift)), Int128(min(max(0, -shift), 127)))
    let lost: Int128 = (1 &<< right) &- 1
    var dropped: Int128 = 0
    let (first, count, sums, places) = (form * size, places.count, sums.span, places.span)
    var row = coefficients.mutableSpan
    for place in 0..<count where sums[place] != 0 {
      dropped |= sums[place] & lost
      let moved = shift < 0 ? sums[place] &>> right : sums[place] &<< left
      row[first + places[place]] += Int64(moved)
    }
    return dropped != 0 ? 1 : 0
  }
}
