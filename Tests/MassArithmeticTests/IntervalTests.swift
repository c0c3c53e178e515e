import BigInt
import ExactArithmetic
import MassArithmetic
import Testing

@Suite struct IntervalTests {
  /// Operations on numbers of 120 bits and more hold the exact results.
  @Test(arguments: 0..<60) func operationsEncloseExactResults(seed: Int) {
    var generator = SeededBits(seed: seed)
    let (left, right) = (generator.number(), generator.number())
    let exact = (Rational(left), Rational(right))
    expect(Interval(left) + Interval(right), encloses: exact.0 + exact.1)
    expect(Interval(left) - Interval(right), encloses: exact.0 - exact.1)
    expect(Interval(left) * Interval(right), encloses: exact.0 * exact.1)
    expect(Interval(exact.0), encloses: exact.0)
    let divisor = right.magnitude
    guard divisor.signum > 0 else { return }
    expect(Interval(left) / Interval(divisor), encloses: exact.0 / Rational(divisor))
    expect(Interval(exact.0 / Rational(divisor)), encloses: exact.0 / Rational(divisor))
    let root = Interval(divisor).squareRoot
    #expect(root.lower * root.lower <= divisor && divisor <= root.upper * root.upper)
    #expect(root.upper - root.lower <= root.upper * Dyadic(1, exponent: -116))
  }

  @Test func signsOfEndsChooseTheRightProductsAndQuotients() {
    let ends = [-3, -1, 0, 2, 5]
    for low in ends {
      for high in ends where high >= low {
        let left = Interval(Dyadic(low), Dyadic(high))
        for first in ends {
          for second in ends where second >= first {
            let product = left * Interval(Dyadic(first), Dyadic(second))
            let values = [low * first, low * second, high * first, high * second]
            #expect(product.lower == Dyadic(values.min() ?? 0))
            #expect(product.upper == Dyadic(values.max() ?? 0))
          }
        }
        let quotient = left / Interval(Dyadic(2), Dyadic(4))
        let quarters = [2 * low, low, 2 * high, high].map { Dyadic(BigInt($0), exponent: -2) }
        #expect(quotient.lower == quarters.min())
        #expect(quotient.upper == quarters.max())
      }
    }
  }

  @Test func exactRootsAreExact() {
    #expect(
      Interval(Dyadic(BigInt(9), exponent: -6)).squareRoot == Interval(Dyadic(3, exponent: -3)))
    #expect(Interval(Dyadic(BigInt(1), exponent: 7)).squareRoot.lower < Dyadic(12))
    #expect(Interval.zero.squareRoot == .zero)
  }

  private func expect(_ interval: Interval, encloses value: Rational) {
    #expect(Rational(interval.lower) <= value && value <= Rational(interval.upper))
    let width = Rational(interval.upper - interval.lower)
    #expect(width <= value.magnitude * Rational(1, over: BigInt(1) << 114))
  }
}

/// A generator of numbers with up to 300 bits and either sign.
private struct SeededBits {
  private var state: UInt64

  init(seed: Int) { state = UInt64(truncatingIfNeeded: seed) &* 0x9E37_79B9_7F4A_7C15 &+ 1 }

  private mutating func word() -> UInt64 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return state ^ (state >> 29)
  }

  mutating func number() -> Dyadic {
    var mantissa = BigInt(0)
    for _ in 0..<Int(word() >> 8 % 5) + 1 { mantissa = mantissa << 60 + BigInt(word() >> 4) }
    let sign: BigInt = word() >> 20 & 1 == 0 ? 1 : -1
    return Dyadic(sign * mantissa, exponent: Int(word() >> 16 % 40) - 20)
  }
}
