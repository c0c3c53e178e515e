internal import NetworkModel

/// Cholesky's factor of a matrix that may be singular.
enum CovarianceFactor {
  /// A factor `L` with `L Lᵀ` equal to a covariance up to rounding, `[size][rank]`.
  ///
  /// Pivots are taken from the largest down; what is left below n · 2⁻⁴⁸ of the largest variance is
  /// rounding and is dropped.
  ///
  /// - Parameters:
  ///   - size: The number of rows.
  ///   - covariance: Row-major, symmetric, without negative variances.
  /// - Returns: The factor.
  /// - Throws: ``DistributionError`` where the matrix is not positive semidefinite beyond rounding.
  static func make(_ size: Int, _ covariance: [Double]) throws(DistributionError) -> DenseMatrix {
    var rest = (0..<size).map { covariance[$0 * size + $0] }
    let scale = rest
    let tolerance = Double(size) * 0x1p-48
    // Column by column, so that the inner loops run along memory.
    var factor: [Double] = []
    var rank = 0
    while rank < size, let pivot = largest(rest, over: scale),
      rest[pivot] > tolerance * scale[pivot]
    {
      let root = rest[pivot].squareRoot()
      var column = Array(covariance[pivot * size..<(pivot + 1) * size])
      for earlier in 0..<rank {
        let weight = factor[earlier * size + pivot]
        for row in 0..<size { column[row] -= weight * factor[earlier * size + row] }
      }
      for row in 0..<size {
        // A row that was a pivot is done with; one without variance has none.
        column[row] = rest[row] == -.infinity || scale[row] == 0 ? 0 : column[row] / root
        rest[row] -= column[row] * column[row]
      }
      column[pivot] = root
      rest[pivot] = -.infinity
      factor += column
      rank += 1
    }
    try check(factor, rank, size, covariance, scale, tolerance)
    var weights = [Double](repeating: 0, count: size * rank)
    for place in 0..<rank {
      for row in 0..<size { weights[row * rank + place] = factor[place * size + row] }
    }
    return DenseMatrix(rows: size, columns: rank, weights: weights)
  }

  /// The entry with the largest remaining share of its own variance.
  private static func largest(_ rest: [Double], over scale: [Double]) -> Int? {
    rest.indices.filter { scale[$0] > 0 && rest[$0] > 0 }
      .max { rest[$0] / scale[$0] < rest[$1] / scale[$1] }
  }

  /// Compares the factor's square with the covariance, entry by entry.
  private static func check(
    _ factor: [Double], _ rank: Int, _ size: Int, _ covariance: [Double], _ scale: [Double],
    _ tolerance: Double
  ) throws(DistributionError) {
    for column in 0..<size {
      var rest = Array(covariance[column * size..<(column + 1) * size])
      for place in 0..<rank {
        let weight = factor[place * size + column]
        for row in 0..<size { rest[row] -= weight * factor[place * size + row] }
      }
      for row in 0..<size
      where abs(rest[row]) > 8 * tolerance * (scale[row] * scale[column]).squareRoot() {
        throw DistributionError(
          .spread, "found a covariance that is not positive semidefinite, which it must be")
      }
    }
  }
}
