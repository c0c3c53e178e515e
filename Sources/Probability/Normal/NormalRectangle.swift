/// The event that a normal vector lies in a rectangle.
///
/// It is `lower <= x <= upper` for a vector x with a joint normal law. Where the law is given by rows,
/// `x = mean + A z` with independent standard normal z, the event is a polytope of z.
public struct NormalRectangle: Sendable {
  /// How many independent standard normal numbers the law is made of; for a covariance, as many as rows.
  public let dimension: Int
  /// The lower limits less the mean; `-infinity` for none; `[rowCount]`.
  public var lower: [Double] { constraints.lower }
  /// The upper limits less the mean; `infinity` for none; `[rowCount]`.
  public var upper: [Double] { constraints.upper }

  let constraints: GaussianRows

  /// How many rows there are.
  public var rowCount: Int { constraints.count }

  /// Creates the event `lower <= A z <= upper`.
  ///
  /// - Parameters:
  ///   - rows: A, row-major `[rowCount][dimension]`; zero rows and dependent rows are fine.
  ///   - dimension: How many columns A has.
  ///   - lower: The lower limits, `[rowCount]`; `-infinity` for none.
  ///   - upper: The upper limits, `[rowCount]`; `infinity` for none.
  /// - Throws: A ``NormalError`` for wrong counts, crossed limits or numbers that are not finite.
  public init(
    rows: [Double], dimension: Int, lower: [Double], upper: [Double]
  ) throws(NormalError) {
    guard dimension >= 0, rows.count == lower.count * dimension else {
      throw .wrongCount(
        of: "rows", found: rows.count, expected: lower.count * max(dimension, 0))
    }
    try Self.checkFinite(rows, "rows")
    let loadings = lower.indices.map { row in
      (0..<dimension).compactMap { column -> GaussianRows.Loading? in
        let value = rows[row * dimension + column]
        return value == 0 ? nil : GaussianRows.Loading(column: column, value: value)
      }
    }
    let noise = [Double](repeating: 0, count: lower.count)
    try self.init(
      .loadings(loadings, noise: noise), dimension: dimension,
      mean: [Double](repeating: 0, count: lower.count), lower: lower, upper: upper)
  }

  /// Creates the event for a vector of given mean and covariance.
  ///
  /// - Parameters:
  ///   - covariance: Row-major `[rowCount][rowCount]`, symmetric; it may be singular.
  ///   - mean: The mean, `[rowCount]`.
  ///   - lower: The lower limits, `[rowCount]`; `-infinity` for none.
  ///   - upper: The upper limits, `[rowCount]`; `infinity` for none.
  /// - Throws: A ``NormalError`` for wrong counts, crossed limits, numbers that are not finite, or a
  ///   matrix that is no covariance because of two rows alone.
  public init(
    covariance: [Double], mean: [Double], lower: [Double], upper: [Double]
  ) throws(NormalError) {
    let count = lower.count
    guard covariance.count == count * count else {
      throw .wrongCount(of: "covariance", found: covariance.count, expected: count * count)
    }
    try Self.checkFinite(covariance, "covariance")
    for i in 0..<count {
      for j in 0...i {
        let (entry, mirrored) = (covariance[i * count + j], covariance[j * count + i])
        let (first, second) = (covariance[i * count + i], covariance[j * count + j])
        guard entry == mirrored, first >= 0, second >= 0,
          abs(entry) <= first.squareRoot() * second.squareRoot() * (1 + 1e-14)
        else { throw .notACovariance(row: i, column: j) }
      }
    }
    try self.init(
      .covariance(covariance), dimension: count, mean: mean, lower: lower, upper: upper)
  }

  /// Creates the event for a vector that is a few common factors and noise: `x = mean + A z + e`.
  ///
  /// - Parameters:
  ///   - factors: The nonzero entries of A by row, `[rowCount][…]`, as column and value; a column that
  ///     a row names twice has the sum of its values.
  ///   - noise: The variances of the independent entries of e, `[rowCount]`.
  ///   - mean: The mean, `[rowCount]`.
  ///   - lower: The lower limits, `[rowCount]`; `-infinity` for none.
  ///   - upper: The upper limits, `[rowCount]`; `infinity` for none.
  /// - Throws: A ``NormalError`` for wrong counts, crossed limits, numbers that are not finite, or a
  ///   negative variance.
  public init(
    factors: [[(column: Int, value: Double)]], noise: [Double], mean: [Double], lower: [Double],
    upper: [Double]
  ) throws(NormalError) {
    let count = lower.count
    for (name, found) in [("factors", factors.count), ("noise", noise.count)]
    where found != count {
      throw .wrongCount(of: name, found: found, expected: count)
    }
    try Self.checkFinite(noise, "noise")
    for row in 0..<count where noise[row] < 0 { throw .notACovariance(row: row, column: row) }
    var columns = Set<Int>()
    var loadings: [[GaussianRows.Loading]] = []
    for row in factors {
      try Self.checkFinite(row.map(\.value), "factors")
      var sums: [Int: Double] = [:]
      for entry in row { sums[entry.column, default: 0] += entry.value }
      columns.formUnion(sums.keys)
      loadings.append(
        sums.filter { $0.value != 0 }.map { GaussianRows.Loading(column: $0.key, value: $0.value) }
          .sorted { $0.column < $1.column })
    }
    try self.init(
      .loadings(loadings, noise: noise),
      dimension: columns.count + noise.count(where: { $0 > 0 }), mean: mean, lower: lower,
      upper: upper)
  }

  private init(
    _ law: GaussianRows.Law, dimension: Int, mean: [Double], lower: [Double], upper: [Double]
  ) throws(NormalError) {
    for (name, found) in [("mean", mean.count), ("upper", upper.count)]
    where found != lower.count {
      throw .wrongCount(of: name, found: found, expected: lower.count)
    }
    try Self.checkFinite(mean, "mean")
    for row in lower.indices where !(lower[row] <= upper[row]) {
      throw .crossedLimits(row: row, lower: lower[row], upper: upper[row])
    }
    self.dimension = dimension
    // A limit less the mean: infinite limits stay infinite.
    constraints = GaussianRows(
      law: law, lower: zip(lower, mean).map { $0 - $1 }, upper: zip(upper, mean).map { $0 - $1 })
  }

  private static func checkFinite(_ values: [Double], _ name: String) throws(NormalError) {
    for (index, value) in values.enumerated() where !value.isFinite {
      throw .unusableNumber(of: name, index: index, found: value)
    }
  }

  /// The coefficients of the rows, row-major `[rowCount][dimension]`, for a law given by rows.
  var rows: [Double] {
    guard case .loadings(let loadings, _) = constraints.law else { return [] }
    var result = [Double](repeating: 0, count: rowCount * dimension)
    for (row, entries) in loadings.enumerated() {
      for entry in entries { result[row * dimension + entry.column] = entry.value }
    }
    return result
  }

  /// The probability of the event.
  ///
  /// - Parameters:
  ///   - accuracy: The relative error to aim at where the answer is sampled.
  ///   - seed: Of the sampled answers; the same seed gives the same answer.
  ///   - threads: How many threads work.
  ///   - samplesAlways: Whether to sample also where the structure of the law would allow a closed form
  ///     or a quadrature: a check of these.
  /// - Returns: The probability, its error and what kind of answer it is.
  public func probability(
    accuracy: Double = 1e-4, seed: UInt64 = 1, threads: Int = 1, samplesAlways: Bool = false
  ) -> NormalProbability {
    let solver = RectangleSolver(
      accuracy: accuracy, seed: seed, threads: threads, samplesAlways: samplesAlways)
    return NormalProbability(solver.solve(constraints))
  }
}
