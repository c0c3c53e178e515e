import BigInt
import ExactArithmetic
import Testing

/// Dyadic numbers against fractions, on both sides of what a machine integer holds.
@Suite("Dyadic numbers")
struct DyadicTests {
  private static let sizes = [
    0, 1, 30, 62, 63, 64, 65, 100, 119, 120, 125, 126, 127, 128, 129, 190,
  ]

  /// Both signs, next to powers of two.
  private static let numbers: [BigInt] = sizes.flatMap { size in
    [-1, 0, 1].flatMap { (offset: BigInt) in
      let value = (BigInt(1) << size) + offset
      return [value, -value]
    }
  }

  @Test("Sums, products and comparisons are exact", arguments: [0, 3, 61, 64, 127, 300])
  func operations(shift: Int) {
    for first in Self.numbers {
      for second in Self.numbers {
        let (left, right) = (Dyadic(first, exponent: -shift), Dyadic(second, exponent: 5))
        let scaled = second << (5 + shift)
        #expect(left + right == Dyadic(first + scaled, exponent: -shift))
        #expect(left - right == Dyadic(first - scaled, exponent: -shift))
        #expect(left * right == Dyadic(first * second, exponent: 5 - shift))
        #expect((left < right) == (first < scaled))
        #expect((Rational(left) < Rational(right)) == (left < right))
      }
    }
  }

  @Test("A number is the same however it came about", arguments: sizes)
  func structure(size: Int) {
    for offset: BigInt in [-1, 0, 1] {
      let integer = (BigInt(1) << size) + offset
      let value = Dyadic(integer, exponent: 7)
      let shifted = Dyadic(integer << 90, exponent: -83)
      #expect(value == shifted && value.hashValue == shifted.hashValue)
      #expect(value.exponent == shifted.exponent && value.mantissa == shifted.mantissa)
      #expect(value.mantissa.isZero || value.mantissa.trailingZeroBitCount == 0)
      #expect(value + value - value == value && -(-value) == value)
      #expect((value - value) == .zero && (value - value).exponent == 0)
      #expect(value.signum == (integer.isZero ? 0 : 1) && (-value).signum == -value.signum)
    }
  }

  @Test("Machine integers keep their values", arguments: [Int128.min, .max, -1, 0, 1, 1 << 126])
  func wide(value: Int128) {
    #expect(Dyadic(wide: value, exponent: -3) == Dyadic(BigInt(widening: value), exponent: -3))
  }

  @Test("120 bits are kept, rounded the right way", arguments: sizes)
  func rounding(size: Int) {
    for integer in [-1, 1].map({ (BigInt(1) << size) + $0 }).flatMap({ [$0, -$0] }) {
      let value = Dyadic(integer, exponent: 2)
      let (low, high) = (WideDyadic(roundingDown: value), WideDyadic(roundingUp: value))
      #expect(low.dyadic <= value && value <= high.dyadic)
      #expect(low.mantissa.significantBits <= 120 && high.mantissa.significantBits <= 120)
      #expect(size < 119 ? low.dyadic == value && high.dyadic == value : true)
      let slack = value.magnitude * Dyadic(1, exponent: -118)
      #expect(high.dyadic - low.dyadic <= slack)
    }
  }
}
