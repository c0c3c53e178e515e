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
}

extension Interval {
  /// Any probability.
  fileprivate static let unknown = Interval(.zero, .one)
}
