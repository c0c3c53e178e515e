internal import Foundation

extension LaneNormal {
  /// A standard normal number conditioned on an interval, and the interval's probability.
  struct Draw {
    /// The quantile of the law on the interval.
    var value: Lanes
    /// The probability is `scaled · exp(−nearest²/2)`.
    var scaled: Lanes
    var nearest: Lanes
  }

  /// The point below which a part, from 0 to 1, of the mass of an interval lies.
  ///
  /// Ends may be infinite. What is said of intervals whose ends cross has no meaning.
  @inline(__always)
  static func draw(_ uniform: Lanes, between lower: Lanes, _ upper: Lanes) -> Draw {
    let mirrored = upper .< 0
    let far = Lanes(repeating: 1e9)
    let low = LaneMath.maximum(lower.replacing(with: -upper, where: mirrored), -far)
    let high = LaneMath.minimum(upper.replacing(with: -lower, where: mirrored), far)
    let part = uniform.replacing(with: 1 - uniform, where: mirrored)
    let isTail = low .> 0
    let nearest = low.replacing(with: 0, where: low .< 0)
    let atLow = tail(LaneMath.magnitude(low), (nearest - low) * (nearest + low))
    let atHigh = tail(LaneMath.magnitude(high), (nearest - high) * (nearest + high))
    let scaled = (1 - atLow - atHigh).replacing(with: atLow - atHigh, where: isTail)
    // The mass on the smaller side of the quantile, over the same factor.
    let below = atLow + part * scaled
    let above = (atHigh + (1 - part) * scaled)
    let isAbove = isTail .| (above .< below)
    let side = below.replacing(with: above, where: isAbove)
    let quantile = tailQuantile(
      nearest * nearest - 2 * LaneMath.log(LaneMath.maximum(side, Lanes(repeating: 1e-290))))
    let value = LaneMath.minimum(
      LaneMath.maximum((-quantile).replacing(with: quantile, where: isAbove), low), high)
    return Draw(
      value: value.replacing(with: -value, where: mirrored), scaled: scaled, nearest: nearest)
  }

  /// As ``draw(_:between:_:)`` without upper ends: half the work.
  @inline(__always)
  static func draw(_ uniform: Lanes, above lower: Lanes) -> Draw {
    let low = LaneMath.maximum(lower, Lanes(repeating: -1e9))
    let isTail = low .> 0
    let nearest = low.replacing(with: 0, where: low .< 0)
    let atLow = tail(LaneMath.magnitude(low), (nearest - low) * (nearest + low))
    let scaled = (1 - atLow).replacing(with: atLow, where: isTail)
    let above = (1 - uniform) * scaled
    let below = atLow + uniform * scaled
    let isAbove = isTail .| (above .< below)
    let side = below.replacing(with: above, where: isAbove)
    let quantile = tailQuantile(
      nearest * nearest - 2 * LaneMath.log(LaneMath.maximum(side, Lanes(repeating: 1e-290))))
    let value = LaneMath.maximum((-quantile).replacing(with: quantile, where: isAbove), low)
    return Draw(value: value, scaled: scaled, nearest: nearest)
  }

  @inline(__always)
  private static func tail(_ x: Lanes, _ exponent: Lanes) -> Lanes {
    LaneMath.exp(exponent * 0.5) * millsRatio(x) * StandardNormal.inverseRootTwoPi
  }

  /// The point above which the mass is `exp(−square/2)`, at most a half.
  ///
  /// With `s = √square`, `s − x` is a polynomial in `1/(s + c)` on each of two ranges: Chebyshev series
  /// of the 50-digit function, with errors below 1e-15.
  @inline(__always)
  private static func tailQuantile(_ square: Lanes) -> Lanes {
    let s = LaneMath.maximum(square, Lanes(repeating: 1.38629436111989)).squareRoot()
    let x = s - nearGap(s)
    let isFar = s .> 8.5
    if !any(isFar) { return x }
    let far = s - farGap(LaneMath.minimum(s, Lanes(repeating: 64)))
    var result = x.replacing(with: far, where: isFar)
    for lane in 0..<8 where s[lane] > 64 { result[lane] = StandardNormal.farQuantile(s[lane]) }
    return result
  }

  @inline(__always)
  private static func nearGap(_ s: Lanes) -> Lanes {
    let t = 1.837837837837838 - 8.797297297297298 / (s + 2)
    var sum = Lanes(repeating: -6.8253742580190355e-09)
    sum = sum * t - 1.2039717212764601e-08
    sum = sum * t + 1.1461564552246224e-08
    sum = sum * t + 1.895571358658541e-08
    sum = sum * t - 5.546845089997279e-08
    sum = sum * t - 8.292569310963007e-08
    sum = sum * t - 1.0193854500996418e-07
    sum = sum * t - 9.980328907815601e-08
    sum = sum * t - 6.870504692994131e-07
    sum = sum * t - 4.2296558887122746e-07
    sum = sum * t - 3.8357659441884605e-06
    sum = sum * t - 8.825469498124699e-08
    sum = sum * t - 2.4756484607637816e-05
    sum = sum * t + 1.4535872993298194e-05
    sum = sum * t - 0.00018031470647320152
    sum = sum * t + 0.00021059926457182808
    sum = sum * t - 0.0015704578625033952
    sum = sum * t + 0.0025159619130218783
    sum = sum * t - 0.017090550906314766
    sum = sum * t + 0.04224022771229747
    sum = sum * t - 0.4068791742634184
    return sum * t + 0.7450188413977441
  }

  @inline(__always)
  private static func farGap(_ s: Lanes) -> Lanes {
    let t = 1.7142857142857142 - 54.285714285714285 / (s + 12)
    var sum = Lanes(repeating: -1.72022702001447e-08)
    sum = sum * t - 2.88949696386071e-08
    sum = sum * t + 2.86255961488241e-08
    sum = sum * t + 4.458388953530102e-08
    sum = sum * t - 1.1206077304876566e-07
    sum = sum * t - 1.459130889948404e-07
    sum = sum * t - 2.0350844897500095e-07
    sum = sum * t - 2.9387252046256017e-08
    sum = sum * t - 1.5080166381864512e-06
    sum = sum * t + 9.100301480530096e-07
    sum = sum * t - 1.0651425132989486e-05
    sum = sum * t + 1.700650089041662e-05
    sum = sum * t - 9.06376343762418e-05
    sum = sum * t + 0.0002060695425729136
    sum = sum * t - 0.0008708168287002775
    sum = sum * t + 0.0023434847471307677
    sum = sum * t - 0.009441578017275912
    sum = sum * t + 0.028202023529787054
    sum = sum * t - 0.13979728364013913
    return sum * t + 0.19881806029752233
  }
}

extension StandardNormal {
  /// The point above which the mass is `exp(−s²/2)`, for large s: a fixed point of
  /// `x² = s² + 2 ln(Mills ratio / √(2π))`.
  static func farQuantile(_ s: Double) -> Double {
    guard s < 1e8 else { return s }
    var x = s
    for _ in 0..<6 { x = (s * s + 2 * log(millsRatio(x) * inverseRootTwoPi)).squareRoot() }
    return x
  }
}
