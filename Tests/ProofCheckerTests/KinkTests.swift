import BigInt
import ClaimLanguage
import ExactArithmetic
import NetworkModel
import ProofChecker
import ProofFormat
import TestSupport
import Testing

/// y = relu(x), a unit with weights of zero, and one that is always zero because of its bias.
private let ramp = denseNetwork([([[1]], [0]), ([[1]], [0])])
private let dead = denseNetwork([([[1], [0]], [-8, 0]), ([[1, 3]], [0])])

/// The row or its contrary once, and much more of the unit: where it is not in the piece.
private let elsewhere = Derivation(units: [Term(unit, Dyadic(BigInt(1), exponent: 50))])

@Suite("Derivatives at kinks with mass") struct KinkTests {
  /// About the derivative of a network with one input.
  private func problem(_ network: Network, _ event: String, _ law: String) throws
    -> ProbabilityProblem
  {
    try derivativeProblem(
      network, [event], ["(component 1 \(law) (points (1 1)))"])
  }

  private func expect(
    _ records: [Record], of problem: ProbabilityProblem, show low: Double, _ high: Double,
    within width: Double = 0x1p-40,
    at location: SourceLocation = #_sourceLocation
  ) throws {
    let found = try ProofChecker.enclose(problem, by: massProof(records))
    let (lower, upper, slack) = (exact(low), exact(high), exact(width))
    #expect(
      Rational(found.lower) <= lower && lower <= Rational(found.lower) + slack
        && Rational(found.upper) >= upper && upper >= Rational(found.upper) - slack,
      "\(found)", sourceLocation: location)
  }

  private func reject(
    _ records: [Record], of problem: ProbabilityProblem,
    at location: SourceLocation = #_sourceLocation
  ) {
    #expect(throws: Rejection.self, sourceLocation: location) {
      try ProofChecker.enclose(problem, by: massProof(records))
    }
  }

  @Test("A value at a kink is on neither side") func values() throws {
    let cut = try splitInput(at: 0.5)
    let hold: [Record] = [.tightenAll, .hold(disjunct: 0, [])]
    let close: [Record] = [.tightenAll, leaf]
    for event in ["(> D[0] 0.5)", "(< D[0] 0.5)"] {
      let right = event.contains(">")
      let coin = try problem(ramp, event, "(points (0 1/2) (1 1/2))")
      try expect(
        [cut, .leave] + (right ? hold : close), of: coin, show: right ? 0.5 : 0,
        right ? 1 : 0.5)
      reject([cut] + hold + [.leave], of: coin)
      reject([cut] + close + [.leave], of: coin)
      let floor = try problem(ramp, event, "(clipped (uniform -1 1) 0 1)")
      reject(hold, of: floor)
      reject(close, of: floor)
    }
  }

  @Test("A split has the kink on both sides of it") func splits() throws {
    // What either branch shows of the other one's points is not true of the kink.
    let event = "(> D[0] 0.5)"
    let coin = try problem(ramp, event, "(points (0 1/2) (1 1/2))")
    let cut = try splitInput(at: 0.5)
    let sides = [Derivation.standard, elsewhere]
    let shut = Charge(excluding: [sides[0]], disjunct: 0, holding: [sides[1]], stepBits: 12)
    let open = Charge(excluding: [sides[1]], disjunct: 0, holding: [sides[0]], stepBits: 12)
    let split: [Record] = [.splitUnit(unit), .charge(shut), .charge(open)]
    try expect([cut] + split + [.tightenAll, .hold(disjunct: 0, [])], of: coin, show: 0.5, 1)
    // Without a mass there, a split decides all.
    try expect(
      split, of: problem(ramp, event, "(uniform -1 3)"), show: 0.75,
      0.75)
    try expect(
      split, of: problem(ramp, event, "(clipped (uniform -1 1) 0 1)"), show: 0.5, 1, within: 0x1p-10
    )
    // Branches the other way round show nothing.
    let wrong: [Record] = [.splitUnit(unit), .charge(open), .charge(shut)]
    try expect(wrong, of: problem(ramp, event, "(uniform -1 3)"), show: 0, 1)
  }

  @Test("A unit that is always zero, and moves with nothing, costs nothing") func deadUnits()
    throws
  {
    for law in ["(uniform -1 1)", "(points (0 1/2) (1 1/2))"] {
      try expect(
        [.tightenAll, .hold(disjunct: 0, [])], of: problem(dead, "(<= D[0] 0)", law), show: 1, 1)
      try expect([.tightenAll, leaf], of: problem(dead, "(> D[0] 0)", law), show: 0, 0)
    }
  }

  @Test("Whatever is accepted encloses the mass for each choice at kinks", arguments: 0..<4)
  func counted(block: Int) throws {
    var counts = MutantCounts()
    var decided = 0
    for seed in 0..<(isSoak ? 2000 : 12) {
      let seed = UInt64(block * 10_000 + seed)
      var generator = SeededGenerator(seed: seed)
      let event = try CountedSlope(using: &generator)
      var grown = CellProof(of: event.problem, isCounted: true, seed: seed)
      grown.grow(depth: 3)
      let found = try ProofChecker.enclose(event.problem, by: massProof(grown.records))
      decided += found.lower > .zero || found.upper < .one ? 1 : 0
      var proofs = [massProof(grown.records)]
      for place in grown.records.indices.shuffled(using: &generator).prefix(4) {
        for (_, instead) in grown.records[place].variants {
          proofs.append(
            massProof(
              Array(grown.records[..<place] + instead + grown.records[(place + 1)...])))
        }
      }
      for _ in 0..<8 { proofs.append(mutant(of: grown.records, using: &generator)) }
      for proof in proofs {
        let found = try? ProofChecker.enclose(event.problem, by: proof)
        counts.add("any", isAccepted: found != nil)
        guard let found else { continue }
        #expect(
          Rational(found.lower) <= event.certain && event.possible <= Rational(found.upper),
          "seed \(seed): \(event.certain), \(event.possible): \(found), \(proof)")
      }
    }
    #expect(decided > 0 && counts.areMixed)
  }
}

/// A random condition on a slope of a network, or on the length of its gradient, under a law of finitely many points, many
/// of them at kinks.
private struct CountedSlope {
  let problem: ProbabilityProblem
  /// The mass of the points that have the event whichever way gates are at their kinks, and that of those that
  /// may have it.
  let certain: Rational
  let possible: Rational

  init(using generator: inout SeededGenerator) throws {
    let whole = { (range: ClosedRange<Int>, generator: inout SeededGenerator) in
      Double(Int.random(in: range, using: &generator))
    }
    let row = { (size: Int, generator: inout SeededGenerator) in
      (0..<size).map { _ in whole(-2...2, &generator) }
    }
    let hidden = Bool.random(using: &generator) ? [3] : [2, 2]
    let sizes = [2] + hidden + [1]
    let layers = zip(sizes, sizes.dropFirst()).map { columns, rows in
      (
        weights: (0..<rows).map { _ in row(columns, &generator) },
        bias: (0..<rows).map { _ in whole(-1...1, &generator) }
      )
    }
    let points = (0..<2).map { _ in Set((0..<3).map { _ in whole(-2...2, &generator) }).sorted() }
    let axes = [[1.0, 0], [0, 1]].shuffled(using: &generator)
    let directions = Array(axes.prefix(Int.random(in: 1...2, using: &generator)))
    // Of a gradient its squared length.
    var slopes: [[Double]] = []
    for first in points[0] {
      for second in points[1] {
        let ways = Self.slopes(layers, [first, second], directions)
        slopes.append(ways.map { $0.count == 1 ? $0[0] : $0.reduce(0) { $0 + $1 * $1 } })
      }
    }
    let isStrict = Bool.random(using: &generator)
    var bound = slopes.joined().randomElement(using: &generator) ?? 0
    if directions.count == 2 { bound = (4 * bound.squareRoot()).rounded() / 4 }
    let limit = directions.count == 1 ? bound : bound * bound
    let isMet = { (slope: Double) in slope < limit || (!isStrict && slope == limit) }
    let count = BigInt(slopes.count)
    certain = Rational(BigInt(slopes.count { $0.allSatisfy(isMet) }), over: count)
    possible = Rational(BigInt(slopes.count { $0.contains(where: isMet) }), over: count)
    let laws = points.map { values in
      "(points \(values.map { "(\($0) 1/\(values.count))" }.joined(separator: " ")))"
    }
    let units = directions.joined().map { "(points (\($0) 1))" }
    let size = directions.count == 1 ? "D[0]" : "(norm (D[0] D1[0]))"
    problem = try derivativeProblem(
      denseNetwork(layers), directions: directions.count,
      ["(\(isStrict ? "<" : "<=") \(size) \(bound))"],
      ["(component 1 \((laws + units).joined(separator: " ")))"])
  }

  /// The slopes at a point along directions, for each way that gates may be at kinks.
  private static func slopes(
    _ layers: [(weights: [[Double]], bias: [Double])], _ point: [Double], _ directions: [[Double]]
  ) -> [[Double]] {
    var values = point
    var ways = [directions]
    for (depth, layer) in layers.enumerated() {
      let product = { (vector: [Double]) in
        layer.weights.map { zip($0, vector).reduce(0) { $0 + $1.0 * $1.1 } }
      }
      values = zip(product(values), layer.bias).map { $0 + $1 }
      ways = ways.map { $0.map(product) }
      guard depth + 1 < layers.count else { break }
      for unit in values.indices where values[unit] <= 0 {
        let shut = ways.map { way in
          way.map { slopes in slopes.indices.map { $0 == unit ? 0 : slopes[$0] } }
        }
        ways = values[unit] < 0 ? shut : ways + shut
        values[unit] = 0
      }
    }
    return ways.map { $0.map { $0[0] } }
  }
}
