import BigInt
import ClaimLanguage
import ExactArithmetic
import NetworkModel
import ProofChecker
import ProofFormat
import Search
import TestSupport
import Testing

/// y = x₀ + 2 x₁.
private let plane = denseNetwork([([[1, 2]], [0])])
private let square = ["(component 1 (uniform 0 1) (uniform 0 1))"]

private func charge(
  out excluding: [Derivation] = [], in holding: [Derivation] = [], of disjunct: Int = 0,
  steps stepBits: Int = 8
) -> Record {
  .charge(
    Charge(excluding: excluding, disjunct: disjunct, holding: holding, stepBits: stepBits))
}

private func number(_ value: Dyadic) -> Double { Double(value.floor(scaledBy: 60)) * 0x1p-60 }

@Suite("Cells that are charged in parts") struct ChargeTests {
  private func found(_ records: [Record], _ problem: ProbabilityProblem) throws -> (
    lower: Double, upper: Double
  ) {
    let verified = try ProofChecker.check(massProof(records), of: problem)
    return (number(verified.lower), number(verified.upper))
  }

  private func expect(
    _ found: (lower: Double, upper: Double), is lower: Double, _ upper: Double,
    at location: SourceLocation = #_sourceLocation
  ) {
    // Never too narrow, and as narrow as that.
    #expect(found.lower <= lower && lower - found.lower < 1e-12, sourceLocation: location)
    #expect(found.upper >= upper && found.upper - upper < 1e-12, sourceLocation: location)
  }

  @Test("One cell, cut by a line, is decided on both sides of it")
  func bothSides() throws {
    let problem = try probabilityProblem(plane, ["(<= Y[0] 1)"], square)
    // x + 2 y ≤ 1: a triangle of 1/4.
    expect(try found([charge(out: [.standard], in: [.standard])], problem), is: 0.25, 0.25)
    expect(try found([charge(out: [.standard])], problem), is: 0, 0.25)
    expect(try found([charge(in: [.standard])], problem), is: 0.25, 1)
  }

  @Test("Unstable units leave a slab")
  func slab() throws {
    // |x| < 1/4 for x in [−1, 1] without a cut: |x| ≥ ±x on one side, |x| ≤ 1 on the other.
    let problem = try absoluteProblem()
    let bounds = try found(
      [.tightenAll, charge(out: [Derivation(slopes: .codes([255, 0]))])], problem)
    // Where x > 1/4 it is excluded.
    expect(bounds, is: 0, 0.625)
    let cut: [Record] = [
      try splitInput(at: 0), .tightenAll, charge(out: [.standard], in: [.standard]), .tightenAll,
      charge(out: [.standard], in: [.standard]),
    ]
    expect(try found(cut, problem), is: 0.25, 0.25)
  }

  @Test("Several rows of a disjunct, several disjuncts: what they have in common")
  func common() throws {
    let both = try probabilityProblem(plane, ["(<= Y[0] 2)", "(>= X[0] 0.25)"], square)
    // Rows fail on 1/4 and 1/4; both hold on at least 1 − 1/4 − 1/4, and on 9/16 indeed.
    let second = Derivation(rows: [Term(1, .one)])
    expect(try found([charge(in: [.standard, .standard])], both), is: 0.5, 1)
    expect(try found([charge(out: [.standard])], both), is: 0, 0.75)
    expect(try found([charge(out: [second])], both), is: 0, 0.75)
    let either = try probabilityProblem(
      plane, ["(or (>= Y[0] 2) (<= X[0] 0.25))"], square)
    expect(try found([charge(out: [.standard, .standard])], either), is: 0, 0.5)
    expect(try found([charge(in: [.standard], of: 1)], either), is: 0.25, 1)
    expect(
      try found([charge(out: [.standard, .standard], in: [.standard], of: 0)], either), is: 0.25,
      0.5)
    // What they have in common is never less than nothing.
    let steep = try probabilityProblem(
      plane, ["(or (>= Y[0] 1) (<= X[0] 0.875))"], square)
    expect(try found([charge(out: [.standard, .standard])], steep), is: 0, 1)
  }

  @Test("Normal coordinates behind a map, and weights")
  func mixture() throws {
    let problem = try probabilityProblem(
      plane, ["(<= Y[0] 1)"],
      [
        "(component 1/4 (uniform 0 1) (uniform 0 1))",
        "(component 3/4 (normal 0 1) (normal 0 1) (map (1 1 1) (0 1 -1)))",
      ])
    // x + 2 y = 1 + 3 z₀ − z₁ ≤ 1: a half; but for the tails all of it is decided.
    var records: [Record] = [charge(out: [.standard], in: [.standard])]
    for (entry, value) in [(0, -8.0), (0, 8), (1, -8), (1, 8)] {
      records.append(try splitInput(entry, at: value))
      if value < 0 { records.append(.leave) }
    }
    records += [charge(out: [.standard], in: [.standard]), .leave, .leave]
    let bounds = try found(records, problem)
    let value = 0.25 * 0.25 + 0.75 * 0.5
    #expect(bounds.lower <= value && value <= bounds.upper)
    #expect(bounds.upper - bounds.lower < 1e-8, "\(bounds)")
  }

  @Test("Points on the boundary belong to neither side")
  func atoms() throws {
    let line = denseNetwork([([[1]], [0])])
    let coin = ["(component 1 (points (0 1/3) (1 1/3) (2 1/3)))"]
    let problem = try probabilityProblem(line, ["(< Y[0] 1)"], coin)
    let bounds = try found([charge(out: [.standard], in: [.standard], steps: 12)], problem)
    #expect(bounds.lower <= 1.0 / 3 && bounds.upper >= 1.0 / 3)
    #expect(1.0 / 3 - bounds.lower < 1e-9 && bounds.upper <= 2.0 / 3 + 1e-9)
  }

  /// y = 0 always, and x₀ ≤ 1/2 or not.
  @Test("A form that is zero throughout decides by strictness") func ties() throws {
    let zero = denseNetwork([([[0, 0]], [0])])
    for (comparison, holds) in [("<=", true), ("<", false), (">=", true), (">", false)] {
      let both = try probabilityProblem(
        zero, ["(\(comparison) Y[0] 0)", "(<= X[0] 0.5)"], square)
      expect(
        try found([charge(in: [.standard, .standard])], both), is: holds ? 0.5 : 0, 1)
      let one = try probabilityProblem(zero, ["(\(comparison) Y[0] 0)"], square)
      expect(try found([charge(out: [.standard])], one), is: 0, holds ? 1 : 0)
    }
  }

  /// x₀ + 2 x₁ ≤ 1 with x₁ = 1/4 always: x₀ ≤ 1/2; nothing is counted, in however few steps.
  @Test("A coordinate with one value is a constant") func constants() throws {
    for (point, share) in [("0.25", 0.5), ("0.375", 0.25), ("0", 1), ("-1", 1), ("1", 0)] {
      let problem = try probabilityProblem(
        plane, ["(<= Y[0] 1)"], ["(component 1 (uniform 0 1) (points (\(point) 1)))"])
      expect(
        try found([charge(out: [.standard], in: [.standard], steps: 1)], problem), is: share, share)
    }
    // No binary number: counted.
    let problem = try probabilityProblem(
      plane, ["(<= Y[0] 1)"], ["(component 1 (uniform 0 1) (points (1/3 1)))"])
    let bounds = try found([charge(out: [.standard], in: [.standard], steps: 12)], problem)
    #expect(bounds.lower <= 1.0 / 3 && 1.0 / 3 <= bounds.upper)
    #expect(bounds.upper - bounds.lower < 0.01)
  }

  @Test("Where bounds assume the rows of a disjunct, a part can be excluded but not held")
  func conditional() throws {
    let narrowing: [Record] = [
      .contract(Derivation(rows: [Term(0, .one)], slopes: .codes([255, 0]))), .tightenAll,
    ]
    let problem = try absoluteProblem()
    let bounds = try found(narrowing + [charge(out: [.standard])], problem)
    #expect(bounds.lower == 0 && bounds.upper >= 0.25)
    expectRejected(narrowing + [charge(in: [.standard])], of: problem, "assume rows")
  }
}

@Suite("Side conditions of charges") struct ChargeRuleTests {
  private let two = ["(or (>= Y[0] 2) (<= X[0] 0.25))"]

  @Test func eachOpenDisjunctHasADerivation() throws {
    let problem = try probabilityProblem(plane, two, square)
    expectRejected([charge(out: [.standard])], of: problem, "each open disjunct")
    expectRejected(
      [charge(out: [.standard, .standard, .standard])], of: problem, "each open disjunct")
  }

  @Test func whatIsClosedNeedsNone() throws {
    let problem = try probabilityProblem(
      plane, ["(or (>= Y[0] 4) (<= X[0] 0.25))"], square)
    expectRejected([leaf, charge(out: [.standard, .standard])], of: problem, "each open disjunct")
    let found = try ProofChecker.check(massProof([leaf, charge(out: [.standard])]), of: problem)
    #expect(number(found.upper) < 0.25 + 1e-12 && number(found.upper) >= 0.25)
    expectRejected([leaf, charge(in: [.standard])], of: problem, "not open")
  }

  @Test func thereIsOneDerivationForEachRow() throws {
    let problem = try probabilityProblem(plane, ["(<= Y[0] 2)", "(>= X[0] 0.25)"], square)
    expectRejected([charge(in: [.standard])], of: problem, "one for each row")
    expectRejected(
      [charge(in: [.standard, .standard, .standard])], of: problem, "one for each row")
    expectRejected([charge(in: [.standard, .standard], of: 1)], of: problem, "not open")
    let naming = Derivation(rows: [Term(0, .one)])
    expectRejected([charge(in: [.standard, naming])], of: problem, "names rows")
    expectRejected(
      [charge(out: [Derivation(rows: [Term(2, .one)])])], of: problem, "no row of the disjunct")
    expectRejected(
      [charge(out: [Derivation(rows: [Term(0, Dyadic(-1))])])], of: problem, "not positive")
  }

  @Test func stepsAreFew() throws {
    let problem = try probabilityProblem(plane, ["(<= Y[0] 2)"], square)
    expectRejected([charge(out: [.standard], steps: 13)], of: problem, "steps are counted")
  }

  @Test func chargesBelongToCells() throws {
    let record = charge(out: [.standard], in: [.standard])
    expectInvalid([record], of: oneDisjunct(), "belongs to a cell")
    expectRejected([.splitUnit(unit), record], of: try absoluteProblem(), "found the end")
  }
}

/// Charges of random proofs with something changed.
@Suite("Mutated charges") struct ChargeMutationTests {
  /// A grid of cells over the unit square, each charged on both sides.
  private func records(_ cuts: Int) throws -> [Record] {
    func column(_ low: Double, _ high: Double, _ depth: Int) throws -> [Record] {
      guard depth > 0 else { return [.tightenAll, charge(out: [.standard], in: [.standard])] }
      let middle = (low + high) / 2
      return try [splitInput(0, at: middle)] + column(low, middle, depth - 1)
        + column(middle, high, depth - 1)
    }
    return try column(0, 1, cuts)
  }

  private func changed(_ records: [Record], using generator: inout SeededGenerator) -> [Record] {
    var records = records
    let place = records.indices.randomElement(using: &generator) ?? 0
    switch (Int.random(in: 0..<5, using: &generator), records[place]) {
    case (0, _): records.remove(at: place)
    case (1, _): records.swapAt(place, records.indices.randomElement(using: &generator) ?? 0)
    case (2, _): records.insert(records[place], at: place)
    case (_, .charge(let old)):
      let slopes = Derivation(
        slopes: .codes((0..<4).map { _ in UInt8.random(in: 0...255, using: &generator) }))
      records[place] = charge(
        out: Bool.random(using: &generator) ? old.holding : [slopes],
        in: Bool.random(using: &generator) ? old.excluding : [slopes],
        of: Int.random(in: 0...1, using: &generator),
        steps: Int.random(in: 0...12, using: &generator))
    case (_, .splitInput(let entry, let value)):
      records[place] = .splitInput(
        entry: Bool.random(using: &generator) ? 1 - entry : entry,
        value: value + (Dyadic(exactly: Double.random(in: -0.3...0.3, using: &generator)) ?? .zero))
    default: records[place] = .leave
    }
    return records
  }

  @Test("None gives a false interval", arguments: 0..<(isSoak ? 200 : isOptimised ? 12 : 2))
  func none(seed: Int) throws {
    var generator = SeededGenerator(seed: UInt64(seed))
    let network = coarseNetwork([2, 3, 2, 1], using: &generator)
    let problem = try probabilityProblem(network, ["(<= Y[0] 0.125)"], square)
    let exact = areaShare(of: network, lower: [.zero, .zero], upper: [.one, .one]) {
      [ExactForm(coefficients: $0[0].coefficients, constant: $0[0].constant - Rational(1, over: 8))]
    }
    let records = try records(4)
    var accepted = 0
    for _ in 0..<40 {
      guard
        let found = try? ProofChecker.check(
          massProof(changed(records, using: &generator)), of: problem)
      else { continue }
      accepted += 1
      #expect(Rational(found.lower) <= exact && exact <= Rational(found.upper))
    }
    let found = try ProofChecker.check(massProof(records), of: problem)
    #expect(Rational(found.lower) <= exact && exact <= Rational(found.upper))
    #expect(accepted > 0)
  }
}
