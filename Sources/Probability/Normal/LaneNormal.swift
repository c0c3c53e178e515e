/// The standard normal law for eight numbers at once.
enum LaneNormal {
  /// As ``StandardNormal/millsRatio(_:)``, for arguments from zero up to 1e300.
  @inline(__always)
  static func millsRatio(_ x: Lanes) -> Lanes {
    let reciprocal = 1 / (x + 4)
    let t = (x - 4) * reciprocal
    var sum = Lanes(repeating: -1.0254094252722767e-10)
    sum = sum * t - 1.1267807254558607e-10
    sum = sum * t + 9.868002712534122e-10
    sum = sum * t + 1.5854913575723623e-09
    sum = sum * t - 4.218749495275368e-09
    sum = sum * t - 1.145701192551998e-08
    sum = sum * t + 7.240192448257756e-09
    sum = sum * t + 5.7235748608406186e-08
    sum = sum * t + 3.251007182630254e-08
    sum = sum * t - 2.215470359124112e-07
    sum = sum * t - 3.890569037412125e-07
    sum = sum * t + 6.857356598858169e-07
    sum = sum * t + 2.561432250079801e-06
    sum = sum * t - 1.5801527038269724e-06
    sum = sum * t - 1.484005459703653e-05
    sum = sum * t + 1.7968713266322371e-06
    sum = sum * t + 8.80947682676669e-05
    sum = sum * t - 4.7833729314486615e-06
    sum = sum * t - 0.000579269115388907
    sum = sum * t + 0.0003342446322140252
    sum = sum * t + 0.004087855658088079
    sum = sum * t - 0.008722295275658478
    sum = sum * t - 0.018900450860124655
    sum = sum * t + 0.15139176231250703
    sum = sum * t - 0.46754096299838316
    sum = sum * t + 0.9704095548675873
    sum = sum * t - 1.523770910819983
    sum = sum * t + 1.8932190633084853
    return sum * reciprocal
  }

  /// As ``StandardNormal/scaledProbability(_:_:)``: the probability of an interval is
  /// `scaled · exp(−nearest²/2)`, where `nearest` is the distance of the interval from zero.
  ///
  /// Ends may be infinite. Where they cross, `scaled` is zero or below.
  @inline(__always)
  static func scaledProbability(
    _ lower: Lanes, _ upper: Lanes
  ) -> (scaled: Lanes, nearest: Lanes) {
    let mirrored = upper .< 0
    let low = LaneMath.maximum(
      lower.replacing(with: -upper, where: mirrored), .init(repeating: -1e9))
    let high = LaneMath.minimum(
      upper.replacing(with: -lower, where: mirrored), .init(repeating: 1e9))
    let outside = low .> 0
    let nearest = low.replacing(with: 0, where: low .< 0)
    let near =
      LaneMath.exp((nearest - low) * (nearest + low) * 0.5)
      * millsRatio(LaneMath.magnitude(low)) * StandardNormal.inverseRootTwoPi
    let far =
      LaneMath.exp((nearest - high) * (nearest + high) * 0.5)
      * millsRatio(LaneMath.magnitude(high)) * StandardNormal.inverseRootTwoPi
    let scaled = (1 - near - far).replacing(with: near - far, where: outside)
    return (scaled, nearest)
  }

  /// As ``scaledProbability(_:_:)`` for intervals without an upper end: half the work.
  @inline(__always)
  static func scaledUpperTail(_ lower: Lanes) -> (scaled: Lanes, nearest: Lanes) {
    let nearest = lower.replacing(with: 0, where: lower .< 0)
    let tail =
      LaneMath.exp((nearest - lower) * (nearest + lower) * 0.5)
      * millsRatio(LaneMath.magnitude(lower)) * StandardNormal.inverseRootTwoPi
    return (tail.replacing(with: 1 - tail, where: lower .< 0), nearest)
  }

  /// As ``scaledProbability(_:_:)`` for an interval much shorter than one, where tails would cancel,
  /// given by its half-width and its middle.
  @inline(__always)
  static func scaledNarrow(
    around middle: Lanes, half: Double
  ) -> (scaled: Lanes, nearest: Lanes) {
    let away = LaneMath.magnitude(middle)
    let low = away - half
    let nearest = low.replacing(with: 0, where: low .< 0)
    var sum = Lanes.zero
    for index in 0..<10 {
      let x = away + half * GaussLegendre.ten.nodes[index]
      sum += GaussLegendre.ten.weights[index] * LaneMath.exp((nearest - x) * (nearest + x) * 0.5)
    }
    return (sum * (half * StandardNormal.inverseRootTwoPi), nearest)
  }
}
