internal import ExactArithmetic

/// The coefficients of several linear forms at one node, each form on its own grid.
struct Forms {
  /// Row-major `[forms][size]`, of at most ``Block/coefficientBits`` bits.
  var coefficients: [Int64]
  /// The power of two that each form's integers are scaled by; nil where nothing was added yet.
  var exponents: [Int?]
  let size: Int

  /// Forms that are zero.
  init(count: Int, size: Int) {
    coefficients = [Int64](repeating: 0, count: count * size)
    exponents = [Int?](repeating: nil, count: count)
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
    guard let top = WideBlock.top(of: sums.span.extracting(0..<places.count), exponent: exponent)
    else { return (0, 0) }
    var (grid, losses) = (max(exponent, top + 1 - Block.coefficientBits), 0)
    if let present = exponents[form] {
      let row = self.places(of: form)
      let old = WideBlock(coefficients[row].map { Int128($0) }, exponent: present)
      if let oldTop = old.top {
        grid = max(min(exponent, present), max(top, oldTop) + 1 - Block.coefficientBits)
        for place in row { coefficients[place] = 0 }
        losses = pour(old.entries, at: Array(0..<size), by: present - grid, into: form)
      }
    }
    exponents[form] = grid
    return (losses + pour(sums, at: places, by: exponent - grid, into: form), grid)
  }

  /// Adds multiples of `2^shift` to a form, rounded down; the grid is such that they fit.
  ///
  /// - Returns: 1 where bits were lost, else 0.
  private mutating func pour(
    _ sums: [Int128], at places: [Int], by shift: Int, into form: Int
  ) -> Int {
    let (left, right) = (Int128(max(0, shift)), Int128(min(max(0, -shift), 127)))
    let lost: Int128 = (1 &<< right) &- 1
    var dropped: Int128 = 0
    let (first, sums, places) = (form * size, sums.span, places.span)
    var row = coefficients.mutableSpan
    for place in 0..<places.count {
      dropped |= sums[place] & lost
      let moved = shift < 0 ? sums[place] &>> right : sums[place] &<< left
      row[first &+ places[place]] += Int64(truncatingIfNeeded: moved)
    }
    return dropped != 0 ? 1 : 0
  }
}
