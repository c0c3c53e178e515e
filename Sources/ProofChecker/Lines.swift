/// The lines that bound the units of a rectifier in a substitution, and which units need one.
///
/// A slope is a multiple of `2^-56` from 0 to 1. With the coefficient `c ≥ 0`, `c relu(z)` is at least
/// `c a z` for every slope `a`; with `c < 0` and a slope `b` it is at least `c' z + min(−c' l, (c − c') u)`
/// for every `c'` between `c` and 0, and best for `c' = c b` with `b = u / (u − l)`.
final class Lines: Sendable {
  private static let one: Int64 = 1 << 56

  /// The units that can be positive or are split to be active, ascending.
  let live: [Int]
  /// The other ones.
  let dead: [Int]
  /// The units that can have either sign, ascending.
  let unstable: [Int]
  /// The slope for positive coefficients, by place in `unstable`: the standard one.
  let below: [Int64]
  /// The slope for negative coefficients, by place in `unstable`.
  let above: [Int64]

  /// Takes the standard slopes: below, 1 where `u > −l` by more than a millionth, else 0.
  ///
  /// Symmetric bounds, which are common, so give the same slope however they were rounded; and a unit
  /// that is split to be active is so though rounding decides whether it can be positive.
  init(_ bounds: Bounds, active: [Int]) {
    var (live, dead, unstable) = ([Int](), [Int](), [Int]())
    var (below, above) = ([Int64](), [Int64]())
    live.reserveCapacity(bounds.lower.count)
    unstable.reserveCapacity(bounds.lower.count)
    for entry in bounds.lower.indices {
      guard bounds.upper[entry] > 0 || active.contains(entry) else {
        dead.append(entry)
        continue
      }
      live.append(entry)
      let (low, high) = (Int128(bounds.lower[entry]), Int128(bounds.upper[entry]))
      guard low < 0, high > 0 else { continue }
      unstable.append(entry)
      below.append(high << 20 > -low * ((1 << 20) + 1) ? Self.one : 0)
      above.append(Int64(high * Int128(Self.one) / (high - low)))
    }
    (self.live, self.dead, self.unstable, self.below, self.above) = (
      live, dead, unstable, below, above
    )
  }

  /// The slope that a proof's code `k` means: `k / 255`.
  static func slope(of code: UInt8) -> Int64 { Int64((UInt64(code) << 56) / 255) }
}
