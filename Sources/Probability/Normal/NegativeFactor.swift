internal import Foundation

/// Rows whose covariance is a diagonal *less* the square of one column: a common factor with an
/// imaginary loading.
///
/// `P = ∫ φ(z) Π G_i(iz) dz` with `G_i(w) = Φ((u_i − b_i w)/s_i) − Φ((l_i − b_i w)/s_i)`. The line of
/// integration is moved through the saddle point on the imaginary axis, where the integrand is real and
/// at its largest; there is no cancellation, and the trapezoidal rule converges exponentially.
struct NegativeFactor {
  private struct Row: Hashable {
    var loading: Double
    var lower: Double
    var upper: Double
  }

  private let rows: [(row: Row, count: Double)]
  private let rowCount: Int
  /// How fast the integrand decays at least: `1 − Σ b²/s²`, zero for a singular covariance.
  private let decay: Double

  /// Collects rows; nothing where one has no noise or the covariance is close to singular.
  init?(loadings: [Double], noise: [Double], lower: [Double], upper: [Double]) {
    var counts: [Row: Double] = [:]
    var order: [Row] = []
    var sum = 0.0
    for index in loadings.indices {
      guard noise[index] > 0 else { return nil }
      let scale = 1 / noise[index].squareRoot()
      let row = Row(
        loading: loadings[index] * scale, lower: lower[index] * scale, upper: upper[index] * scale)
      sum += row.loading * row.loading
      if counts[row] == nil { order.append(row) }
      counts[row, default: 0] += 1
    }
    rows = order.map { ($0, counts[$0] ?? 0) }
    rowCount = loadings.count
    decay = 1 - sum
    guard decay > 1e-6 else { return nil }
  }

  /// The probability.
  func probability() -> Answer? {
    // The logarithm along the imaginary axis is convex: its negative has a peak, the saddle point.
    let line = LineIntegral(over: -Double.infinity...Double.infinity, tolerance: 1e-3) {
      -logReal(at: $0)
    }
    let saddle = line.found.peak
    let height = logReal(at: saddle)
    guard height.isFinite else { return nil }
    guard let integral = integrate(along: saddle) else { return nil }
    let mass = Mass.exp(height) * (integral.value * StandardNormal.inverseRootTwoPi)
    let rounding = 1e-14 + Double(rowCount) * 1e-15 + abs(height) * 4e-16
    return Answer(
      mass: mass, relativeError: integral.relativeError + rounding, status: .exact)
  }

  /// `y²/2 + Σ ln G_i(y)`.
  private func logReal(at y: Lanes) -> Lanes {
    var sum = LogProduct(exponent: y * y * 0.5)
    for (row, count) in rows {
      let shift = row.loading * y
      sum.multiply(
        LaneNormal.scaledProbability(row.lower - shift, row.upper - shift), count: count)
    }
    return sum.logarithm
  }

  private func logReal(at y: Double) -> Double {
    rows.reduce(y * y / 2) { sum, entry in
      let shift = entry.row.loading * y
      return sum + entry.count
        * StandardNormal.logProbability(entry.row.lower - shift, entry.row.upper - shift)
    }
  }

  /// The integral over the line through the saddle point, over the integrand's value there.
  private func integrate(along saddle: Double) -> (value: Double, relativeError: Double)? {
    let factors = rows.map { row, count in
      let shift = row.loading * saddle
      return Factor(
        lower: row.lower - shift, upper: row.upper - shift, loading: row.loading, count: count)
    }
    var step = 0.5
    var previous = sum(step, saddle, factors)
    for _ in 0..<12 {
      step /= 2
      let current = sum(step, saddle, factors)
      let change = abs(current / previous - 1)
      if change < 1e-7 { return (current, min(change, 100 * change * change)) }
      previous = current
    }
    return nil
  }

  private func sum(_ step: Double, _ saddle: Double, _ factors: [Factor]) -> Double {
    var total = 0.5
    var small = 0
    for index in 1..<100_000 {
      let t = Double(index) * step
      let value = product(t, saddle, factors)
      total += value.real
      // Several negligible terms in a row, since a term can be small by its phase.
      small = value.squaredModulus < 1e-36 ? small + 1 : 0
      if small == 4 { break }
    }
    return 2 * step * total
  }

  /// One row at the saddle point.
  private struct Factor {
    let lower: Double
    let upper: Double
    let loading: Double
    let count: Double
    let nearest: Double
    let atSaddle: Double

    init(lower: Double, upper: Double, loading: Double, count: Double) {
      (self.lower, self.upper, self.loading, self.count) = (lower, upper, loading, count)
      let (scaled, nearest) = StandardNormal.scaledProbability(lower, upper)
      self.nearest = abs(nearest)
      atSaddle = scaled
    }
  }

  /// The integrand at a distance from the saddle point, over its value there.
  private func product(_ t: Double, _ saddle: Double, _ factors: [Factor]) -> Complex {
    var exponent = -t * t / 2
    var angle = saddle * t
    var modulus = 0.0
    for factor in factors {
      let shift = -factor.loading * t
      let ratio =
        1 / factor.atSaddle
        * ComplexNormal.scaledProbability(
          factor.lower, factor.upper, shift: shift, nearest: factor.nearest)
      exponent += factor.count * shift * shift / 2
      modulus += factor.count * log(ratio.squaredModulus) / 2
      angle += factor.count * atan2(ratio.imaginary, ratio.real)
    }
    return exp(exponent + modulus) * Complex.unit(angle)
  }
}
