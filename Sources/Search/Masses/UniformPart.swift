/// The share of a box on which an affine function is positive, by the formula that the checker uses, in
/// whole numbers of fewer bits.
enum UniformPart {
  /// For how many coordinates 128 bits are enough to choose by.
  static let mostCoordinates = 8

  /// The share where the function is positive, rounded down.
  ///
  /// - Parameters:
  ///   - terms: How much the function changes over the box with each coordinate that it depends on.
  ///   - greatest: Its greatest value.
  /// - Returns: The share.
  static func share(_ terms: [Double], greatest: Double) -> Double {
    let widths = terms.map(\.magnitude)
    let range = widths.reduce(0, +)
    guard greatest > 0, range.isFinite else { return 0 }
    guard greatest < range else { return 1 }
    // Sums of 2^(n - 1) powers fit.
    let bits = min(40, (127 - terms.count) / terms.count)
    let unit = range * 0x1p-40 * Double(Int64(1) << (40 - bits))
    let weights = widths.map { Int128($0 / unit) }.filter { $0 > 0 }
    let total = weights.reduce(0, +)
    // What rounding takes from the sum is missing.
    let rest = Int128((greatest - range) / unit - 1) + total
    guard rest > 0 else { return 0 }
    guard rest < total else { return 1 }
    return Double(powers(rest, weights[...], of: weights.count)) / divisor(weights)
  }

  /// `n! Π weight`.
  private static func divisor(_ weights: [Int128]) -> Double {
    weights.enumerated().reduce(1) { $0 * Double($1.element) * Double($1.offset + 1) }
  }

  /// The sum of the powers of what is left at the corners, signed.
  private static func powers(_ rest: Int128, _ weights: ArraySlice<Int128>, of count: Int)
    -> Int128
  {
    guard let weight = weights.last else { return (0..<count).reduce(1) { sum, _ in sum * rest } }
    let others = weights.dropLast()
    let sum = powers(rest, others, of: count)
    return rest > weight ? sum - powers(rest - weight, others, of: count) : sum
  }
}
