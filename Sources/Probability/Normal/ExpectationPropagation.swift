internal import Foundation
internal import LinearAlgebra

/// Each limit replaced by a Gaussian factor such that means and variances agree: expectation
/// propagation (Cunningham, Hennig and Lacoste-Julien, arXiv:1111.6832), all factors at once.
struct ExpectationPropagation: Sendable {
  /// A factor `exp(−precision·v²/2 + pull·v)` of a row's value v.
  struct Site: Sendable {
    var precision = 0.0
    var pull = 0.0
  }

  /// The factors, one a row, variable by variable.
  private(set) var sites: [[Site]]

  /// Finds the factors; nothing where numbers went wrong.
  init?(_ factor: OrderedFactor) {
    sites = factor.limits.map { $0.map { _ in Site() } }
    let rows = factor.limits.reduce(0) { $0 + $1.count }
    let space = Space(rows: MatrixView(rows: rows, columns: factor.count), factor)
    var damping = 1.0
    var last = Double.infinity
    for _ in 0..<60 {
      guard let change = update(factor, space, damping) else { return nil }
      if change < 1e-4 { break }
      if change > last { damping = max(damping * 0.7, 0.1) }
      last = change
    }
  }

  private struct Space {
    /// The rows' coefficients, the own ones included; and them times the factors' precisions.
    let rows: MatrixView
    let weighted: MatrixView
    /// The covariance of the variables, and its product with the rows.
    let covariance: MatrixView
    let products: MatrixView

    init(rows: MatrixView, _ factor: OrderedFactor) {
      self.rows = rows
      weighted = MatrixView(rows: rows.rows, columns: rows.columns)
      covariance = MatrixView(rows: rows.columns, columns: rows.columns)
      products = MatrixView(rows: rows.rows, columns: rows.columns)
      var row = 0
      for (variable, limits) in factor.limits.enumerated() {
        for limit in limits {
          for (column, value) in limit.coefficients.enumerated() { rows[row, column] = value }
          rows[row, variable] = 1
          row += 1
        }
      }
    }
  }

  /// Updates all factors; the largest change of a mean, in standard deviations.
  private mutating func update(
    _ factor: OrderedFactor, _ space: Space, _ damping: Double
  ) -> Double? {
    let flat = sites.flatMap { $0 }
    let count = factor.count
    var pulls = [Double](repeating: 0, count: count)
    for (row, site) in flat.enumerated() {
      for column in 0..<count {
        space.weighted[row, column] = site.precision * space.rows[row, column]
        pulls[column] += site.pull * space.rows[row, column]
      }
    }
    space.covariance.setProduct(transposed: space.weighted, space.rows, accumulating: false)
    for index in 0..<count { space.covariance[index, index] += 1 }
    guard space.covariance.invertPositiveDefinite() else { return nil }
    space.products.setProduct(space.rows, space.covariance, accumulating: false)
    var largest = 0.0
    var row = 0
    for (variable, limits) in factor.limits.enumerated() {
      for (index, limit) in limits.enumerated() {
        var (variance, mean) = (0.0, 0.0)
        for column in 0..<count {
          variance += space.products[row, column] * space.rows[row, column]
          mean += space.products[row, column] * pulls[column]
        }
        row += 1
        guard variance > 0, mean.isFinite else { return nil }
        let change = sites[variable][index].move(
          towards: limit, mean: mean, variance: variance, damping: damping)
        largest = max(largest, change)
      }
    }
    return largest
  }
}

extension ExpectationPropagation.Site {
  /// Moves to where the row's mean and variance are those of its law without this factor, cut to the
  /// limits.
  fileprivate mutating func move(
    towards limit: OrderedFactor.Limit, mean: Double, variance: Double, damping: Double
  ) -> Double {
    let restPrecision = 1 / variance - precision
    guard restPrecision > 1e-10 / variance else { return 0 }
    let restMean = (mean / variance - pull) / restPrecision
    let deviation = 1 / restPrecision.squareRoot()
    let (low, high) = (
      (limit.lower - restMean) / deviation, (limit.upper - restMean) / deviation
    )
    let cut = TruncatedNormal(low, high)
    let newMean = restMean + deviation * cut.mean
    let newVariance = cut.variance / restPrecision
    let target = max(1 / newVariance - restPrecision, 0)
    precision += damping * (target - precision)
    pull += damping * (newMean / newVariance - restMean * restPrecision - pull)
    return abs(newMean - mean) / variance.squareRoot()
  }
}
