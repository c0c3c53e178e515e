internal import ExactArithmetic

/// A vector of wide integers times one power of two: sums of products before they are rounded.
struct WideBlock {
  /// The integers.
  var entries: [Int128]
  /// The power of two they are scaled by.
  var exponent: Int

  init(_ entries: [Int128], exponent: Int) {
    self.entries = entries
    self.exponent = exponent
  }

  static prefix func - (block: WideBlock) -> WideBlock {
    WideBlock(block.entries.map { -$0 }, exponent: block.exponent)
  }

  /// The least power of two above every magnitude of some multiples of `2^exponent`; nil where all
  /// are zero.
  static func top(of entries: Span<Int128>, exponent: Int) -> Int? {
    var union: UInt128 = 0
    for place in 0..<entries.count { union |= entries[place].magnitude }
    return union == 0 ? nil : 128 - union.leadingZeroBitCount + exponent
  }

  var top: Int? { Self.top(of: entries.span, exponent: exponent) }

  /// How many bits the largest entry has.
  var significantBits: Int { (top ?? exponent) - exponent }

  /// What becomes of the entries as multiples of `2^grid`, rounded towards minus infinity; the caller
  /// knows that they fit.
  func floored<Result>(to grid: Int, _ transform: (Int128) -> Result) -> [Result] {
    let places = exponent - grid
    let (left, right) = (Int128(max(0, places)), Int128(min(max(0, -places), 127)))
    precondition(
      places <= 0 || significantBits == 0 || significantBits + places < 127,
      "a shift keeps every bit")
    return entries.map { transform(places < 0 ? $0 &>> right : $0 &<< left) }
  }

  /// The sum of vectors with different exponents; each addend is rounded down where what 126 bits of
  /// the sum leave to the largest does not hold it.
  static func sumRoundingDown(_ blocks: [WideBlock], size: Int) -> WideBlock {
    var sum = [Int128](repeating: 0, count: size)
    var (highest, finest) = (Int.min, Int.max)
    for block in blocks {
      guard let top = block.top else { continue }
      (highest, finest) = (max(highest, top), min(finest, block.exponent))
    }
    guard highest > .min else { return WideBlock(sum, exponent: 0) }
    let room = 126 - Int128(blocks.count).significantBits
    let exponent = max(finest, highest - room)
    var target = sum.mutableSpan
    for block in blocks {
      let places = block.exponent - exponent
      let (left, right) = (Int128(max(0, places)), Int128(min(max(0, -places), 127)))
      let addends = block.entries.span
      for entry in 0..<size {
        target[entry] += places < 0 ? addends[entry] &>> right : addends[entry] &<< left
      }
    }
    return WideBlock(sum, exponent: exponent)
  }
}
