import ExactArithmetic
import Foundation
import NetworkModel
import Probability
import TestSupport
import Testing

/// Tilted draws of events whose probabilities are known.
@Suite("Tilted samples") struct TiltedSampleTests {
  private let line = denseNetwork([([[1]], [0])])
  private let sum = denseNetwork([([[1, 1]], [0])])
  /// That the output is at least a number.
  private func output(atLeast limit: Int) -> Event {
    .comparison(
      EventForm(
        constant: Rational(limit), coefficients: [.output(network: 0, entry: 0): -.one]), .atMost)
  }

  private func gaussian(mean: [Double], covariance: [Double]) throws -> Distribution {
    let numbers = try #require(ExactNumbers(covariance))
    return Distribution(
      try Gaussian(
        mean: #require(ExactNumbers(mean)),
        spread: .covariance(ExactMatrix(rows: mean.count, columns: mean.count, numbers))))
  }

  private func standard() throws -> Distribution { try gaussian(mean: [0], covariance: [1]) }

  private func tail(_ distance: Double) -> Double { erfc(distance / 2.0.squareRoot()) / 2 }

  private func sample(
    _ event: Event, _ network: Network, _ law: Distribution, count: Int = 2000,
    confidence: Double = 0.999, seed: UInt64
  ) throws -> TiltedSample {
    try #require(
      try TiltedSample(
        of: event, of: [network], under: law, count: count, confidence: confidence, seed: seed))
  }

  @Test("A rare event's probability: close, and within the bounds", arguments: [3, 6, 12, 30])
  func rare(distance: Int) throws {
    let known = tail(Double(distance))
    let found = try sample(output(atLeast: distance), line, standard(), count: 20_000, seed: 1)
    #expect(found.lower <= known && known <= found.upper)
    #expect(found.lower > 0.5 * known && found.upperInside < 1.6 * known, "\(found)")
    #expect(abs(found.value / known - 1) < 0.2, "\(found)")
    // Ordinary draws never leave less than that possible.
    #expect(found.upperOutside > 1e-4 && found.upperOutside < 1e-3)
  }

  /// x + y ≥ 10 for x ~ N(1, 4), y ~ N(0, 1) with the covariance 1: the sum is N(1, 7).
  @Test("Means, variances and covariances are those of the law") func moved() throws {
    let law = try gaussian(mean: [1, 0], covariance: [4, 1, 1, 1])
    let known = tail(9 / 7.0.squareRoot())
    let found = try sample(output(atLeast: 10), sum, law, count: 20_000, seed: 2)
    #expect(found.lower <= known && known <= found.upper)
    #expect(abs(found.value / known - 1) < 0.1, "\(found)")
  }

  /// Weights are exp(|m|² / 2 − m·z): without them the value would be a half and more.
  @Test("The value is an average of weights, without bias", arguments: [2.0, 5.0])
  func unbiased(distance: Double) throws {
    let known = tail(distance)
    let (event, law) = (output(atLeast: Int(distance)), try standard())
    let values = try (0..<30).map {
      try sample(event, line, law, count: 500, seed: UInt64(100 + $0)).value
    }
    let mean = values.reduce(0, +) / Double(values.count)
    let square = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    let error = (square / Double(values.count - 1) / Double(values.count)).squareRoot()
    // What lies before the half-space is missing: about a thousandth.
    #expect(abs(mean - known) < 5 * error + 1e-2 * known, "\(mean) ± \(error), \(known)")
  }

  /// At 80 % a fifth of the intervals may miss; 60 trials miss more than 26 with a chance below 1e-5.
  @Test("The bounds hold at the stated confidence") func coverage() throws {
    let (event, law, known) = (output(atLeast: 2), try standard(), tail(2))
    let found = try (0..<60).map {
      try sample(event, line, law, count: 400, confidence: 0.8, seed: UInt64(1000 + $0))
    }
    #expect(found.count { $0.lower > known || known > $0.upper } <= 26)
    // They say something, and depend on the draws and on the confidence.
    #expect(found.count { $0.lower > 0.4 * known && $0.upperInside < 1.6 * known } > 45)
    #expect(Set(found.map(\.value)).count == 60)
    let sure = try sample(event, line, law, count: 400, confidence: 0.999, seed: 1000)
    #expect(sure.lower < found[0].lower && sure.upper > found[0].upper)
  }

  /// Tilted draws go to x ≥ 3 and never see x ≤ −3.5.
  @Test("What happens elsewhere is in the upper bound") func elsewhere() throws {
    let below = Event.comparison(
      EventForm(
        constant: Rational(7) / Rational(2), coefficients: [.output(network: 0, entry: 0): .one]),
      .atMost)
    let (law, known) = (try standard(), tail(3) + tail(3.5))
    for seed in 0..<4 {
      let found = try sample(
        .any([output(atLeast: 3), below]), line, law, count: 4000, seed: UInt64(seed))
      #expect(found.lower <= known && known <= found.upper)
      #expect(abs(found.value / tail(3) - 1) < 0.15)
      #expect(found.upper == min(1, found.upperInside + found.upperOutside))
      #expect(found.upperOutside > tail(3.5))
    }
  }

  @Test("Nothing where the law is not normal, or the event is found nowhere") func nothing() throws
  {
    let box = try Distribution(uniformOn: Box(lower: [.zero], upper: [.one]))
    #expect(
      try TiltedSample(
        of: output(atLeast: 0), of: [line], under: box, count: 10, confidence: 0.9, seed: 1) == nil)
    #expect(
      try TiltedSample(
        of: output(atLeast: 1), of: [denseNetwork([([[0]], [0])])], under: try standard(),
        count: 10, confidence: 0.9, seed: 1) == nil)
  }
}
