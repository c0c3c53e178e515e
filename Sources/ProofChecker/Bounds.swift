internal import ExactArithmetic

/// Enclosures of the entries of one node: `[lower, upper] · 2^exponent`, never crossed.
struct Bounds {
  var lower: [Int64]
  var upper: [Int64]
  var exponent: Int

  init(lower: [Int64], upper: [Int64], exponent: Int) {
    self.lower = lower
    self.upper = upper
    self.exponent = exponent
  }

  /// Rounds wide enclosures outward to ``Block/boundBits`` bits of the largest.
  init(outwardRounding lower: WideBlock, _ upper: WideBlock) {
    // An end that is zero everywhere says nothing about the grid.
    let tops = [lower, upper].filter { $0.significantBits > 0 }
      .map { $0.significantBits + $0.exponent }
    exponent = (tops.max() ?? 0) - Block.boundBits
    let (from, to) = (lower.exponent - exponent, upper.exponent - exponent)
    self.lower = lower.entries.map { Int64($0.shifted(by: from)) }
    self.upper = upper.entries.map { Int64(-(-$0).shifted(by: to)) }
  }

  /// The enclosures both give, on a grid as fine as their size allows.
  ///
  /// - Returns: The intersection and whether some entry's ends crossed; such an entry keeps its old
  ///   ends, because the set is then empty and any bound is right.
  func intersected(with other: Bounds) -> (bounds: Bounds, isCrossed: Bool) {
    let common = max(min(exponent, other.exponent), max(exponent, other.exponent) - 64)
    var lows: [Int128] = []
    var highs: [Int128] = []
    lows.reserveCapacity(lower.count)
    highs.reserveCapacity(lower.count)
    var isCrossed = false
    let (mine, theirs) = (exponent - common, other.exponent - common)
    for entry in lower.indices {
      let oldLow = Int128(lower[entry]).shifted(by: mine)
      let oldHigh = -(-Int128(upper[entry])).shifted(by: mine)
      let low = max(oldLow, Int128(other.lower[entry]).shifted(by: theirs))
      let high = min(oldHigh, -(-Int128(other.upper[entry])).shifted(by: theirs))
      let crosses = low > high
      isCrossed = isCrossed || crosses
      lows.append(crosses ? oldLow : low)
      highs.append(crosses ? oldHigh : high)
    }
    let bounds = Bounds(
      outwardRounding: WideBlock(entries: lows, exponent: common),
      WideBlock(entries: highs, exponent: common))
    return (bounds, isCrossed)
  }

  /// Raises a lower end to `value`, rounded down to the grid.
  ///
  /// - Returns: Whether it now exceeds the upper end (and was left as it was).
  mutating func raiseLower(_ entry: Int, to value: WideDyadic) -> Bool {
    guard let low = Self.onGrid(value, exponent) else { return value.signum > 0 }
    guard low <= upper[entry] else { return true }
    lower[entry] = max(lower[entry], low)
    return false
  }

  /// Lowers an upper end to `value`, rounded up to the grid.
  ///
  /// - Returns: Whether it is now below the lower end (and was left as it was).
  mutating func reduceUpper(_ entry: Int, to value: WideDyadic) -> Bool {
    let negated = WideDyadic(-value.mantissa, exponent: value.exponent)
    guard let low = Self.onGrid(negated, exponent) else { return value.signum < 0 }
    guard -low >= lower[entry] else { return true }
    upper[entry] = min(upper[entry], -low)
    return false
  }

  /// Keeps an entry within `mantissa / |divisor| · 2^scale` of one end, rounded up: of the lower end
  /// where the divisor is positive, of the upper one where it is negative.
  mutating func keep(
    _ entry: Int, within mantissa: Int128, over divisor: Int64, exponent scale: Int
  ) {
    let shift = scale - exponent
    guard mantissa.significantBits + shift <= 120 else { return }
    let size = Int128(divisor.magnitude)
    let distance = (-(-mantissa).shifted(by: shift) + size - 1) / size
    if divisor > 0 {
      upper[entry] = Int64(min(Int128(upper[entry]), Int128(lower[entry]) + distance))
    } else {
      lower[entry] = Int64(max(Int128(lower[entry]), Int128(upper[entry]) - distance))
    }
  }

  /// `⌊value / 2^exponent⌋`, or nil where that is beyond every bound on this grid.
  private static func onGrid(_ value: WideDyadic, _ exponent: Int) -> Int64? {
    guard value.mantissa != 0 else { return 0 }
    guard value.exponent - exponent + value.mantissa.significantBits <= 62 else { return nil }
    return Int64(value.mantissa.shifted(by: value.exponent - exponent))
  }

  /// Whether a pre-activation may have either sign.
  func isUnstable(_ entry: Int) -> Bool { lower[entry] < 0 && upper[entry] > 0 }

  /// The bounds after a rectifier.
  var rectified: Bounds {
    Bounds(lower: lower.map { max($0, 0) }, upper: upper.map { max($0, 0) }, exponent: exponent)
  }

  /// `Σ max(0, −lower)`, what a coefficient that is too small by one unit costs at most.
  var negativeMass: WideDyadic {
    var sum: Int128 = 0
    for low in lower where low < 0 { sum -= Int128(low) }
    return WideDyadic(sum, exponent: exponent)
  }
}
