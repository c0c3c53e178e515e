import BigInt
import ClaimLanguage
import ExactArithmetic
import NetworkModel
import ProofChecker
import ProofFormat
import TestSupport
import Testing

/// A linear condition on the outputs and the first input.
private struct Comparison {
  let coefficients: [Int]
  let bound: Dyadic
  let isStrict: Bool

  var text: String {
    let names = ["Y[0]", "Y[1]", "X[0]"]
    let terms = zip(coefficients, names).map { "(* \($0) \($1))" }.joined(separator: " ")
    return "(\(isStrict ? "<" : "<=") (+ \(terms)) \(Rational(bound).decimalNumeral ?? ""))"
  }

  func holds(_ values: [Dyadic]) -> Bool {
    let sum = zip(coefficients, values).reduce(Dyadic.zero) { $0 + Dyadic($1.0) * $1.1 }
    return sum < bound || (!isStrict && sum == bound)
  }
}

/// A random event under a law of finitely many points, so that its probability can be counted.
private struct CountedEvent {
  let problem: ProbabilityProblem
  let probability: Rational
  let disjuncts: Int
  /// Where cells may be cut: at atoms and between them.
  let cuts: [Double]

  init(using generator: inout SeededGenerator) throws {
    let halves = { (range: ClosedRange<Int>, generator: inout SeededGenerator) in
      Double(Int.random(in: range, using: &generator)) / 2
    }
    let matrix = { (rows: Int, generator: inout SeededGenerator) in
      (0..<rows).map { _ in (0..<2).map { _ in halves(-3...3, &generator) } }
    }
    let network = denseNetwork([
      (matrix(2, &generator), [halves(-2...2, &generator), halves(-2...2, &generator)]),
      (matrix(2, &generator), [halves(-2...2, &generator), 0]),
    ])
    let points = (0..<2).map { _ in
      Set((0..<4).map { _ in halves(-4...4, &generator) }).sorted()
    }
    let isClipped = Bool.random(using: &generator)
    let map: [[Double]]? =
      Bool.random(using: &generator)
      ? (0..<2).map { _ in (0..<3).map { _ in halves(-2...2, &generator) } } : nil
    // Every equally likely point with its outputs and its first input.
    var values: [[Dyadic]] = []
    for first in points[0] {
      for second in points[1] {
        let latent = [first, second].map { isClipped ? min(1, max(-1, $0)) : $0 }
        let input =
          map?.map { $0[0] + $0[1] * latent[0] + $0[2] * latent[1] } ?? latent
        let entries = try input.map { try #require(Dyadic(exactly: $0)) }
        let nodes = try #require(network.values(of: [entries]))
        let outputs = nodes[network.outputs[0].node.position]
        values.append(outputs + entries.prefix(1))
      }
    }
    let event = (0..<Int.random(in: 1...2, using: &generator)).map { _ in
      (0..<Int.random(in: 1...2, using: &generator)).map { _ in
        let coefficients = (0..<3).map { _ in Int.random(in: -1...1, using: &generator) }
        // Some point meets the bound with equality.
        let point = values.randomElement(using: &generator) ?? []
        let bound = zip(coefficients, point).reduce(Dyadic.zero) { $0 + Dyadic($1.0) * $1.1 }
        return Comparison(
          coefficients: coefficients, bound: bound, isStrict: Bool.random(using: &generator))
      }
    }
    let laws = points.map { values in
      let law = "(points \(values.map { "(\($0) 1/\(values.count))" }.joined(separator: " ")))"
      return isClipped ? "(clipped \(law) -1 1)" : law
    }
    let rows = map?.map { "(\($0.map { "\($0)" }.joined(separator: " ")))" }.joined(separator: " ")
    problem = try probabilityProblem(
      network, ["(or \(event.map { "(and \($0.map(\.text).joined(separator: " ")))" }.joined()))"],
      ["(component 1 \(laws.joined(separator: " ")) \(rows.map { "(map \($0))" } ?? ""))"])
    disjuncts = problem.events[0][0].problem.cases[0].disjuncts.count
    let met = values.filter { point in event.contains { $0.allSatisfy { $0.holds(point) } } }
    probability = Rational(BigInt(met.count), over: BigInt(values.count))
    cuts = points.flatMap { $0 } + [-1, -0.25, 0.25, 0.75, 1, -1.75]
  }
}

/// Grows a proof record by record, keeping whatever the checker accepts.
private struct GreedyProof {
  let problem: ProbabilityProblem
  let cuts: [Double]
  var generator: SeededGenerator
  var records: [Record] = []
  /// The cells whose turn comes later.
  private var waiting = 0

  init(_ event: CountedEvent, _ generator: SeededGenerator) {
    (problem, cuts, self.generator) = (event.problem, event.cuts, generator)
  }

  /// Appends records where the checker accepts them, with so many cells left after them.
  private mutating func append(_ candidate: [Record], cells: Int) -> Bool {
    let rest = [Record](repeating: .leave, count: cells + waiting)
    let isAccepted =
      (try? ProofChecker.check(massProof(records + candidate + rest), of: problem)) != nil
    if isAccepted { records += candidate }
    return isAccepted
  }

  private mutating func derivation() -> Derivation {
    let codes = (0..<2).map { _ in UInt8.random(in: 0...255, using: &generator) }
    let rows = Bool.random(using: &generator) ? [Term(0, Dyadic.one)] : []
    return Derivation(
      rows: rows, slopes: Bool.random(using: &generator) ? .standard : .codes(codes))
  }

  /// Appends what narrows a cell, also by what its only disjunct says.
  private mutating func narrow() {
    for _ in 0..<Int.random(in: 0...4, using: &generator) {
      let place = Int.random(in: 0..<2, using: &generator)
      let side: Lemma.Side = Bool.random(using: &generator) ? .lower : .upper
      let record: Record =
        switch Int.random(in: 0..<4, using: &generator) {
        case 0: .tightenAll
        case 1: .refresh(rectifier: 0)
        case 2: .contract(derivation())
        default: .lemma(Unit(rectifier: 0, index: place), side, derivation())
        }
      _ = append([record], cells: 1)
    }
  }

  mutating func grow(depth: Int, open: [Int]) {
    if open.isEmpty { return }
    narrow()
    var open = open
    for disjunct in open.shuffled(using: &generator) {
      if append([.hold(disjunct: disjunct, [])], cells: 0) { return }
      guard append([.close(disjunct: disjunct, .standard)], cells: open.count > 1 ? 1 : 0) else {
        continue
      }
      open.removeAll { $0 == disjunct }
      if open.isEmpty { return }
      narrow()
    }
    if append([.closeCrossed], cells: 0) { return }
    let unit = Unit(rectifier: 0, index: Int.random(in: 0..<2, using: &generator))
    let closing = open.map { Record.close(disjunct: $0, .standard) }
    if append([.splitUnit(unit)] + closing + closing, cells: 0) { return }
    guard depth > 0, let cut = cuts.randomElement(using: &generator),
      let value = Dyadic(exactly: cut),
      append(
        [.splitInput(entry: Int.random(in: 0..<2, using: &generator), value: value)], cells: 2)
    else {
      records.append(.leave)
      return
    }
    waiting += 1
    grow(depth: depth - 1, open: open)
    waiting -= 1
    grow(depth: depth - 1, open: open)
  }
}

@Suite("Proofs about probabilities show what is true") struct MassSoundnessTests {
  @Test("Whatever the checker accepts encloses the counted probability", arguments: 0..<4)
  func counted(block: Int) throws {
    var (decidedInside, decidedOutside) = (0, 0)
    for seed in 0..<(isSoak ? 10_000 : 25) {
      var generator = SeededGenerator(seed: UInt64(block * 100_000 + seed))
      let event = try CountedEvent(using: &generator)
      var proof = GreedyProof(event, generator)
      proof.grow(depth: 5, open: Array(0..<event.disjuncts))
      let found = try ProofChecker.check(massProof(proof.records), of: event.problem)
      #expect(
        Rational(found.lower) <= event.probability && event.probability <= Rational(found.upper),
        "block \(block), seed \(seed): \(event.probability) not in \(found)")
      decidedInside += found.lower > .zero ? 1 : 0
      decidedOutside += found.upper < .one ? 1 : 0
    }
    #expect(decidedInside > 0 && decidedOutside > 0)
  }
}
