import NetworkModel
import Probability
import Testing

/// Fits find what points were drawn from.
@Suite struct FittingTests {
  @Test func momentsInOnePassAreThoseInTwo() throws {
    var generator = SeededGenerator(seed: 9)
    let size = 3
    // Far from zero, where one pass without centring would lose all digits.
    let points = (0..<1000 * size).map { 1e8 + Double($0 % size) * generator.normal() }
    var accumulator = MomentAccumulator(dimension: size)
    var diagonal = MomentAccumulator(dimension: size, isDiagonal: true)
    for start in stride(from: 0, to: points.count, by: size) {
      accumulator.add(points[start..<start + size])
      diagonal.add(points[start..<start + size])
    }
    let moments = try #require(accumulator.moments(unbiased: true))
    let variances = try #require(diagonal.moments(unbiased: true))
    for row in 0..<size {
      let mean = stride(from: row, to: points.count, by: size).reduce(0) {
        $0 + (points[$1] - 1e8) / 1000
      }
      #expect(abs(moments.mean[row] - 1e8 - mean) <= 1e-7)
      #expect(
        abs(
          variances.covariance.weights[row * (size + 1)]
            - moments.covariance.weights[row * (size + 1)]) <= 1e-9)
      for column in 0..<size {
        let direct = (0..<1000).reduce(0) { sum, point in
          sum + (points[point * size + row] - moments.mean[row])
            * (points[point * size + column] - moments.mean[column]) / 999
        }
        #expect(abs(moments.covariance.weights[row * size + column] - direct) <= 1e-9)
      }
    }
    #expect(MomentAccumulator(dimension: 1).moments(unbiased: false) == nil)
  }

  @Test(arguments: MixtureFit.Shape.allCases)
  func aMixtureIsFoundAgain(shape: MixtureFit.Shape) throws {
    let third = 1.0 / 3
    var generator = SeededGenerator(seed: 5)
    var points: [Double] = []
    for _ in 0..<3000 {
      let (x, y) = (generator.normal(), generator.normal())
      if generator.uniform() < third {
        points += [-4 + x, 1 + 0.5 * y]
      } else {
        points += [3 + 0.5 * x, -2 + (shape == .full ? 0.8 * x : 0) + 0.6 * y]
      }
    }
    let fit = try MixtureFit(
      points, dimension: 2, parts: 2, options: MixtureFit.Options(shape: shape, restarts: 3))
    #expect(fit.hasConverged)
    #expect(abs(fit.parts[0].weight - 2 * third) <= 0.04)
    let expected = [(3.0, -2.0), (-4.0, 1.0)]
    for (part, mean) in zip(fit.parts, expected) {
      #expect(abs(part.mean[0] - mean.0) <= 0.15)
      #expect(abs(part.mean[1] - mean.1) <= 0.15)
    }
    #expect(abs(fit.parts[0].covariance[0] - 0.25) <= 0.03)
    #expect(abs(fit.parts[0].covariance[1] - (shape == .full ? 0.4 : 0)) <= 0.05)
    let law = try Distribution(fit, shape: shape)
    #expect(law.componentCount == 2)
    #expect(try law.components { _ in 1 }.reduce(0) { $0 + $1.weight } == 1)
  }

  @Test func theSameSeedGivesTheSameFit() throws {
    var generator = SeededGenerator(seed: 6)
    let points = (0..<400).map { _ in generator.normal() }
    let options = MixtureFit.Options(restarts: 2, seed: 3)
    let fits = try (0..<2).map { _ in
      try MixtureFit(points, dimension: 1, parts: 3, options: options)
    }
    #expect(fits[0].parts.map(\.mean) == fits[1].parts.map(\.mean))
  }

  @Test func pointsThatAreAlikeStillFit() throws {
    let fit = try MixtureFit([1, 1, 1, 2, 2], dimension: 1, parts: 2)
    #expect(fit.parts.map { ($0.mean[0] * 1e6).rounded() } == [1e6, 2e6])
    #expect(throws: DataError("found 1 points, expected at least 2, one for each part")) {
      try MixtureFit([1], dimension: 1, parts: 2)
    }
    #expect(throws: DataError("found 1 points, expected at least 2")) {
      try Distribution.fitted(to: [1, 2], dimension: 2, spread: .full)
    }
  }

  @Test func aLowRankKeepsTheVariances() throws {
    var generator = SeededGenerator(seed: 7)
    var points: [Double] = []
    for _ in 0..<500 {
      let common = generator.normal()
      points += [common, 2 * common + 0.1 * generator.normal(), 0.3 * generator.normal()]
    }
    let full = try #require(
      try Distribution.fitted(to: points, dimension: 3, spread: .full).moments)
    let low = try #require(
      try Distribution.fitted(to: points, dimension: 3, spread: .rank(1)).moments)
    for entry in 0..<3 {
      let place = entry * 4
      #expect(abs(full.covariance.weights[place] - low.covariance.weights[place]) <= 1e-12)
    }
    #expect(abs(full.covariance.weights[1] - low.covariance.weights[1]) <= 0.02)
  }
}
