internal import Foundation

/// Correlations that one common factor explains, with a real or an imaginary loading.
struct OneFactorShape {
  /// What a covariance may differ from the product of its loadings.
  private static let tolerance = 1e-14

  /// Whether the covariance is the noise *less* the square of the loadings.
  let isNegative: Bool
  let loadings: [Double]
  let noise: [Double]

  /// Finds the loadings of at least three rows; nothing where there are none.
  init?(_ correlations: SymmetricMatrix) {
    let count = correlations.count
    guard count >= 3 else { return nil }
    func strength(_ row: Int) -> Double {
      (0..<count).reduce(0) { $0 + abs(correlations[row, $1]) }
    }
    let strengths = (0..<count).map(strength)
    guard let pivot = (0..<count).max(by: { strengths[$0] < strengths[$1] }) else { return nil }
    let others = (0..<count).filter { $0 != pivot }.sorted {
      abs(correlations[pivot, $0]) > abs(correlations[pivot, $1])
    }
    let (j, k) = (others[0], others[1])
    guard correlations[j, k] != 0 else { return nil }
    let square = correlations[pivot, j] * correlations[pivot, k] / correlations[j, k]
    guard square != 0, square.isFinite else { return nil }
    let sign: Double = square > 0 ? 1 : -1
    let own = abs(square).squareRoot()
    let loadings = (0..<count).map {
      $0 == pivot ? own : sign * correlations[pivot, $0] / own
    }
    for row in 0..<count {
      for other in 0..<row {
        let product = sign * loadings[row] * loadings[other]
        guard abs(correlations[row, other] - product) <= Self.tolerance else { return nil }
      }
    }
    let noise = loadings.map { loading -> Double in
      let rest = sign > 0 ? (1 - loading) * (1 + loading) : 1 + loading * loading
      return abs(rest) < 1e-14 ? 0 : rest
    }
    guard noise.allSatisfy({ $0 >= 0 }) else { return nil }
    self.loadings = loadings
    self.noise = noise
    isNegative = sign < 0
  }
}

extension GaussianRows {
  /// The rows as combinations of at most `most` standard normal numbers, `[count][dimension]`; nothing
  /// where more are needed.
  func lowRankRows(atMost most: Int, _ correlations: SymmetricMatrix) -> [[Double]]? {
    if case .loadings(let rows, let noise) = law, noise.allSatisfy({ $0 == 0 }) {
      let columns = Self.renumbered(rows)
      if columns.count <= most {
        return rows.map { row in
          var dense = [Double](repeating: 0, count: columns.count)
          for loading in row {
            if let place = columns[loading.column] { dense[place] += loading.value }
          }
          return dense
        }
      }
    }
    return Self.pivotedFactor(correlations, atMost: most)
  }

  /// Cholesky's factor with the largest remaining variance first, cut where nothing remains.
  private static func pivotedFactor(
    _ correlations: SymmetricMatrix, atMost most: Int
  ) -> [[Double]]? {
    let count = correlations.count
    var factor = [[Double]](repeating: [], count: count)
    var rest = (0..<count).map { correlations[$0, $0] }
    for _ in 0...most {
      guard let pivot = (0..<count).max(by: { rest[$0] < rest[$1] }), rest[pivot] > 1e-13 else {
        return factor
      }
      guard factor[pivot].count < most else { return nil }
      let diagonal = rest[pivot].squareRoot()
      let pivotRow = factor[pivot]
      for row in 0..<count {
        let sum = zip(factor[row], pivotRow).reduce(correlations[row, pivot]) { $0 - $1.0 * $1.1 }
        factor[row].append(sum / diagonal)
        rest[row] -= sum * sum / rest[pivot] * (row == pivot ? 0 : 1)
      }
      rest[pivot] = 0
    }
    return nil
  }
}
