import Foundation
import Probability
import Testing

/// Rectangles in one and two dimensions agree with closed forms.
@Suite struct PlaneTests {
  private static func rectangle(
    _ rows: [[Double]], lower: [Double], upper: [Double]
  ) throws -> NormalRectangle {
    try NormalRectangle(
      rows: rows.flatMap { $0 }, dimension: rows.first?.count ?? 0, lower: lower, upper: upper)
  }

  @Test(arguments: [-0.999_999, -0.75, -0.5, 0, 0.25, 0.5, 0.9375, 0.999_999])
  func quadrantsAgreeWithSheppard(correlation: Double) throws {
    let answer = try Self.rectangle(
      [[1, 0], [correlation, (1 - correlation * correlation).squareRoot()]],
      lower: [0, 0], upper: [.infinity, .infinity]
    ).probability()
    // The arc cosine of −ρ, taken from the sine, does not cancel near −1.
    let angle = atan2((1 - correlation * correlation).squareRoot(), -correlation)
    #expect(abs(answer.probability / (angle / (2 * .pi)) - 1) <= 1e-14)
    #expect(answer.status == .exact)
  }

  @Test func sliversAreNearlyNothing() throws {
    // A triangle, and a line along one of its sides that rounding moves to and fro: what is left are
    // polygons whose sides are noise.
    var random = SeededGenerator(seed: 5)
    for _ in 0..<500 {
      let angle = 2 * .pi * random.uniform()
      let offset = 3 * random.uniform() - 1
      let factor = -(0.1 + 3 * random.uniform())
      let side = [cos(angle), sin(angle)]
      let turned = [cos(angle + 2), sin(angle + 2)]
      let last = [cos(angle - 2), sin(angle - 2)]
      let again = side.map { $0 * factor + 1e-16 * (random.uniform() - 0.5) }
      let answer = try Self.rectangle(
        [side, turned, last, again], lower: Array(repeating: -.infinity, count: 4),
        upper: [offset, 1 + offset, 2, offset * factor]
      ).probability()
      #expect(answer.probability >= 0 && answer.probability < 1e-14)
      #expect(!answer.relativeError.isNaN)
    }
  }

  @Test func tailsKeepTheirDigits() throws {
    let answer = try Self.rectangle([[1]], lower: [37.5], upper: [.infinity]).probability()
    #expect(abs(answer.probability / 4.605353009581954843e-308 - 1) <= answer.relativeError)
    let narrow = try Self.rectangle([[1]], lower: [1], upper: [1.0009765625]).probability()
    #expect(abs(narrow.probability / 0.000236184155048913 - 1) <= 1e-14)
  }
}

/// Moments over polygons agree with sums over a grid of rectangles.
@Suite struct MomentTests {
  @Test func momentsOfATriangleAgreeWithStrips() throws {
    // x >= -1/2, y >= 1/4, x + y <= 2.
    let triangle = try NormalRectangle(
      rows: [1, 0, 0, 1, 1, 1], dimension: 2, lower: [-0.5, 0.25, -.infinity],
      upper: [.infinity, .infinity, 2])
    let moments = try #require(triangle.moments())
    var (mass, first, second) = (0.0, [0.0, 0.0], [0.0, 0.0, 0.0, 0.0])
    let count = 20_000
    for step in 0..<count {
      let width = 2.25 / Double(count)
      let x = -0.5 + (Double(step) + 0.5) * width
      let (low, high) = (0.25, 2 - x)
      let weight = StandardNormal.density(x) * width
      let strip = StandardNormal.probability(low, high)
      let mean = StandardNormal.density(low) - StandardNormal.density(high)
      let square =
        strip + low * StandardNormal.density(low) - high * StandardNormal.density(high)
      mass += weight * strip
      first = [first[0] + weight * x * strip, first[1] + weight * mean]
      second[0] += weight * x * x * strip
      second[1] += weight * x * mean
      second[3] += weight * square
    }
    #expect(abs(moments.mass.probability - mass) <= 5e-9)
    for i in 0..<2 { #expect(abs(moments.first[i] - first[i]) <= 5e-9) }
    for i in [0, 1, 3] { #expect(abs(moments.second[i] - second[i]) <= 5e-9) }
    #expect(moments.second[2] == moments.second[1])
  }

  @Test func theWholePlaneHasTheMomentsOfTheLaw() throws {
    let plane = try NormalRectangle(rows: [], dimension: 2, lower: [], upper: [])
    let moments = try #require(plane.moments())
    #expect(moments.mass.probability == 1 && moments.mass.status == .proved)
    #expect(moments.first == [0, 0])
    #expect(moments.second == [1, 0, 0, 1])
  }
}
