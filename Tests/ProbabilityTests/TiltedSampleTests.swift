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

  @Test(
    "A rare event's probability: close, and within the bounds",
    arguments: isOptimised ? [3, 6, 12, 30] : [6])
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
  @Test(
    "The value is an average of weights, without bias",
    .enabled(if: isOptimised, "minutes without optimisation"), arguments: [2.0, 5.0])
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
  @Test(
    "The bounds hold at the stated confidence",
    .enabled(if: isOptimised, "minutes without optimisation"))
  func coverage() throws {
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

  /// That an input is at least a number, or at most its negative.
  private func input(_ entry: Int, beyond limit: Rational) -> Event {
    .comparison(
      EventForm(
        constant: limit.magnitude, coefficients: [.input(entry): limit.signum < 0 ? .one : -.one]),
      .atMost)
  }

  private func isotropic(_ dimension: Int) throws -> Distribution {
    try gaussian(
      mean: [Double](repeating: 0, count: dimension),
      covariance: (0..<dimension * dimension).map { $0 % (dimension + 1) == 0 ? 1 : 0 })
  }

  /// Close to what is known, and within the bounds; the upper end without what is elsewhere says so, too.
  private func expect(
    _ event: Event, under law: Distribution, is known: Double, places: ClosedRange<Int>,
    within error: Double = 0.1, count: Int = 20_000
  ) throws {
    guard case .gaussian(let gaussian) = law.form else { return }
    let network = denseNetwork([([[Double](repeating: 1, count: gaussian.dimension)], [0])])
    for seed in 0..<(isOptimised ? 2 : 1) {
      let found = try sample(event, network, law, count: count, seed: UInt64(seed))
      #expect(found.lower <= known && known <= found.upper, "\(known), \(found)")
      #expect(abs(found.value / known - 1) < error, "\(known), \(found)")
      #expect(found.lower > 0.5 * known && found.upperInside < 1.6 * known, "\(known), \(found)")
      #expect(places.contains(found.centres), "\(found)")
    }
  }

  @Test(
    "Both tails are found, near or far, even or not", arguments: isOptimised ? [3, 6, 12] : [6])
  func tails(distance: Int) throws {
    let limit = Rational(distance)
    try expect(
      .any([input(0, beyond: limit), input(0, beyond: -limit)]), under: standard(),
      is: 2 * tail(Double(distance)), places: 2...4)
    try expect(
      .any([input(0, beyond: limit), input(0, beyond: -limit - Rational(1) / Rational(2))]),
      under: standard(), is: tail(Double(distance)) + tail(Double(distance) + 0.5), places: 2...4)
  }

  @Test(
    "Four corners are found, also of a law that is correlated",
    .enabled(if: isOptimised, "minutes without optimisation"))
  func corners() throws {
    let limit = Rational(3)
    let corners = Event.any(
      [(limit, limit), (limit, -limit), (-limit, limit), (-limit, -limit)].map {
        .all([input(0, beyond: $0), input(1, beyond: $1)])
      })
    let known = 4 * tail(3) * tail(3)
    try expect(corners, under: isotropic(2), is: known, places: 4...8)
    // Beside coordinates that do not matter.
    try expect(corners, under: isotropic(6), is: known, places: 4...8, within: 0.2)
    // |x + y| ≥ 12 with the variance 6, |x − y| ≥ 6 with the variance 2, independent of each other.
    let law = try gaussian(mean: [0, 0], covariance: [2, 1, 1, 2])
    let sides = [(1, 12), (-1, 6)].map { sign, limit -> Event in
      .any(
        [1, -1].map { side in
          .comparison(
            EventForm(
              constant: Rational(limit),
              coefficients: [
                .input(0): Rational(-side), .input(1): Rational(-side * sign),
              ]), .atMost)
        })
    }
    try expect(
      .all(sides), under: law, is: 4 * tail(12 / 6.0.squareRoot()) * tail(6 / 2.0.squareRoot()),
      places: 4...8)
    try expect(
      .any(sides), under: law,
      is: 2 * tail(12 / 6.0.squareRoot()) + 2 * tail(6 / 2.0.squareRoot())
        - 4 * tail(12 / 6.0.squareRoot()) * tail(6 / 2.0.squareRoot()), places: 4...8)
  }

  @Test("The likelier of two places is found, though the other is reached sooner") func likelier()
    throws
  {
    // x ≥ 4 is likelier, but y ≥ 7 is less far from true by its own measure.
    let near = Event.comparison(
      EventForm(
        constant: Rational(4) / Rational(5), coefficients: [.input(0): -Rational(1) / Rational(5)]),
      .atMost)
    let far = Event.comparison(
      EventForm(
        constant: Rational(7) / Rational(100),
        coefficients: [.input(1): -Rational(1) / Rational(100)]),
      .atMost)
    try expect(
      .any([near, far]), under: isotropic(2), is: tail(4) + tail(7), places: 2...3)
  }

  @Test(
    "A thin slice far out is found",
    .enabled(if: isOptimised, "minutes without optimisation"))
  func slice() throws {
    let slice = Event.all([
      input(0, beyond: Rational(6)),
      .comparison(
        EventForm(
          constant: -Rational(25) / Rational(4), coefficients: [.input(0): .one]), .atMost),
    ])
    try expect(slice, under: isotropic(3), is: tail(6) - tail(6.25), places: 1...4)
  }

  @Test(
    "A ring has many places",
    .enabled(if: isOptimised, "minutes without optimisation"))
  func ring() throws {
    // Sixteen half-planes around a circle of radius 5.
    let sides = (0..<16).map { side -> Event in
      let angle = Double(side) * Double.pi / 8
      return .comparison(
        EventForm(
          constant: Rational(5),
          coefficients: [
            .input(0): -exact(cos(angle)), .input(1): -exact(sin(angle)),
          ]), .atMost)
    }
    let law = try isotropic(2)
    for seed in 0..<(isOptimised ? 2 : 1) {
      let found = try sample(.any(sides), sum, law, count: 20_000, seed: UInt64(seed))
      // More than beyond a circle around the corners, less than beyond the circle inside.
      let radius = 5 / cos(Double.pi / 16)
      #expect(found.lower < exp(-12.5) && exp(-radius * radius / 2) < found.upper)
      #expect(found.value > 0.9 * exp(-radius * radius / 2) && found.value < 1.1 * exp(-12.5))
      #expect(found.upperInside < 2 * exp(-12.5))
    }
  }

  /// A unit's sign says nothing of how far it is; ordinary draws meet it once in 700.
  @Test("An event without distances is found from ordinary draws") func units() throws {
    let network = denseNetwork([([[1]], [-3]), ([[1]], [0])])
    let isActive = Event.unit(UnitCondition(network: 0, rectifier: 0, index: 0, isActive: true))
    let found = try sample(isActive, network, standard(), count: 20_000, seed: 5)
    #expect(found.lower <= tail(3) && tail(3) <= found.upper)
    #expect(abs(found.value / tail(3) - 1) < 0.1, "\(found)")
  }

  @Test(
    "What happens elsewhere is in the upper bound, and counted in the value",
    .enabled(if: isOptimised, "minutes without optimisation"))
  func elsewhere() throws {
    // Windows in five coordinates, of which ordinary draws meet few.
    let window = Event.all(
      (0..<5).flatMap { entry in
        [
          input(entry, beyond: Rational(1)),
          .comparison(
            EventForm(constant: -Rational(2), coefficients: [.input(entry): .one]), .atMost),
        ]
      })
    let share = pow(tail(1) - tail(2), 5)
    let known = tail(5) + share - tail(5) * share
    let far = Event.comparison(
      EventForm(constant: Rational(5), coefficients: [.input(0): .one]), .atMost)
    for seed in 0..<(isOptimised ? 2 : 1) {
      let found = try sample(
        .any([far, window]), denseNetwork([([[1, 1, 1, 1, 1]], [0])]), isotropic(5), count: 20_000,
        seed: UInt64(seed))
      #expect(found.lower <= known && known <= found.upper, "\(known), \(found)")
      #expect(found.upper == min(1, found.upperInside + found.upperOutside))
      #expect(found.upperOutside > 1e-4 && found.upperInside < 2 * known)
    }
  }

  @Test("It ends where it is cancelled, at whichever draw") func cancelled() throws {
    let (event, law) = (output(atLeast: 6), try standard())
    for most in [0, 1, 500, 5000, 20_000] {
      var asked = 0
      do {
        let found = try TiltedSample(
          of: event, of: [line], under: law, count: 2000, confidence: 0.999, seed: 1
        ) {
          asked += 1
          return asked > most
        }
        Issue.record("\(String(describing: found))")
      } catch MassError.cancelled { #expect(asked == most + 1) }
      #expect {
        try EventSample(of: [event], of: [line], under: law, count: 2, seed: 1) { true }
      } throws: { if case MassError.cancelled = $0 { true } else { false } }
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
