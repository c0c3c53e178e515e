import BigInt
import ExactArithmetic
import MassArithmetic
import TestSupport
import Testing

@Suite("Numerals of masses") struct NumeralTests {
  @Test(arguments: [1, 7, 12_345, (1 << 60) + 1], [-1_400, -200, -60, -3, 0, 9])
  func numeralsEnclose(mantissa: Int, exponent: Int) throws {
    let value = Dyadic(BigInt(mantissa), exponent: exponent)
    let lower = try #require(Rational(decimal: value.numeral(rounding: .down)))
    let upper = try #require(Rational(decimal: value.numeral(rounding: .up)))
    #expect(lower <= Rational(value) && Rational(value) <= upper)
    #expect(
      upper - lower <= Rational(1, over: BigInt(10).power(11)) * Rational(value) * Rational(10)
        || upper == Rational(1, over: BigInt(10).power(400)))
  }

  @Test func nothingIsZero() {
    #expect(Dyadic.zero.numeral(rounding: .down) == "0")
    #expect(Dyadic.zero.numeral(rounding: .up) == "0")
  }

  /// The mass of a cell of many inputs may have millions of bits before its first digit.
  @Test(arguments: [-1_331, -1 << 24, -1 << 40])
  func farBelowWhatClaimsHold(exponent: Int) {
    let tiny = Dyadic(1, exponent: exponent)
    #expect(tiny.numeral(rounding: .down) == "0")
    #expect(tiny.numeral(rounding: .up) == "1e-400")
  }
}
