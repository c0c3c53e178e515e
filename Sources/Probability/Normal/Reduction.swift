internal import Foundation

extension GaussianRows {
  /// The rows with unit variance that say something, none a multiple of another; nothing where no point
  /// keeps all limits.
  func reduced() -> GaussianRows? {
    var kept: [Int] = []
    var scales: [Double] = []
    for row in 0..<count {
      let deviation = standardDeviation(row)
      if deviation > 0 {
        guard lower[row] < upper[row] else { return nil }
        if lower[row] > -.infinity || upper[row] < .infinity {
          kept.append(row)
          scales.append(deviation)
        }
      } else if lower[row] > 0 || upper[row] < 0 {
        return nil
      }
    }
    return selecting(kept).divided(by: scales)
  }

  /// Merges rows that are equal up to their sign; nothing where their limits contradict.
  func merged(_ correlations: SymmetricMatrix) -> GaussianRows? {
    var result = self
    var kept: [Int] = []
    for row in 0..<count {
      let twin = kept.first {
        abs(correlations[row, $0]) > 1 - 1e-13 && areParallel(row, $0, correlations)
      }
      guard let twin else {
        kept.append(row)
        continue
      }
      let isSame = correlations[row, twin] > 0
      let (low, high) = isSame ? (lower[row], upper[row]) : (-upper[row], -lower[row])
      result.lower[twin] = max(result.lower[twin], low)
      result.upper[twin] = min(result.upper[twin], high)
      guard result.lower[twin] < result.upper[twin] else { return nil }
    }
    return kept.count == count ? self : result.selecting(kept)
  }

  private func areParallel(_ first: Int, _ second: Int, _ correlations: SymmetricMatrix) -> Bool {
    let sign: Double = correlations[first, second] > 0 ? 1 : -1
    switch law {
    case .covariance:
      return abs(correlations[first, second]) > 1 - 4e-16
        && (0..<count).allSatisfy {
          abs(correlations[first, $0] - sign * correlations[second, $0]) <= 1e-15
        }
    case .loadings(let rows, let noise):
      guard noise[first] == 0, noise[second] == 0, rows[first].count == rows[second].count else {
        return false
      }
      return zip(rows[first], rows[second]).allSatisfy {
        $0.column == $1.column && abs($0.value - sign * $1.value) <= 4e-16
      }
    }
  }

  /// The sets of rows that are independent of one another.
  static func components(_ correlations: SymmetricMatrix) -> [[Int]] {
    var component = Array(repeating: -1, count: correlations.count)
    var result: [[Int]] = []
    for start in 0..<correlations.count where component[start] < 0 {
      var members = [start]
      component[start] = result.count
      var next = 0
      while next < members.count {
        let row = members[next]
        next += 1
        for other in 0..<correlations.count
        where component[other] < 0 && abs(correlations[row, other]) > 1e-15 {
          component[other] = result.count
          members.append(other)
        }
      }
      result.append(members.sorted())
    }
    return result
  }

  /// Counts a column that only one row loads on as noise of that row.
  func withPrivateNoise() -> GaussianRows {
    guard case .loadings(let rows, var noise) = law else { return self }
    var uses: [Int: Int] = [:]
    for row in rows { for loading in row { uses[loading.column, default: 0] += 1 } }
    var result = self
    let shared = rows.enumerated().map { index, row in
      row.filter { loading in
        if uses[loading.column] == 1 { noise[index] += loading.value * loading.value }
        return uses[loading.column] != 1
      }
    }
    result.law = .loadings(shared, noise: noise)
    return result
  }
}

/// Limits that follow from those of other rows.
struct ImpliedLimits {
  /// The rows that are needed, with the limits that are needed; nothing where limits contradict.
  private(set) var rows: GaussianRows?
  /// Whether anything was found.
  private(set) var isReduced = false

  /// Writes dependent rows as combinations of independent ones, narrow ones first, and drops the limits
  /// that hold on the whole box of the latter.
  init(_ rows: GaussianRows, _ correlations: SymmetricMatrix) {
    self.rows = rows
    guard Self.mayBeDependent(rows) else { return }
    var basis = RowBasis(correlations)
    let order = (0..<rows.count).sorted {
      rows.upper[$0] - rows.lower[$0] < rows.upper[$1] - rows.lower[$1]
    }
    var result = rows
    for row in order {
      guard let combination = basis.combination(addingIfIndependent: row) else { continue }
      var (low, high, size) = (0.0, 0.0, 0.0)
      for (member, factor) in zip(basis.members, combination) where abs(factor) > 1e-13 {
        let ends = [factor * rows.lower[member], factor * rows.upper[member]]
        low += min(ends[0], ends[1])
        high += max(ends[0], ends[1])
        size += abs(factor)
      }
      let slack = 1e-14 * size
      if low > rows.upper[row] + slack || high < rows.lower[row] - slack {
        self.rows = nil
        return
      }
      if rows.upper[row] < .infinity, high <= rows.upper[row] + slack {
        result.upper[row] = .infinity
        isReduced = true
      }
      if rows.lower[row] > -.infinity, low >= rows.lower[row] - slack {
        result.lower[row] = -.infinity
        isReduced = true
      }
    }
    self.rows = result
  }

  private static func mayBeDependent(_ rows: GaussianRows) -> Bool {
    switch rows.law {
    case .covariance: rows.count <= 200
    case .loadings(let loadings, let noise):
      noise.allSatisfy { $0 == 0 } && GaussianRows.renumbered(loadings).count < rows.count
    }
  }
}

/// Independent rows, by their Cholesky factor.
struct RowBasis {
  private(set) var members: [Int] = []
  private var factor: [[Double]] = []
  private let correlations: SymmetricMatrix
  private let tolerance: Double

  /// Starts without rows; `tolerance` is the variance, given the others, below which a row counts as
  /// dependent.
  init(_ correlations: SymmetricMatrix, tolerance: Double = 1e-11) {
    self.correlations = correlations
    self.tolerance = tolerance
  }

  /// The coefficients by which a row is a combination of the members; nothing where it is none, and
  /// becomes a member.
  mutating func combination(addingIfIndependent row: Int) -> [Double]? {
    var solved: [Double] = []
    for (index, member) in members.enumerated() {
      var sum = correlations[row, member]
      for k in 0..<index { sum -= factor[index][k] * solved[k] }
      solved.append(sum / factor[index][index])
    }
    let rest = correlations[row, row] - solved.reduce(0) { $0 + $1 * $1 }
    if rest > tolerance {
      members.append(row)
      factor.append(solved + [rest.squareRoot()])
      return nil
    }
    for index in members.indices.reversed() {
      var sum = solved[index]
      for k in (index + 1)..<max(members.count, index + 1) { sum -= factor[k][index] * solved[k] }
      solved[index] = sum / factor[index][index]
    }
    return solved
  }
}
