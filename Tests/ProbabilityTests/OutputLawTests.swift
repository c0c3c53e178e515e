import ExactArithmetic
import Foundation
import NetworkModel
import Probability
import TestSupport
import Testing

/// Output laws agree with closed forms and with samples.
@Suite struct OutputLawTests {
  private static func exact(_ number: Double) throws -> Rational {
    Rational(try #require(Dyadic(exactly: number)))
  }

  private static func normal(_ size: Int) throws -> Distribution {
    try DistributionTests.gaussian(
      [Double](repeating: 0, count: size), deviations: [Double](repeating: 1, count: size))
  }

  /// max(x1, x2) = x2 + relu(x1 − x2), written with relu(x2) − relu(−x2) for x2.
  private static let maximum = denseNetwork([
    ([[1, -1], [0, 1], [0, -1]], [0, 0, 0]), ([[1, 1, -1]], [0]),
  ])

  /// The counterexample to the paper's Proposition 2: its mixture of truncated normal laws would be
  /// N(0, 1), whose mean is 0 and whose density at 0 is 0.3989.
  @Test func theMaximumOfTwoNormalNumbersIsNoTruncatedNormal() throws {
    let law = try OutputLaw(of: Self.maximum, under: Self.normal(2))
    let marginal = law.marginal(ofOutput: 0)
    for number in [-3.0, -1, -0.25, 0, 0.5, 2, 5] {
      let below = StandardNormal.distribution(number)
      let found = try marginal.probability(atMost: Self.exact(number))
      #expect(abs(found.value - below * below) <= 1e-15)
      let density = try #require(try marginal.density(at: number))
      #expect(abs(density.value - 2 * StandardNormal.density(number) * below) <= 1e-15)
    }
    let moments = try #require(try law.moments())
    #expect(abs(moments.mean[0] - 1 / Double.pi.squareRoot()) <= 1e-15)
    #expect(abs(moments.covariance.weights[0] - (1 - 1 / Double.pi)) <= 1e-15)
    #expect(marginal.atoms.isEmpty)
    let median = try marginal.quantile(0.5)
    #expect(!median.isAtom)
    #expect(pow(StandardNormal.distribution(median.lower), 2) <= 0.5)
    #expect(pow(StandardNormal.distribution(median.upper), 2) >= 0.5)
    #expect(median.upper - median.lower <= 1e-12)
  }

  @Test func aRectifierHasAnAtom() throws {
    // relu(x) − 1/4 under N(0, 1).
    let network = denseNetwork([([[1]], [0]), ([[1]], [-0.25])])
    let law = try OutputLaw(of: network, under: Self.normal(1))
    let marginal = law.marginal(ofOutput: 0)
    let atoms = marginal.atoms
    #expect(atoms.map(\.value) == [-0.25])
    #expect(abs(atoms[0].mass.value - 0.5) <= 1e-15)
    let at = try Self.exact(-0.25)
    #expect(try marginal.probability(atMost: at, isStrict: true).value == 0)
    #expect(abs(try marginal.probability(atMost: at).value - 0.5) <= 1e-15)
    #expect(abs(try marginal.probability(above: at, isStrict: false).value - 1) <= 1e-15)
    #expect(abs(try marginal.probability(above: at).value - 0.5) <= 1e-15)
    // The density leaves the atom out.
    #expect(try marginal.density(at: -0.5)?.value == 0)
    #expect(
      abs(try #require(try marginal.density(at: 0.75)).value - StandardNormal.density(1)) <= 1e-15)
    let low = try marginal.quantile(0.3)
    #expect(low.isAtom && low.lower == -0.25 && low.upper == -0.25)
    #expect(try marginal.quantile(0.7).isAtom == false)
    let moments = try #require(try law.moments())
    #expect(abs(moments.mean[0] - 0.398942280401432678 + 0.25) <= 1e-15)
    #expect(abs(moments.covariance.weights[0] - 0.340845056908104672) <= 1e-15)
  }

  /// What is constant only because weights cancel is found exactly; what is nearly so is no atom.
  @Test func cancellationIsDecidedExactly() throws {
    // Active units x and 0.1 x; the output 0.1·h1 − h2 + b cancels exactly, in binary64 not by chance.
    let tenth = 0.1
    let cancelling = denseNetwork([([[1], [tenth]], [8, 8 * tenth]), ([[tenth, -1]], [3])])
    let shift = try DistributionTests.gaussian([0], deviations: [0.125])
    let flat = try OutputLaw(of: cancelling, under: shift).marginal(ofOutput: 0)
    #expect(flat.atoms.count == 1)
    #expect(abs(flat.atoms[0].mass.value - 1) <= 1e-14)
    let sloped = denseNetwork([
      ([[1], [tenth.nextUp * 1.000_000_1]], [8, 8 * tenth]), ([[tenth, -1]], [3]),
    ])
    #expect(try OutputLaw(of: sloped, under: shift).marginal(ofOutput: 0).atoms.isEmpty)
  }

  /// A perfectly correlated law: x1 − x2 is a constant though no weight is zero.
  @Test func degenerateLawsHaveAtoms() throws {
    let difference = denseNetwork([
      ([[1, 0], [0, 1], [-1, 0], [0, -1]], [0, 0, 0, 0]), ([[1, -1, -1, 1]], [0]),
    ])
    let law = try DistributionTests.gaussian([1, 0.5], covariance: [0.3, 0.3, 0.3, 0.3])
    let marginal = try OutputLaw(of: difference, under: law).marginal(ofOutput: 0)
    #expect(marginal.atoms.count == 1)
    #expect(abs(marginal.atoms[0].value - 0.5) <= 1e-15)
    #expect(abs(marginal.atoms[0].mass.value - 1) <= 1e-14)
  }

  /// A number that no binary one equals: at the atom itself the interval leaves both sides open.
  @Test func decimalAtomsLeaveTheirEndOpen() throws {
    let network = denseNetwork([([[1]], [4]), ([[3]], [-12])])
    let tenth = Rational(1) / Rational(10)
    func law(_ value: Rational) throws -> OutputMarginal {
      let points = ExactMatrix(rows: 1, columns: 1, try #require(ExactNumbers([value])))
      return try OutputLaw(of: network, under: Distribution(DiscreteLaw(points: points)))
        .marginal(ofOutput: 0)
    }
    let decimal = try law(tenth)
    let open = try decimal.probability(atMost: Rational(3) * tenth)
    #expect(open.lower == 0 && open.upper == 1)
    #expect(try decimal.probability(atMost: Rational(4) * tenth).lower >= 1 - 1e-15)
    #expect(try decimal.probability(atMost: Rational(2) * tenth).upper == 0)
    let binary = try law(try Self.exact(0.125))
    #expect(try binary.probability(atMost: Self.exact(0.375)).lower >= 1 - 1e-15)
    #expect(try binary.probability(atMost: Self.exact(0.375), isStrict: true).upper == 0)
  }

  @Test func severalOutputsTogether() throws {
    // y = (relu(x1), relu(x2), relu(x1 + x2)).
    let network = denseNetwork([
      ([[1, 0], [0, 1], [1, 1]], [0, 0, 0]),
      ([[1, 0, 0], [0, 1, 0], [0, 0, 1]], [0, 0, 0]),
    ])
    let law = try OutputLaw(of: network, under: Self.normal(2))
    func condition(_ weights: [Int], _ limit: Int, strict: Bool = false) -> OutputCondition {
      OutputCondition(
        weights: weights.map { Rational($0) }, limit: Rational(limit), isStrict: strict)
    }
    // All at most zero: both inputs are.
    let none = try law.probability(of: [
      condition([1, 0, 0], 0), condition([0, 1, 0], 0), condition([0, 0, 1], 0),
    ])
    #expect(abs(none.value - 0.25) <= 1e-15)
    // y1 <= 0 < y3: x1 <= 0 < x1 + x2, an angle of 45 degrees.
    let one = try law.probability(of: [
      condition([1, 0, 0], 0), condition([0, 0, -1], 0, strict: true),
    ])
    #expect(abs(one.value - 0.125) <= 1e-15)
    // y3 = y1 + y2 where both are active, which only the exact row shows.
    let sum = law.marginal(of: [Rational(1), Rational(1), Rational(-1)])
    #expect(sum.atoms.contains { $0.value == 0 && abs($0.mass.value - 0.5) <= 1e-14 })
  }

  /// Laws of every kind in up to two dimensions, against samples and against themselves.
  @Test(arguments: 0..<6)
  func lawsAgreeWithSamples(kind: Int) throws {
    var generator = Probability.SeededGenerator(seed: UInt64(100 + kind))
    func matrix(_ rows: Int, _ columns: Int) -> [[Double]] {
      (0..<rows).map { _ in (0..<columns).map { _ in generator.normal() } }
    }
    let inputs = kind == 0 ? 1 : 2
    let network = denseNetwork([
      (matrix(5, inputs), matrix(1, 5)[0]), (matrix(4, 5), matrix(1, 4)[0]),
      (matrix(2, 4), matrix(1, 2)[0]),
    ])
    let box = try DistributionTests.box([-1, -0.5], [1.5, 2])
    let correlated = try DistributionTests.gaussian([0.5, -0.25], covariance: [1, 0.6, 0.6, 2])
    let law: Distribution
    switch kind {
    case 0:
      law = try DistributionTests.gaussian([0], deviations: [2]).clipped(
        to: DistributionTests.box([-1], [nil]))
    case 1: law = try Distribution(uniformOn: box)
    case 2:
      law = try Distribution(product: [
        DistributionTests.gaussian([1], deviations: [0.5]),
        Distribution(uniformOn: DistributionTests.box([-2], [1])),
      ])
    case 3: law = try correlated.truncated(to: box)
    case 4: law = try correlated.clipped(to: box)
    default:
      law = try Distribution(product: [
        Distribution(DistributionTests.points([[-1], [2]], [1, 2])),
        DistributionTests.gaussian([0.5], deviations: [1]),
      ])
    }
    let output = try OutputLaw(of: network, under: law)
    #expect(abs(output.covered.value - 1) <= 1e-13)
    let count = 20_000
    let sample = try OutputSample(of: network, under: law, count: count, seed: 7)
    try check(output, sample)
    let moments = try #require(try output.moments())
    for entry in 0..<2 {
      let mean = sample.outputs.reduce(0) { $0 + $1[entry] } / Double(count)
      let deviation = moments.covariance.weights[entry * 3].squareRoot()
      #expect(abs(mean - moments.mean[entry]) <= 5 * deviation / Double(count).squareRoot())
      let variance = sample.outputs.reduce(0) {
        $0 + pow($1[entry] - moments.mean[entry], 2) / Double(count)
      }
      #expect(abs(variance / (deviation * deviation) - 1) <= 0.15)
    }
  }

  private func check(_ law: OutputLaw, _ sample: OutputSample) throws {
    let marginal = law.marginal(ofOutput: 0)
    for share in [0.1, 0.5, 0.8] {
      let quantile = try marginal.quantile(share)
      #expect(quantile.upper - quantile.lower <= 1e-9)
      let limit = try Self.exact(quantile.upper)
      // Away from the quantile, where it may be an atom that rounding moves.
      let near = Rational(1) / Rational(1_000_000)
      let found = try marginal.probability(atMost: quantile.isAtom ? limit + near : limit)
      #expect(quantile.isAtom ? found.upper >= share : abs(found.value - share) <= 1e-9)
      let condition = OutputCondition(weights: [Rational(1), .zero], limit: limit + near)
      let (_, interval) = sample.interval(of: [condition], confidence: 0.999_9)
      let value = try marginal.probability(atMost: limit + near).value
      #expect(interval.lower <= value && value <= interval.upper)
      // The density is the slope of the distribution function.
      let step = 1e-5
      let low = try marginal.probability(atMost: Self.exact(quantile.upper + step)).value
      let high = try marginal.probability(atMost: Self.exact(quantile.upper + 3 * step)).value
      let density = try #require(try marginal.density(at: quantile.upper + 2 * step)).value
      #expect(abs((high - low) / (2 * step) - density) <= 1e-3 * max(1, density))
      // Both outputs together.
      let second = OutputCondition(
        weights: [.zero, Rational(-1)], limit: Rational(1) / Rational(3), isStrict: true)
      let joint = try law.probability(of: [condition, second])
      let (_, both) = sample.interval(of: [condition, second], confidence: 0.999_9)
      #expect(both.lower <= joint.value && joint.value <= both.upper)
    }
  }
}
