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
    guard unit.isNormal else { return 0 }
    let weights = widths.map { Int64($0 / unit) }.filter { $0 > 0 }
    let total = weights.reduce(0, +)
    // What rounding takes from the sum is missing.
    let rest = Int64((greatest - range) / unit - 1) + total
    guard rest > 0 else { return 0 }
    guard rest < total else { return 1 }
    return Double(powers(rest, weights.span, weights.count)) / divisor(weights)
  }

  /// `n! Π weight`.
  private static func divisor(_ weights: [Int64]) -> Double {
    weights.enumerated().reduce(1) { $0 * Double($1.element) * Double($1.offset + 1) }
  }

  /// The sum of the powers of what is left at the corners of the first weights, signed.
  private static func powers(_ rest: Int64, _ weights: Span<Int64>, _ count: Int) -> Int128 {
    guard count > 0 else {
      return (1..<weights.count).reduce(Int128(rest)) { power, _ in power &* Int128(rest) }
    }
    let sum = powers(rest, weights, count - 1)
    let less = rest - weights[count - 1]
    return less > 0 ? sum - powers(less, weights, count - 1) : sum
  }
}
