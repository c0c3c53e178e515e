internal import Foundation

/// Random numbers that a seed determines, the same on every machine: xoshiro256**.
///
/// Source: Blackman and Vigna, *Scrambled linear pseudorandom number generators* (2021); the state is
/// filled by SplitMix64.
public struct SeededGenerator: RandomNumberGenerator, Sendable {
  private var state: (UInt64, UInt64, UInt64, UInt64)
  private var spare: Double?

  /// Starts a sequence.
  ///
  /// - Parameter seed: Any number; different ones give independent sequences for all purposes here.
  public init(seed: UInt64) {
    var counter = seed
    func next() -> UInt64 {
      counter &+= 0x9E37_79B9_7F4A_7C15
      var word = counter
      word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
      word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
      return word ^ (word >> 31)
    }
    state = (next(), next(), next(), next())
  }

  /// The next 64 bits.
  public mutating func next() -> UInt64 {
    let product = state.1 &* 5
    let result = ((product << 7) | (product >> 57)) &* 9
    let shifted = state.1 << 17
    state.2 ^= state.0
    state.3 ^= state.1
    state.1 ^= state.2
    state.0 ^= state.3
    state.2 ^= shifted
    state.3 = (state.3 << 45) | (state.3 >> 19)
    return result
  }

  /// A number between 0 and 1, neither of them: the middle of one of 2⁵² equal parts.
  public mutating func uniform() -> Double {
    (Double(next() >> 12) + 0.5) * 0x1p-52
  }

  /// A standard normal number, by Marsaglia's polar method.
  public mutating func normal() -> Double {
    if let value = spare {
      spare = nil
      return value
    }
    while true {
      let (x, y) = (2 * uniform() - 1, 2 * uniform() - 1)
      let square = x * x + y * y
      guard square < 1, square > 0 else { continue }
      let scale = (-2 * log(square) / square).squareRoot()
      spare = y * scale
      return x * scale
    }
  }

  /// A standard normal number given that it lies in an interval.
  ///
  /// Rejection from the normal, uniform or exponential law, whichever fits.
  ///
  /// Source: Robert, *Simulation of truncated normal variables* (1995).
  ///
  /// - Parameters:
  ///   - low: The lower end, perhaps -∞.
  ///   - high: The upper end, perhaps ∞, above the lower one.
  /// - Returns: The number.
  public mutating func normal(from low: Double, to high: Double) -> Double {
    precondition(low < high, "an interval has its ends in order")
    if high < 0 { return -normal(from: -high, to: -low) }
    if low <= 0 {
      if high - low > 1 {
        // At least the probability of [0, 1] or [-1, 0] or of a longer interval around 0.
        while true {
          let value = normal()
          if low <= value, value <= high { return value }
        }
      }
      return normalByUniform(low, high, peak: 0)
    }
    let rate = (low + (low * low + 4).squareRoot()) / 2
    // A short interval is better met by uniform numbers than by an exponential tail.
    if high - low < 1 / rate { return normalByUniform(low, high, peak: low) }
    while true {
      let value = low - log(uniform()) / rate
      let distance = value - rate
      if value <= high, log(uniform()) <= -0.5 * distance * distance { return value }
    }
  }

  private mutating func normalByUniform(
    _ low: Double, _ high: Double, peak: Double
  ) -> Double {
    while true {
      let value = low + (high - low) * uniform()
      if log(uniform()) <= 0.5 * (peak - value) * (peak + value) {
        return min(max(value, low), high)
      }
    }
  }
}
