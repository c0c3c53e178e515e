/// The lines that bound the units of a rectifier in a substitution, and which units need one.
///
/// A slope is a multiple of `2^-56` from 0 to 1. With the coefficient `c ≥ 0`, `c relu(z)` is at least
/// `c a z` for every slope `a`; with `c < 0` and a slope `b` it is at least `c' z + min(−c' l, (c − c') u)`
/// for every `c'` between `c` and 0, and best for `c' = c b` with `b = u / (u − l)`.
struct Lines {
  static let one: Int64 = 1 << 56

  /// The units that can be positive, ascending.
  private(set) var live: [Int] = []
  /// The other ones.
  private(set) var dead: [Int] = []
  /// The units that can have either sign, ascending.
  private(set) var unstable: [Int] = []
  /// The slope for positive coefficients, by place in `unstable`.
  private(set) var below: [Int64] = []
  /// The slope for negative coefficients, by place in `unstable`.
  private(set) var above: [Int64] = []

  /// Takes the standard slopes: below, 1 where `u > −l` by more than a millionth, else 0.
  ///
  /// Symmetric bounds, which are common, so give the same slope however they were rounded.
  init(_ bounds: Bounds) {
    live.reserveCapacity(bounds.lower.count)
    for entry in bounds.lower.indices {
      guard bounds.upper[entry] > 0 else {
        dead.append(entry)
        continue
      }
      live.append(entry)
      let (low, high) = (Int128(bounds.lower[entry]), Int128(bounds.upper[entry]))
      guard low < 0 else { continue }
      unstable.append(entry)
      below.append(high << 20 > -low * ((1 << 20) + 1) ? Self.one : 0)
      above.append(Int64(high * Int128(Self.one) / (high - low)))
    }
  }

  /// Replaces the slopes below by those of a proof: the code `k` means `k / 255`.
  mutating func replaceSlopes(by codes: ArraySlice<UInt8>) {
    below = codes.map { Int64(Int128($0) * Int128(Self.one) / 255) }
  }
}
