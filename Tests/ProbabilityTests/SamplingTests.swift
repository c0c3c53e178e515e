import Foundation
import Probability
import Testing

/// Sampled answers lie within their stated error of what quadrature and counting say.
@Suite struct SamplingTests {
  /// Some cases: full and deficient rank, wide and far out.
  private static func rectangles() throws -> [NormalRectangle] {
    let infinity = Double.infinity
    var result = [
      try NormalCases.orthant(8) { $0 == $1 ? 1 : 0.5 },
      try NormalCases.orthant(6) { pow(0.5, Double(abs($0 - $1))) },
      try NormalCases.rectangle(
        10, { pow(-0.5, Double(abs($0 - $1))) }, lower: Array(repeating: -1.5, count: 10),
        upper: Array(repeating: 2, count: 10)),
      try NormalCases.rectangle(
        8, { pow(0.5, Double(abs($0 - $1))) }, lower: Array(repeating: 4, count: 8),
        upper: Array(repeating: infinity, count: 8)),
      try NormalCases.tableau(rows: 2, columns: 3).0,
      try NormalCases.tableau(rows: 3, columns: 3).0,
    ]
    // Cells of few dimensions and many rows; the last ones are narrow and far out.
    var random = SeededGenerator(seed: 7)
    for distance in [1.0, 6] {
      let rows = (0..<9).map { _ in (random.normal(), random.normal()) }
      let point = (distance, distance / 2)
      let values = rows.map { $0.0 * point.0 + $0.1 * point.1 }
      result.append(
        try NormalRectangle(
          rows: rows.flatMap { [$0.0, $0.1] }, dimension: 2, lower: values.map { $0 - 0.7 },
          upper: values.map { _ in infinity }))
    }
    return result
  }

  @Test func sampledAnswersKeepTheirErrors() throws {
    for (index, rectangle) in try Self.rectangles().enumerated() {
      let exact = rectangle.probability()
      let sampled = rectangle.probability(accuracy: 2e-2, samplesAlways: true)
      #expect(exact.status == .exact && sampled.status == .estimate, "case \(index)")
      let error = abs(exp(sampled.logProbability - exact.logProbability) - 1)
      #expect(error <= sampled.relativeError + exact.relativeError, "case \(index)")
      #expect(sampled.relativeError <= 0.1, "case \(index)")
    }
  }

  @Test func seedsDecideAndThreadsDoNot() throws {
    let rectangle = try NormalCases.orthant(10) { pow(0.5, Double(abs($0 - $1))) }
    func answer(seed: UInt64, threads: Int) -> Double {
      rectangle.probability(
        accuracy: 1e-2, seed: seed, threads: threads, samplesAlways: true
      ).probability
    }
    #expect(answer(seed: 1, threads: 1) == answer(seed: 1, threads: 2))
    #expect(answer(seed: 1, threads: 1) != answer(seed: 2, threads: 1))
  }

  @Test func probabilitiesBelowTheRangeOfDoubleHaveLogarithms() throws {
    let rectangle = try NormalCases.rectangle(
      5, { $0 == $1 ? 1 : 0.5 }, lower: Array(repeating: 36, count: 5),
      upper: Array(repeating: .infinity, count: 5))
    let (exact, sampled) = (
      rectangle.probability(), rectangle.probability(accuracy: 1e-2, samplesAlways: true)
    )
    #expect(exact.probability == 0)
    #expect(abs(exact.logProbability / log(10) - (log10(8.305612467947252708) - 477)) <= 1e-11)
    #expect(abs(sampled.logProbability - exact.logProbability) <= 1e-4)
  }

  @Test func contradictionsAreFoundByCombination() throws {
    // In four dimensions: three rows and their sum, which must be lower than they allow.
    let rows: [[Double]] = [[1, 0, 0, 0.5], [0, 1, 0.5, 0], [0.5, 0, 1, 1], [1.5, 1, 1.5, 1.5]]
    let rectangle = try NormalRectangle(
      rows: rows.flatMap { $0 }, dimension: 4, lower: [0, 0, 0, -.infinity],
      upper: [.infinity, .infinity, .infinity, -0.5])
    let answer = rectangle.probability()
    #expect(answer.probability == 0 && answer.absoluteError == 0)
  }
}
