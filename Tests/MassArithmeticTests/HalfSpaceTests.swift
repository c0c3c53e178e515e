import BigInt
import ExactArithmetic
import MassArithmetic
import TestSupport
import Testing

@Suite("Masses of the parts of cells in half-spaces") struct HalfSpaceTests {
  private func number(_ value: Rational) -> Double {
    Double(value.roundedDown(toFractionalBits: 60).floor(scaledBy: 60)) * 0x1p-60
  }

  private func uniform(_ lower: Double, _ upper: Double) throws -> CoordinateLaw {
    .uniform(lower: try rational(lower), upper: try rational(upper))
  }

  /// The share of the unit cube where `a x + t > 0`, `a` without zeros: by its corners.
  private func share(_ coefficients: [Rational], _ constant: Rational) -> Rational {
    // With x → 1 − x where a is positive, the part is where Σ |a| x < t + Σ max(a, 0).
    let weights = coefficients.map(\.magnitude)
    let total = coefficients.reduce(constant) { $1.signum > 0 ? $0 + $1 : $0 }
    var sum = Rational.zero
    var divisor = Rational.one
    for (place, weight) in weights.enumerated() { divisor = divisor * weight * Rational(place + 1) }
    for corner in 0..<(1 << weights.count) {
      var rest = total
      for (place, weight) in weights.enumerated() where corner >> place & 1 == 1 {
        rest = rest - weight
      }
      guard rest.signum > 0 else { continue }
      let power = weights.reduce(Rational.one) { product, _ in product * rest }
      sum = corner.nonzeroBitCount % 2 == 0 ? sum + power : sum - power
    }
    return sum / divisor
  }

  @Test(arguments: 0..<120) func partsOfUniformRectangles(seed: Int) throws {
    var generator = SeededGenerator(seed: UInt64(seed))
    let ends = (0..<2).map { _ in
      let low = Double(Int.random(in: -64..<64, using: &generator)) / 16
      return (low: low, high: low + Double(Int.random(in: 1...64, using: &generator)) / 16)
    }
    let laws = try ends.map { try uniform($0.low - 0.1, $0.high + 0.3) }
    var cell = try CutCell(laws, ends.map { ($0.low, $0.high) })
    let slopes = (0..<2).map { _ in
      let size = Double(Int.random(in: 1...999, using: &generator)) / 256
      return Bool.random(using: &generator) ? size : -size
    }
    let middle = zip(slopes, ends).reduce(0) { $0 + $1.0 * ($1.1.low + $1.1.high) / 2 }
    let constant = -middle + Double(Int.random(in: -512...512, using: &generator)) / 256
    let found = try cell.part(slopes, constant)
    var start = try rational(constant)
    var whole = Rational.one
    for ((slope, end), law) in zip(zip(slopes, ends), laws) {
      start = try start + rational(slope) * rational(end.low)
      guard case .uniform(let lower, let upper) = law else { continue }
      whole = try whole * (rational(end.high) - rational(end.low)) / (upper - lower)
    }
    let exact =
      try whole
      * share(zip(slopes, ends).map { try rational($0) * rational($1.high - $1.low) }, start)
    #expect(found <= exact)
    #expect(exact - found <= Rational(1, over: BigInt(1) << 55), "\(number(exact - found))")
  }

  /// Where nearly all of a cell counts, what does not is known: else rare events drown in heavy cells.
  @Test(arguments: [(4.0, 5.2), (-0.6, 0.6), (-8, 8), (-5, -2)].prefix(isOptimised ? 4 : 1))
  func nearlyAllOfACellCounts(low: Double, high: Double) throws {
    for coefficients in [[1.0, 1, 1], [1, -1]] {
      var cell = try CutCell(
        coefficients.map { _ in standard }, coefficients.map { _ in (low, high) })
      let least = coefficients.reduce(0) { $0 + min($1 * low, $1 * high) }
      let part = try cell.part(coefficients, -least + (high - low) / 64, stepBits: 12)
      let lost = Rational(cell.mass.upper) - part
      #expect(lost <= Rational(cell.mass.upper) / Rational(BigInt(10).power(10)), "\(number(lost))")
    }
  }

  /// Many cuts of a coordinate, and few.
  private static let (fine, coarse) = (
    [nil, -8, -3, -1.5, -0.25, 0.5, 1.25, 4, 9, nil] as [Double?],
    [nil, -1.5, 0.5, 4, nil] as [Double?]
  )

  /// `Σ a Z + b > 0` has the probability Q(−b / |a|), however many cells it is added up from.
  @Test(
    arguments: [
      ([3.0, 4.0], 1.25, 5.0, coarse), ([3, 4], 1.25, 5, fine), ([-3, 4], 0.5, 5, fine),
      ([-0.6, -0.8], -2, 1, fine), ([0, -2], 1, 2, fine),
    ].prefix(isOptimised ? 5 : 1))
  func partsOfNormalCellsAddUp(
    coefficients: [Double], constant: Double, norm: Double, cuts: [Double?]
  ) throws {
    var sum = Rational.zero
    for x in zip(cuts, cuts.dropFirst()) {
      for y in zip(cuts, cuts.dropFirst()) {
        var cell = try CutCell([standard, standard], [(x.0, x.1), (y.0, y.1)])
        let part = try cell.part(coefficients, constant)
        #expect(part <= Rational(cell.mass.upper))
        sum = sum + part
      }
    }
    let place = Interval(Rational(-1) * (try rational(constant)) / (try rational(norm)))
    let exact = NormalTail.above(place)
    #expect(sum <= Rational(exact.upper))
    #expect(number(Rational(exact.lower) - sum) <= 1e-8, "\(number(Rational(exact.lower) - sum))")
  }

  /// The cells of three coordinates that a plane cuts are integrated.
  @Test(.enabled(if: isOptimised), arguments: [[2.0, -3, 6], [6, 0x1p-6, -0x1p-14]])
  func partsOfNormalBoxesAddUp(coefficients: [Double]) throws {
    let cuts = stride(from: -5.25, through: 5.25, by: 0.75).map(\.self)
    let constant = 1.75
    var sum = Rational.zero
    for x in zip(cuts, cuts.dropFirst()) {
      for y in zip(cuts, cuts.dropFirst()) {
        for z in zip(cuts, cuts.dropFirst()) {
          var cell = try CutCell(
            [standard, standard, standard], [(x.0, x.1), (y.0, y.1), (z.0, z.1)])
          sum = try sum + cell.part(coefficients, constant, stepBits: 12)
        }
      }
    }
    let square = try coefficients.reduce(Rational.zero) { $0 + (try rational($1 * $1)) }
    let exact = NormalTail.above(
      Interval(Rational(-1) * (try rational(constant))) / Interval(square).squareRoot)
    #expect(sum <= Rational(exact.upper))
    // Beyond 5.25 deviations there are 1.6e-7 of each.
    #expect(number(Rational(exact.lower) - sum) <= 1e-6, "\(number(Rational(exact.lower) - sum))")
  }

  /// Parts of a cell and parts of its pieces add up.
  @Test(arguments: 0..<(isOptimised ? 60 : 4)) func integratedPartsOfBoxes(seed: Int) throws {
    var generator = SeededGenerator(seed: UInt64(2000 + seed))
    let dimension = 3 + seed % 2
    let laws = try (0..<dimension).map { entry -> CoordinateLaw in
      switch (seed + entry) % 4 {
      case 0: try uniform(-1.1, 0.9)
      case 1: .normal(mean: try rational(0.3), variance: try rational(0.17))
      case 2:
        .truncatedNormal(
          mean: .zero, variance: .one, lower: Rational(-1, over: 3), upper: Rational(8, over: 3))
      default: standard
      }
    }
    let ends: [(low: Double, high: Double)] = laws.map { _ in
      let low = Double.random(in: -0.5...0.5, using: &generator)
      return (low, low + Double.random(in: 0.1...0.9, using: &generator))
    }
    // Terms of like size, and others.
    let slopes = (0..<dimension).map { entry in
      let size = seed / 2 % 2 == 0 ? 1 : Double(sign: .plus, exponent: -4 * entry, significand: 1)
      return size * Double.random(in: 0.5...1, using: &generator) * (entry % 2 == 0 ? 1 : -1)
    }
    var constant = Double.random(in: -0.3...0.3, using: &generator)
    for (slope, end) in zip(slopes, ends) { constant -= slope * (end.low + end.high) / 2 }
    var cell = try CutCell(laws, ends.map { ($0.low, $0.high) })
    let found = try cell.part(slopes, constant, stepBits: 12)
    let other = try cell.part(slopes.map { -$0 }, -constant, stepBits: 12)
    let mass = number(Rational(cell.mass.lower))
    #expect(found + other <= Rational(cell.mass.upper))
    #expect(mass - number(found + other) <= 1e-6 * mass, "\(mass - number(found + other))")
    // The halves of all coordinates have other series.
    var sum = Rational.zero
    for corner in 0..<1 << dimension {
      var half = try CutCell(
        laws,
        ends.enumerated().map { entry, end in
          let middle = (end.low + end.high) / 2
          return corner >> entry & 1 == 0 ? (end.low, middle) : (middle, end.high)
        })
      sum = try sum + half.part(slopes, constant, stepBits: 12)
    }
    #expect(abs(number(sum - found)) <= 1e-6 * mass, "\(number(sum - found))")
  }

  /// A part and the part beyond it are the cell.
  @Test(arguments: 0..<(isOptimised ? 60 : 6)) func partsOfBothSidesAreTheCell(seed: Int) throws {
    var generator = SeededGenerator(seed: UInt64(1000 + seed))
    let laws: [CoordinateLaw] = [
      standard, .normal(mean: try rational(0.3), variance: try rational(0.07)),
      .truncatedNormal(
        mean: .zero, variance: .one, lower: Rational(-1, over: 3), upper: Rational(8, over: 3)),
      .uniform(lower: Rational(-1, over: 3), upper: Rational(8, over: 3)),
    ]
    let chosen = [laws.randomElement(using: &generator)!, laws.randomElement(using: &generator)!]
    let ends: [(low: Double?, high: Double?)] = chosen.map { _ in
      let low = Double.random(in: -0.25...0.5, using: &generator)
      return Bool.random(using: &generator)
        ? (low, low + Double.random(in: 0.01...2, using: &generator)) : (nil, nil)
    }
    var cell = try CutCell(chosen, ends)
    let slopes = [
      Double.random(in: -2...2, using: &generator), Double.random(in: -2...2, using: &generator),
    ]
    let constant = Double.random(in: -0.5...0.5, using: &generator)
    let both = try cell.part(slopes, constant) + cell.part(slopes.map { -$0 }, -constant)
    #expect(both <= Rational(cell.mass.upper))
    #expect(number(Rational(cell.mass.lower) - both) <= 1e-8)
  }

  /// Between its ends a clipped law is the law that it clips; with an end its atom counts, but not on the boundary.
  @Test func partsOfClippedCells() throws {
    let clipped = CoordinateLaw.clipped(standard, lower: Rational(-1), upper: .one)
    for ends: (Double?, Double?) in [(-0.5, 0.75), (-1, 0.75)] {
      var cell = try CutCell([clipped, standard], [ends, (-1, 1)])
      var same = try CutCell([standard, standard], [ends, (-1, 1)])
      let part = try cell.part([1, -2], 0.25)
      #expect(part == (try same.part([1, -2], 0.25)) && part.signum > 0)
    }
    for (ends, slope): ((Double?, Double?), Double) in [((0.5, nil), 1), ((nil, -0.5), -1)] {
      var cell = try CutCell([clipped], [ends])
      let exact = NormalTail.above(Interval(try rational(0.875)))
      let part = try cell.part([slope], -0.875)
      #expect(part <= Rational(exact.upper) && number(Rational(exact.lower) - part) < 1e-3)
      #expect(try cell.part([slope], -1) == .zero)
    }
  }

  /// Fewer bits are kept the more coordinates there are.
  @Test(arguments: [(3, 1e-10), (4, 1e-7), (5, 1e-5), (6, 2e-4), (8, 0.05)])
  func computedPartsOfUniformBoxes(dimension: Int, loss: Double) throws {
    var generator = SeededGenerator(seed: UInt64(50 + dimension))
    for round in 0..<6 {
      // The laws' ends are no dyadic numbers.
      let laws = try (0..<dimension).map { _ in try uniform(-0.1, 0.7) }
      var cell = try CutCell(laws, laws.map { _ in round % 2 == 0 ? (nil, nil) : (0, 0.5) })
      let slopes = (0..<dimension).map { _ in
        let size = Double(Int.random(in: 1...99, using: &generator)) / 64
        return Bool.random(using: &generator) ? size : -size
      }
      let constant = Double(Int.random(in: -16...16, using: &generator)) / 64
      let (low, high) = round % 2 == 0 ? (-0.1, 0.7) : (0, 0.5)
      let (start, width) = try (rational(low), rational(high) - rational(low))
      let terms = try slopes.map { try rational($0) * width }
      let least = try slopes.reduce(rational(constant)) { $0 + (try rational($1)) * start }
      let whole = try width / (rational(0.7) - rational(-0.1))
      let exact = laws.reduce(share(terms, least)) { mass, _ in mass * whole }
      let found = try cell.part(slopes, constant, stepBits: 0)
      #expect(found <= exact && number(exact - found) <= loss, "\(number(exact - found))")
    }
  }

  @Test("Flat coordinates are left out") func flatUniformCoordinates() throws {
    let law = try uniform(0, 1)
    var cell = try CutCell([law, law, law, law, law])
    let found = try cell.part([1, 0x1p-80, 1, -0x1p-70, 0x1p-60], -1)
    #expect(found < Rational(1, over: 2) + Rational(1, over: BigInt(1) << 50))
    #expect(number(found) > 0.5 - 1e-5)
    // A flat term counts with its least value, whichever its sign: far to the left it moves the end.
    let moved = CoordinateLaw.uniform(lower: Rational(-1), upper: Rational(1))
    for slope in [0x1p-44, -0x1p-44] {
      var plane = try CutCell([law, moved])
      // x ± 2^-44 y > 1 − 2^-44, y from −1 to 1: beyond the corner at y = ∓1 nothing of y is known.
      let part = try plane.part([1, slope], -1 + 0x1p-44)
      #expect(part <= Rational(1, over: BigInt(1) << 44) && part.signum >= 0)
    }
  }

  @Test(arguments: 0..<40) func whatTwoHalfSpacesHaveInCommon(seed: Int) throws {
    var generator = SeededGenerator(seed: UInt64(3000 + seed))
    let law = try uniform(0, 1)
    var cell = try CutCell([law, law])
    let first = (0..<3).map { _ in Double(Int.random(in: -64...64, using: &generator)) / 64 }
    // Half of them nearly parallel.
    let second = first.map {
      seed % 2 == 0
        ? $0 + Double(Int.random(in: -2...2, using: &generator)) / 64
        : Double(Int.random(in: -64...64, using: &generator)) / 64
    }
    let halfSpaces = try [first, second].map {
      HalfSpace(coefficients: [try dyadic($0[0]), try dyadic($0[1])], constant: try dyadic($0[2]))
    }
    let common = HalfSpace.commonMass(
      of: halfSpaces, in: cell.slices, &cell.measures, stepBits: 10)
    let masses = halfSpaces.map { $0.mass(in: cell.slices, &cell.measures, stepBits: 10).lower }
    // The squares of a grid in which a point may be common to both are at least as much.
    let steps = 64
    let squares = (0..<steps * steps).count { square in
      [first, second].allSatisfy { row in
        let corner = [square / steps, square % steps].map(Double.init)
        let most = zip(row, corner).reduce(row[2]) {
          $0 + $1.0 * ($1.1 + ($1.0 > 0 ? 1 : 0)) / Double(steps)
        }
        return most > 0
      }
    }
    #expect(Rational(common.lower) <= Rational(BigInt(squares), over: BigInt(steps * steps)))
    // Never less than what is left when all else is taken away.
    let least = Rational(masses[0]) + Rational(masses[1]) - .one
    #expect(number(least - Rational(common.lower)) < 1e-12)
  }

  @Test("A half-space within another one, and the same twice, are as much as the smaller one")
  func nestedHalfSpaces() throws {
    let law = try uniform(0, 1)
    var cell = try CutCell([law, law])
    let halfSpace = { (constant: Double) throws in
      HalfSpace(coefficients: [.one, .one], constant: try dyadic(constant))
    }
    let all = [try halfSpace(-0.5), try halfSpace(-1), try halfSpace(-1), try halfSpace(3)]
    for chosen in [all, [all[1], all[1]], Array(all.reversed()), [all[1]]] {
      let mass = HalfSpace.commonMass(of: chosen, in: cell.slices, &cell.measures, stepBits: 10)
      #expect(number(Rational(mass.lower)) <= 0.5 && number(Rational(mass.lower)) > 0.5 - 1e-12)
    }
    let none = HalfSpace.commonMass(of: [], in: cell.slices, &cell.measures, stepBits: 10)
    #expect(none.upper == .zero)
    let whole = HalfSpace.commonMass(
      of: [all[3]], in: cell.slices, &cell.measures, stepBits: 10)
    #expect(whole.lower == .one)
    // What they leave out is next to each other: nothing in common.
    let opposite = HalfSpace(coefficients: [-.one, -.one], constant: .one)
    let apart = HalfSpace.commonMass(
      of: [all[1], opposite], in: cell.slices, &cell.measures, stepBits: 10)
    #expect(apart.lower == .zero)
  }

  @Test(arguments: [3, 4, 5]) func countedPartsOfNearlyUniformBoxes(dimension: Int) throws {
    var generator = SeededGenerator(seed: UInt64(dimension))
    for _ in 0..<5 {
      // A clipped law is none that volumes are computed of.
      let law = CoordinateLaw.clipped(try uniform(0, 1), lower: .zero, upper: .one)
      var cell = try CutCell([CoordinateLaw](repeating: law, count: dimension))
      let slopes = (0..<dimension).map { _ in
        let size = Double(Int.random(in: 20...99, using: &generator)) / 64
        return Bool.random(using: &generator) ? size : -size
      }
      let constant =
        -slopes.reduce(0, +) / 2 + Double(Int.random(in: -16...16, using: &generator)) / 64
      let exact = share(try slopes.map(rational), try rational(constant))
      var last = Rational(-1)
      for bits in [6, 9, 12] {
        let found = try cell.part(slopes, constant, stepBits: bits)
        #expect(found <= exact && number(last - found) < 1e-15)
        // The sum's density in steps is at most 4, and each term loses three steps at most.
        let loss = 12 * Double(dimension) / Double(1 << bits)
        #expect(number(exact - found) <= loss, "\(number(exact - found)) \(loss)")
        last = found
      }
    }
  }

  @Test("What lies beyond a law's rounded end does not count", arguments: [false, true])
  func roundedEnds(isFalling: Bool) throws {
    let third = Rational(1, over: 3)
    let law = CoordinateLaw.uniform(lower: third, upper: third + third)
    let sign = isFalling ? -Dyadic.one : Dyadic.one
    // The half-space begins less than 2^-118 inside the law's end.
    let end = isFalling ? Interval(third + third).lower : Interval(third).upper
    for others in [[], [try uniform(0, 1)]] {
      let laws = [law] + others
      var measures = laws.map { CoordinateMeasure($0) }
      let coefficients = [sign] + others.map { _ in Dyadic.one }
      let halfSpace = HalfSpace(coefficients: coefficients, constant: -(sign * end))
      let mass = halfSpace.mass(in: laws.map { Slice($0) }, &measures, stepBits: 10)
      #expect(mass.lower < .one && Rational(mass.lower) > Rational(999, over: 1000))
    }
  }

  @Test("Points on the boundary are not in the open half-space")
  func points() throws {
    let coin = CoordinateLaw.points([
      .init(value: .zero, probability: Rational(1, over: 3)),
      .init(value: .one, probability: Rational(2, over: 3)),
    ])
    var cell = try CutCell([coin, coin], [(0.5, nil), (nil, 0.5)])
    // Only (1, 0) is in the cell.
    #expect(try cell.part([1, 1], -1) == .zero)
    #expect(try cell.part([-1, -1], 1) == .zero)
    let most = Rational(2, over: 9)
    let found = try cell.part([-1, 1], 1 + 0x1p-4)
    #expect(found <= most && number(most - found) < 1e-12)
    var single = try CutCell([coin])
    #expect(try single.part([1], 0) <= Rational(2, over: 3))
    #expect(try single.part([-1], 0) == .zero)
  }

  @Test func withoutCoefficientsTheConstantDecides() throws {
    var cell = try CutCell([try uniform(0, 2), standard], [(nil, 0.5), (nil, nil)])
    #expect(number(try cell.part([0, 0], 1)) == 0.25)
    #expect(try cell.part([0, 0], 0) == .zero)
    #expect(try cell.part([0, 0], -1) == .zero)
  }

  @Test("One coordinate of several: exact, whichever direction")
  func oneCoordinate() throws {
    var cell = try CutCell([try uniform(-1, 1), try uniform(0, 1), standard])
    let cases: [(slope: Double, constant: Double, mass: Double)] = [
      (2, -1, 0.25), (-2, 1, 0.75), (-2, -2, 0), (2, 2, 1), (2, 0x1p40, 1),
    ]
    for (slope, constant, mass) in cases {
      let found = number(try cell.part([slope, 0, 0], constant))
      #expect(found <= mass && mass - found < 1e-12)
    }
  }

  @Test("A tail far out keeps its leading digits")
  func tails() throws {
    var cell = try CutCell([standard, standard], [(20, 24), (-1, 1)])
    let part = try cell.part([1, 1], -21)
    // Q(20) = 2.75e-89; most of the cell lies near x = 20, where y > 1 − 0 is asked.
    #expect(part.signum > 0)
    #expect(part < Rational(cell.mass.upper))
  }
}
