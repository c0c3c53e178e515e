internal import Glibc

/// Rows `a_i · z + b_i > 0` of independent standard normal numbers, and a product of cut normal laws that bounds their
/// joint mass from below (mean field), as ``NormalOrthant/lowerMass(means:)``.
struct MeanField {
  /// The means of the laws of `−a_i · z`, before they are cut.
  let means: [Double]
  /// The bound.
  let mass: Double

  /// How often every law is fitted to the others.
  private static let mostSweeps = 60

  /// Fits the laws, one after the other: with the precision `P`, `ν_i = −Σ_{j≠i} P_ij c_j / P_ii`, where `c` are the means of
  /// the laws once cut.
  ///
  /// - Returns: nil where the rows are nearly dependent.
  init?(_ rows: [[Double]], limits: [Double]) {
    guard let (precision, logarithm) = Self.precision(of: rows) else { return nil }
    let spreads = rows.indices.map { 1 / precision[$0][$0].squareRoot() }
    var means = rows.map { _ in 0.0 }
    var centres = zip(spreads, limits).map { spread, limit in
      -spread * TiltedRows.pull(at: limit / spread)
    }
    for _ in 0..<Self.mostSweeps {
      var change = 0.0
      for row in rows.indices {
        let sum = TiltedRows.product(precision[row], centres) - precision[row][row] * centres[row]
        means[row] = -sum / precision[row][row]
        let pull = TiltedRows.pull(at: (limits[row] - means[row]) / spreads[row])
        let centre = means[row] - spreads[row] * pull
        change = max(change, (centre - centres[row]).magnitude / spreads[row])
        centres[row] = centre
      }
      if change < 1e-7 { break }
    }
    var sum = -logarithm / 2
    for row in rows.indices {
      let end = (limits[row] - means[row]) / spreads[row]
      let pull = TiltedRows.pull(at: end)
      sum += log(TiltedRows.share(below: end)) + pull * pull / 2 + log(spreads[row])
      sum -= centres[row] * TiltedRows.product(precision[row], centres) / 2
    }
    guard sum.isFinite, means.allSatisfy(\.isFinite) else { return nil }
    (self.means, mass) = (means, min(1, exp(sum)))
  }

  /// A row whose part that is not in those before has less than this share of its square counts as dependent.
  private static let leastShare = 1e-5

  /// The inverse of the rows' covariance, and the logarithm of the determinant; nil where rows are dependent.
  private static func precision(of rows: [[Double]]) -> (inverse: [[Double]], logarithm: Double)? {
    var factor: [[Double]] = []
    var logarithm = 0.0
    for (place, row) in rows.enumerated() {
      var line: [Double] = []
      for earlier in 0..<place {
        let rest =
          TiltedRows.product(row, rows[earlier]) - TiltedRows.product(line, factor[earlier])
        line.append(rest / factor[earlier][earlier])
      }
      let whole = TiltedRows.product(row, row)
      let rest = whole - TiltedRows.product(line, line)
      guard rest > leastShare * whole else { return nil }
      line.append(rest.squareRoot())
      logarithm += log(rest)
      factor.append(line)
    }
    // Columns of L⁻¹, of which the inverse is made.
    let columns = rows.indices.map { column -> [Double] in
      var solution = [Double](repeating: 0, count: rows.count)
      for row in column..<rows.count {
        let right = row == column ? 1.0 : 0
        solution[row] =
          (right - TiltedRows.product(factor[row].dropLast(), solution)) / factor[row][row]
      }
      return solution
    }
    return (columns.map { column in columns.map { TiltedRows.product(column, $0) } }, logarithm)
  }
}
