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

  /// The same numbers with more room.
  init(_ entries: [Int64], exponent: Int) {
    self.init(entries.map { Int128($0) }, exponent: exponent)
  }

  static prefix func - (block: WideBlock) -> WideBlock {
    WideBlock(block.entries.map { -$0 }, exponent: block.exponent)
  }

  /// How many bits the largest entry has.
  var significantBits: Int {
    var union: UInt128 = 0
    for entry in entries { union |= entry.magnitude }
    return 128 - union.leadingZeroBitCount
  }

  /// The least power of two above every magnitude; nil where all are zero.
  var top: Int? {
    let bits = significantBits
    return bits == 0 ? nil : bits + exponent
  }

  /// The entries as multiples of `2^grid`, rounded towards minus infinity; the caller knows that they
  /// fit.
  func floored(to grid: Int) -> [Int128] {
    let places = exponent - grid
    if places == 0 { return entries }
    if places < 0 {
      let places = Int128(min(-places, 127))
      return entries.map { $0 &>> places }
    }
    let bits = significantBits
    precondition(bits == 0 || bits + places < 127, "a shift keeps every bit")
    return bits == 0 ? entries : entries.map { $0 &<< Int128(places) }
  }

  /// The sum of vectors with different exponents; each addend is rounded down where what 126 bits of
  /// the sum leave to the largest does not hold it.
  static func sumRoundingDown(_ blocks: [WideBlock], size: Int) -> WideBlock {
    let addends = blocks.compactMap { block in block.top.map { (block: block, top: $0) } }
    guard let top = addends.map(\.top).max(), let finest = addends.map(\.block.exponent).min()
    else { return WideBlock([Int128](repeating: 0, count: size), exponent: 0) }
    let room = 126 - Int128(blocks.count).significantBits
    let exponent = max(finest, top - room)
    var sum = addends[0].block.floored(to: exponent)
    for addend in addends.dropFirst() {
      let entries = addend.block.floored(to: exponent)
      for entry in sum.indices { sum[entry] += entries[entry] }
    }
    return WideBlock(sum, exponent: exponent)
  }
}
