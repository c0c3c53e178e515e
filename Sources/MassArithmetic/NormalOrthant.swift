public import ExactArithmetic

/// The probability that correlated centred normal numbers are all at most their limits.
public struct NormalOrthant: Sendable {
  /// Powers of `e` are taken up to here.
  private static let mostExponent = WideDyadic(1 << 15)

  /// The covariance's lower triangular factor `L`, row by row.
  private let factor: [[Interval]]
  private let limits: [Interval]

  /// Factors a covariance, `Σ = L Lᵀ`; nil where the numbers may be dependent.
  ///
  /// - Parameters:
  ///   - covariance: Enclosures of the covariances: of each number with those before it and itself.
  ///   - limits: Enclosures of the limits.
  public init?(covariance: [[Interval]], limits: [Interval]) {
    var factor: [[Interval]] = []
    for row in covariance {
      var line: [Interval] = []
      for (column, covariance) in row.enumerated() {
        let above = column < factor.count ? factor[column] : line
        let rest = zip(line, above).reduce(covariance) { $0 - $1.0 * $1.1 }
        guard column < factor.count else {
          guard rest.low.signum > 0 else { return nil }
          line.append(rest.squareRoot)
          continue
        }
        line.append(rest / above[column])
      }
      factor.append(line)
    }
    (self.factor, self.limits) = (factor, limits)
  }

  /// An upper bound by minimax tilting, whatever the place.
  ///
  /// Botev, *The normal law under linear restrictions*, JRSS B 79 (2017): with `L⁰` the factor with unit diagonal and `v_k(x) = u_k / L_kk − Σ_{j<k} L⁰_kj x_j`, the
  /// probability is at most `exp sup_x ψ(x; μ)` for every `μ`, where
  /// `ψ(x; μ) = Σ_k μ_k² / 2 − x_k μ_k + ln Φ(v_k(x) − μ_k)` is concave in `x`. The `μ` chosen here makes
  /// its derivatives at the given `x` zero, so that the supremum is there.
  ///
  /// - Parameter place: `x` but for its last entry.
  /// - Returns: An enclosure of the probability from zero to the bound.
  public func upperMass(tiltedAt place: [Dyadic]) -> Interval {
    precondition(place.count == limits.count - 1, "every row but the last one is tilted")
    let place = place.map { Interval($0) }
    // The tilts so far of the rows that are still to come, the last row first.
    var tilts = limits.map { _ in Interval.zero }
    var (exponent, product) = (Interval.zero, Interval.one)
    for row in limits.indices.reversed() {
      let unit = factor[row][row]
      let tilt = tilts[row]
      let limit =
        zip(factor[row], place).prefix(row).reduce(limits[row]) { $0 - $1.0 * $1.1 } / unit
      let mass = NormalTail.above(tilt - limit)
      if row > 0 {
        guard mass.low.signum > 0 else { return .unknown }
        let pull = NormalTail.density(at: limit - tilt) / mass / unit
        for earlier in 0..<row { tilts[earlier] = tilts[earlier] - factor[row][earlier] * pull }
      }
      if row < place.count { exponent = exponent + tilt * (tilt.halved - place[row]) }
      product = product * mass
    }
    guard exponent.high <= Self.mostExponent else { return .unknown }
    let power = Interval.exponential(of: max(exponent.high, -Self.mostExponent))
    return Interval(.zero, (product * power).high).probability
  }

  /// A lower bound by a product of truncated normal laws (mean field), whatever their means are.
  ///
  /// With `q` the product of normal laws with the means `ν_i` and the variances `s_i² = 1 / (Σ⁻¹)_ii`, each cut off at its
  /// limit, the logarithm of the probability is at least `E_q ln p − E_q ln q`, by Jensen's inequality. That is
  /// `Σ_i (ln Φ(t_i) + g_i² / 2 + ln s_i − ln L_ii) − |L⁻¹ c|² / 2`, where `t_i = (u_i − ν_i) / s_i`,
  /// `g_i = φ(t_i) / Φ(t_i)`, and `c_i = ν_i − s_i g_i` is the mean of what is left of the law.
  ///
  /// - Parameter means: `ν`.
  /// - Returns: An enclosure of the probability from the bound to one.
  public func lowerMass(means: [Dyadic]) -> Interval {
    precondition(means.count == limits.count, "every law has a mean")
    var (exponent, product, centres): (Interval, Interval, [Interval]) = (.zero, .one, [])
    for (row, mean) in means.enumerated() {
      let precision = solved(limits.indices.map { $0 == row ? .one : .zero })
        .reduce(Interval.zero) { $0 + $1 * $1 }
      // Where numbers nearly depend on one another, little is known of the factor.
      guard precision.low.signum > 0 else { return .unknown }
      let deviation = Interval.one / precision.squareRoot
      let end = (limits[row] - Interval(mean)) / deviation
      let mass = NormalTail.above(-end)
      guard mass.low.signum > 0 else { return .unknown }
      let pull = NormalTail.density(at: end) / mass
      exponent = exponent + (pull * pull).halved
      product = product * mass * deviation / factor[row][row]
      centres.append(Interval(mean) - deviation * pull)
    }
    let distance = solved(centres).reduce(Interval.zero) { $0 + $1 * $1 }
    let least = (exponent - distance.halved).low
    guard least >= -Self.mostExponent else { return .unknown }
    let power = Interval.exponential(of: min(least, Self.mostExponent))
    return Interval((product * power).low, Interval.one.high).probability
  }

  /// `L⁻¹ b`.
  private func solved(_ right: [Interval]) -> [Interval] {
    var solution: [Interval] = []
    for (row, value) in right.enumerated() {
      let rest = zip(factor[row], solution).reduce(value) { $0 - $1.0 * $1.1 }
      solution.append(rest / factor[row][row])
    }
    return solution
  }
}

extension Interval {
  /// Any probability.
  fileprivate static let unknown = Interval(.zero, .one)
}
