public import ExactArithmetic
public import NetworkModel

/// A multivariate normal law, perhaps degenerate.
///
/// As numbers: x = mean + factor · z + scales · z', with independent standard normal z and z'.
public struct Gaussian: Sendable {
  /// How the spread is written.
  public enum Spread: Sendable {
    /// Independent entries, with their standard deviations.
    case standardDeviations(ExactNumbers)
    /// Independent entries, with their variances.
    case variances(ExactNumbers)
    /// The full covariance.
    case covariance(ExactMatrix)
    /// The covariance `factor · factorᵀ + diagonal`.
    case lowRank(factor: ExactMatrix, diagonal: ExactNumbers)
  }

  /// The mean, one number per entry.
  public let mean: ExactNumbers
  /// The spread, as it is written.
  public let spread: Spread
  /// The common part of the noise: `[entries][normals]`; no columns where the entries are independent.
  public let factor: DenseMatrix
  /// The standard deviation of each entry's own noise.
  public let scales: [Double]

  /// Creates a normal law.
  ///
  /// Rounding: ``factor`` and ``scales`` are computed in floating point. A covariance may miss being
  /// positive semidefinite by rounding, n · 2⁻⁴⁸ of its largest variance; its law is then that of the
  /// factor.
  ///
  /// - Parameters:
  ///   - mean: One number per entry.
  ///   - spread: In the same entries.
  /// - Throws: ``DistributionError`` for other shapes, negative variances, and a covariance that is
  ///   not symmetric or not positive semidefinite.
  public init(mean: ExactNumbers, spread: Spread) throws(DistributionError) {
    let size = mean.count
    guard size > 0 else { throw DistributionError(.values, "found no numbers, expected a mean") }
    self.mean = mean
    self.spread = spread
    switch spread {
    case .standardDeviations(let deviations):
      try Self.check(deviations, size, "standard deviation")
      factor = DenseMatrix(rows: size, columns: 0, weights: [])
      scales = deviations.doubles
    case .variances(let variances):
      try Self.check(variances, size, "variance")
      factor = DenseMatrix(rows: size, columns: 0, weights: [])
      scales = variances.doubles.map { $0.squareRoot() }
    case .covariance(let covariance):
      try Self.checkSymmetry(of: covariance, size)
      for entry in 0..<size where covariance.numbers.doubles[entry * (size + 1)] < 0 {
        throw DistributionError(
          .spread, entry: entry * (size + 1),
          "found the variance \(covariance.numbers[entry * (size + 1)].shortText), expected none "
            + "below zero")
      }
      factor = try CovarianceFactor.make(size, covariance.numbers.doubles)
      scales = [Double](repeating: 0, count: size)
    case .lowRank(let common, let diagonal):
      guard common.rows == size else {
        throw DistributionError(
          .spread,
          "found a factor of \(common.rows) rows, expected \(size), one for each entry of the mean")
      }
      try Self.check(diagonal, size, "variance")
      factor = DenseMatrix(
        rows: size, columns: common.columns, weights: common.numbers.doubles)
      scales = diagonal.doubles.map { $0.squareRoot() }
    }
  }

  /// How many entries a point has.
  public var dimension: Int { mean.count }

  /// The covariance of two entries, exactly.
  ///
  /// - Parameters:
  ///   - row: One entry.
  ///   - column: Another entry.
  /// - Returns: Their covariance, as it is written.
  public func covariance(_ row: Int, _ column: Int) -> Rational {
    switch spread {
    case .standardDeviations(let deviations):
      row == column ? deviations[row] * deviations[row] : .zero
    case .variances(let variances): row == column ? variances[row] : .zero
    case .covariance(let covariance): covariance.numbers[row * covariance.columns + column]
    case .lowRank(let factor, let diagonal):
      (0..<factor.columns).reduce(row == column ? diagonal[row] : .zero) {
        $0 + factor.numbers[row * factor.columns + $1]
          * factor.numbers[column * factor.columns + $1]
      }
    }
  }

  /// Whether the entries are independent of each other as they are written.
  public var isDiagonal: Bool {
    switch spread {
    case .standardDeviations, .variances: true
    case .covariance(let covariance):
      covariance.numbers.doubles.indices.allSatisfy {
        $0 / covariance.columns == $0 % covariance.columns || covariance.numbers.doubles[$0] == 0
      }
    case .lowRank(let factor, _): factor.numbers.doubles.allSatisfy { $0 == 0 }
    }
  }

  private static func check(
    _ numbers: ExactNumbers, _ size: Int, _ noun: String
  ) throws(DistributionError) {
    guard numbers.count == size else {
      throw DistributionError(
        .spread, "found \(numbers.count) numbers, expected \(size), one for each entry of the mean")
    }
    if let entry = numbers.doubles.firstIndex(where: { $0 < 0 }) {
      throw DistributionError(
        .spread, entry: entry,
        "found the \(noun) \(numbers[entry].shortText), expected none below zero")
    }
  }

  private static func checkSymmetry(
    of covariance: ExactMatrix, _ size: Int
  ) throws(DistributionError) {
    guard covariance.rows == size, covariance.columns == size else {
      throw DistributionError(
        .spread,
        "found a covariance of \(covariance.rows) × \(covariance.columns) numbers, expected "
          + "\(size) × \(size), as the mean has \(size)")
    }
    for row in 0..<size {
      for column in 0..<row
      where !covariance.numbers.areEqual(row * size + column, column * size + row) {
        throw DistributionError(
          .spread, entry: row * size + column,
          "found \(covariance.numbers[row * size + column].shortText) in row \(row), column "
            + "\(column), expected \(covariance.numbers[column * size + row].shortText) as in row "
            + "\(column), column \(row): a covariance is symmetric")
      }
    }
  }
}
