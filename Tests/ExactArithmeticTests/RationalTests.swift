import BigInt
import ExactArithmetic
import Testing

@Suite("Exact numbers")
struct ExactNumberTests {
  @Test(
    "Decimal numerals have their exact values",
    arguments: [
      ("0.1", 1, 10), ("-12", -12, 1), ("1.5e-3", 3, 2000), (".5", 1, 2), ("2.", 2, 1),
      ("+1E2", 100, 1), ("-0.0", 0, 1),
    ])
  func decimals(text: String, numerator: Int, denominator: Int) {
    #expect(Rational(decimal: text) == Rational(numerator) / Rational(denominator))
  }

  @Test(
    "Other texts are no decimal numerals",
    arguments: ["", "-", ".", "e5", "1e", "1e99999", "1.2.3", "0x1", "inf", "nan", "1 ", "--1"])
  func refused(text: String) {
    #expect(Rational(decimal: text) == nil)
  }

  @Test("Rounding to a grid goes the right way")
  func rounding() throws {
    let tenth = try #require(Rational(decimal: "0.1"))
    for bits in [0, 1, 10, 60, 100] {
      #expect(Rational(tenth.roundedDown(toFractionalBits: bits)) < tenth)
      #expect(Rational(tenth.roundedUp(toFractionalBits: bits)) > tenth)
      #expect(Rational((-tenth).roundedDown(toFractionalBits: bits)) < -tenth)
    }
    #expect((Rational(3) / Rational(4)).roundedDown(toFractionalBits: 2) == Dyadic(3) * half * half)
    #expect((Rational(3) / Rational(4)).dyadic == Dyadic(3) * half * half)
    #expect(tenth.dyadic == nil)
  }

  @Test("Integers scaled down round towards minus infinity", arguments: -9...9)
  func floors(value: Int) {
    #expect(Dyadic(value).floor(scaledBy: -2) == BigInt(value >> 2))
  }

  @Test("Negative integers convert exactly: BigInt's own conversions do not", arguments: 0..<200)
  func conversions(seed: Int) throws {
    var generator = SystemRandomNumberGenerator()
    let value = Int128.random(in: -(1 << 126)...(1 << 126), using: &generator) >> Int128(seed % 100)
    #expect(Int128(narrowing: BigInt(widening: value)) == value)
    #expect(BigInt(widening: value).description == value.description)
    let small = Int64(truncatingIfNeeded: value >> 1)
    #expect(Int64(narrowing: BigInt(small)) == small)
  }

  private let half = Dyadic(1, exponent: -1)

  @Test("NaN and infinity have no exact value", arguments: [Double.nan, .infinity, -.infinity])
  func noValue(value: Double) {
    #expect(Dyadic(exactly: value) == nil)
  }

  @Test("Wide sums round down, and are exact where they fit")
  func wideSums() throws {
    var sum = WideDyadic(1, exponent: 0)
    sum.addRoundingDown(WideDyadic(1, exponent: -100))
    #expect(sum.dyadic == Dyadic(1) + Dyadic(1, exponent: -100))
    var rounded = WideDyadic(1, exponent: 0)
    rounded.addRoundingDown(WideDyadic(-1, exponent: -1000))
    #expect(rounded.dyadic < Dyadic(1))
    #expect(rounded.dyadic > Dyadic(1) - Dyadic(1, exponent: -100))
    let third = (Rational(1) / Rational(3)).roundedDown(toFractionalBits: 300)
    #expect(WideDyadic(roundingDown: third).dyadic < third)
    #expect(WideDyadic(roundingUp: third).dyadic > third)
    #expect(WideDyadic(roundingUp: -third).dyadic > -third)
  }
}
