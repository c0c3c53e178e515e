import Foundation
import Probability
import Testing

/// Laws with a structure get answers of quadrature or counting, which agree with closed forms.
@Suite struct StructureTests {
  private static func expect(
    _ answer: NormalProbability, _ expected: Double, within tolerance: Double = 1e-11,
    _ location: SourceLocation = #_sourceLocation
  ) {
    let error = abs(answer.probability / expected - 1)
    #expect(error <= tolerance, sourceLocation: location)
    #expect(error <= answer.relativeError + 1e-15, sourceLocation: location)
    #expect(answer.status == .exact, sourceLocation: location)
  }

  @Test(arguments: [3, 7, 40, 200])
  func equalCorrelationsOfAHalf(count: Int) throws {
    let rectangle = try NormalCases.orthant(count) { $0 == $1 ? 1 : 0.5 }
    Self.expect(rectangle.probability(), 1 / Double(count + 1))
  }

  @Test(arguments: [(0.5, 0.25, 0.125), (-0.25, -0.5, 0.375), (-0.4, 0.3, 0.2)])
  func octantsAgreeWithTheSumOfAngles(rho: (Double, Double, Double)) throws {
    let matrix = [[1, rho.0, rho.1], [rho.0, 1, rho.2], [rho.1, rho.2, 1]]
    let expected = 0.125 + (asin(rho.0) + asin(rho.1) + asin(rho.2)) / (4 * .pi)
    Self.expect(try NormalCases.orthant(3) { matrix[$0][$1] }.probability(), expected)
  }

  @Test func hiddenFactorsAreFound() throws {
    // Given as factors and as the covariances that they make, in which no factor is named.
    var random = SeededGenerator(seed: 2)
    let (count, factors) = (9, 2)
    let loadings = (0..<count).map { _ in (0..<factors).map { _ in random.uniform() * 2 - 0.7 } }
    let noise = (0..<count).map { _ in 0.3 + random.uniform() }
    let lower = (0..<count).map { _ in -1 - 2 * random.uniform() }
    let upper = (0..<count).map { $0 % 3 == 0 ? Double.infinity : 1 + random.uniform() }
    let named = try NormalRectangle(
      factors: loadings.map { $0.enumerated().map { (column: $0.offset, value: $0.element) } },
      noise: noise, mean: Array(repeating: 0, count: count), lower: lower, upper: upper
    ).probability()
    let hidden = try NormalCases.rectangle(
      count,
      { i, j in
        zip(loadings[i], loadings[j]).reduce(i == j ? noise[i] : 0) { $0 + $1.0 * $1.1 }
      }, lower: lower, upper: upper)
    #expect(named.status == .exact)
    Self.expect(hidden.probability(), named.probability)
  }

  @Test func nearlyHiddenFactorsAreSampled() throws {
    // One correlation differs from what two factors say by 1e-6.
    let hidden = try NormalCases.orthant(8) { i, j in
      let product = Double((i + 1) * (j + 1)) / 100 + (i % 2 == j % 2 ? 0.2 : -0.2)
      return i == j ? 1 : product + (i + j == 1 ? 1e-6 : 0)
    }
    #expect(hidden.probability(accuracy: 0.01).status == .estimate)
  }

  @Test func negativeCorrelationsAgreeWithOneDimensionLess() throws {
    // Three rows by the imaginary factor, and by the sum of angles.
    let rho = -0.3
    Self.expect(
      try NormalCases.orthant(3) { $0 == $1 ? 1 : rho }.probability(),
      0.125 + 3 * asin(rho) / (4 * .pi))
  }

  @Test(arguments: [2, 5, 60]) func walksThatStayAbove(count: Int) throws {
    var expected = 1.0
    for step in 1...count { expected *= (2 * Double(step) - 1) / (2 * Double(step)) }
    Self.expect(
      try NormalCases.orthant(count) { Double(min($0, $1) + 1) }.probability(), expected)
  }

  @Test func chainsWhateverTheOrderOfRows() throws {
    let places = [4, 1, 3, 0, 2, 6, 5]
    let lower = [-1, 0.5, -2, -0.3, 0, 0.2, -0.7]
    func probability(_ order: [Int]) throws -> NormalProbability {
      try NormalCases.rectangle(
        7, { pow(0.8, Double(abs(order[$0] - order[$1]))) }, lower: order.map { lower[$0] },
        upper: order.map { lower[$0] + 2 }
      ).probability()
    }
    let (sorted, shuffled) = (try probability(Array(0..<7)), try probability(places))
    #expect(sorted.status == .exact && shuffled.status == .exact)
    #expect(abs(sorted.probability / shuffled.probability - 1) <= 1e-12)
  }

  @Test func blocksMultiply() throws {
    let block = [0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 0, 0]
    let rectangle = try NormalCases.orthant(12) { i, j in
      i == j ? 1 : block[i] == block[j] ? 0.5 : 0
    }
    Self.expect(rectangle.probability(), 1.0 / 7 / 4 / 4)
  }

  @Test func ordersAreCounted() throws {
    let chain = (0..<9).map { (low: $0, high: $0 + 1) }
    Self.expect(try NormalCases.order(chain).probability(), 1 / 3_628_800.0)
    Self.expect(
      try NormalCases.order(chain + [(low: 2, high: 7), (low: 0, high: 1)]).probability(),
      1 / 3_628_800.0)
    let (rectangle, share) = try NormalCases.tableau(rows: 3, columns: 5)
    Self.expect(rectangle.probability(), share)
  }

  @Test(arguments: [UInt64(1), 2, 3]) func descentSetsAgreeWithPermutations(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let ascents = (0..<40).map { _ in random.uniform() < 0.5 }
    let pairs = ascents.enumerated().map { index, rises in
      rises ? (low: index, high: index + 1) : (low: index + 1, high: index)
    }
    Self.expect(
      try NormalCases.order(pairs).probability(),
      NormalCases.shareOfPermutations(ascents: ascents))
  }

  @Test func rotatedBoxesLoseTheirRedundantRows() throws {
    // An orthogonal matrix, and sums of its rows whose limits follow.
    let base: [[Double]] = [
      [0.5, -0.5, -0.5, -0.5], [-0.5, 0.5, -0.5, -0.5], [-0.5, -0.5, 0.5, -0.5],
      [-0.5, -0.5, -0.5, 0.5],
    ]
    let sums = [zip(base[0], base[1]).map { $0 + $1 }, zip(base[2], base[3]).map { $0 - $1 }]
    let rectangle = try NormalRectangle(
      rows: (base + sums).flatMap { $0 }, dimension: 4, lower: [-1, -1, -1, -1, -2, -5],
      upper: [2, 1, 0.5, 3, 7, .infinity])
    let expected = [2, 1, 0.5, 3].reduce(1.0) { $0 * StandardNormal.probability(-1, $1) }
    Self.expect(rectangle.probability(), expected)
  }

  @Test func nearlySingularFactorsAreStepFunctions() throws {
    // Noise of 2^-30 around one factor: the smallest limit decides, nearly.
    let limits = [0.5, 1, 1.5, 2]
    let rectangle = try NormalRectangle(
      factors: limits.map { _ in [(column: 0, value: 1)] },
      noise: limits.map { _ in 0x1p-30 }, mean: [0, 0, 0, 0],
      lower: limits.map { _ in -.infinity }, upper: limits)
    Self.expect(
      rectangle.probability(), StandardNormal.distribution(0.5 / (1 + 0x1p-30).squareRoot()))
  }
}

/// Sets that are empty, rows that say nothing, and rows that say the same.
@Suite struct DegenerateTests {
  @Test func emptySetsAreImpossible() throws {
    let opposite = try NormalRectangle(
      rows: [1, -1], dimension: 1, lower: [-.infinity, -.infinity], upper: [-1, 0.5])
    let thin = try NormalRectangle(rows: [1, 1], dimension: 2, lower: [0.5], upper: [0.5])
    let cycle = try NormalCases.order([(0, 1), (1, 2), (2, 0)])
    let outside = try NormalRectangle(rows: [0, 0], dimension: 2, lower: [1], upper: [2])
    for rectangle in [opposite, thin, cycle, outside] {
      let answer = rectangle.probability()
      #expect(answer.probability == 0 && answer.logProbability == -.infinity)
    }
    for rectangle in [thin, outside] { #expect(rectangle.probability().status == .proved) }
    // Their rows are brought to one scale first, which rounds.
    for rectangle in [opposite, cycle] { #expect(rectangle.probability().status == .exact) }
  }

  @Test(arguments: [-600, -300, 300, 600]) func rowsOfAnyScaleAreTheSame(exponent: Int) throws {
    let scale = Double(sign: .plus, exponent: exponent, significand: 1)
    let answer = try NormalRectangle(
      rows: [scale, 2 * scale], dimension: 2, lower: [scale], upper: [.infinity]
    ).probability()
    #expect(abs(answer.probability - StandardNormal.distribution(-1 / 5.0.squareRoot())) <= 1e-15)
  }

  @Test func rowsThatSayNothing() throws {
    let answer = try NormalRectangle(
      rows: [0, 0, 1, 2, 1, 0], dimension: 2, lower: [-1, -.infinity, -.infinity],
      upper: [0, .infinity, 0]
    ).probability()
    #expect(abs(answer.probability - 0.5) <= 1e-15)
    #expect(
      try NormalRectangle(rows: [], dimension: 3, lower: [], upper: []).probability()
        .status == .proved)
  }

  @Test func equalRowsCountOnce() throws {
    let answer = try NormalCases.rectangle(
      3, { _, _ in 1 }, lower: [-1, -2, -1.5], upper: [2, 0.5, 1]
    ).probability()
    #expect(abs(answer.probability - StandardNormal.probability(-1, 0.5)) <= 1e-15)
  }

  @Test func densitiesThatPeakAtAHardEndAreFound() throws {
    // The first row has no noise of its own: it bounds the factor where the density is largest.
    let answer = try NormalRectangle(
      factors: [[(column: 0, value: 1)], [(column: 0, value: -1)]], noise: [0, 1], mean: [0, 0],
      lower: [0, 0], upper: [.infinity, .infinity]
    ).probability()
    #expect(abs(answer.probability - 0.125) <= 1e-14)
  }

  @Test func parallelStripsAreNotEmpty() throws {
    let strip = try NormalCases.rectangle(
      2, { $0 == $1 ? 1 : -0.5 }, lower: [0.4, 0.4], upper: [0.9, 0.9])
    let sampled = strip.probability(accuracy: 1e-2, samplesAlways: true)
    let answer = strip.probability()
    #expect(answer.probability > 0.01)
    #expect(abs(sampled.probability / answer.probability - 1) <= sampled.relativeError + 1e-12)
  }

  @Test func badLawsAreRefused() {
    #expect(throws: NormalError.crossedLimits(row: 0, lower: 1, upper: 0)) {
      try NormalRectangle(rows: [1], dimension: 1, lower: [1], upper: [0])
    }
    #expect(throws: NormalError.notACovariance(row: 1, column: 0)) {
      try NormalRectangle(
        covariance: [1, 2, 2, 1], mean: [0, 0], lower: [0, 0], upper: [1, 1])
    }
    #expect(throws: NormalError.wrongCount(of: "rows", found: 3, expected: 2)) {
      try NormalRectangle(rows: [1, 2, 3], dimension: 2, lower: [0], upper: [1])
    }
    #expect(throws: NormalError.self) {
      try NormalRectangle(rows: [.nan], dimension: 1, lower: [0], upper: [1])
    }
    #expect(throws: NormalError.self) {
      try NormalRectangle(rows: [1], dimension: 1, lower: [.nan], upper: [1])
    }
  }
}
