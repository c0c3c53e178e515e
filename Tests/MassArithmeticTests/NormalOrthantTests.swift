import Approximation
import BigInt
import ExactArithmetic
import Foundation
import MassArithmetic
import TestSupport
import Testing

/// Correlated numbers, the upper ends of which have a known joint probability.
private struct Rows {
  let covariance: [[Double]]
  let limits: [Double]

  /// `P(X ≤ 0) = 1 / (n + 1)` where all correlations are 1/2.
  static func equal(_ count: Int, correlation: Double = 0.5, limit: Double = 0) -> Rows {
    Rows(
      covariance: (0..<count).map { row in (0...row).map { $0 == row ? 1 : correlation } },
      limits: Array(repeating: limit, count: count))
  }

  var orthant: NormalOrthant? {
    NormalOrthant(
      covariance: covariance.map { $0.map { Interval(number($0)) } },
      limits: limits.map { Interval(number($0)) })
  }
}

private func number(_ value: Double) -> Dyadic { Dyadic(exactly: value) ?? .zero }

private func upper(_ orthant: NormalOrthant, _ place: [Double]) -> Double {
  let bound = orthant.upperMass(tiltedAt: place.map(number))
  #expect(bound.lower == .zero)
  return bound.upper.nearestDouble
}

private func lower(_ orthant: NormalOrthant, _ means: [Double]) -> Double {
  let bound = orthant.lowerMass(means: means.map(number))
  #expect(bound.upper == .one)
  return bound.lower.nearestDouble
}

@Suite struct NormalOrthantTests {
  @Test func aSingleNumberHasItsTail() throws {
    let orthant = try #require(
      NormalOrthant(covariance: [[Interval(Dyadic(4))]], limits: [Interval(Dyadic(-6))]))
    let tail = NormalTail.above(Interval(Dyadic(3)))
    let most = orthant.upperMass(tiltedAt: []).upper
    #expect(most >= tail.upper)
    #expect(most - tail.upper <= Dyadic(1, exponent: -100))
    for mean in [0, 1, -5] {
      let least = orthant.lowerMass(means: [Dyadic(mean)]).lower
      #expect(least <= tail.lower)
      #expect(mean != 0 || tail.lower - least <= Dyadic(1, exponent: -100))
    }
  }

  @Test("Of covariances that are hardly known nothing follows") func wideCovariances() throws {
    let tenth = try dyadic(0.1)
    let wide = try #require(
      NormalOrthant(
        covariance: [
          [Interval.one], [Interval(-tenth, tenth), Interval(try dyadic(0.0101), .one)],
        ],
        limits: [Interval.one, Interval.one]))
    #expect(wide.lowerMass(means: [.zero, .zero]).lower == .zero)
  }

  @Test func farOutOnlyTheTopIsKnown() throws {
    let far = try #require(
      NormalOrthant(covariance: [[Interval.one]], limits: [Interval(Dyadic(-300))]))
    #expect(far.upperMass(tiltedAt: []).upper < Dyadic(1, exponent: -40_000))
    #expect(far.lowerMass(means: [.zero]).lower == .zero)
  }

  /// Half a right angle more or less: 1/4 + arcsin(ρ) / 2π.
  @Test(arguments: [-0.875, -0.5, 0, 0.5, 0.875])
  func boundsOfTwoNumbersHoldWhateverTheChoices(correlation: Double) throws {
    let orthant = try #require(Rows.equal(2, correlation: correlation).orthant)
    let chance = 0.25 + asin(correlation) / (2 * Double.pi)
    var random = SeededGenerator(seed: 7)
    var (best, least) = (1.0, 0.0)
    for _ in 0..<300 {
      let most = upper(orthant, [Double.random(in: -3...3, using: &random)])
      #expect(most >= chance * (1 - 1e-12), "direction")
      best = min(best, most)
      let fewest = lower(orthant, (0..<2).map { _ in Double.random(in: -2...2, using: &random) })
      #expect(fewest <= chance * (1 + 1e-12), "direction")
      least = max(least, fewest)
    }
    #expect(best <= chance * (correlation < 0 ? 2 : 1.2))
    #expect(least >= chance * 0.6)
  }

  @Test(arguments: [3, 5, 8]) func orthantsWithCorrelationsOfOneHalf(count: Int) throws {
    let orthant = try #require(Rows.equal(count).orthant)
    let chance = 1 / Double(count + 1)
    var random = SeededGenerator(seed: UInt64(count))
    for _ in 0..<40 {
      let place = (1..<count).map { _ in Double.random(in: -4...2, using: &random) }
      #expect(upper(orthant, place) >= chance * (1 - 1e-12), "direction")
      let means = (0..<count).map { _ in Double.random(in: -2...1, using: &random) }
      #expect(lower(orthant, means) <= chance * (1 + 1e-12), "direction")
    }
    // All numbers are alike.
    let found = (0..<40).map { lower(orthant, Array(repeating: -Double($0) / 20, count: count)) }
    #expect(found.max() ?? 0 >= chance * 0.6)
  }

  /// `P(X ≤ −t)` of independent numbers is a product; far out no digits may be lost.
  @Test func farOutIndependentNumbersKeepTheirDigits() throws {
    let orthant = try #require(Rows.equal(3, correlation: 0, limit: -10).orthant)
    let tail = NormalTail.above(Interval(Dyadic(10)))
    let cube = tail.upper * tail.upper * tail.upper
    let most = orthant.upperMass(tiltedAt: [number(-10.1), number(-10.1)]).upper
    #expect(most >= tail.lower * tail.lower * tail.lower)
    #expect(most <= cube * (Dyadic.one + Dyadic(1, exponent: -80)))
    let least = orthant.lowerMass(means: [.zero, .zero, .zero]).lower
    #expect(least <= cube)
    #expect(least >= cube * (Dyadic.one - Dyadic(1, exponent: -80)))
  }

  @Test func dependentNumbersHaveNoFactor() {
    #expect(Rows(covariance: [[1], [1, 1]], limits: [0, 0]).orthant == nil)
    #expect(Rows(covariance: [[1], [2, 1]], limits: [0, 0]).orthant == nil)
    #expect(Rows(covariance: [[0]], limits: [0]).orthant == nil)
  }

  @Test(arguments: [1e9, -1e9, 1e300, -1e300]) func choicesOfAnySizeGiveBounds(size: Double) throws
  {
    let orthant = try #require(Rows.equal(3).orthant)
    #expect(upper(orthant, [size, size]) >= 0.25)
    #expect(upper(orthant, [size, -size]) >= 0.25)
    #expect(lower(orthant, [size, 0, 0]) <= 0.25)
    #expect(lower(orthant, [0, size, -size]) <= 0.25)
  }
}
