/// The event that a normal vector lies in a rectangle.
///
/// It is `lower <= mean + A z <= upper`, where z has independent standard normal entries; as a set of
/// z it is a polytope.
public struct NormalRectangle: Sendable {
  /// How many independent standard normal numbers there are: the columns of A.
  public let dimension: Int
  /// The matrix A, row-major `[rowCount][dimension]`.
  public let rows: [Double]
  /// The lower limits less the mean; `-infinity` for none; `[rowCount]`.
  public let lower: [Double]
  /// The upper limits less the mean; `infinity` for none; `[rowCount]`.
  public let upper: [Double]

  /// How many rows there are.
  public var rowCount: Int { lower.count }

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
    let count = lower.count
    guard upper.count == count else {
      throw .wrongCount(of: "upper", found: upper.count, expected: count)
    }
    guard dimension >= 0, rows.count == count * dimension else {
      throw .wrongCount(of: "rows", found: rows.count, expected: count * max(dimension, 0))
    }
    for (index, value) in rows.enumerated() where !value.isFinite {
      throw .unusableNumber(of: "rows", index: index, found: value)
    }
    for row in 0..<count where !(lower[row] <= upper[row]) {
      throw .crossedLimits(row: row, lower: lower[row], upper: upper[row])
    }
    self.dimension = dimension
    self.rows = rows
    self.lower = lower
    self.upper = upper
  }

  /// The probability of the event.
  ///
  /// - Parameters:
  ///   - accuracy: The relative error to aim at where the answer is sampled.
  ///   - seed: Of the sampled answers; the same seed gives the same answer.
  ///   - threads: How many threads work.
  /// - Returns: The probability, its error and what kind of answer it is.
  public func probability(
    accuracy: Double = 1e-4, seed: UInt64 = 1, threads: Int = 1
  ) -> NormalProbability {
    LowRank.probability(of: self)
      ?? NormalProbability(.one, relativeError: .infinity, status: .estimate)
  }
}
