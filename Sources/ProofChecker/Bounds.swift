internal import BigInt
internal import ExactArithmetic

/// Enclosures of the entries of one node: `[lower, upper] · 2^exponent`, never crossed.
struct Bounds {
  private(set) var lower: [Int64]
  private(set) var upper: [Int64]
  let exponent: Int
}

extension Bounds {
  /// Rounds wide enclosures outward to ``Block/boundBits`` bits of the largest.
  init(lower: WideBlock, negatedUpper: WideBlock) {
    // An end that is zero everywhere says nothing about the grid.
    let top = [lower.top, negatedUpper.top].compactMap(\.self).max() ?? 0
    let exponent = top - Block.boundBits
    self.init(
      lower: lower.floored(to: exponent) { Int64($0) },
      upper: negatedUpper.floored(to: exponent) { -Int64($0) }, exponent: exponent)
  }

  /// The enclosures both give, on a grid as fine as their size allows.
  ///
  /// - Returns: The intersection and whether some entry's ends crossed; such an entry keeps its old
  ///   ends, because the set is then empty and any bound is right.
  func intersected(with other: Bounds) -> (bounds: Bounds, isCrossed: Bool) {
    let common = max(min(exponent, other.exponent), max(exponent, other.exponent) - 64)
    // Ends of at most 57 bits, moved by at most 64.
    let moves = [exponent, other.exponent].map {
      (left: Int128(max(0, $0 - common)), right: Int128(min(max(0, common - $0), 127)))
    }
    let (own, others) = (moves[0], moves[1])
    var lows = [Int128](repeating: 0, count: lower.count)
    var (negatedHighs, isCrossed) = (lows, false)
    for entry in lower.indices {
      let oldLow = (Int128(lower[entry]) &<< own.left) &>> own.right
      let oldHigh = (Int128(-upper[entry]) &<< own.left) &>> own.right
      let low = max(oldLow, (Int128(other.lower[entry]) &<< others.left) &>> others.right)
      let high = max(oldHigh, (Int128(-other.upper[entry]) &<< others.left) &>> others.right)
      let crosses = low > -high
      isCrossed = isCrossed || crosses
      (lows[entry], negatedHighs[entry]) = crosses ? (oldLow, oldHigh) : (low, high)
    }
    let both = Bounds(
      lower: WideBlock(lows, exponent: common),
      negatedUpper: WideBlock(negatedHighs, exponent: common))
    return (both, isCrossed)
  }

  /// Raises the lower end of an entry, or of its negative, to `value`, rounded down to the grid.
  ///
  /// - Returns: Whether the ends would cross (and were left as they were).
  mutating func raise(_ entry: Int, ofNegative isNegative: Bool, to value: WideDyadic) -> Bool {
    guard let end = onGrid(value) else { return value.signum > 0 }
    guard end <= (isNegative ? -lower[entry] : upper[entry]) else { return true }
    if isNegative {
      upper[entry] = min(upper[entry], -end)
    } else {
      lower[entry] = max(lower[entry], end)
    }
    return false
  }

  /// `⌊value / 2^exponent⌋`, or nil where that is beyond every bound on this grid.
  private func onGrid(_ value: WideDyadic) -> Int64? {
    guard value.mantissa != 0 else { return 0 }
    guard value.exponent - exponent + value.mantissa.significantBits <= 62 else { return nil }
    return Int64(value.mantissa.shifted(by: value.exponent - exponent))
  }

  /// The enclosure of an entry.
  func range(of entry: Int) -> ClosedRange<Rational> {
    let end = { (value: Int64) in Rational(Dyadic(BigInt(value), exponent: exponent)) }
    return end(lower[entry])...end(upper[entry])
  }

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
