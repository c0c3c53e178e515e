internal import Glibc

/// Tails of the standard normal law in binary64: close to what the checker finds, to choose by.
enum StandardNormal {
  /// `P(Z > place)`.
  static func above(_ place: Double) -> Double { erfc(place / 2.0.squareRoot()) / 2 }

  /// The place above which a share of the mass lies, within a millionth; the share is below a half.
  static func place(above share: Double) -> Double {
    var (low, high) = (0.0, 38.0)
    while high - low > 1e-6 {
      let middle = (low + high) / 2
      if above(middle) > share { low = middle } else { high = middle }
    }
    return high
  }
}
