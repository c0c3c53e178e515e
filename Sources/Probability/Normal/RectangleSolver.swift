internal import Foundation

/// Chooses how the probability of a rectangle is computed: what structure its law has is found out from
/// numbers alone.
struct RectangleSolver {
  let accuracy: Double
  let seed: UInt64
  let threads: Int
  /// Whether to sample also where the structure would allow more.
  let samplesAlways: Bool

  /// The probability.
  func solve(_ rows: GaussianRows) -> Answer {
    guard let reduced = rows.reduced() else { return .provedImpossible }
    let correlations = reduced.covariances()
    guard let merged = reduced.merged(correlations) else { return .impossible }
    return solveParts(
      merged, merged.count == reduced.count ? correlations : merged.covariances())
  }

  private func solveParts(_ rows: GaussianRows, _ correlations: SymmetricMatrix) -> Answer {
    let parts = GaussianRows.components(correlations)
    if parts.count == 1 { return solveConnected(rows, correlations) }
    return parts.reduce(.certain) { answer, part in
      guard answer.mass.significand > 0 else { return answer }
      return answer * solveConnected(rows.selecting(part), correlations.selecting(part))
    }
  }

  /// The probability of rows that do not fall apart.
  private func solveConnected(_ rows: GaussianRows, _ correlations: SymmetricMatrix) -> Answer {
    if rows.count == 0 { return .certain }
    if rows.count == 1 { return LowRank.line(rows.lower[0], rows.upper[0]) }
    if samplesAlways { return sampled(rows, correlations) }
    if let answer = order(rows) { return answer }
    let implied = ImpliedLimits(rows, correlations)
    guard let needed = implied.rows else { return .impossible }
    if implied.isReduced { return solve(needed) }
    guard
      var answer = factor(rows, correlations) ?? lowRank(rows, correlations)
        ?? tree(rows, correlations)
    else { return dense(rows, correlations) }
    answer.relativeError += Self.rounding(of: rows)
    return answer
  }

  private func order(_ rows: GaussianRows) -> Answer? {
    guard case .loadings(let loadings, let noise) = rows.law, noise.allSatisfy({ $0 == 0 }),
      var order = OrderCount(loadings, lower: rows.lower, upper: rows.upper)
    else { return nil }
    return order.probability()
  }

  /// A few common factors: those that are given, or one that explains the correlations.
  private func factor(_ rows: GaussianRows, _ correlations: SymmetricMatrix) -> Answer? {
    let split = rows.withPrivateNoise()
    if case .loadings(let loadings, let noise) = split.law {
      let columns = GaussianRows.renumbered(loadings)
      if (1...3).contains(columns.count), noise.contains(where: { $0 > 0 }) {
        let dense = loadings.map { row in
          var entries = [Double](repeating: 0, count: columns.count)
          for loading in row {
            if let place = columns[loading.column] { entries[place] += loading.value }
          }
          return entries
        }
        let model = FactorModel(
          loadings: dense, noise: noise, lower: rows.lower, upper: rows.upper)
        if let answer = model?.probability() { return answer }
      }
    }
    guard let shape = OneFactorShape(correlations) else { return hidden(rows, correlations) }
    if shape.isNegative {
      return NegativeFactor(
        loadings: shape.loadings, noise: shape.noise, lower: rows.lower, upper: rows.upper)?
        .probability()
    }
    return FactorModel(
      loadings: shape.loadings.map { [$0] }, noise: shape.noise, lower: rows.lower,
      upper: rows.upper)?.probability()
  }

  /// What factors that were found may miss of the correlations, as an error of the probability.
  private static let mostDifference = 1e-8

  /// Two or three common factors that nobody named.
  private func hidden(_ rows: GaussianRows, _ correlations: SymmetricMatrix) -> Answer? {
    for count in 2...3 {
      guard let common = CommonFactors(correlations, factors: count),
        common.relativeError(lower: rows.lower, upper: rows.upper) < Self.mostDifference
      else { continue }
      let model = FactorModel(
        loadings: common.loadings, noise: common.noise, lower: rows.lower, upper: rows.upper)
      guard var answer = model?.probability() else { return nil }
      answer.relativeError += common.relativeError(lower: rows.lower, upper: rows.upper)
      return answer
    }
    return nil
  }

  private func lowRank(_ rows: GaussianRows, _ correlations: SymmetricMatrix) -> Answer? {
    guard let factor = rows.lowRankRows(atMost: 3, correlations) else { return nil }
    return LowRank.answer(factor, lower: rows.lower, upper: rows.upper)
  }

  private func tree(_ rows: GaussianRows, _ correlations: SymmetricMatrix) -> Answer? {
    MarkovTree(correlations)?.probability(lower: rows.lower, upper: rows.upper)
  }

  /// Rows without structure: few are integrated, many are sampled.
  private func dense(_ rows: GaussianRows, _ correlations: SymmetricMatrix) -> Answer {
    var quadrature = NestedQuadrature(OrderedFactor(rows, correlations))
    guard var integrated = quadrature?.probability(accuracy: accuracy) else {
      return sampled(rows, correlations)
    }
    integrated.relativeError += 4 * Self.rounding(of: rows)
    if integrated.relativeError <= min(accuracy, 1e-6) { return integrated }
    let sampled = sampled(rows, correlations)
    return sampled.relativeError < integrated.relativeError ? sampled : integrated
  }

  private func sampled(_ rows: GaussianRows, _ correlations: SymmetricMatrix) -> Answer {
    var answer = SampledProbability(
      rows, correlations, accuracy: accuracy, seed: seed, threads: threads
    ).probability()
    answer.relativeError += 4 * Self.rounding(of: rows)
    return answer
  }

  /// What rounding of the limits may cost, relative: narrow intervals lose digits.
  private static func rounding(of rows: GaussianRows) -> Double {
    (0..<rows.count).reduce(0) { sum, row in
      let width = rows.upper[row] - rows.lower[row]
      guard width < .infinity else { return sum }
      return sum + 1e-16 * (abs(rows.lower[row]) + abs(rows.upper[row]) + 1) / width
    }
  }
}
