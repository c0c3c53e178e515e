import Approximation
import ExactArithmetic
import Testing

@Suite("Nearest binary64 numbers")
struct NearestDoubleTests {
  @Test(
    "The nearest binary64 number is the one a correct reader gives",
    arguments: [
      "0.1", "-0.3", "1e-320", "4.9406564584124654e-324", "1.7976931348623157e308", "123456789.125",
      "2.2250738585072014e-308", "9007199254740993",
    ])
  func nearest(text: String) throws {
    let expected = try #require(Double(text))
    #expect(try #require(Rational(decimal: text)).nearestDouble == expected)
  }

  @Test(
    "Every finite number converts there and back",
    arguments: [0.1, -Double.leastNonzeroMagnitude, 1e308, 0, -0.0, 3])
  func roundTrip(value: Double) throws {
    #expect(try #require(Dyadic(exactly: value)).nearestDouble == value)
  }
}
