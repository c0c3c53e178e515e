public import ExactArithmetic

/// Finitely many points with their probabilities: data, categories, one-hot codes.
public struct DiscreteLaw: Sendable {
  /// The points, one a row.
  public let points: ExactMatrix
  /// What each point weighs; nil where all weigh the same.
  private let weights: ExactNumbers?
  private let sum: Rational
  /// The sums of the weights up to and with each point; empty where all weigh the same.
  private let partialSums: [Double]

  /// Points that are equally likely.
  ///
  /// - Parameter points: One a row.
  /// - Throws: ``DistributionError`` for no points.
  public init(points: ExactMatrix) throws(DistributionError) {
    guard points.rows > 0, points.columns > 0 else {
      throw DistributionError(.values, "found no points, expected some")
    }
    self.points = points
    weights = nil
    sum = Rational(points.rows)
    partialSums = []
  }

  /// Points that are as likely as their weights say.
  ///
  /// - Parameters:
  ///   - points: One a row.
  ///   - weights: One a point, none negative, not all zero; divided by their sum, exactly.
  /// - Throws: ``DistributionError`` for other numbers.
  public init(points: ExactMatrix, weights: ExactNumbers) throws(DistributionError) {
    guard points.rows > 0, points.columns > 0 else {
      throw DistributionError(.values, "found no points, expected some")
    }
    guard weights.count == points.rows else {
      throw DistributionError(
        .spread, "found \(weights.count) numbers, expected \(points.rows), one for each point")
    }
    if let entry = weights.doubles.firstIndex(where: { $0 < 0 }) {
      throw DistributionError(
        .spread, entry: entry,
        "found the number \(weights[entry].shortText), expected none below zero")
    }
    guard weights.doubles.contains(where: { $0 > 0 }) else {
      throw DistributionError(.spread, "found weights that are all zero, expected a positive one")
    }
    self.points = points
    self.weights = weights
    sum = weights.sum
    var total = 0.0
    partialSums = weights.doubles.map { weight in
      total += weight
      return total
    }
  }

  /// Points with their probabilities.
  ///
  /// - Parameters:
  ///   - points: One a row.
  ///   - probabilities: One a point; their sum is 1 exactly.
  /// - Throws: ``DistributionError`` for other numbers.
  public init(points: ExactMatrix, probabilities: ExactNumbers) throws(DistributionError) {
    try self.init(points: points, weights: probabilities)
    try ProbabilityList.check(probabilities.fractions, noun: "probability", allowsZero: true)
  }

  /// How many points there are.
  public var count: Int { points.rows }

  /// One point.
  ///
  /// - Parameter place: Which.
  /// - Returns: Its entries.
  public func point(_ place: Int) -> ExactNumbers {
    points.numbers.slice(place * points.columns..<(place + 1) * points.columns)
  }

  /// The probability of a point of the list, exactly.
  ///
  /// - Parameter place: Which.
  /// - Returns: Its probability; that of the point's value is the sum over equal rows.
  public func probability(_ place: Int) -> Rational {
    guard let weights else { return .one / sum }
    return weights[place] / sum
  }

  /// The point that a number between 0 and 1 falls on, when the probabilities are laid side by side.
  func place(of share: Double) -> Int {
    guard let total = partialSums.last else {
      return min(count - 1, Int(share * Double(count)))
    }
    var (low, high) = (0, count - 1)
    while low < high {
      let middle = (low + high) / 2
      if partialSums[middle] > share * total { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
