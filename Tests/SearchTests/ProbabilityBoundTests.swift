import Approximation
import ClaimLanguage
import ExactArithmetic
import Foundation
import NetworkModel
import ProofChecker
import Search
import TestSupport
import Testing

@Suite("Bounds of probabilities") struct ProbabilityBoundTests {
  private func bounds(
    _ problem: ProbabilityProblem, gap: Double, seconds: Double = 60
  ) throws -> ProbabilityBounds {
    try Search.bound(
      problem, gap: Closeness(absolute: gap), options: SearchOptions(timeLimit: seconds)
    ).get()
  }

  private func expect(
    _ found: ProbabilityBounds, encloses value: Double, within gap: Double,
    at location: SourceLocation = #_sourceLocation
  ) {
    let (lower, upper) = (found.verified.lower.nearestDouble, found.verified.upper.nearestDouble)
    // The value is rounded to binary64; bounds may be as close as that.
    let slack = 8 * value.ulp
    #expect(
      lower <= value + slack && value - slack <= upper, "\(lower) \(upper)",
      sourceLocation: location)
    #expect(upper - lower <= gap, "\(lower) \(upper)", sourceLocation: location)
    #expect(found.stop == nil, sourceLocation: location)
  }

  private let absolute = denseNetwork([([[1], [-1]], [0, 0]), ([[1, 1]], [0])])

  @Test func exactCases() throws {
    let uniform = try probabilityProblem(
      absolute, ["(<= Y[0] 0.3)"], ["(component 1 (uniform -1 1))"])
    expect(try bounds(uniform, gap: 1e-3), encloses: 0.3, within: 1e-3)
    // P(|Z| ≤ 1), by mpmath.
    let normal = try probabilityProblem(absolute, ["(<= Y[0] 1)"], ["(component 1 (normal 0 1))"])
    expect(try bounds(normal, gap: 1e-3), encloses: 0.682689492137085897, within: 1e-3)
    // P(|X| ≥ 0.75), X in {−1, 0, 1/2} with chances 1/6, 1/2, 1/3.
    let points = try probabilityProblem(
      absolute, ["(>= Y[0] 0.75)"], ["(component 1 (points (-1 1/6) (0 1/2) (0.5 1/3)))"])
    expect(try bounds(points, gap: 1e-9), encloses: 1.0 / 6, within: 1e-9)
    // Clipped at 1/2: P(X = 1/2) = P(Z ≥ 1/2).
    let clipped = try probabilityProblem(
      absolute, ["(>= X[0] 0.499999)"], ["(component 1 (clipped (normal 0 1) -0.5 0.5))"])
    expect(try bounds(clipped, gap: 1e-3), encloses: 0.3085378907914017, within: 1e-3)
  }

  @Test func mixturesAndMaps() throws {
    // 1/4 P(|U| ≤ 1) + 3/4 P(|1 + Z/2| ≤ 1), U uniform on [−2, 2]; mpmath.
    let mixture = try probabilityProblem(
      absolute, ["(<= Y[0] 1)"],
      ["(component 1/4 (uniform -2 2))", "(component 3/4 (normal 0 1) (map (1 0.5)))"])
    expect(
      try bounds(mixture, gap: 1e-3), encloses: 0.125 + 0.75 * 0.49996832875816688, within: 1e-3)
  }

  /// |x| ≤ 0.3 given x > −0.1, x uniform from −1 to 1: 0.4 / 1.1; and compared with that of x ≤ −0.1.
  @Test func conditionalsAndWhatComparesThem() throws {
    let event = "(event (assert (<= Y[0] 0.3)))"
    let first = "(conditional \(event) (event (assert (> X[0] -0.1))))"
    let second = "(conditional \(event) (event (assert (<= X[0] -0.1))))"
    func problem(_ quantity: String, _ lower: String, _ upper: String) throws -> ProbabilityProblem
    {
      try quantityProblem(
        absolute, quantity, ["(component 1 (uniform -1 1))"], from: lower, to: upper)
    }
    let (one, other) = (0.4 / 1.1, 0.2 / 0.9)
    expect(try bounds(problem(first, "0", "1"), gap: 1e-4), encloses: one, within: 1e-4)
    expect(
      try bounds(problem("(ratio \(first) \(second))", "0", "1e300"), gap: 1e-3),
      encloses: one / other, within: 1e-3)
    expect(
      try bounds(problem("(difference \(second) \(first))", "-1", "1"), gap: 1e-3),
      encloses: other - one, within: 1e-3)
    // Decided, however close the bounds are.
    for (lower, upper) in [("1.3", "1e300"), ("0", "2")] {
      let found = try bounds(problem("(ratio \(first) \(second))", lower, upper), gap: 0)
      #expect(found.stop == nil)
      let ends = (found.verified.lower.nearestDouble, found.verified.upper.nearestDouble)
      let slack = 8 * (one / other).ulp
      #expect(ends.0 <= one / other + slack && one / other - slack <= ends.1)
      #expect(lower == "0" ? ends.1 <= 2 : ends.0 >= 1.3)
    }
  }

  @Test func aConditionWithoutMassHasNoBounds() throws {
    let problem = try quantityProblem(
      absolute,
      "(conditional (event (assert (<= Y[0] 0.3))) (event (assert (> X[0] 2))))",
      ["(component 1 (uniform -1 1))"], from: "0", to: "1")
    let found = Search.bound(
      problem, gap: Closeness(absolute: 1e-3), options: SearchOptions(timeLimit: 60))
    #expect {
      try found.get()
    } throws: { "\($0)".contains("may be 0") }
  }

  @Test("Random networks in two dimensions, against counting on a fine grid", arguments: 0..<3)
  func randomNetworks(seed: Int) throws {
    var generator = SeededGenerator(seed: UInt64(seed))
    let network = coarseNetwork([2, 5, 4, 2], using: &generator)
    let uniform = try probabilityProblem(
      network, ["(or (<= Y[0] Y[1]) (and (>= Y[0] 0.5) (<= X[0] 0.25)))"],
      ["(component 1 (uniform -1 1) (uniform -2 1))"])
    let found = try bounds(uniform, gap: 0.05)
    let side = 400
    var hits = 0
    for row in 0..<side {
      for column in 0..<side {
        let point = [
          -1 + 2 * (Double(row) + 0.5) / Double(side),
          -2 + 3 * (Double(column) + 0.5) / Double(side),
        ]
        let value = network.evaluate([point])[0]
        if value[0] <= value[1] || value[0] >= 0.5 && point[0] <= 0.25 { hits += 1 }
      }
    }
    let share = Double(hits) / Double(side * side)
    #expect(found.verified.lower.nearestDouble <= share + 0.005)
    #expect(found.verified.upper.nearestDouble >= share - 0.005)
    #expect((found.verified.upper - found.verified.lower).nearestDouble <= 0.05)
  }

  @Test func aClaimIsDecidedAsSoonAsItCanBe() throws {
    let holds = try probabilityProblem(
      absolute, ["(<= Y[0] 1)"], ["(component 1 (normal 0 1))"], from: "0.5", to: "0.9")
    let found = try bounds(holds, gap: 0)
    #expect(found.stop == nil)
    #expect(throws: Never.self) { try ProofChecker.check(found.proof, of: holds) }
    let refuted = try probabilityProblem(
      absolute, ["(<= Y[0] 1)"], ["(component 1 (normal 0 1))"], from: "0", to: "0.5")
    let other = try bounds(refuted, gap: 0)
    #expect(other.stop == nil && other.verified.lower.nearestDouble > 0.5)
    #expect(throws: Rejection.self) { try ProofChecker.check(other.proof, of: refuted) }
  }

  @Test func anInterruptGivesTheBoundsSoFar() throws {
    let interrupt = Interrupt()
    interrupt.raise()
    let question = try probabilityProblem(absolute, ["(<= Y[0] 1)"], ["(component 1 (normal 0 1))"])
    let found = try Search.bound(
      question, gap: Closeness(absolute: 1e-9), options: SearchOptions(), interrupt: interrupt
    ).get()
    #expect(found.stop == .interrupted)
    #expect(found.verified.lower == .zero && found.verified.upper == .one)
  }

  @Test("A tiny probability keeps its leading digits")
  func tail() throws {
    // P(Z ≥ 12) = 1.776482112077679e-33.
    let line = denseNetwork([([[1]], [0])])
    let question = try probabilityProblem(
      line, ["(>= Y[0] 12)"], ["(component 1 (normal 0 1))"], from: "0", to: "1e-32")
    let found = try bounds(question, gap: 0)
    #expect(found.stop == nil)
    #expect(found.verified.upper.nearestDouble <= 1e-32)
    #expect(found.verified.upper.nearestDouble >= 1.776482112077679e-33)
  }

  @Test("A rare event is enclosed to a part of its probability")
  func relativeWidth() throws {
    // P(|Z| ≥ 7) = 2.559625087771669e-12.
    let question = try probabilityProblem(
      absolute, ["(>= Y[0] 7)"], ["(component 1 (normal 0 1))"])
    let found = try Search.bound(
      question, gap: Closeness(relative: 0.01), options: SearchOptions(timeLimit: 60)
    ).get()
    let (lower, upper) = (found.verified.lower.nearestDouble, found.verified.upper.nearestDouble)
    #expect(found.stop == nil)
    #expect(lower <= 2.559625087771669e-12 && 2.559625087771669e-12 <= upper)
    #expect(upper - lower <= 0.01 * upper)
  }

  @Test(
    "Random networks and rectangles in two dimensions: the exact area, to a millionth",
    arguments: 0..<(isSoak ? 1000 : 8))
  func exactAreas(seed: Int) throws {
    var generator = SeededGenerator(seed: UInt64(7000 + seed))
    let network = coarseNetwork([2, 4, 3, 2], using: &generator)
    let lower = (0..<2).map { _ in Rational(Int.random(in: -8...0, using: &generator)) / Rational(4)
    }
    let upper = lower.map { $0 + Rational(Int.random(in: 1...12, using: &generator)) / Rational(4) }
    let exact = areaShare(of: network, lower: lower, upper: upper) { [$0[0] - $0[1]] }
    let ends = zip(lower, upper).map {
      "(uniform \($0.numerator)/\($0.denominator) \($1.numerator)/\($1.denominator))"
    }
    let problem = try probabilityProblem(
      network, ["(<= Y[0] Y[1])"], ["(component 1 \(ends.joined(separator: " ")))"])
    let found = try bounds(problem, gap: 1e-6)
    #expect(Rational(found.verified.lower) <= exact && exact <= Rational(found.verified.upper))
    #expect((found.verified.upper - found.verified.lower).nearestDouble <= 1e-6)
  }

  @Test("A dead network is a constant: the event is decided by it")
  func constants() throws {
    let dead = denseNetwork([([[1, 1]], [-100]), ([[1]], [0])])
    for (event, value) in [("(<= Y[0] 0.5)", 1.0), ("(< Y[0] -1)", 0), ("(>= Y[0] -1)", 1)] {
      let problem = try probabilityProblem(
        dead, [event], ["(component 1 (uniform -1 1) (normal 0 1))"])
      let found = try bounds(problem, gap: 1e-6)
      #expect(found.verified.lower.nearestDouble <= value)
      #expect(found.verified.upper.nearestDouble >= value)
      #expect((found.verified.upper - found.verified.lower).nearestDouble <= 1e-6)
    }
  }
}

/// Whether the longer of the two test runs is wanted.
private let isSoak = ProcessInfo.processInfo.environment["AFFIDAVIT_SOAK"] == "1"
