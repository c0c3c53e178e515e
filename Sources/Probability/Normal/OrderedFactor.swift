internal import Foundation

/// A lower triangular factor of the correlations, the rows ordered so that unlikely ones come first.
///
/// Rows that depend on others have no column of their own: they limit the last variable that they
/// contain (Genz and Kwong, *J. Statist. Comput. Simul.* 68, 2000).
struct OrderedFactor: Sendable {
  /// A row that limits a variable, divided by its coefficient there.
  struct Limit: Sendable {
    /// The coefficients on the variables before; `[variable]`.
    var coefficients: [Double]
    var lower: Double
    var upper: Double
  }

  /// For each variable, the rows whose last variable it is; the first is the one it was made for.
  private(set) var limits: [[Limit]] = []

  /// How many variables there are: the rank.
  var count: Int { limits.count }

  /// The variance, given others, below which a row counts as dependent on them.
  private static let tolerance = 1e-12

  /// Orders the rows, and factors.
  ///
  /// Of the rows that are left, the next is the one whose interval is the least likely, given that
  /// those before are at their means (Gibson, Glasbey and Elston, 1994).
  init(_ rows: GaussianRows, _ correlations: SymmetricMatrix) {
    var work = Work(rows, correlations)
    while let pivot = work.leastLikely() {
      let column = work.eliminate(pivot)
      var group = [work.limit(of: pivot, column)]
      group += work.takeDependent().map { work.limit(of: $0, column) }
      limits.append(group)
    }
    for variable in limits.indices where limits[variable].allSatisfy({ $0.lower == -.infinity }) {
      mirror(variable)
    }
  }

  /// Turns a variable around, so that its only limits are lower ones.
  private mutating func mirror(_ variable: Int) {
    limits[variable] = limits[variable].map { limit in
      Limit(
        coefficients: limit.coefficients.map { -$0 }, lower: -limit.upper, upper: -limit.lower)
    }
    for later in (variable + 1)..<max(limits.count, variable + 1) {
      for index in limits[later].indices { limits[later][index].coefficients[variable].negate() }
    }
  }

  /// The rows that are left while factoring.
  private struct Work {
    private let rows: GaussianRows
    private let correlations: SymmetricMatrix
    private var factor: [[Double]]
    /// The variance of each row given those before.
    private var rest: [Double]
    /// The mean of each row given those before, at their means.
    private var means: [Double]
    private var isLeft: [Bool]
    private var columns = 0

    init(_ rows: GaussianRows, _ correlations: SymmetricMatrix) {
      self.rows = rows
      self.correlations = correlations
      factor = Array(repeating: [], count: rows.count)
      rest = (0..<rows.count).map { correlations[$0, $0] }
      means = Array(repeating: 0, count: rows.count)
      isLeft = Array(repeating: true, count: rows.count)
    }

    func leastLikely() -> Int? {
      var best: (row: Int, logProbability: Double)?
      for row in 0..<rows.count where isLeft[row] {
        let scale = 1 / rest[row].squareRoot()
        let value = StandardNormal.logProbability(
          (rows.lower[row] - means[row]) * scale, (rows.upper[row] - means[row]) * scale)
        if best.map({ value < $0.logProbability }) ?? true { best = (row, value) }
      }
      return best?.row
    }

    /// Gives a row a variable of its own.
    mutating func eliminate(_ pivot: Int) -> Int {
      let diagonal = rest[pivot].squareRoot()
      let pivotRow = factor[pivot]
      let mean = truncatedMean(pivot, diagonal)
      isLeft[pivot] = false
      factor[pivot].append(diagonal)
      for row in 0..<rows.count where isLeft[row] {
        var sum = correlations[row, pivot]
        for k in pivotRow.indices { sum -= factor[row][k] * pivotRow[k] }
        let entry = sum / diagonal
        factor[row].append(entry)
        rest[row] -= entry * entry
        means[row] += entry * mean
      }
      columns += 1
      return columns - 1
    }

    private func truncatedMean(_ row: Int, _ diagonal: Double) -> Double {
      TruncatedNormal(
        (rows.lower[row] - means[row]) / diagonal, (rows.upper[row] - means[row]) / diagonal
      ).mean
    }

    /// Takes the rows that depend on those before.
    mutating func takeDependent() -> [Int] {
      let dependent = (0..<rows.count).filter { isLeft[$0] && rest[$0] <= OrderedFactor.tolerance }
      for row in dependent { isLeft[row] = false }
      return dependent
    }

    func limit(of row: Int, _ column: Int) -> Limit {
      let own = factor[row][column]
      let ends = [rows.lower[row] / own, rows.upper[row] / own]
      return Limit(
        coefficients: factor[row].prefix(column).map { $0 / own }, lower: min(ends[0], ends[1]),
        upper: max(ends[0], ends[1]))
    }
  }
}
