import ExactArithmetic
import Foundation
import NetworkModel
import Probability
import Regions
import TestSupport
import Testing

@Suite struct MassFunctionTests {
  private func masses(_ network: Network, _ law: Distribution) throws -> [String: UncertainMass] {
    let function = try MassFunction.complete(
      LatentComponent.components(of: law, seenBy: network))
    #expect(abs(function.covered.value - 1) < 1e-13, "masses sum to one")
    return Dictionary(
      uniqueKeysWithValues: function.entries.map { ($0.pattern.description, $0.mass) })
  }

  private func standardNormal(_ size: Int) throws -> Distribution {
    try mixture(
      weights: [1], means: [Array(repeating: 0, count: size)],
      variances: [Array(repeating: 1, count: size)])
  }

  @Test func threeLinesCutThePlaneInSixths() throws {
    let root = 0.75.squareRoot()
    let network = denseNetwork([
      ([[1, 0], [0.5, root], [-0.5, root]], [0, 0, 0]), ([[1, 1, 1]], [0]),
    ])
    let masses = try masses(network, standardNormal(2))
    #expect(masses.count == 6)
    #expect(masses["101"] == nil && masses["010"] == nil)
    for mass in masses.values { #expect(abs(mass.value - 1.0 / 6) < 1e-15) }
  }

  @Test func laterUnitsAreSeenGivenTheEarlierOnes() throws {
    // h1 = x, h2 = relu(x) − 1, the published marginals are not conditional.
    let network = denseNetwork([([[1]], [0]), ([[1]], [-1]), ([[1]], [0])])
    let masses = try masses(network, standardNormal(1))
    #expect(masses.count == 3)
    for (pattern, value) in [("0|0", 0.5), ("1|0", 0.341344746068543), ("1|1", 0.158655253931457)] {
      #expect(abs((masses[pattern]?.value ?? .nan) - value) < 1e-15)
    }
  }

  @Test func atomsCountOnTheInactiveSide() throws {
    let network = denseNetwork([([[1], [-1]], [0, 0]), ([[1, 1]], [0])])
    let points = try #require(ExactNumbers([-1.0, 0, 2]))
    let law = try DiscreteLaw(
      points: ExactMatrix(rows: 3, columns: 1, points))
    let masses = try masses(network, Distribution(law))
    #expect(Set(masses.keys) == ["01", "00", "10"])
    for mass in masses.values { #expect(abs(mass.value - 1.0 / 3) < 1e-15) }
  }

  @Test func wideInputsAreReducedExactly() throws {
    // Two units of a hundred inputs: the mass is that of a quadrant under their correlation.
    var generator = TestSupport.SeededGenerator(seed: 3)
    let rows = (0..<2).map { _ in
      (0..<100).map { _ in Double.random(in: -1...1, using: &generator) }
    }
    let network = denseNetwork([(rows, [0, 0]), ([[1, 1]], [0])])
    let masses = try masses(network, standardNormal(100))
    func product(_ one: [Double], _ other: [Double]) -> Double {
      zip(one, other).reduce(0) { $0 + $1.0 * $1.1 }
    }
    let correlation =
      product(rows[0], rows[1])
      / (product(rows[0], rows[0]) * product(rows[1], rows[1])).squareRoot()
    let expected = 0.25 + asin(correlation) / (2 * .pi)
    #expect(abs((masses["11"]?.value ?? .nan) - expected) < 1e-14)
    #expect(abs((masses["00"]?.value ?? .nan) - expected) < 1e-14)
  }

  @Test func otherLawsAgreeWithDrawnInputs() throws {
    var generator = TestSupport.SeededGenerator(seed: 11)
    let network = randomNetwork([2, 4, 3, 1], using: &generator)
    func number(_ text: String) -> Rational { Rational(decimal: text) ?? .zero }
    let box = try Box(
      lower: [number("-0.5"), number("-0.25")], upper: [number("0.75"), nil])
    let line = try Box(lower: [number("-1")], upper: [number("1.5")])
    let normal = try mixture(weights: [1], means: [[0.25]], variances: [[0.5]])
    let laws = [
      try standardNormal(2).clipped(to: box), try standardNormal(2).truncated(to: box),
      try Distribution(product: [normal, Distribution(uniformOn: line)]),
      try Distribution(product: [Distribution(uniformOn: line), normal]),
    ]
    for (index, law) in laws.enumerated() {
      let masses = try masses(network, law)
      let sample = try PatternSample(of: network, under: law, count: 20_000, seed: 7)
      for (pattern, hits) in sample.hits {
        let mass = try #require(masses[pattern.description], "law \(index): drawn, so it has mass")
        let interval = sample.interval(of: pattern, confidence: 1 - 1e-6)
        #expect(
          interval.lower <= mass.value && mass.value <= interval.upper, "law \(index), \(hits)")
      }
    }
  }

  @Test func bestFirstFindsTheGreatestMasses() throws {
    for seed in UInt64(1)...5 {
      var generator = TestSupport.SeededGenerator(seed: seed)
      let network = randomNetwork([2, 6, 5, 1], using: &generator)
      let law = try mixture(weights: [1], means: [[-0.5, 0.25]], variances: [[0.5, 2]])
      let components = try LatentComponent.components(of: law, seenBy: network)
      let all = try MassFunction.complete(components)
      let everything = try MassFunction.bestFirst(components, limits: BestFirstLimits())
      #expect(abs(everything.covered.value - 1) < 1e-7, "seed \(seed)")
      let some = try MassFunction.bestFirst(components, limits: BestFirstLimits(count: 8))
      #expect(some.entries.count == 8)
      let best = all.entries.prefix(8).reduce(0) { $0 + $1.mass.value }
      #expect(some.covered.value > 0.6 * best && some.covered.value < best + 1e-12, "seed \(seed)")
      let known = Dictionary(
        uniqueKeysWithValues: all.entries.map { ($0.pattern, $0.mass.value) })
      for entry in some.entries {
        #expect(abs(entry.mass.value - (known[entry.pattern] ?? .nan)) < 1e-14)
      }
      #expect(abs(some.missing - (1 - some.covered.value)) < 1e-10)
    }
  }

  @Test func moreThanTwoDimensionsHaveIntervals() throws {
    // Rows (e0 + ei)/√2: all three are active with probability 1/4.
    let half = 0.5.squareRoot()
    let rows = [[half, half, 0, 0], [half, 0, half, 0], [half, 0, 0, half]]
    let network = denseNetwork([(rows, [0, 0, 0]), ([[1, 1, 1]], [0])])
    let components = try LatentComponent.components(of: standardNormal(4), seenBy: network)
    #expect(components.map(\.dimension) == [3])
    let found = try MassFunction.bestFirst(components, limits: BestFirstLimits(count: 2))
    #expect(Set(found.entries.map(\.pattern.description)) == ["111", "000"])
    for entry in found.entries {
      #expect(entry.mass.lower <= 0.25 && 0.25 <= entry.mass.upper)
      #expect(entry.mass.upper - entry.mass.lower < 0.02)
    }
    #expect(found.missing < 0.52)
  }

  @Test func parallelLinesLeaveNothingOut() throws {
    // Strips and rectangles of parallel lines; each mass is a product of intervals.
    let network = denseNetwork([
      ([[1, 0], [1, 0], [0, 1], [0, 1]], [0, -1, 0.5, -0.5]), ([[1, 1, 1, 1]], [0]),
    ])
    let masses = try masses(network, standardNormal(2))
    #expect(masses.count == 9)
    let middle = StandardNormal.probability(0, 1) * StandardNormal.probability(-0.5, 0.5)
    #expect(abs((masses["1010"]?.value ?? .nan) - middle) < 1e-15)
  }

  @Test func diagonalProductsAreNoMasses() throws {
    // Twice the same unit: the product of the marginals is a quarter each, the masses are halves.
    let network = denseNetwork([([[1], [1]], [0, 0]), ([[1, 1]], [0])])
    let components = try LatentComponent.components(of: standardNormal(1), seenBy: network)
    let all = try MassFunction.complete(components)
    let deviation = try #require(
      DiagonalApproximation.deviation(from: all, under: components))
    #expect(abs(deviation.lower - 0.5) < 1e-15 && abs(deviation.upper - 0.5) < 1e-15)
    #expect(abs(deviation.listed - 0.5) < 1e-15)
    // With one of the two patterns listed, the distance is between a quarter and the whole of it.
    let one = try MassFunction.bestFirst(components, limits: BestFirstLimits(count: 1))
    let partial = try #require(
      DiagonalApproximation.deviation(from: one, under: components))
    #expect(abs(partial.lower - 0.25) < 1e-12 && abs(partial.upper - 0.75) < 1e-12)
  }

  @Test func publishedSupportKeepsAndLosesPatterns() throws {
    // The chain: P(h2 > 0) is 0.159 alone, and 0.317 given that the first unit is active.
    let network = denseNetwork([([[1]], [0]), ([[1]], [-1]), ([[1]], [0])])
    let components = try LatentComponent.components(of: standardNormal(1), seenBy: network)
    let narrow = SupportEstimate(components, rule: .margin(below: 0.3))
    #expect(narrow.count() == 2)
    #expect(narrow.contains(try #require(ActivationPattern("1|0"))))
    #expect(!narrow.contains(try #require(ActivationPattern("1|1"))))
    let wide = SupportEstimate(components, rule: .entropy(atLeast: 0.6))
    #expect(wide.count() == 3)
    #expect(wide.contains(try #require(ActivationPattern("1|1"))))
  }

  @Test func expectedMapIsTheMeanOfTheMaps() throws {
    // |x| under a standard normal: slope −1 or 1, each with one half.
    let network = denseNetwork([([[1], [-1]], [0, 0]), ([[1, 1]], [0])])
    let components = try LatentComponent.components(of: standardNormal(1), seenBy: network)
    let all = try MassFunction.complete(components)
    let map = try all.expectedMap(of: network)
    #expect(abs(map.matrix[0]) < 1e-15 && map.offset == [0])
    #expect(abs(all.entropy.lower - 1) < 1e-14)
    let law = try JacobianLaw(all, of: network)
    #expect(abs(law.probability(of: .two, above: 0.5).known.value - 1) < 1e-14)
    #expect(law.probability(of: .two, above: 1).known.value == 0)
  }

  @Test func intervalsOfClopperAndPearson() {
    // Published: 0 of 10 and 95 %, (0, 0.3085); 1 of 10: (0.0025, 0.4450).
    let none = BinomialInterval(hits: 0, of: 10, confidence: 0.95)
    #expect(none.lower == 0 && abs(none.upper - 0.30849710781876083) < 1e-12)
    let one = BinomialInterval(hits: 1, of: 10, confidence: 0.95)
    #expect(abs(one.lower - 0.00252857854446178) < 1e-12)
    #expect(abs(one.upper - 0.44501611702801964) < 1e-10)
    let all = BinomialInterval(hits: 10, of: 10, confidence: 0.95)
    #expect(all.upper == 1 && abs(all.lower - (1 - none.upper)) < 1e-12)
  }

  @Test func normsOfAJacobian() throws {
    let map = AffineMap(rows: 2, columns: 3, matrix: [3, 0, 0, 0, -4, 0], offset: [0, 0])
    let size = try #require(JacobianSize(map))
    #expect(size.singularValues == [4, 3])
    #expect(size[.one] == 4 && size[.two] == 4 && size[.infinity] == 4 && size[.frobenius] == 5)
    #expect(JacobianSize(AffineMap(rows: 1, columns: 1, matrix: [.nan], offset: [0])) == nil)
  }
}
