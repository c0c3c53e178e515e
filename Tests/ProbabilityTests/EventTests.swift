import ExactArithmetic
import Foundation
import NetworkModel
import Probability
import Regions
import TestSupport
import Testing

@Suite("Probabilities of events")
struct EventTests {
  private func normal(_ size: Int) throws -> Distribution {
    try mixture(
      weights: [1], means: [Array(repeating: 0, count: size)],
      variances: [Array(repeating: 1, count: size)])
  }

  private func exact(_ text: String) throws -> Rational { try #require(Rational(decimal: text)) }

  /// That an output of the first network is at most a number.
  private func output(_ entry: Int = 0, atMost limit: String) throws -> Event {
    .comparison(
      EventForm(
        constant: -(try exact(limit)), coefficients: [.output(network: 0, entry: entry): .one]),
      .atMost)
  }

  private func input(_ entry: Int, below limit: String) throws -> Event {
    .comparison(
      EventForm(constant: -(try exact(limit)), coefficients: [.input(entry): .one]), .below)
  }

  private func unit(_ rectifier: Int, _ index: Int, isActive: Bool = true) -> Event {
    .unit(UnitCondition(network: 0, rectifier: rectifier, index: index, isActive: isActive))
  }

  /// Narrows until nothing is left, or the interval is narrow, or nothing happens any more.
  private func interval(
    _ event: Event, _ networks: [Network], _ law: Distribution, width: Double = 0,
    atMost parts: Int = 10_000
  ) throws -> EventInterval {
    try EventQuestion(event, of: networks, under: law).narrow {
      $0.upper - $0.lower <= width || $0.parts >= parts
    }
  }

  private func expect(
    _ interval: EventInterval, _ probability: Double, within width: Double = 1e-11,
    _ place: SourceLocation = #_sourceLocation
  ) {
    #expect(interval.lower <= probability && probability <= interval.upper, sourceLocation: place)
    #expect(interval.upper - interval.lower <= width, sourceLocation: place)
  }

  /// max(x0, x1) = x1 + relu(x0 − x1), with x1 as the difference of two rectifiers.
  private static let maximum = denseNetwork([
    ([[1, -1], [0, 1], [0, -1]], [0, 0, 0]), ([[1, 1, -1]], [0]),
  ])

  private func distribution(_ x: Double) -> Double { erfc(-x / 2.0.squareRoot()) / 2 }

  @Test("The maximum of two normal numbers")
  func maximumOfTwo() throws {
    let law = try normal(2)
    for limit in ["-1.5", "0", "0.25", "2"] {
      let expected = pow(distribution(try #require(Double(limit))), 2)
      expect(try interval(output(atMost: limit), [Self.maximum], law), expected)
    }
    // Joined with the input: x0 < 0 and max <= 1, and either of them.
    let (negative, small) = (try input(0, below: "0"), try output(atMost: "1"))
    let one = distribution(1)
    expect(try interval(.all([negative, small]), [Self.maximum], law), one / 2)
    expect(
      try interval(.any([negative, small]), [Self.maximum], law), 0.5 + one * one - one / 2)
    expect(try interval(.all([]), [Self.maximum], law), 1)
    expect(try interval(.any([]), [Self.maximum], law), 0)
  }

  @Test("The Jacobian of a maximum is that of the larger number")
  func jacobians() throws {
    let law = try normal(2)
    func entry(_ input: Int, _ relation: Event.Relation, minus constant: String) throws -> Event {
      .comparison(
        EventForm(
          constant: -(try exact(constant)),
          coefficients: [.jacobian(network: 0, entry: 0, input: input): .one]), relation)
    }
    expect(try interval(entry(0, .below, minus: "0.5"), [Self.maximum], law), 0.5)
    expect(try interval(entry(0, .atMost, minus: "2"), [Self.maximum], law), 1)
    // Entries are 0 or 1; whether 1 is below 1, rounding hides.
    let tie = try interval(entry(0, .below, minus: "1"), [Self.maximum], law)
    #expect(tie.lower <= 0.5 && tie.upper >= 0.5 && abs(tie.hidden.value - 0.5) < 1e-11)
    func norm(_ norm: MatrixNorm, _ side: NormCondition.Side, _ limit: String) throws -> Event {
      .norm(NormCondition(network: 0, norm: norm, side: side, limit: try exact(limit)))
    }
    for kind in MatrixNorm.allCases {
      expect(try interval(norm(kind, .above, "0.5"), [Self.maximum], law), 1)
      expect(try interval(norm(kind, .below, "0.5"), [Self.maximum], law), 0)
    }
    expect(
      try interval(
        .all([norm(.two, .atMost, "2"), entry(1, .below, minus: "-1")]), [Self.maximum], law), 0)
  }

  @Test("What rounding hides is on neither side")
  func hidden() throws {
    // The derivative is 0.1 · 3 − 0.3, which is not zero in binary numbers, and hardly anything else.
    let network = denseNetwork([([[0.1], [1]], [5, 5]), ([[3, -0.3]], [0])])
    let entry = EventForm(
      constant: .zero, coefficients: [.jacobian(network: 0, entry: 0, input: 0): .one])
    let law = try normal(1)
    let some = try interval(.comparison(entry, .below), [network], law)
    #expect(some.lower < 1e-6 && some.upper > 0.999999)
    #expect(some.hidden.value > 0.999999)
    // Nothing is hidden where all units are inactive, and zero is zero.
    let dead = denseNetwork([([[1]], [-100]), ([[0.1]], [0])])
    expect(try interval(.comparison(entry, .equal), [dead], law), 1)
    expect(try interval(.comparison(entry, .below), [dead], law), 0)
  }

  @Test("Units in many dimensions need no complete patterns")
  func units() throws {
    // Twelve independent signs behind which a second rectifier has as many units.
    let size = 12
    let identity = (0..<size).map { row in (0..<size).map { $0 == row ? 1.0 : 0 } }
    var generator = TestSupport.SeededGenerator(seed: 5)
    let mixed = (0..<size).map { _ in
      (0..<size).map { _ in Double.random(in: -1...1, using: &generator) }
    }
    let zeros = [Double](repeating: 0, count: size)
    let network = denseNetwork([
      (identity, zeros), (mixed, zeros), ([Array(repeating: 1, count: size)], [0]),
    ])
    let law = try normal(size)
    let three = try interval(
      .all([unit(0, 0), unit(0, 1, isActive: false), unit(0, 2)]), [network], law, width: 1e-9)
    expect(three, 0.125, within: 1e-9)
    #expect(three.parts <= 8 && three.status == .exact)
    let joined = try interval(
      .any([unit(0, 0), input(1, below: "0")]), [network], law, width: 1e-9)
    expect(joined, 0.75, within: 1e-9)
    #expect(joined.parts <= 8)
  }

  @Test("Three networks of one input, as alternatives")
  func severalNetworks() throws {
    let minimum = denseNetwork([
      ([[1, -1], [0, 1], [0, -1], [1, 0], [-1, 0]], [0, 0, 0, 0, 0]),
      ([[-1, 0, 0, 1, -1]], [0]),
    ])
    let law = try normal(2)
    // max − min = |x0 − x1| above 1.
    let range = Event.comparison(
      EventForm(
        constant: .one,
        coefficients: [.output(network: 0, entry: 0): -.one, .output(network: 1, entry: 0): .one]),
      .below)
    expect(
      try interval(range, [Self.maximum, minimum], law), 2 * distribution(-1 / 2.0.squareRoot()))
    // max <= 0 or min >= 0: both of one sign.
    let sameSign = Event.any([
      try output(atMost: "0"),
      .comparison(
        EventForm(constant: .zero, coefficients: [.output(network: 1, entry: 0): -.one]), .atMost),
    ])
    expect(try interval(sameSign, [Self.maximum, minimum], law), 0.5)
  }

  @Test("Laws with edges and points")
  func otherLaws() throws {
    let box = try Box(
      lower: [exact("-1"), exact("0")], upper: [exact("1"), exact("2")])
    // Uniform: max <= 0.5 on [-1, 1] × [0, 2] is three quarters times a quarter.
    expect(
      try interval(output(atMost: "0.5"), [Self.maximum], Distribution(uniformOn: box)), 0.1875)
    // Clipped: the input itself has atoms, max of (clip, clip) <= 0 iff both are.
    let clipped = try normal(2).clipped(to: box)
    expect(try interval(output(atMost: "0"), [Self.maximum], clipped), 0.25)
    let atom = Event.comparison(
      EventForm(constant: .zero, coefficients: [.input(1): .one]), .equal)
    let found = try interval(atom, [Self.maximum], clipped)
    #expect(found.lower <= 0.5 && 0.5 <= found.upper)
    let points = try #require(ExactNumbers([-1.0, 0, 2, 1, 1, -3]))
    let discrete = Distribution(
      try DiscreteLaw(points: ExactMatrix(rows: 3, columns: 2, points)))
    expect(try interval(output(atMost: "0.5"), [Self.maximum], discrete), 1.0 / 3)
  }

  @Test(
    "The interval holds the probability from the first part on",
    .enabled(if: isOptimised, "minutes without optimisation"))
  func everyInterval() throws {
    for seed: UInt64 in [1] {
      var generator = TestSupport.SeededGenerator(seed: seed)
      let network = randomNetwork([3, 3, 2, 2], using: &generator)
      let law = try mixture(
        weights: [0.25, 0.75], means: [[-0.5, 0.25, 0], [1, 0, 0]],
        variances: [[0.5, 2, 1], [1, 0.25, 0.5]])
      let event = Event.any([
        .comparison(
          EventForm(
            constant: .zero,
            coefficients: [
              .output(network: 0, entry: 0): .one, .output(network: 0, entry: 1): -.one,
            ]), .below),
        .all([try input(1, below: "0"), unit(1, 1)]),
      ])
      var ends: [(Double, Double)] = []
      let last = try EventQuestion(event, of: [network], under: law).narrow {
        ends.append(($0.lower, $0.upper))
        return $0.upper - $0.lower < 0.05 || $0.parts > 40
      }
      #expect(ends.first?.0 == 0 && ends.first?.1 == 1)
      let count = 10_000
      var hits = 0
      var drawn = Probability.SeededGenerator(seed: seed)
      let regions = try RegionNetwork(network)
      for _ in 0..<count {
        let point = try law.sample(using: &drawn)
        let pattern = try regions.pattern(at: point)
        let outputs = regions.map(under: pattern).image(of: point)
        if outputs[0] < outputs[1] || (point[1] < 0 && pattern[3 + 1]) { hits += 1 }
      }
      let sampled = BinomialInterval(hits: hits, of: count, confidence: 1 - 1e-6)
      #expect(last.lower <= sampled.upper && last.upper >= sampled.lower, "seed \(seed)")
      #expect(last.upper - last.lower < 0.3, "seed \(seed): \(last)")
      for (lower, upper) in ends {
        #expect(lower <= last.upper && last.lower <= upper, "seed \(seed)")
      }
    }
  }

  private struct Law: Decodable {
    let weights: [Double]
    let means: [[Double]]
    let diag_cov: [[Double]]
  }

  @Test("The moons network against its exact values")
  func moons() throws {
    guard let network = sharedNetwork("probability/moons.onnx"),
      let exact = sharedFile("probability/moons_exact.json"),
      let laws = sharedFile("probability/moons_distributions.json")
    else { return }
    let parsed = try #require(try JSONSerialization.jsonObject(with: exact) as? [String: Any])
    let results = try #require(parsed["results"] as? [String: [String: Any]])
    // Each event enumerates the regions anew, so few of them.
    for (name, parameters) in try JSONDecoder().decode([String: Law].self, from: laws)
    where name == "class0_gmm3" {
      let law = try mixture(
        weights: parameters.weights, means: parameters.means, variances: parameters.diag_cov)
      let values = try #require(results[name])
      let norms = try #require(values["P(jacobian_norm>t)"] as? [String: String])
      for (limit, text) in norms where ["2", "8"].contains(limit) {
        let event = Event.norm(
          NormCondition(network: 0, norm: .two, side: .above, limit: try self.exact(limit)))
        expect(try interval(event, [network], law), try #require(Double(text)))
      }
      let limits = try #require(values["cdf_thresholds"] as? [Double])
      let shares = try #require(values["P(y<=t)"] as? [String])
      #expect(limits.count == shares.count && limits.count == 11)
      for (limit, text) in zip(limits, shares) where [-8, -1, 0.5].contains(limit) {
        expect(
          try interval(output(atMost: "\(limit)"), [network], law), try #require(Double(text)))
      }
    }
    let uniform = try #require(results["uniform_box"])
    let box = try Box(
      lower: [self.exact("-1.5"), self.exact("-1")], upper: [self.exact("2.5"), self.exact("1.5")])
    let positive = Event.comparison(
      EventForm(constant: .zero, coefficients: [.output(network: 0, entry: 0): -.one]), .below)
    expect(
      try interval(positive, [network], Distribution(uniformOn: box)),
      try #require((uniform["P(y>0)"] as? String).flatMap(Double.init)))
  }
}
