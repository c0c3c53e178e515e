import BigInt
import ExactArithmetic
import MassArithmetic
import Testing

@Suite struct CoordinateLawTests {
  private func rational(_ text: String) throws -> Rational { try #require(Rational(decimal: text)) }

  private func mass(_ law: CoordinateLaw, above low: Dyadic?, upTo high: Dyadic?) -> Interval {
    CoordinateLaw.mass(above: low.map(law.tails), upTo: high.map(law.tails))
  }

  /// The expected number is rounded to its digits.
  private func expect(_ found: Interval, is text: String, digits: Int) throws {
    let expected = try rational(text)
    let slack = expected.magnitude * Rational(1, over: BigInt(10).power(digits - 1))
    #expect(Rational(found.lower) <= expected + slack && Rational(found.upper) >= expected - slack)
    #expect(Rational(found.upper - found.lower) <= slack, "wide: \(found)")
  }

  /// mpmath, 40 digits: ncdf((b - mean) / sqrt(variance)) - ncdf((a - mean) / sqrt(variance)).
  @Test func normalMasses() throws {
    let law = CoordinateLaw.normal(mean: try rational("0.1"), variance: try rational("0.0004"))
    let (low, high) = (Dyadic(1, exponent: -3), Dyadic(1, exponent: -2))
    try expect(
      mass(law, above: low, upTo: high), is: "0.10564977366682334877204365506346888196", digits: 25)
    try expect(
      mass(law, above: nil, upTo: .zero), is: "2.86651571879193911673752332875e-7", digits: 24)
    // 40 to 41 deviations out: a difference of two small tails.
    let far = CoordinateLaw.normal(mean: .zero, variance: .one)
    try expect(
      mass(far, above: Dyadic(36), upTo: Dyadic(37)), is: "4.18262406579728275918521007935e-284",
      digits: 24)
    try expect(
      mass(far, above: Dyadic(-37), upTo: Dyadic(-36)), is: "4.18262406579728275918521007935e-284",
      digits: 24)
  }

  @Test func truncatedMasses() throws {
    let law = CoordinateLaw.truncatedNormal(
      mean: .zero, variance: .one, lower: Rational(1), upper: nil)
    #expect(mass(law, above: nil, upTo: Dyadic(1)) == .zero)
    try expect(
      mass(law, above: nil, upTo: Dyadic(2)), is: "0.856606501301193464358567391209", digits: 20)
    let both = CoordinateLaw.truncatedNormal(
      mean: .zero, variance: .one, lower: Rational(-1), upper: Rational(1))
    try expect(mass(both, above: .zero, upTo: nil), is: "0.5", digits: 20)
    #expect(mass(both, above: Dyadic(1), upTo: nil) == .zero)
  }

  @Test func uniformMassesAreSharesOfTheLength() throws {
    let law = CoordinateLaw.uniform(lower: try rational("0.1"), upper: try rational("0.3"))
    try expect(mass(law, above: nil, upTo: Dyadic(1, exponent: -3)), is: "0.125", digits: 40)
    #expect(mass(law, above: nil, upTo: .zero) == .zero)
    #expect(mass(law, above: Dyadic(1), upTo: Dyadic(2)) == .zero)
    #expect(mass(law, above: .zero, upTo: Dyadic(2)) == .one)
  }

  @Test func pointsBelongToTheLowerSideOfACut() throws {
    let law = CoordinateLaw.points([
      .init(value: .zero, probability: Rational(1, over: 4)),
      .init(value: .one, probability: Rational(3, over: 4)),
    ])
    #expect(mass(law, above: nil, upTo: .zero) == Interval(Dyadic(1, exponent: -2)))
    #expect(mass(law, above: .zero, upTo: .one) == Interval(Dyadic(3, exponent: -2)))
    #expect(mass(law, above: .one, upTo: nil) == .zero)
  }

  @Test func clippingMovesTailsToTheEnds() throws {
    let normal = CoordinateLaw.normal(mean: .zero, variance: .one)
    let law = CoordinateLaw.clipped(normal, lower: Rational(-1), upper: Rational(1))
    #expect(mass(law, above: nil, upTo: Dyadic(-2)) == .zero)
    #expect(law.tails(at: Dyadic(-1)).below == normal.tails(at: Dyadic(-1)).below)
    #expect(mass(law, above: nil, upTo: .one) == .one)
    let half = Dyadic(1, exponent: -1)
    #expect(mass(law, above: half, upTo: .one) == normal.tails(at: half).above)
  }

  @Test func massesOfAPartitionEncloseOne() throws {
    let laws: [CoordinateLaw] = [
      .normal(mean: try rational("0.3"), variance: try rational("1.7")),
      .truncatedNormal(mean: .one, variance: .one, lower: Rational(-2), upper: Rational(3)),
      .uniform(lower: Rational(-1), upper: try rational("2.3")),
      .clipped(.normal(mean: .zero, variance: .one), lower: Rational(-1), upper: Rational(1)),
    ]
    let cuts = [-70, -11, -3, -1, 0, 2, 5, 9, 300].map { Dyadic(BigInt($0), exponent: -2) }
    for law in laws {
      let ends: [Dyadic?] = [nil] + cuts + [nil]
      let total = zip(ends, ends.dropFirst()).reduce(Interval.zero) {
        $0 + mass(law, above: $1.0, upTo: $1.1)
      }
      #expect(total.lower <= .one && total.upper >= .one)
      #expect(total.upper - total.lower <= Dyadic(1, exponent: -80))
    }
  }

  @Test func rangesHoldAllValuesOrSayWhatTheyLeaveOut() throws {
    let normal = CoordinateLaw.normal(mean: try rational("0.1"), variance: try rational("0.01"))
    let range = normal.range
    let (farBelow, farAbove) = (try rational("-6.3"), try rational("6.5"))
    #expect(Rational(range.lower) <= farBelow && farAbove <= Rational(range.upper))
    #expect(!range.isBounded.below && !range.isBounded.above)
    #expect(normal.tails(at: range.upper).above.upper < Dyadic(1, exponent: -2900))
    let tenth = try rational("0.1")
    let clipped = CoordinateLaw.clipped(normal, lower: tenth, upper: .one).range
    #expect(Rational(clipped.lower) <= tenth && clipped.upper == .one)
    #expect(clipped.isBounded.below && clipped.isBounded.above)
  }
}
