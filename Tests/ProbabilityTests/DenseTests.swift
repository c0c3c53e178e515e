import Foundation
import Probability
import Testing

/// A few rows without structure: nested quadrature.
@Suite struct DenseTests {
  /// Correlations of a random law, more nearly singular with fewer `degrees`.
  private static func correlations(_ count: Int, degrees: Int, seed: UInt64) -> [[Double]] {
    var random = SeededGenerator(seed: seed)
    let rows = (0..<count).map { _ in
      let row = (0..<degrees).map { _ in random.normal() }
      let length = row.reduce(0) { $0 + $1 * $1 }.squareRoot()
      return row.map { $0 / length }
    }
    return (0..<count).map { i in
      (0..<count).map { j in
        i == j ? 1 : zip(rows[min(i, j)], rows[max(i, j)]).reduce(0) { $0 + $1.0 * $1.1 }
      }
    }
  }

  private static func orthant(_ rows: [Int], of law: [[Double]]) throws -> NormalProbability {
    try NormalCases.orthant(rows.count) { law[rows[$0]][rows[$1]] }.probability()
  }

  /// All are positive as often as all are negative: with an odd number of rows the law of inclusion and
  /// exclusion gives the orthant from those of fewer rows, up to three of them in closed form.
  @Test(arguments: [UInt64(1), 2, 3]) func orthantsOfFiveFollowFromThoseOfFour(seed: UInt64) throws
  {
    let law = Self.correlations(5, degrees: 9, seed: seed)
    var sum = 1 - 5.0 / 2
    for i in 0..<5 {
      for j in 0..<i {
        sum += 0.25 + asin(law[i][j]) / (2 * .pi)
        for k in 0..<j {
          let angles = asin(law[i][j]) + asin(law[i][k]) + asin(law[j][k])
          sum -= 0.125 + angles / (4 * .pi)
        }
      }
      let four = try Self.orthant((0..<5).filter { $0 != i }, of: law)
      #expect(four.status == .exact && four.relativeError <= 1e-12)
      sum += four.probability
    }
    let five = try Self.orthant(Array(0..<5), of: law)
    #expect(five.status == .exact && five.relativeError <= 1e-12)
    #expect(abs(2 * five.probability - sum) <= 1e-13)
  }

  @Test func allOrthantsOfFourTogetherAreCertain() throws {
    let law = Self.correlations(4, degrees: 6, seed: 4)
    var sum = 0.0
    for signs in 0..<16 {
      let sides = (0..<4).map { signs >> $0 & 1 == 0 ? 1.0 : -1 }
      sum += try NormalCases.orthant(4) { sides[$0] * sides[$1] * law[$0][$1] }
        .probability().probability
    }
    #expect(abs(sum - 1) <= 1e-13)
  }

  /// Five rows have as many correlations as loadings of two factors and noise have numbers: they must
  /// not pass for hidden factors.
  @Test(arguments: [4, 5, 6], [UInt64(5), 6]) func sampledAnswersAgree(count: Int, seed: UInt64)
    throws
  {
    let law = Self.correlations(count, degrees: count + 1, seed: seed)
    var random = SeededGenerator(seed: seed)
    let lower = (0..<count).map { _ in -2 + 3 * random.uniform() }
    let upper = lower.map { $0 + 0.2 + 3 * random.uniform() }
    for ends in [upper, Array(repeating: Double.infinity, count: count)] {
      let rectangle = try NormalCases.rectangle(count, { law[$0][$1] }, lower: lower, upper: ends)
      let exact = rectangle.probability()
      let sampled = rectangle.probability(accuracy: 1e-3, samplesAlways: true)
      #expect(exact.status == .exact && exact.relativeError <= 1e-6)
      let error = abs(exp(sampled.logProbability - exact.logProbability) - 1)
      #expect(error <= sampled.relativeError + exact.relativeError)
    }
  }
}
