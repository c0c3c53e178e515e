import Foundation
import Probability

/// Rectangles whose probability is known in closed form.
enum NormalCases {
  static let infinity = Double.infinity

  /// All rows at least zero, for a covariance.
  static func orthant(_ count: Int, _ covariance: (Int, Int) -> Double) throws -> NormalRectangle {
    try rectangle(
      count, covariance, lower: Array(repeating: 0, count: count),
      upper: Array(repeating: infinity, count: count))
  }

  static func rectangle(
    _ count: Int, _ covariance: (Int, Int) -> Double, lower: [Double], upper: [Double]
  ) throws -> NormalRectangle {
    try NormalRectangle(
      covariance: (0..<count).flatMap { i in (0..<count).map { covariance(i, $0) } },
      mean: Array(repeating: 0, count: count), lower: lower, upper: upper)
  }

  /// Independent equal numbers that must keep some comparisons: pairs of the lower and the higher.
  static func order(_ pairs: [(low: Int, high: Int)]) throws -> NormalRectangle {
    try NormalRectangle(
      factors: pairs.map { [(column: $0.high, value: 1), (column: $0.low, value: -1)] },
      noise: Array(repeating: 0, count: pairs.count),
      mean: Array(repeating: 0, count: pairs.count),
      lower: Array(repeating: 0, count: pairs.count),
      upper: Array(repeating: infinity, count: pairs.count))
  }

  /// The share of permutations with given ascents, counted by the rank of the last entry.
  static func shareOfPermutations(ascents: [Bool]) -> Double {
    var counts = [1.0]
    for (step, rises) in ascents.enumerated() {
      counts = (0...(step + 1)).map { rank in
        (rises ? counts[..<rank] : counts[rank...]).reduce(0, +) / Double(step + 2)
      }
    }
    return counts.reduce(0, +)
  }

  /// A tableau's comparisons, and the share of fillings that keep them: the hook length formula.
  static func tableau(rows: Int, columns: Int) throws -> (NormalRectangle, share: Double) {
    var pairs: [(low: Int, high: Int)] = []
    var share = 1.0
    for row in 0..<rows {
      for column in 0..<columns {
        let cell = row * columns + column
        if column + 1 < columns { pairs.append((cell, cell + 1)) }
        if row + 1 < rows { pairs.append((cell, cell + columns)) }
        share /= Double(rows - row + columns - column - 1)
      }
    }
    return (try order(pairs), share)
  }
}
