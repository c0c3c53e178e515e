import BigInt
import ExactArithmetic
import MassArithmetic
import TestSupport
import Testing

@Suite("Masses that a half-space misses") struct MissedMassTests {
  private let shifted = CoordinateLaw.normal(
    mean: Rational(3, over: 10), variance: Rational(7, over: 100))

  private func tail(_ place: Rational) -> Interval { NormalTail.above(Interval(place)) }

  private func tiny(_ value: Rational) -> Rational {
    value.magnitude / Rational(BigInt(10).power(30))
  }

  /// `Σ a Z + b ≤ 0` has the probability Q(b / |a|).
  @Test(arguments: [
    ([2.0], 3.0, 2.0), ([-0.5], -1, 0.5), ([3, 4], 1.25, 5), ([3, -4], -80, 5),
    ([-6, 0, 8], 200, 10),
    ([1, 1, 1, -1], 0, 2), ([2, 2, 2, 2, 2, 2, 2, 2, 2], 90, 6),
  ])
  func wholeNormalCoordinatesAreExact(coefficients: [Double], constant: Double, norm: Double) throws
  {
    let cell = try CutCell(coefficients.map { _ in standard })
    let found = try cell.missed(coefficients, constant)
    let exact = tail(Rational(try dyadic(constant)) / Rational(try dyadic(norm)))
    #expect(found >= Rational(exact.lower))
    #expect(found - Rational(exact.upper) <= tiny(Rational(exact.upper)))
  }

  @Test("Means and variances count, and so does the sign of a factor")
  func meanAndVariance() throws {
    for (sign, place) in [(1.0, 5), (-1, -1)] {
      // ±x + 1 with a mean of 2 and a deviation of 3/5: x ≤ −1, x ≥ 1.
      let law = CoordinateLaw.normal(mean: Rational(2), variance: Rational(9, over: 25))
      let found = try CutCell([law]).missed([sign], 1)
      let exact = tail(Rational(sign > 0 ? 3 : place) / Rational(3, over: 5))
      #expect(found >= Rational(exact.lower))
      #expect(found - Rational(exact.upper) <= tiny(.one))
    }
  }

  @Test("A coordinate that is cut on both sides counts with its least value and its mass")
  func cutOnBothSides() throws {
    let cell = try CutCell([standard, standard], [(0.5, 0.75), (nil, nil)])
    let mass = Rational(cell.slices[0].mass.upper)
    // x + y ≤ −1 for some x of the slice: y ≤ −1.5; −x + y ≤ −1: y ≤ −0.25.
    for (slope, place) in [(1.0, Rational(3, over: 2)), (-1, Rational(1, over: 4))] {
      let found = try cell.missed([slope, 1], 1)
      let expected = mass * Rational(tail(place).upper)
      #expect((found - expected).magnitude <= tiny(.one))
    }
    // Cut on one side, it counts as if it were not, but never more than the cell.
    let half = try CutCell([standard, standard], [(0, nil), (nil, nil)])
    let whole = Rational(half.mass.upper)
    #expect(try half.missed([1, 1], -8) == whole)
    let rare = try half.missed([3, 4], 25)
    #expect((rare - Rational(tail(Rational(5)).upper)).magnitude <= tiny(.one))
  }

  @Test("A coordinate without a coefficient is a factor, cut or not")
  func zeroCoefficients() throws {
    let cell = try CutCell([standard, standard, standard], [(0, nil), (nil, nil), (-1, 2)])
    let found = try cell.missed([0, 2, 0], 4)
    let expected =
      Rational((cell.slices[0].mass * cell.slices[2].mass).upper)
      * Rational(tail(Rational(2)).upper)
    #expect((found - expected).magnitude <= tiny(.one) && found > .zero)
  }

  @Test("Where nothing spreads, the least value decides; a tie is missed")
  func ties() throws {
    let unit = CoordinateLaw.uniform(lower: .zero, upper: .one)
    let coin = CoordinateLaw.points([
      .init(value: .zero, probability: Rational(1, over: 4)),
      .init(value: .one, probability: Rational(3, over: 4)),
    ])
    for law in [unit, coin, .clipped(standard, lower: .zero, upper: .one)] {
      let cell = try CutCell([law, standard])
      let whole = Rational(cell.mass.upper)
      #expect(try cell.missed([1, 0], 0x1p-40) == .zero)
      #expect(try cell.missed([1, 0], 0) == whole)
      #expect(try cell.missed([1, 0], -0x1p-40) == whole)
      #expect(try cell.missed([-1, 0], 1) == whole)
      #expect(try cell.missed([-1, 0], 1.5) == .zero)
      #expect(try cell.missed([0, 0], 1) == .zero)
      #expect(try cell.missed([0, 0], 0) == whole)
      #expect(try cell.missed([0, 0], -1) == whole)
    }
    // Mass at a tie: (1, 1) and (0, 0) of two coins have x = y.
    #expect(
      try CutCell([coin, coin], [(0.5, nil), (0.5, nil)]).missed([1, -1], 0)
        == Rational(9, over: 16))
  }

  @Test("A truncated law is no whole normal law")
  func truncated() throws {
    let half = CoordinateLaw.truncatedNormal(mean: .zero, variance: .one, lower: .zero, upper: nil)
    let cell = try CutCell([half])
    // x ≥ 1/2 has the mass 2 Q(1/2), more than Q(1/2).
    #expect(try cell.missed([-1], 0.5) >= Rational(tail(Rational(1, over: 2)).lower) * Rational(2))
    #expect(try cell.missed([1], 0x1p-20) == .zero)
    let both = CoordinateLaw.truncatedNormal(
      mean: .zero, variance: .one, lower: Rational(-1), upper: Rational(1))
    #expect(try CutCell([both]).missed([1], 1.25) == .zero)
    #expect(try CutCell([both]).missed([1], 0.75) >= Rational(try CutCell([both]).mass.lower))
  }

  @Test("Tails far out keep their leading digits")
  func farOut() throws {
    let cell = try CutCell([CoordinateLaw](repeating: standard, count: 64))
    let found = try cell.missed([Double](repeating: 1, count: 64), 320)
    let exact = tail(Rational(40))
    #expect(found >= Rational(exact.lower))
    #expect(found - Rational(exact.upper) <= tiny(Rational(exact.upper)))
    #expect(try cell.missed([Double](repeating: 1, count: 64), 0x1p200).signum >= 0)
  }

  @Test("Never less than what is counted there, never more than the cell", arguments: 0..<80)
  func direction(seed: Int) throws {
    var generator = SeededGenerator(seed: UInt64(seed))
    let laws: [CoordinateLaw] = [
      standard, shifted, standard,
      .truncatedNormal(
        mean: .zero, variance: .one, lower: Rational(-1, over: 3), upper: Rational(8, over: 3)),
      .truncatedNormal(mean: .zero, variance: .one, lower: nil, upper: Rational(1, over: 2)),
      .uniform(lower: Rational(-1, over: 3), upper: Rational(8, over: 3)),
      .clipped(standard, lower: Rational(-1), upper: Rational(2, over: 3)),
    ]
    let chosen = (0..<Int.random(in: 1...3, using: &generator)).map { _ in
      laws.randomElement(using: &generator) ?? standard
    }
    let ends: [(low: Double?, high: Double?)] = chosen.map { _ in
      let low = Double.random(in: -0.25...0.25, using: &generator)
      let high = low + Double.random(in: 0.01...0.2, using: &generator)
      return [(nil, nil), (low, nil), (nil, high), (low, high)].randomElement(using: &generator)
        ?? (nil, nil)
    }
    var cell = try CutCell(chosen, ends)
    for _ in 0..<4 {
      let slopes = chosen.map { _ in
        Int.random(in: 0..<5, using: &generator) == 0
          ? 0 : Double.random(in: -2...2, using: &generator)
      }
      let constant = Double.random(in: -1...3, using: &generator)
      let found = try cell.missed(slopes, constant)
      #expect(try cell.part(slopes.map { -$0 }, -constant, stepBits: 12) <= found)
      #expect(found <= Rational(cell.mass.upper))
    }
  }

  @Test("What several have in common, of independent sums exactly")
  func inAll() throws {
    let unit = CoordinateLaw.uniform(lower: .zero, upper: .one)
    let cell = try CutCell(
      [shifted, standard, unit], [(nil, nil), (nil, nil), (0.5, 0.75)])
    // (x − 3/10) − 1 + u ≥ (x − 3/10) − 1/2, y > 2, and u counts a quarter.
    let mean = Rational(3, over: 10)
    let found = try #require(
      HalfSpace.mass(
        inAll: [
          HalfSpace(
            coefficients: [.one, .zero, .one], constant: Interval(-mean - Rational.one).lower),
          HalfSpace(coefficients: [.zero, .one, .zero], constant: Dyadic(-2)),
        ], in: cell.slices, cell.measures, means: [.zero, .zero]))
    let deviation = Interval(Rational(7, over: 100)).squareRoot
    let exact =
      NormalTail.above(Interval(Rational(1, over: 2)) / deviation) * tail(Rational(2))
      * Interval(Rational(1, over: 4))
    #expect(found.lower <= exact.upper)
    #expect(Rational(exact.upper) - Rational(found.lower) <= tiny(.one))
    let twice = HalfSpace(coefficients: [.one, .zero, .zero], constant: .zero)
    #expect(
      HalfSpace.mass(
        inAll: [twice, twice], in: cell.slices, cell.measures, means: [.zero, .zero]) == nil)
    let none = HalfSpace(coefficients: [.zero, .zero, .one], constant: .one)
    #expect(HalfSpace.mass(inAll: [none], in: cell.slices, cell.measures, means: [.zero]) == nil)
  }

  @Test("No more than the cell has of both, cut or not", arguments: 0..<40)
  func inAllDirection(seed: Int) throws {
    var generator = SeededGenerator(seed: UInt64(seed))
    let ends: [(low: Double?, high: Double?)] = (0..<2).map { _ in
      let low = Double.random(in: -1...0.5, using: &generator)
      return [(nil, nil), (low, nil), (nil, low)].randomElement(using: &generator) ?? (nil, nil)
    }
    // A third one, cut on both sides.
    var cell = try CutCell([standard, shifted, standard], ends + [(-0.5, 0.25)])
    for _ in 0..<8 {
      let halfSpaces = try (0..<2).map { _ in
        HalfSpace(
          coefficients: try (0..<3).map { _ in
            try dyadic(Double.random(in: -2...2, using: &generator))
          }, constant: try dyadic(Double.random(in: -1...2, using: &generator)))
      }
      let means = try (0..<2).map { _ in try dyadic(Double.random(in: -2...1, using: &generator)) }
      let found = try #require(
        HalfSpace.mass(inAll: halfSpaces, in: cell.slices, cell.measures, means: means))
      // Beyond each of them lies none of it.
      for halfSpace in halfSpaces {
        let beyond = halfSpace.opposite.mass(in: cell.slices, &cell.measures, stepBits: 8)
        #expect(Rational(found.lower) <= Rational((cell.mass - beyond).upper))
      }
      #expect(Rational(found.lower) <= Rational(cell.mass.upper))
    }
  }

  @Test("Cells of one law add up to no less than the exact tail, and to little more")
  func addUp() throws {
    // x in slices of 1/16, y whole: x + 2 y ≤ −3 has the probability Q(3/√5).
    let cuts = (-128...128).map { Double($0) / 16 as Double? }
    var sum = Rational.zero
    for (low, high) in zip([nil] + cuts, cuts + [nil]) {
      sum =
        sum + (try CutCell([standard, standard], [(low, high), (nil, nil)]).missed([1, 2], 3))
    }
    let exact = NormalTail.above(Interval(Rational(3)) / Interval(Rational(5)).squareRoot)
    #expect(sum >= Rational(exact.lower))
    #expect(sum - Rational(exact.upper) <= Rational(exact.upper) / Rational(10))
  }
}
