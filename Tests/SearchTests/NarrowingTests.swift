import Approximation
import ClaimLanguage
import ExactArithmetic
import NetworkModel
import ProofChecker
import Search
import TestSupport
import Testing

/// An interval no wider than a number.
private func width(_ gap: Rational) -> AllowedWidth { { _, _ in gap } }

private func fraction(_ numerator: Int, _ denominator: Int) -> Rational {
  Rational(numerator) / Rational(denominator)
}

@Suite("Extrema")
struct ExtremumTests {
  private func extremum(
    of network: Network, _ side: ClaimFamily.Side, lower: [Double], upper: [Double]
  ) -> ClaimFamily {
    ClaimFamily(side: side, threshold: .value) { threshold in
      // y ≤ t is denied by −y < −t, and y ≥ t by y < t.
      let row =
        side == .above
        ? outputRow([-1], atMost: -threshold, strict: true)
        : outputRow([1], atMost: threshold, strict: true)
      return problem(network, lower: lower, upper: upper, disjuncts: [[row]])
    }
  }

  @Test("The maximum of a hat is found", arguments: [ClaimFamily.Side.above, .below])
  func hat(side: ClaimFamily.Side) throws {
    // y = 1 − |x| and its negative.
    let sign = side == .above ? 1.0 : -1.0
    let network = denseNetwork([([[1], [-1]], [0, 0]), ([[-sign, -sign]], [sign])])
    let found = Search.narrow(
      extremum(of: network, side, lower: [-0.7], upper: [2]), to: width(fraction(1, 1000)),
      options: SearchOptions(timeLimit: 60))
    guard case .narrow = found.end else {
      Issue.record("found \(found.end)")
      return
    }
    let lower = try #require(found.lower(on: side))
    let upper = try #require(found.upper(on: side))
    let number = side == .above ? Rational.one : -Rational.one
    #expect(lower <= number && number <= upper)
    #expect(upper - lower <= fraction(1, 1000))
  }

  /// The extremum by listing all activation patterns, in exact rationals.
  private func exactExtremum(
    of network: Network, _ side: ClaimFamily.Side, lower: [Double], upper: [Double]
  ) -> Rational? {
    let box = boxSides(lower: lower, upper: upper)
    let values = exactRegions(of: network).flatMap { region in
      corners(of: region.sides + box).map { region.outputs[0].value(at: $0) }
    }
    return side == .above ? values.max() : values.min()
  }

  @Test(
    "The interval holds the extremum that all patterns together have", arguments: 0..<6,
    [ClaimFamily.Side.above, .below])
  func enumeration(seed: UInt64, side: ClaimFamily.Side) throws {
    var generator = SeededGenerator(seed: seed)
    let network = coarseNetwork([2, 4, 3, 1], using: &generator)
    let (lower, upper) = ([-1.0, -0.5], [1.0, 1.5])
    let number = try #require(exactExtremum(of: network, side, lower: lower, upper: upper))
    let gap = fraction(1, 100)
    let found = Search.narrow(
      extremum(of: network, side, lower: lower, upper: upper), to: width(gap),
      options: SearchOptions(timeLimit: 60))
    guard case .narrow = found.end else {
      Issue.record("found \(found.end)")
      return
    }
    let (low, high) = (
      try #require(found.lower(on: side)), try #require(found.upper(on: side))
    )
    #expect(low <= number && number <= high)
    #expect(high - low <= gap)
    let proved = try #require(found.proved)
    let family = extremum(of: network, side, lower: lower, upper: upper)
    _ = try ProofChecker.check(proved.proof.bytes, of: family.problem(proved.threshold))
    let refuted = try #require(found.refuted)
    _ = try ProofChecker.confirm(refuted.witness.point, of: family.problem(refuted.threshold))
  }
}

@Suite("Largest radii")
struct RadiusTests {
  private let centre = [fraction(1, 8), fraction(-1, 4)]

  /// The claims that y stays at most `bound` on balls around the centre.
  private func family(_ network: Network, _ norm: Norm, atMost bound: Rational) -> ClaimFamily {
    let centre = centre
    let ball = ClaimFamily.BallPlace(entries: [0, 1], centre: centre, norm: norm)
    return ClaimFamily(side: .below, threshold: .radius([ball])) { radius in
      Problem(
        network: network, inputNames: ["X[0]", "X[1]"], variables: [],
        cases: [
          Case(
            lower: centre.map { $0 - radius }, upper: centre.map { $0 + radius },
            inputRows: ballRows(norm, centre, radius),
            disjuncts: [[outputRow([-1], atMost: -bound, strict: true)]])
        ], meaning: .real)
    }
  }

  /// The least distance, squared in the norm 2, at which the output exceeds the bound; by listing all
  /// activation patterns, in exact rationals.
  private func exactDistance(_ network: Network, _ norm: Norm, atMost bound: Rational) -> Rational?
  {
    exactRegions(of: network).compactMap { region -> Rational? in
      var above = -region.outputs[0]
      above.constant = above.constant + bound
      let sides = region.sides + [above]
      return norm == .two ? squaredDistance(to: sides) : linearDistance(to: sides, norm)
    }.min()
  }

  /// The least ρ such that a point of the polytope is within ρ of the centre.
  private func linearDistance(to sides: [ExactForm], _ norm: Norm) -> Rational? {
    let lifted = sides.map {
      ExactForm(coefficients: $0.coefficients + [.zero], constant: $0.constant)
    }
    let directions: [[Int]] =
      norm == .one
      ? [[1, 1], [1, -1], [-1, 1], [-1, -1]] : [[1, 0], [-1, 0], [0, 1], [0, -1]]
    let ball = directions.map { direction in
      let factors = direction.map { Rational($0) }
      return ExactForm(
        coefficients: factors + [-.one],
        constant: zip(factors, centre).reduce(.zero) { $0 - $1.0 * $1.1 })
    }
    return corners(of: lifted + ball).map { $0[2] }.min()
  }

  private func squaredDistance(to sides: [ExactForm]) -> Rational? {
    let feet = sides.compactMap { side -> [Rational]? in
      let length = side.coefficients.reduce(.zero) { $0 + $1 * $1 }
      guard length != .zero else { return nil }
      let share = side.value(at: centre) / length
      return zip(centre, side.coefficients).map { $0 - share * $1 }
    }
    let candidates =
      [centre]
      + feet.filter { point in sides.allSatisfy { $0.value(at: point) <= .zero } }
      + corners(of: sides)
    return candidates.filter { point in sides.allSatisfy { $0.value(at: point) <= .zero } }
      .map { zip($0, centre).reduce(.zero) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) } }.min()
  }

  @Test(
    "The interval holds the radius that all patterns together have", arguments: 0..<4, Norm.allCases
  )
  func enumeration(seed: UInt64, norm: Norm) throws {
    var generator = SeededGenerator(seed: 50 + seed)
    let network = coarseNetwork([2, 3, 2, 1], using: &generator)
    let here = outputs(of: network, at: centre.map(\.nearestDouble))[0]
    let bound = exact((here * 8).rounded(.up) / 8) + fraction(1, 4)
    guard let number = exactDistance(network, norm, atMost: bound) else { return }
    let found = Search.narrow(
      family(network, norm, atMost: bound), to: { _, upper in upper / Rational(50) },
      options: SearchOptions(timeLimit: 60))
    guard case .narrow = found.end else {
      Issue.record("found \(found.end), expected about \(number.nearestDouble)")
      return
    }
    let lower = try #require(found.lower(on: .below))
    let upper = try #require(found.upper(on: .below))
    let power = { (value: Rational) in norm == .two ? value * value : value }
    #expect(power(lower) <= number && number <= power(upper))
    #expect(upper - lower <= upper / Rational(50))
    let proved = try #require(found.proved)
    let claims = family(network, norm, atMost: bound)
    _ = try ProofChecker.check(proved.proof.bytes, of: claims.problem(proved.threshold))
    let refuted = try #require(found.refuted)
    _ = try ProofChecker.confirm(refuted.witness.point, of: claims.problem(refuted.threshold))
  }

  @Test("A centre that breaks the sentence refutes every radius")
  func centreFails() throws {
    let network = denseNetwork([([[1, 1]], [0])])
    let found = Search.narrow(
      family(network, .infinity, atMost: -.one), to: { _, _ in fraction(1, 100) },
      options: SearchOptions(timeLimit: 20))
    guard case .refutedAtCentre = found.end else {
      Issue.record("found \(found.end)")
      return
    }
    #expect(found.refuted?.threshold == .zero && found.proved == nil)
  }

  /// y = x0 on [-1, 1]² is never above 2, whatever the radius.
  @Test(
    "Balls that cover the whole set leave the interval without an upper end",
    arguments: Norm.allCases)
  func covering(norm: Norm) throws {
    let network = denseNetwork([([[1, 0]], [0])])
    let inner = family(network, norm, atMost: Rational(2))
    guard case .radius = inner.threshold else { return }
    let bounded = ClaimFamily(side: .below, threshold: inner.threshold) {
      (radius) throws(FamilyError) in
      guard let item = try inner.problem(radius).cases.first else {
        throw FamilyError("a case is missing")
      }
      return Problem(
        network: network, inputNames: ["X[0]", "X[1]"], variables: [],
        cases: [
          Case(
            lower: item.lower.map { max($0, -.one) }, upper: item.upper.map { min($0, .one) },
            inputRows: item.inputRows, disjuncts: item.disjuncts)
        ], meaning: .real)
    }
    let found = Search.narrow(
      bounded, to: { _, upper in upper / Rational(50) }, options: SearchOptions(timeLimit: 20))
    guard case .unlimited = found.end else {
      Issue.record("found \(found.end)")
      return
    }
    // The farthest corner from (1/8, −1/4) is (−1, 1).
    let distances: [Norm: Double] = [.one: 2.375, .two: 1.6824, .infinity: 1.25]
    let farthest = try #require(distances[norm])
    let radius = try #require(found.lower(on: .below)).nearestDouble
    #expect(farthest <= radius + 1e-3 && radius < farthest + 0.01)
    #expect(found.upper(on: .below) == nil)
  }
}

/// The row of a ball in the norms 1 and 2.
func ballRows(_ norm: Norm, _ centre: [Rational], _ radius: Rational) -> [Row] {
  let curves = centre.enumerated().map { index, middle in
    norm == .two
      ? Row.Curve.square(index: index, centre: middle, coefficient: .one)
      : Row.Curve.absolute(index: index, centre: middle, coefficient: .one)
  }
  let bound = norm == .two ? radius * radius : radius
  return norm == .infinity
    ? [] : [Row(inputs: [], outputs: [], curves: curves, bound: bound, isStrict: false)]
}

/// The sides of a box.
private func boxSides(lower: [Double], upper: [Double]) -> [ExactForm] {
  lower.indices.flatMap { entry in
    let axis = lower.indices.map { $0 == entry ? Rational.one : .zero }
    return [
      ExactForm(coefficients: axis, constant: -exact(upper[entry])),
      ExactForm(coefficients: axis.map { -$0 }, constant: exact(lower[entry])),
    ]
  }
}

@Suite("Families that end early")
struct FamilyTests {
  private let network = denseNetwork([([[1]], [0])])

  private func value(_ rows: @escaping @Sendable (Rational) -> [[Row]]) -> ClaimFamily {
    ClaimFamily(side: .above, threshold: .value) { [network] threshold in
      problem(network, lower: [-1], upper: [1], disjuncts: rows(threshold))
    }
  }

  @Test("A set without a point has no maximum")
  func emptySet() {
    // No point has y ≥ 3.
    let family = value { threshold in
      [[outputRow([-1], atMost: -threshold, strict: true), outputRow([-1], atMost: -3)]]
    }
    let found = Search.narrow(
      family, to: width(fraction(1, 100)), options: SearchOptions(timeLimit: 10))
    guard case .stopped(.unsupported) = found.end else {
      Issue.record("found \(found.end)")
      return
    }
    #expect(found.refuted == nil)
  }

  /// The maximum of max(y, 5): one disjunct has no row that moves, or is missing.
  @Test("A family whose problems differ in more than bounds is narrowed by confirming alone")
  func irregular() throws {
    let family = value { threshold in
      [[outputRow([-1], atMost: -threshold, strict: true)]] + (threshold < Rational(5) ? [[]] : [])
    }
    let found = Search.narrow(
      family, to: width(fraction(1, 100)), options: SearchOptions(timeLimit: 30))
    guard case .narrow = found.end else {
      Issue.record("found \(found.end)")
      return
    }
    let lower = try #require(found.lower(on: .above))
    let upper = try #require(found.upper(on: .above))
    #expect(lower <= Rational(5) && Rational(5) <= upper && upper - lower <= fraction(1, 100))
  }

  @Test("An interrupt and a limit of time end the search with what is known")
  func limits() {
    let family = value { [[outputRow([-1], atMost: -$0, strict: true)]] }
    let interrupt = Interrupt()
    interrupt.raise()
    let stopped = Search.narrow(
      family, to: width(fraction(1, 100)), options: SearchOptions(), interrupt: interrupt)
    guard case .stopped(.interrupted) = stopped.end else {
      Issue.record("found \(stopped.end)")
      return
    }
    let late = Search.narrow(
      family, to: width(fraction(1, 100)), options: SearchOptions(timeLimit: 0))
    guard case .stopped(.timeLimit) = late.end else {
      Issue.record("found \(late.end)")
      return
    }
  }
}
