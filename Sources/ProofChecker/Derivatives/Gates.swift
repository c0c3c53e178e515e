internal import ExactArithmetic

// A gate is the derivative of a rectifier; see ``Operation``.

extension Bounds {
  /// The bounds after a gate: as they are where `sign` is positive, zero where it is negative.
  func gated(by sign: Bounds) -> Bounds {
    func end(_ end: Int64, _ entry: Int, _ hull: (Int64, Int64) -> Int64) -> Int64 {
      sign.lower[entry] > 0 ? end : sign.upper[entry] < 0 ? 0 : hull(end, 0)
    }
    return Bounds(
      lower: lower.enumerated().map { end($1, $0, min) },
      upper: upper.enumerated().map { end($1, $0, max) }, exponent: exponent)
  }
}

extension Forms {
  /// Replaces a gate's outputs by lines in its source: the source itself where `sign` is nowhere
  /// negative, zero where it is nowhere positive, else a chord of `min(0, w)` or `max(0, w)`.
  ///
  /// With a gate `d` in [0, 1], `(c d − s) w` is least at ends of `d` and `w`.
  ///
  /// - Parameters:
  ///   - sign: The enclosures of what the gate follows.
  ///   - source: Those of its source.
  ///   - bounds: What each form's bound is so far; the lines' constants are added, rounded down.
  mutating func relax(
    gatedBy sign: Bounds, over source: Bounds, charging bounds: inout [WideDyadic]
  ) {
    for (form, exponent) in exponents.enumerated() {
      guard let exponent else { continue }
      for run in Block.runs(of: size) {
        var intercept: Int128 = 0
        for entry in run where sign.lower[entry] < 0 {
          let place = form * size + entry
          // Where the sign is nowhere positive, the gate is zero and costs nothing.
          let old = sign.upper[entry] > 0 ? Int128(coefficients[place]) : 0
          let (low, high) = (Int128(source.lower[entry]), Int128(source.upper[entry]))
          let (down, up) = (max(0, -low), max(0, high))
          let slope = down + up == 0 ? 0 : ((old >= 0 ? down : up) << 56) / (down + up)
          let new = (old &* slope) &>> 56
          coefficients[place] = Int64(new)
          intercept += min(
            min(-new &* low, -new &* high), min((old &- new) &* low, (old &- new) &* high))
        }
        bounds[form].addRoundingDown(
          WideDyadic(intercept, exponent: exponent + source.exponent))
      }
    }
  }
}
