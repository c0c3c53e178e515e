import Approximation
import ClaimLanguage
import ExactArithmetic
import MassArithmetic
import ProofChecker
import ProofFormat
import Search
import TestSupport
import Testing

/// A random number made of probabilities of events, whose exact value is known.
private struct NumberTwin {
  let problem: ProbabilityProblem
  /// Nil where a divisor is zero: there is no such number.
  let value: Double?
  /// Whether a divisor is so small that binary64 cannot tell it from zero.
  let isUnclear: Bool
  /// The same with the law's components the other way round, or with the first two events exchanged.
  let neighbours: [ProbabilityProblem]

  /// Whether parts of cells are found without integrals over the plane.
  var isQuick: Bool {
    problem.events.joined().allSatisfy { component in
      let spread = component.laws.count { law in
        switch law {
        case .normal, .truncatedNormal: true
        case .uniform, .points, .clipped: false
        }
      }
      return spread == 0 || component.laws.count == 1
    }
  }

  init(using generator: inout SeededGenerator) throws {
    let twin = PlanarTwin(using: &generator)
    let events = (0..<3).map { _ in PlanarEvent(using: &generator) }
    let (first, second, third) = (events[0], events[1], events[2])
    var isUnclear = false
    func quotient(_ part: Double?, _ whole: Double?) -> Double? {
      guard let part, let whole, whole > 1e-9 else {
        isUnclear = isUnclear || whole.map { $0 > 0 } ?? false
        return nil
      }
      return part / whole
    }
    func conditional(_ event: PlanarEvent, _ condition: PlanarEvent) -> Double? {
      quotient(
        twin.probability(of: event.and(condition)), twin.probability(of: condition))
    }
    func text(_ events: [PlanarEvent], _ form: Int) -> String {
      let words = events.map { "(event (assert \($0.text)))" }
      return switch form {
      case 0: "(conditional \(words[0]) \(words[1]))"
      case 1: "(ratio \(words[0]) \(words[1]))"
      case 2: "(difference \(words[0]) \(words[1]))"
      case 3: "(ratio (conditional \(words[0]) \(words[1])) (conditional \(words[0]) \(words[2])))"
      case 4: "(complement (conditional \(words[0]) \(words[1])))"
      case 5: "(complement \(words[0]))"
      default: words[0]
      }
    }
    let form = Int.random(in: 0..<8, using: &generator)
    value =
      switch form {
      case 0: conditional(first, second)
      case 1: quotient(twin.probability(of: first), twin.probability(of: second))
      case 2: twin.probability(of: first) - twin.probability(of: second)
      case 3: quotient(conditional(first, second), conditional(first, third))
      case 4: conditional(first, second).map { 1 - $0 }
      case 5: 1 - twin.probability(of: first)
      default: twin.probability(of: first)
      }
    self.isUnclear = isUnclear
    func problem(_ events: [PlanarEvent], _ components: [String]) throws -> ProbabilityProblem {
      try quantityProblem(
        twin.network, text(events, form), components, from: "-1e9", to: "1e9")
    }
    let components = twin.law.components
    self.problem = try problem(events, components)
    neighbours = try [
      problem([second, first, third], components), problem(events, components.reversed()),
    ]
  }
}

/// Proofs about numbers made of probabilities with something changed: whatever is accepted is true.
@Suite("Mutated proofs about probabilities") struct MassMutationTests {
  /// Checks a mutant; false intervals are failures.
  private func judge(
    _ bytes: [UInt8], of twin: NumberTwin, _ name: String, seed: UInt64,
    _ counts: inout MutantCounts
  ) {
    guard let found = try? ProofChecker.enclose(twin.problem, by: bytes) else {
      counts.add(name, isAccepted: false)
      return
    }
    counts.add(name, isAccepted: true)
    guard let value = twin.value else {
      Issue.record("seed \(seed), \(name): an interval of a number that does not exist: \(bytes)")
      return
    }
    let slack = 1e-8 * max(1, value.magnitude)
    let (lower, upper) = (found.lower.nearestDouble, found.upper.nearestDouble)
    #expect(
      lower <= value + slack && value - slack <= upper,
      "seed \(seed), \(name): \(value) is not in \(lower) ... \(upper): \(bytes)")
  }

  /// The records of a proof that the search finds; of its charges all but some have no steps.
  private func searched(
    _ problem: ProbabilityProblem, counted: Int, using generator: inout SeededGenerator
  ) throws -> [Record] {
    let options = SearchOptions(timeLimit: 5, threads: 1, nodeLimit: isSoak ? 30 : 20)
    guard
      case .success(let found) = Search.bound(
        problem, gap: Closeness(absolute: 0.1), options: options)
    else {
      return []
    }
    var reader = try ProofReader(found.proof)
    var records: [Record] = []
    while !reader.isAtEnd { records.append(try reader.next()) }
    let charged = records.indices.filter { RecordKind(records[$0]) == .charge }
    for place in charged.shuffled(using: &generator).dropFirst(counted) {
      guard case .charge(let charge) = records[place] else { continue }
      records[place] = .charge(
        Charge(
          excluding: charge.excluding, disjunct: charge.disjunct, holding: charge.holding,
          stepBits: 0))
    }
    return records
  }

  private func mutate(_ seed: UInt64, _ counts: inout MutantCounts) throws {
    var generator = SeededGenerator(seed: seed)
    let twin = try NumberTwin(using: &generator)
    guard !twin.isUnclear else { return }
    // To integrate again and again would take nearly all the time.
    let isCounted = twin.isQuick || seed % 4000 == 0
    let counted = isCounted ? 2 : 0
    var grown = CellProof(of: twin.problem, isCounted: isCounted, seed: seed)
    grown.grow(depth: isSoak && twin.isQuick ? 3 : 2)
    for records in [grown.records, try searched(twin.problem, counted: counted, using: &generator)]
    where !records.isEmpty {
      judge(massProof(records), of: twin, "unchanged", seed: seed, &counts)
      // Every change of some records, then several at once.
      for place in records.indices.shuffled(using: &generator).prefix(isSoak ? 8 : 3) {
        for (change, instead) in records[place].variants {
          let changed = records[..<place] + instead + records[(place + 1)...]
          let name = "\(RecordKind(records[place])): \(change)"
          judge(massProof(Array(changed)), of: twin, name, seed: seed, &counts)
        }
      }
      for _ in 0..<(isSoak ? 20 : 8) {
        judge(mutant(of: records, using: &generator), of: twin, "at random", seed: seed, &counts)
      }
    }
    for (place, neighbour) in twin.neighbours.enumerated() {
      let name = ["events exchanged", "components exchanged"][place]
      judge(
        massProof(try searched(neighbour, counted: counted, using: &generator)), of: twin, name,
        seed: seed, &counts)
    }
  }

  @Test(
    "None gives a false interval", .enabled(if: isOptimised, "minutes without optimisation"),
    arguments: 0..<(isSoak ? 16 : 1))
  func none(block: Int) throws {
    var counts = MutantCounts()
    for seed in 0..<(isSoak ? 8 : 2) { try mutate(UInt64(block * 1000 + seed), &counts) }
    #expect(counts.areMixed)
    if isSoak { print(counts.printed("block \(block)")) }
  }

  @Test("Proofs that are mutated have records of all kinds", .enabled(if: isSoak)) func kinds()
    throws
  {
    var kinds: Set<RecordKind> = []
    for seed in 0..<60 where kinds.count < RecordKind.allCases.count - 1 {
      var generator = SeededGenerator(seed: UInt64(seed))
      let twin = try NumberTwin(using: &generator)
      var grown = CellProof(of: twin.problem, isCounted: twin.isQuick, seed: UInt64(seed))
      grown.grow(depth: 3)
      kinds.formUnion(grown.records.map(RecordKind.init))
    }
    // Proofs about probabilities have no parts.
    #expect(Set(RecordKind.allCases).subtracting(kinds) == [.part])
  }
}
