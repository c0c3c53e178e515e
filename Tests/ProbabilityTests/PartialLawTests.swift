import ExactArithmetic
import NetworkModel
import Probability
import TestSupport
import Testing

/// What is known of a part of the regions, or of drawn inputs, agrees with what is known of all.
@Suite struct PartialLawTests {
  private static func network(seed: UInt64) -> Network {
    var generator = Probability.SeededGenerator(seed: seed)
    func matrix(_ rows: Int, _ columns: Int) -> [[Double]] {
      (0..<rows).map { _ in (0..<columns).map { _ in generator.normal() } }
    }
    return denseNetwork([
      (matrix(6, 2), matrix(1, 6)[0]), (matrix(5, 6), matrix(1, 5)[0]),
      (matrix(2, 5), matrix(1, 2)[0]),
    ])
  }

  private static var law: Distribution {
    get throws { try DistributionTests.gaussian([0.25, -0.5], covariance: [1, 0.5, 0.5, 1.5]) }
  }

  /// The interval over some patterns holds the probability over all, and the missing mass is its width.
  @Test(arguments: [3, 4] as [UInt64])
  func intervalsOfSomePatternsHoldTheWhole(seed: UInt64) throws {
    let network = Self.network(seed: seed)
    let components = try LatentComponent.components(of: Self.law, seenBy: network)
    let whole = try OutputLaw(of: components).marginal(ofOutput: 0)
    let masses = try MassFunction.bestFirst(components, limits: BestFirstLimits(count: 5))
    let some = try OutputLaw(of: masses, under: components)
    #expect(some.missing > 0.01)
    let partial = some.marginal(ofOutput: 0)
    for limit in [-2, 0, 1] {
      let expected = try whole.probability(atMost: Rational(limit))
      let found = try partial.probability(atMost: Rational(limit))
      #expect(found.lower <= expected.value && expected.value <= found.upper)
      #expect(abs(found.upper - found.lower - some.missing) <= 1e-9)
    }
    // A quantile of the whole is between those that the missing mass allows.
    let middle = try whole.quantile(0.5)
    let range = try partial.quantile(0.5)
    #expect(range.lower <= middle.upper && middle.lower <= range.upper)
  }

  /// Exact intervals and the band hold what enumeration gives.
  @Test func drawnJacobiansAgreeWithRegions() throws {
    let network = Self.network(seed: 5)
    let components = try LatentComponent.components(of: Self.law, seenBy: network)
    let exact = try JacobianLaw(try MassFunction.complete(components), of: network)
    let sample = try JacobianSample(of: network, under: Self.law, count: 5000, seed: 2)
    #expect(sample.sizes.reduce(0) { $0 + $1.hits } == 5000)
    for norm in MatrixNorm.allCases {
      let levels = [0.1, 0.5, 0.9]
      let quantiles = exact.quantiles(of: norm, at: levels)
      let bands = sample.quantiles(of: norm, at: levels, confidence: 0.999)
      for (quantile, band) in zip(quantiles, bands) {
        #expect(band.lower <= quantile.upper && quantile.lower <= band.upper)
        let tail = exact.probability(of: norm, above: quantile.upper).whole
        let (_, interval) = sample.interval(
          of: norm, above: quantile.upper, confidence: 0.999_9)
        #expect(interval.lower <= tail.value && tail.value <= interval.upper)
        #expect(tail.status == .exact)
      }
    }
    // Too few draws leave the ends open.
    let few = try JacobianSample(of: network, under: Self.law, count: 4, seed: 2)
    let open = few.quantiles(of: .two, at: [0.5], confidence: 0.99)
    #expect(open[0].lower == 0 && open[0].upper == .infinity)
  }

  /// ln(2/α)/(2n), squared; at most the whole.
  @Test func theBandNarrowsWithTheSample() {
    let band = EmpiricalBand(of: 1000, confidence: 0.95)
    #expect(abs(band.halfWidth - 0.042_946_940_834_674) <= 1e-12)
    #expect(EmpiricalBand(of: 1, confidence: 0.99).halfWidth == 1)
  }
}
