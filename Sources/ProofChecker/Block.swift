internal import ExactArithmetic

/// A vector of integers times one power of two.
struct Block {
  /// The integers.
  var entries: [Int64]
  /// The power of two they are scaled by.
  var exponent: Int

  /// The widths that keep every sum of products below 2^127: bounds · weights for up to 2^16 addends
  /// of an output, coefficients · weights for up to 2^24 entries of a node, and coefficients · bounds
  /// for runs of 2^20 entries.
  static let boundBits = 56
  static let coefficientBits = 50
  static let weightBits = 52
  static let largestFanIn = 1 << 16
  static let largestSize = 1 << 24
  static let longestRun = 1 << 20

  /// Cuts `0..<count` into runs whose sums fit.
  static func runs(of count: Int) -> some Sequence<Range<Int>> {
    stride(from: 0, to: count, by: longestRun).lazy.map { $0..<min($0 + longestRun, count) }
  }

  /// Quantises floating-point numbers to `bits` bits of the largest one.
  ///
  /// - Returns: The block, with entries rounded towards minus infinity, and whether none was rounded.
  /// - Throws: ``Rejection/unsupported(_:)`` at NaN and infinity.
  static func quantised(_ values: [Double], bits: Int) throws(Rejection)
    -> (block: Block, isExact: Bool)
  {
    guard values.allSatisfy(\.isFinite) else {
      throw .unsupported("the network has a weight that is no finite number")
    }
    var top = Int.min
    for value in values where value != 0 { top = max(top, Int(value.exponent) + 1) }
    guard top > Int.min else {
      return (Block(entries: [Int64](repeating: 0, count: values.count), exponent: 0), true)
    }
    let exponent = top - bits
    var isExact = true
    let entries = values.map { value in
      let (entry, exact) = floor(value, scaledBy: -exponent)
      isExact = isExact && exact
      return entry
    }
    return (Block(entries: entries, exponent: exponent), isExact)
  }

  /// `⌊value · 2^scale⌋`, from the bits of the number, and whether it is exact.
  private static func floor(_ value: Double, scaledBy scale: Int) -> (Int64, Bool) {
    guard value != 0 else { return (0, true) }
    let fraction = Int64(value.significandBitPattern)
    let biased = Int(value.exponentBitPattern)
    let magnitude = biased == 0 ? fraction : fraction + (1 << 52)
    let signed = value < 0 ? -magnitude : magnitude
    let shift = max(biased, 1) - 1075 + scale
    let floored = Int128(signed).shifted(by: shift)
    return (Int64(floored), signed.trailingZeroBitCount + shift >= 0)
  }
}
