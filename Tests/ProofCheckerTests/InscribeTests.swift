import Approximation
import BigInt
import ClaimLanguage
import ExactArithmetic
import Foundation
import MassArithmetic
import NetworkModel
import ProofChecker
import ProofFormat
import TestSupport
import Testing

/// y₀ = relu(x₀), y₁ = relu(x₁) and y₂ = relu(−x₀).
private let halves = denseNetwork([
  ([[1, 0], [0, 1], [-1, 0]], [0, 0, 0]), ([[1, 0, 0], [0, 1, 0], [0, 0, 1]], [0, 0, 0]),
])
private let standard = ["(component 1 (normal 0 1) (normal 0 1))"]

private func confine(_ index: Int, _ side: Lemma.Side, at value: Double = 0) -> Record {
  .confine(
    Unit(rectifier: 0, index: index), side, .standard, value: Dyadic(exactly: value) ?? .zero)
}

private func inside(_ rows: Int, of disjunct: Int = 0, by derivation: Derivation = .standard)
  -> Record
{
  let derivations = Array(repeating: derivation, count: rows)
  return .charge(
    Charge(excluding: [], disjunct: disjunct, holding: derivations, stepBits: 0))
}

private func outside(_ derivations: [Derivation] = [.standard]) -> Record {
  .charge(Charge(excluding: derivations, disjunct: 0, holding: [], stepBits: 0))
}

/// With means and places of zero, which are best where forms are independent.
private func inscribe(_ factors: [Int], _ others: [[Int]] = []) -> Record {
  .inscribe(([factors] + others).map { $0.map { Term($0, .zero) } })
}

private func bounds(_ records: [Record], _ problem: ProbabilityProblem) throws -> (
  lower: Double, upper: Double
) {
  let found = try ProofChecker.check(massProof(records), of: problem)
  return (found.lower.nearestDouble, found.upper.nearestDouble)
}

/// P(Z > place).
private func tail(_ place: Double) -> Double { erfc(place / 2.0.squareRoot()) / 2 }

@Suite("Points that forms inscribe in an event, or outside of it") struct InscribeTests {
  @Test("Rows of independent coordinates multiply", arguments: [0.5, 2, 20])
  func independent(threshold: Double) throws {
    let problem = try probabilityProblem(
      halves, ["(>= X[0] \(threshold))", "(<= X[1] -\(threshold))"], standard)
    let found = try bounds([inscribe([0, 1]), inside(2), .leave], problem)
    let exact = tail(threshold) * tail(threshold)
    #expect(abs(found.lower - exact) <= 1e-12 * exact)
    #expect(found.upper == 1)
  }

  @Test("What other forms miss is subtracted, of all points or of those of the factors")
  func others() throws {
    let problem = try probabilityProblem(halves, ["(>= X[0] 1)", "(<= X[1] 2)"], standard)
    let alone = try bounds([inscribe([0], [[]]), inside(2), .leave], problem)
    #expect(abs(alone.lower - (tail(1) - tail(2))) <= 1e-12)
    let together = try bounds([inscribe([0], [[0]]), inside(2), .leave], problem)
    #expect(abs(together.lower - tail(1) * (1 - tail(2))) <= 1e-12)
    // More is missed than there is.
    let nothing = try bounds([inscribe([1], [[]]), inside(2), .leave], problem)
    #expect(abs(nothing.lower - (1 - tail(2) - (1 - tail(1)))) <= 1e-12)
  }

  /// x₀ ≥ 0 and x₀ + x₁ ≥ 0: three eighths of the plane; x₁ − x₀ ≥ 0: one eighth.
  @Test("Whatever the means, the mass is no more", arguments: [("+", 0.375), ("-", 0.125)])
  func dependent(sign: String, exact: Double) throws {
    let sum = sign == "+" ? "(+ X[1] X[0])" : "(- X[1] X[0])"
    let problem = try probabilityProblem(halves, ["(>= X[0] 0)", "(>= \(sum) 0)"], standard)
    var best = 0.0
    for step in -16...16 {
      let means = [Term(0, Dyadic(0)), Term(1, Dyadic(BigInt(step), exponent: -3))]
      let lower = try bounds([.inscribe([means]), inside(2), .leave], problem).lower
      #expect(lower <= exact * (1 + 1e-12))
      best = max(best, lower)
    }
    #expect(best >= exact * 0.6)
  }

  /// y₀ − y₁ ≥ 1: where x₁ < 0 by x₀ ≥ 1, where x₁ > 0 by x₀ − x₁ ≥ 1.
  private let difference = ["(>= (- Y[0] Y[1]) 1)"]
  /// y₀ ≥ x₀.
  private let steep = Derivation(slopes: .codes([255]))

  private var below: [Record] {
    [inscribe([0, 1]), confine(1, .upper), inside(1, by: steep)]
  }

  private func above(at mean: Double = 0.375) -> [Record] {
    let means = [Term(0, Dyadic(3, exponent: -2)), Term(1, Dyadic(exactly: mean) ?? .zero)]
    return [.inscribe([means]), confine(1, .lower), inside(1, by: steep)]
  }

  @Test("Ends of units hold for what is shown after them; pieces on both sides add up")
  func pieces() throws {
    let problem = try probabilityProblem(halves, difference, standard)
    let low = try bounds(below + [.leave], problem).lower
    #expect(abs(low - tail(1) / 2) <= 1e-12)
    // P(x₁ > 0, x₀ > 1 + x₁), by a sum over x₁.
    let exact = (0..<60_000).reduce(0.0) { sum, step in
      let place = (Double(step) + 0.5) / 10_000
      return sum + tail(1 + place) * exp(-place * place / 2) / (2 * Double.pi).squareRoot() / 10_000
    }
    var best = 0.0
    for step in 0...16 {
      let high = try bounds(above(at: 1 - Double(step) / 4) + [.leave], problem).lower
      #expect(high <= exact * (1 + 1e-9))
      best = max(best, high)
      let both = try bounds(below + above(at: 1 - Double(step) / 4) + [.leave], problem).lower
      #expect(abs(both - low - high) <= 1e-12)
    }
    #expect(best >= 0.8 * exact)
  }

  @Test("Points that may be in two pieces count in neither twice")
  func apart() throws {
    let problem = try probabilityProblem(halves, difference, standard)
    let text = "may be among those inscribed before"
    expectRejected(below + below + [.leave], of: problem, text)
    expectRejected(below + above() + below + [.leave], of: problem, text)
    // Ends that leave room between them keep nothing apart.
    let wide: [Record] = [inscribe([0, 1]), confine(1, .lower, at: -1), inside(1, by: steep)]
    expectRejected(below + wide + [.leave], of: problem, text)
    let farther: [Record] = [inscribe([0, 1]), confine(1, .upper, at: 1), inside(1, by: steep)]
    expectRejected(above() + farther + [.leave], of: problem, text)
    // Beyond zero they do.
    let beyond: [Record] = [
      inscribe([0, 1]), confine(1, .upper, at: -1), inside(1, by: steep),
    ]
    let far = try bounds(above() + beyond + [.leave], problem).lower
    let near = try bounds(above() + [.leave], problem).lower
    #expect(abs(far - near - tail(1) * tail(1)) <= 1e-12)
  }

  @Test("An end says nothing of the node") func ends() throws {
    let problem = try probabilityProblem(halves, ["(<= Y[0] 0)"], standard)
    let negative: [Record] = [inscribe([0], [[]]), confine(0, .upper), inside(1)]
    expectRejected(negative + [.hold(disjunct: 0, [])], of: problem, "proves nothing")
    expectRejected(
      negative + [inscribe([0]), inside(1), .hold(disjunct: 0, [])],
      of: problem, "may be among")
  }

  @Test("Outside and inside do not mix; what the node shows stands where it is more")
  func sides() throws {
    let problem = try probabilityProblem(halves, ["(>= X[0] 1)"], standard)
    let found = try bounds(
      [inscribe([0]), outside(), inscribe([0]), inside(1), .leave], problem)
    #expect(abs(found.upper - tail(1)) <= 1e-12 && abs(found.lower - tail(1)) <= 1e-12)
    let charged = Record.charge(
      Charge(excluding: [.standard], disjunct: 0, holding: [.standard], stepBits: 6))
    let far: [Record] = [inscribe([0, 1]), outside(), charged]
    expectRejected(far, of: problem, "there is no form 1")
    let less: [Record] = [inscribe([0]), confine(1, .lower, at: 3), outside(), charged]
    expectRejected(less, of: problem, "1 lists of forms, of 2 forms in all")
    let few: [Record] = [inscribe([0, 1]), confine(1, .lower, at: 3), outside(), charged]
    #expect(abs(try bounds(few, problem).upper - tail(1)) <= 1e-12)
  }

  @Test("A unit that is zero throughout leaves a form without coefficients")
  func constant() throws {
    let problem = try probabilityProblem(halves, difference, standard)
    let found = try bounds(
      [inscribe([0], [[]]), confine(0, .upper), outside(), .leave], problem)
    #expect(abs(found.upper - 0.5) <= 1e-12)
    expectRejected(
      [inscribe([0], [[0]]), confine(0, .upper), outside(), .leave], of: problem,
      "depend on one another")
    expectRejected(
      [inscribe([0, 1]), confine(0, .upper), outside(), .leave], of: problem,
      "depend on one another")
  }

  @Test("Cells may follow; what is more stands, of each side")
  func cells() throws {
    let problem = try probabilityProblem(halves, difference, standard)
    // What is inscribed is no part of what cells show, nor do they add up.
    let cut: [Record] = [try splitInput(1, at: 0), .leave, confine(1, .upper), outside()]
    let found = try bounds(below + cut, problem)
    #expect(abs(found.lower - tail(1) / 2) <= 1e-12 && found.upper == 1)
    let two = try probabilityProblem(halves, ["(<= (- Y[0] Y[1]) 1)"], standard)
    let factor: [Record] = [inscribe([0], [[]]), confine(0, .upper), inside(1)]
    let held: [Record] = [try splitInput(at: 0.5), .leave, .tightenAll, inside(1)]
    let exact = 1 - tail(0.5)
    let both = try bounds(factor + held, two)
    #expect(abs(both.lower - 0.5) <= 1e-12 || abs(both.lower - exact) <= 1e-12)
  }
}

@Suite("Side conditions of inscribed points") struct InscribeRuleTests {
  /// Pieces for all sides of eleven units, and then one that a twelfth unit keeps apart from them.
  @Test(
    "No more than 2^11 pieces", .enabled(if: isOptimised, "half a minute without optimisation"))
  func most() throws {
    let units = 12
    let network = denseNetwork([
      ([[Double]](repeating: [1], count: units), [Double](repeating: 0, count: units)),
      ([[Double](repeating: 1, count: units)], [0]),
    ])
    let problem = try probabilityProblem(
      network, ["(>= X[0] 0)"], ["(component 1 (normal 0 1))"])
    let pieces = (0...1 << 11).map { pattern -> [Record] in
      let ends = (0..<units).map { confine($0, pattern >> $0 & 1 == 0 ? .lower : .upper) }
      let lists = [[Term(units, Dyadic.zero)]] + ends.map { _ in [Term<Int>]() }
      return [.inscribe(lists)] + ends + [inside(1)]
    }
    #expect(throws: Never.self) {
      try bounds(pieces.dropLast().flatMap(\.self) + [.leave], problem)
    }
    #expect(throws: Never.self) {
      try bounds(pieces.dropFirst().flatMap(\.self) + [.leave], problem)
    }
    expectRejected(
      pieces.flatMap(\.self) + [.leave], of: problem, "may be among those inscribed before")
  }

  private let events = ["(or (and (>= X[0] 2) (>= X[0] 1)) (and (<= X[0] -2) (<= Y[1] 1)))"]

  @Test("Only where all points of the cell are known")
  func partial() throws {
    let problem = try probabilityProblem(halves, events, standard)
    let piece: [Record] = [inscribe([0], [[]]), inside(2), .leave]
    let text = "others were left out before"
    #expect(throws: Never.self) { try bounds(piece, problem) }
    expectRejected([confine(0, .lower, at: -8)] + piece, of: problem, text)
    let split = Record.splitUnit(Unit(rectifier: 0, index: 0))
    expectRejected([split] + piece + [.leave], of: problem, text)
    expectRejected([split, .leave] + piece, of: problem, text)
    expectRejected(
      [.splitBound(Unit(rectifier: 0, index: 0), .lower, value: .zero)] + piece + piece,
      of: problem, text)
    expectRejected([.separate(disjunct: 0)] + piece + [.leave], of: problem, text)
    let weighed = Record.outweigh(
      disjunct: 1, [Derivation(rows: [Term(0, .one)])], place: [])
    expectRejected([weighed] + piece, of: problem, text)
    // In no later node, and not where points were given up above the cell.
    let cut = try splitInput(1, at: 50)
    expectRejected([cut] + piece + [.leave], of: problem, text)
    expectRejected([cut, .leave] + piece, of: problem, text)
    let one = try probabilityProblem(halves, ["(>= X[0] 2)"], standard)
    let lemma = Record.lemma(
      Unit(rectifier: 0, index: 0), .lower, Derivation(rows: [Term(0, .one)]))
    expectRejected(
      [lemma, inscribe([0]), inside(1), .leave], of: one, "assume rows of a disjunct")
  }

  @Test func recordsThatFollow() throws {
    let problem = try probabilityProblem(halves, events, standard)
    for record: Record in [
      .leave, .hold(disjunct: 0, []), .tightenAll, .splitUnit(Unit(rectifier: 0, index: 0)),
      .close(disjunct: 0, .standard), inscribe([0]),
    ] {
      expectRejected(
        [inscribe([0], [[]]), record, inside(2), .leave], of: problem, "neither confines nor")
    }
    #expect(throws: Never.self) {
      try bounds([inscribe([0], [[]]), .refresh(rectifier: 0), inside(2), .leave], problem)
    }
    for charge in [
      Charge(excluding: [], disjunct: 0, holding: [.standard, .standard], stepBits: 1),
      Charge(
        excluding: [.standard, .standard], disjunct: 0, holding: [.standard, .standard],
        stepBits: 0),
    ] {
      expectRejected(
        [inscribe([0], [[], [], []]), .charge(charge), .leave], of: problem, "counted, or decided")
    }
    expectRejected(
      [inscribe([0]), inside(1), .leave], of: problem, "one for each row")
    expectRejected(
      [inscribe([0]), outside(), .leave], of: problem, "for each open disjunct")
    let naming = Derivation(rows: [Term(0, .one)])
    expectRejected(
      [inscribe([0], [[]]), inside(2, by: naming), .leave], of: problem, "names rows")
    let end = Record.confine(Unit(rectifier: 0, index: 0), .lower, naming, value: .zero)
    expectRejected(
      [inscribe([0], [[], []]), end, inside(2), .leave], of: problem, "assume rows of a disjunct")
    let multiplied = Derivation(units: [Term(Unit(rectifier: 0, index: 0), .one)])
    expectRejected(
      [inscribe([0], [[], []]), confine(0, .lower), inside(2, by: multiplied), .leave],
      of: problem, "not split above")
    expectRejected(
      [.close(disjunct: 0, .standard), inscribe([0], [[]]), inside(2), .leave],
      of: try probabilityProblem(
        halves, ["(or (and (>= X[0] 2) (<= X[0] 1)) (<= X[0] -2))"],
        ["(component 1 (uniform -1 1) (normal 0 1))"]), "is not open here")
  }

  @Test func formsThatAreWeighed() throws {
    let problem = try probabilityProblem(
      halves, ["(>= X[0] 2)", "(>= X[1] 2)", "(>= X[0] 1)"], standard)
    let charge = [inside(3), .leave]
    expectRejected([inscribe([])] + charge, of: problem, "lists of forms, of 3")
    expectRejected([.inscribe([])] + charge, of: problem, "lists of forms, of 3")
    expectRejected([inscribe([], [[], [], []])] + charge, of: problem, "lists of forms, of 3")
    expectRejected([inscribe([0, 1])] + charge, of: problem, "lists of forms, of 3")
    expectRejected([inscribe([0, 1], [[], []])] + charge, of: problem, "lists of forms, of 3")
    expectRejected([inscribe([1, 0], [[]])] + charge, of: problem, "out of order")
    expectRejected([inscribe([0, 0], [[]])] + charge, of: problem, "named twice")
    expectRejected([inscribe([0, 3], [[]])] + charge, of: problem, "there is no form 3")
    expectRejected([inscribe([0, 1], [[2]])] + charge, of: problem, "not bounded from below")
    expectRejected([inscribe([0, 1], [[0]])] + charge, of: problem, "depend on one another")
    expectRejected([inscribe([0, 1], [[1, 1]])] + charge, of: problem, "depend on one another")
    expectRejected([inscribe([0, 2], [[]])] + charge, of: problem, "depend on one another")
    expectInvalid([inscribe([0])], of: oneDisjunct(), "belongs to a cell")
  }
}
