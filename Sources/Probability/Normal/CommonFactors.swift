internal import Foundation

/// Correlations that two or three common factors explain, found from the numbers alone.
///
/// Off the diagonal such a matrix has low rank, so that eliminating a few pivots leaves nothing there;
/// what is left on the diagonal is the noise.
struct CommonFactors {
  /// What elimination may leave off the diagonal.
  private static let tolerance = 1e-12
  /// The least noise: with less, a row says nearly the same as others, and rounding counts.
  private static let leastNoise = 1e-6

  /// The loadings of each row, `[count][factors]`.
  let loadings: [[Double]]
  /// The variance of each row that the factors do not explain.
  let noise: [Double]
  private let correlations: SymmetricMatrix

  /// Finds the factors; nothing where so many do not explain the correlations.
  init?(_ correlations: SymmetricMatrix, factors: Int) {
    let count = correlations.count
    // With one row more than the pivots take, there is nothing off the diagonal to look at.
    guard count > 2 * factors + 1, let first = Elimination(correlations, pivots: factors) else {
      return nil
    }
    var noise = (0..<count).map { first.rest[$0, $0] }
    for pivot in first.pivots {
      guard let other = Elimination(correlations, pivots: factors, sparing: pivot) else {
        return nil
      }
      noise[pivot] = other.rest[pivot, pivot]
    }
    var explained = correlations
    for row in 0..<count { explained[row, row] -= noise[row] }
    guard let loadings = Self.root(of: explained, factors) else { return nil }
    // The variances are kept exactly, as far as binary64 goes.
    self.noise = loadings.enumerated().map { row, loadings in
      loadings.reduce(correlations[row, row]) { $0 - $1 * $1 }
    }
    self.loadings = loadings
    self.correlations = correlations
    guard self.noise.allSatisfy({ $0 > Self.leastNoise }) else { return nil }
  }

  /// What the differences between the correlations and those of the factors may change in the
  /// logarithm of a probability, to first order: a correlation counts by the density at the limits of
  /// its two rows over the probability, which is at most about the product of their hazards.
  func relativeError(lower: [Double], upper: [Double]) -> Double {
    let weights = noise.indices.map { row in
      (1 + max(0, lower[row], -upper[row])) / noise[row].squareRoot()
    }
    var sum = 0.0
    for row in noise.indices {
      for other in 0..<row {
        let product = zip(loadings[row], loadings[other]).reduce(0) { $0 + $1.0 * $1.1 }
        sum += abs(correlations[row, other] - product) * weights[row] * weights[other]
      }
    }
    return sum
  }

  /// A matrix `[count][factors]` whose square this is, by Cholesky's steps with the largest rest first.
  private static func root(of matrix: SymmetricMatrix, _ factors: Int) -> [[Double]]? {
    let count = matrix.count
    var rest = (0..<count).map { matrix[$0, $0] }
    var result = [[Double]](repeating: [], count: count)
    for _ in 0..<factors {
      guard let pivot = (0..<count).max(by: { rest[$0] < rest[$1] }), rest[pivot] > 1e-9 else {
        return nil
      }
      let (scale, pivotRow) = (1 / rest[pivot].squareRoot(), result[pivot])
      for row in 0..<count {
        let left = zip(result[row], pivotRow).reduce(matrix[row, pivot]) { $0 - $1.0 * $1.1 }
        result[row].append(left * scale)
        rest[row] -= left * left * scale * scale
      }
    }
    return result
  }

  /// What is left of a matrix after steps of Gauss with pivots off the diagonal; no index is both the
  /// row of a pivot and the column of one, so that no entry of the diagonal counts.
  private struct Elimination {
    private(set) var rest: SymmetricMatrix
    private(set) var pivots: Set<Int> = []

    /// Takes the largest entries as pivots; nothing where more than rounding is left off the diagonal.
    ///
    /// - Parameters:
    ///   - matrix: The matrix.
    ///   - wanted: How many steps.
    ///   - sparing: An index that no pivot may have.
    init?(_ matrix: SymmetricMatrix, pivots wanted: Int, sparing: Int? = nil) {
      rest = matrix
      var entries = matrix.entries
      let count = matrix.count
      var isFree = Array(repeating: true, count: count)
      if let sparing { isFree[sparing] = false }
      for _ in 0..<wanted {
        let (row, column) = Self.largest(entries, count, isFree)
        let pivot = entries[row * count + column]
        guard abs(pivot) > 1e-6 else { return nil }
        let pivotRow = Array(entries[(row * count)..<((row + 1) * count)])
        for other in 0..<count {
          let factor = entries[other * count + column] / pivot
          guard factor != 0 else { continue }
          for place in 0..<count { entries[other * count + place] -= factor * pivotRow[place] }
        }
        for index in [row, column] {
          isFree[index] = false
          pivots.insert(index)
        }
      }
      if let sparing { isFree[sparing] = true }
      for row in 0..<count where isFree[row] {
        for other in 0..<count where other != row && isFree[other] {
          guard abs(entries[row * count + other]) <= CommonFactors.tolerance else { return nil }
        }
        rest[row, row] = entries[row * count + row]
      }
    }

    /// The place of the largest entry off the diagonal.
    private static func largest(
      _ entries: [Double], _ count: Int, _ isFree: [Bool]
    ) -> (row: Int, column: Int) {
      var (best, place) = (-1.0, (row: 0, column: 0))
      for row in 0..<count where isFree[row] {
        for column in 0..<count where column != row && isFree[column] {
          let size = abs(entries[row * count + column])
          if size > best { (best, place) = (size, (row, column)) }
        }
      }
      return place
    }
  }
}
