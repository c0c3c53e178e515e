internal import ExactArithmetic

extension HalfSpace {
  /// Of how many coordinates with uniform laws the volume of a part is computed, at most.
  static let mostUniform = 8

  /// The share of a box where the sum is positive.
  ///
  /// With terms that lie up to `w_i` below their greatest values and the sum `r` of those and the
  /// constant, it is `Σ (−1)^|v| max(0, r − w·v)^n / (n! Π w_i)` over the corners `v` of the unit cube.
  ///
  /// Rounding: `w_i` and `r − Σ w_i` down to units of which the sum's range has less than 2^b, `b` at most
  /// 60, so that 2^(n − 1) powers fit 127 bits; what becomes 0 is left out, so that less counts. The sum is
  /// exact.
  func share(of active: [Int], _ box: [(lower: Dyadic, upper: Dyadic)]) -> WideDyadic {
    let sides = zip(active.map { coefficients[$0] }, box)
    let widths = sides.map { $0.magnitude * ($1.upper - $1.lower) }
    let range = widths.reduce(.zero, +)
    let size = WideDyadic(roundingDown: range)
    let scale =
      min(60, (127 - box.count) / box.count) - size.exponent - size.mantissa.significantBits
    let weights = widths.map { $0.floored(scaledBy: scale) }.filter { $0 > 0 }
    let least = sides.reduce(constant) { $0 + $1.0 * ($1.0.signum > 0 ? $1.1.lower : $1.1.upper) }
    let total = weights.reduce(0, +)
    guard least < .zero else { return WideDyadic(1) }
    guard (least + range).signum > 0 else { return .zero }
    let rest = least.floored(scaledBy: scale) + total
    let sum = Self.powers(rest, weights[...], of: weights.count)
    let divisor = weights.enumerated().reduce(Interval.one) {
      $0 * Interval(Int($1.element)) * Interval($1.offset + 1)
    }
    return WideDyadic(sum).rounded().divided(by: divisor.high)
  }

  /// The sum of the powers of what is left at the corners, where that is positive.
  private static func powers(_ rest: Int128, _ weights: ArraySlice<Int128>, of count: Int)
    -> Int128
  {
    guard rest > 0 else { return 0 }
    guard let weight = weights.last else { return (0..<count).reduce(1) { sum, _ in sum * rest } }
    let others = weights.dropLast()
    return powers(rest, others, of: count) - powers(rest - weight, others, of: count)
  }
}

extension Dyadic {
  /// `self · 2^scale` rounded down, where that is short; not above the largest integer that is not above it.
  fileprivate func floored(scaledBy scale: Int) -> Int128 {
    let kept = WideDyadic(roundingDown: self)
    return kept.mantissa.shifted(by: kept.exponent + scale)
  }
}
