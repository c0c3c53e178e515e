import ExactArithmetic
import NetworkModel
import Probability
import Testing

/// Laws agree with their components, their moments with integrals and with samples.
@Suite struct DistributionTests {
  static func numbers(_ values: [Double]) throws -> ExactNumbers {
    try #require(ExactNumbers(values))
  }

  static func box(_ lower: [Double?], _ upper: [Double?]) throws -> Box {
    func ends(_ values: [Double?]) throws -> [Rational?] {
      try values.map { try $0.map { Rational(try #require(Dyadic(exactly: $0))) } }
    }
    return try Box(lower: ends(lower), upper: ends(upper))
  }

  static func gaussian(_ mean: [Double], deviations: [Double]) throws -> Distribution {
    Distribution(
      try Gaussian(mean: numbers(mean), spread: .standardDeviations(numbers(deviations))))
  }

  static func gaussian(_ mean: [Double], covariance: [Double]) throws -> Distribution {
    let matrix = ExactMatrix(rows: mean.count, columns: mean.count, try numbers(covariance))
    return Distribution(try Gaussian(mean: numbers(mean), spread: .covariance(matrix)))
  }

  static func points(_ rows: [[Double]], _ weights: [Double]? = nil) throws -> DiscreteLaw {
    let matrix = ExactMatrix(
      rows: rows.count, columns: rows[0].count, try numbers(rows.flatMap { $0 }))
    return try weights.map { try DiscreteLaw(points: matrix, weights: numbers($0)) }
      ?? DiscreteLaw(points: matrix)
  }

  /// One law of each form, small enough for every check.
  static func laws() throws -> [Distribution] {
    let half = Rational(1) / Rational(2)
    let correlated = try gaussian([1, -1], covariance: [2, 0.5, 0.5, 1])
    let cut = try gaussian([0.5], deviations: [2]).truncated(to: box([0], [3]))
    let clipped = try gaussian([-0.5], deviations: [1]).clipped(to: box([-1], [nil]))
    return [
      correlated,
      try gaussian([0, 0, 1], covariance: [1, 1, 0, 1, 1, 0, 0, 0, 0]),
      Distribution(
        try Gaussian(
          mean: numbers([0, 1]),
          spread: .lowRank(
            factor: ExactMatrix(rows: 2, columns: 1, numbers([1, 2])),
            diagonal: numbers([0.25, 0])))),
      try Distribution(mixing: [
        (half, correlated), (half, Distribution(uniformOn: box([0, 2], [4, 2]))),
      ]),
      try Distribution(product: [cut, clipped, Distribution(points([[0], [1], [3]], [1, 2, 1]))]),
      try Distribution(
        kernelAround: points([[0, 0], [4, 1]]), spread: .variances(numbers([1, 0.25]))),
      try Distribution(product: [clipped, cut]).clipped(to: box([0, 1], [0.5, 2])),
    ]
  }

  @Test func momentsAgreeWithSamples() throws {
    for (place, law) in try Self.laws().enumerated() {
      let moments = try #require(law.moments)
      var generator = SeededGenerator(seed: UInt64(place))
      let count = 20_000
      var (sum, square) = (
        [Double](repeating: 0, count: law.dimension),
        [Double](repeating: 0, count: law.dimension * law.dimension)
      )
      for _ in 0..<count {
        let point = try law.sample(using: &generator)
        for row in point.indices {
          let shift = point[row] - moments.mean[row]
          sum[row] += shift / Double(count)
          for column in point.indices {
            square[row * law.dimension + column] +=
              shift * (point[column] - moments.mean[column]) / Double(count)
          }
        }
      }
      // Six standard errors; fourth moments of these laws are below 16 variances squared.
      let margin = 6 / Double(count).squareRoot()
      for row in sum.indices {
        let deviation = moments.covariance.weights[row * (law.dimension + 1)].squareRoot()
        #expect(abs(sum[row]) <= margin * deviation + 1e-12, "law \(place), entry \(row)")
        for column in sum.indices {
          let other = moments.covariance.weights[column * (law.dimension + 1)].squareRoot()
          let index = row * law.dimension + column
          #expect(
            abs(square[index] - moments.covariance.weights[index])
              <= 4 * margin * deviation * other + 1e-12, "law \(place), entry \(row), \(column)")
        }
      }
    }
  }

  @Test func componentsHaveTheMomentsOfTheirLaw() throws {
    for law in try Self.laws().dropLast().prefix(4) {
      let components = try law.components { _ in 1 }
      #expect(components.count == law.componentCount)
      #expect(abs(components.reduce(0) { $0 + $1.weight } - 1) <= 1e-15)
      let moments = try #require(law.moments)
      for entry in 0..<law.dimension {
        let mean = components.reduce(0) { $0 + $1.weight * $1.centre[entry] }
        #expect(abs(mean - moments.mean[entry]) <= 1e-14)
        let square = components.reduce(0) {
          let shift = $1.centre[entry] - mean
          return $0 + $1.weight * ($1.deviation(entry) * $1.deviation(entry) + shift * shift)
        }
        #expect(abs(square - moments.covariance.weights[entry * (law.dimension + 1)]) <= 1e-14)
      }
    }
  }

  /// A half-normal law has mean √(2/π) and variance 1 − 2/π.
  @Test func truncatedLawsAreClosedForms() throws {
    let half = try Self.gaussian([0], deviations: [1]).truncated(to: Self.box([0], [nil]))
    let moments = try #require(half.moments)
    #expect(abs(moments.mean[0] - 0.797884560802865356) <= 1e-15)
    #expect(abs(moments.covariance.weights[0] - 0.363380227632418656) <= 1e-15)
    let components = try half.components { _ in 0 }
    #expect(components.count == 1)
    #expect(abs(components[0].weight - 2) <= 1e-15)
  }

  /// max(0, z) has mean 1/√(2π) and variance 1/2 − 1/(2π).
  @Test func clippedLawsAreClosedForms() throws {
    let rectified = try Self.gaussian([0], deviations: [1]).clipped(to: Self.box([0], [nil]))
    let moments = try #require(rectified.moments)
    #expect(abs(moments.mean[0] - 0.398942280401432678) <= 1e-15)
    #expect(abs(moments.covariance.weights[0] - 0.340845056908104672) <= 1e-15)
  }

  @Test func truncationToNothingIsAnError() throws {
    let laws = [
      try Distribution(uniformOn: Self.box([0], [1])).truncated(to: Self.box([2], [3])),
      Distribution(try Self.points([[0], [1]])),
    ]
    #expect(throws: DistributionError.self) { try laws[0].components { _ in 1 } }
    let cut = try laws[1].truncated(to: Self.box([0.5], [1]))
    let components = try cut.components { _ in 1 }
    #expect(components.map(\.centre) == [[1]])
    #expect(components.map(\.weight) == [1])
    #expect(components[0].truncation == nil)
  }

  @Test func truncationAndClippingNestExactly() throws {
    let normal = try Self.gaussian([0, 0], covariance: [1, 0.5, 0.5, 1])
    let law = try normal.clipped(to: Self.box([-1, -1], [1, 1]))
      .truncated(to: Self.box([-1, 0], [0.5, 1])).clipped(to: Self.box([0, nil], [nil, nil]))
    let components = try law.components { component in
      // Below its clipping an entry is not cut: it counts, as an atom at the end.
      #expect(component.truncation?.lower == [-.infinity, 0])
      #expect(component.truncation?.upper == [0.5, .infinity])
      return 0.25
    }
    #expect(components[0].weight == 4)
    #expect(components[0].clipping == .init(lower: [0, -1], upper: [1, 1]))
  }

  @Test func singularCovariancesAreOrdinary() throws {
    let gaussian = try Gaussian(
      mean: Self.numbers([0, 0, 0]),
      spread: .covariance(
        ExactMatrix(rows: 3, columns: 3, Self.numbers([4, 2, 0, 2, 1, 0, 0, 0, 0]))))
    #expect(gaussian.factor.columns == 1)
    #expect(gaussian.factor.weights == [2, 1, 0])
    let zero = try Gaussian(mean: Self.numbers([7]), spread: .variances(Self.numbers([0])))
    #expect(try Distribution(zero).components { _ in 1 }[0].latentDimension == 0)
  }

  @Test func aProductHasAllCombinations() throws {
    let coin = Distribution(try Self.points([[0], [1]], [1, 3]))
    let noise = try Self.gaussian([5], deviations: [1])
    let law = try Distribution(product: [coin, noise, coin])
    let components = try law.components { _ in 1 }
    #expect(components.map(\.weight) == [1, 3, 3, 9].map { $0 / 16 })
    #expect(components[2].centre == [1, 5, 0])
    #expect(components[2].latentDimension == 1)
  }

  @Test(arguments: [(-1.0, 0.5), (2.0, .infinity), (8.0, 8.1), (-.infinity, -6.0), (0.1, 0.2)])
  func truncatedNormalSamples(lower: Double, upper: Double) throws {
    let law = try Self.gaussian([0], deviations: [1]).truncated(
      to: Self.box([lower.isFinite ? lower : nil], [upper.isFinite ? upper : nil]))
    let moments = try #require(law.moments)
    var generator = SeededGenerator(seed: 4)
    var sum = 0.0
    for _ in 0..<10_000 {
      let value = generator.normal(from: lower, to: upper)
      try #require(lower <= value && value <= upper)
      sum += value
    }
    let error = moments.covariance.weights[0].squareRoot() / 100
    #expect(abs(sum / 10_000 - moments.mean[0]) <= 6 * error)
  }
}
