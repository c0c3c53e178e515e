import ClaimLanguage
import ExactArithmetic
import NetworkModel
import ProofChecker
import ProofFormat
import Search
import TestSupport
import Testing

/// Builds random proofs for a network with two rectifiers of three and two units over two inputs,
/// trying out each record on the checker.
private struct RandomProof {
  let question: Problem
  var generator: SeededGenerator
  private(set) var records: [Record] = []

  init(of question: Problem, seed: UInt64) {
    self.question = question
    generator = SeededGenerator(seed: seed)
  }

  /// Appends the records of a node; `units` are those split above.
  mutating func grow(depth: Int, units: [Unit], open: [Int]) {
    for _ in 0..<Int.random(in: 0...2, using: &generator) {
      records.append(bound(units: units, open: open))
    }
    guard depth > 0 else {
      for disjunct in open { close(disjunct, units: units) }
      return
    }
    let unit = Unit(rectifier: Int.random(in: 0...1, using: &generator), index: depth % 2)
    switch Int.random(in: 0..<4, using: &generator) {
    case 0 where open.count > 1:
      records.append(.separate(disjunct: open[0]))
      grow(depth: depth - 1, units: units, open: [open[0]])
      grow(depth: depth - 1, units: units, open: Array(open.dropFirst()))
    case 1 where !units.contains(unit):
      records.append(.splitUnit(unit))
      for _ in 0..<2 { grow(depth: depth - 1, units: units + [unit], open: open) }
    case 2:
      let side = Bool.random(using: &generator) ? Lemma.Side.lower : .upper
      records.append(.splitBound(unit, side, value: power(-6) + number()))
      for _ in 0..<2 { grow(depth: depth - 1, units: units, open: open) }
    default:
      records.append(.splitInput(entry: depth % 2, value: number()))
      for _ in 0..<2 { grow(depth: depth - 1, units: units, open: open) }
    }
  }

  private mutating func number() -> Dyadic {
    Dyadic(exactly: Double(Int.random(in: -7...7, using: &generator)) / 16) ?? .zero
  }

  private mutating func derivation(
    rows: [Term<Int>] = [], units: [Unit], slopes: Derivation.Slopes
  ) -> Derivation {
    var multiplier: Dyadic { power(Int.random(in: -5...(-2), using: &generator)) }
    return Derivation(
      rows: rows, slopes: slopes,
      units: units.sorted { ($0.rectifier, $0.index) < ($1.rectifier, $1.index) }
        .map { Term($0, multiplier) },
      inputRows: [Term(0, multiplier)])
  }

  private mutating func bound(units: [Unit], open: [Int]) -> Record {
    let unit = Unit(
      rectifier: Int.random(in: 0...1, using: &generator),
      index: Int.random(in: 0...1, using: &generator))
    let side = Bool.random(using: &generator) ? Lemma.Side.lower : .upper
    let chosen = derivation(
      rows: open.count == 1 ? [Term(0, power(-3))] : [], units: units, slopes: .standard)
    switch Int.random(in: 0..<5, using: &generator) {
    case 0: return .tightenAll
    case 1: return .tighten(rectifier: unit.rectifier)
    case 2: return .refresh(rectifier: unit.rectifier)
    case 3: return .contract(chosen)
    default: return .lemma(unit, side, chosen)
    }
  }

  private mutating func close(_ disjunct: Int, units: [Unit]) {
    let rows = disjunct == 1 ? [Term(0, Dyadic.one), Term(1, power(-1))] : []
    for count in 0...5 where Bool.random(using: &generator) {
      let codes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
      let chosen = derivation(units: units, slopes: .codes(codes))
      let record = Record.close(
        disjunct: disjunct,
        Derivation(
          rows: rows, slopes: chosen.slopes, units: chosen.units, inputRows: chosen.inputRows))
      guard stands(record) else { continue }
      records.append(record)
      return
    }
    records.append(.close(disjunct: disjunct, Derivation(rows: rows)))
  }

  /// Whether the number of slopes is right here.
  private func stands(_ record: Record) -> Bool {
    switch rejection(records + [record], of: question) {
    case nil, .malformed?: true
    case .invalid?, .notProved?, .unsupported?, .trailingBytes?, .exceeded?, .cancelled?,
      .refutedWitness?:
      false
    }
  }
}

/// A changed copy of a proof: one to three changes of bytes or of records.
func mutant(of records: [Record], using generator: inout SeededGenerator) -> [UInt8] {
  var changed = records
  if Bool.random(using: &generator) {
    for _ in 0..<Int.random(in: 1...3, using: &generator) { change(&changed, using: &generator) }
    return proof(changed)
  }
  var bytes = proof(records)
  let start = ProofWriter().bytes.count
  for _ in 0..<Int.random(in: 1...3, using: &generator) where bytes.count > start + 1 {
    let place = Int.random(in: start..<bytes.count, using: &generator)
    let other = Int.random(in: start..<bytes.count, using: &generator)
    switch Int.random(in: 0..<6, using: &generator) {
    case 0: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
    case 1: bytes[place] = UInt8.random(in: 0...255, using: &generator)
    case 2: bytes.remove(at: place)
    case 3: bytes.insert(UInt8.random(in: 0...255, using: &generator), at: place)
    case 4: bytes.swapAt(place, other)
    default: bytes.insert(contentsOf: bytes[min(place, other)..<max(place, other)], at: place)
    }
  }
  return bytes
}

private func change(_ records: inout [Record], using generator: inout SeededGenerator) {
  guard let place = records.indices.randomElement(using: &generator),
    let other = records.indices.randomElement(using: &generator)
  else { return }
  switch Int.random(in: 0..<5, using: &generator) {
  case 0: records.remove(at: place)
  case 1: records.swapAt(place, other)
  case 2: records.insert(records[other], at: place)
  default: records[place] = altered(records[place], using: &generator)
  }
}

private func altered(_ record: Record, using generator: inout SeededGenerator) -> Record {
  let index = Int.random(in: 0...3, using: &generator)
  let unit = Unit(rectifier: Int.random(in: 0...2, using: &generator), index: index)
  let number =
    Dyadic(Int.random(in: -9...9, using: &generator))
    * power([-2048, -60, -3, -1, 0, 2, 60, 2040].randomElement(using: &generator) ?? 0)
  switch record {
  case .splitInput(let entry, let value):
    return Bool.random(using: &generator)
      ? .splitInput(entry: index, value: value) : .splitInput(entry: entry, value: number)
  case .splitUnit: return .splitUnit(unit)
  case .splitBound(let chosen, let side, let value):
    return Bool.random(using: &generator)
      ? .splitBound(unit, side == .lower ? .upper : .lower, value: value)
      : .splitBound(chosen, side, value: number)
  case .separate: return .separate(disjunct: index)
  case .part(let bytes, let records):
    return Bool.random(using: &generator)
      ? .part(bytes: max(0, bytes + index - 1), records: records)
      : .part(bytes: bytes, records: max(0, records + index - 1))
  case .tighten, .tightenAll, .refresh, .closeCrossed:
    return [.tighten(rectifier: index), .refresh(rectifier: index), .closeCrossed, .tightenAll]
      .randomElement(using: &generator) ?? .tightenAll
  case .hold, .leave, .charge, .outweigh, .inscribe:
    return record.variants.randomElement(using: &generator)?.records.first ?? .leave
  case .confine(let chosen, let side, let derivation, let value):
    switch Int.random(in: 0..<3, using: &generator) {
    case 0: return .confine(unit, side == .lower ? .upper : .lower, derivation, value: value)
    case 1: return .confine(chosen, side, derivation, value: number)
    default: return .confine(chosen, side, altered(derivation, using: &generator), value: value)
    }
  case .contract(let derivation): return .contract(altered(derivation, using: &generator))
  case .lemma(let chosen, _, let derivation):
    return .lemma(
      Bool.random(using: &generator) ? unit : chosen,
      Bool.random(using: &generator) ? .lower : .upper, altered(derivation, using: &generator))
  case .close(let disjunct, let derivation):
    switch Int.random(in: 0..<3, using: &generator) {
    case 0: return .close(disjunct: index, derivation)
    case 1: return .closeEmpty(altered(derivation, using: &generator))
    default: return .close(disjunct: disjunct, altered(derivation, using: &generator))
    }
  case .closeEmpty(let derivation): return .closeEmpty(altered(derivation, using: &generator))
  }
}

private func altered(_ derivation: Derivation, using generator: inout SeededGenerator)
  -> Derivation
{
  let number =
    Dyadic(Int.random(in: 0...9, using: &generator))
    * power([-2000, -60, -3, -1, 0, 2, 60, 2000].randomElement(using: &generator) ?? 0)
  var (rows, units, inputRows) = (derivation.rows, derivation.units, derivation.inputRows)
  var slopes = derivation.slopes
  switch Int.random(in: 0..<6, using: &generator) {
  case 0: rows = [Term(Int.random(in: 0...2, using: &generator), number)]
  case 1: units = Array(units.dropFirst())
  case 2: units = units.map { Term($0.place, number) }
  case 3: inputRows = inputRows.map { Term($0.place, number) }
  case 4: inputRows = [Term(Int.random(in: 0...3, using: &generator), number)]
  default:
    if case .codes(let codes) = slopes {
      slopes = .codes(codes.map { _ in UInt8.random(in: 0...255, using: &generator) })
    }
  }
  return Derivation(rows: rows, slopes: slopes, units: units, inputRows: inputRows)
}

@Suite("Mutations")
struct MutationTests {
  /// Disjuncts that hold nowhere below the threshold, and somewhere at the minimum.
  private func question(_ network: Network, _ threshold: Rational, inputBound: Double) -> Problem {
    problem(
      network, lower: [-1, -1], upper: [1, 1],
      inputRows: [inputRow([1, -2], atMost: inputBound)],
      disjuncts: [
        [outputRow([1], atMost: threshold)],
        [
          outputRow([1], atMost: threshold + exact(0.5)),
          outputRow([2], atMost: threshold * Rational(2)),
        ],
      ])
  }

  @Test("No mutant of a proof proves what is false", arguments: 0..<(isSoak ? 60 : 4))
  func mutants(seed: UInt64) {
    var generator = SeededGenerator(seed: 600 + seed)
    let network = coarseNetwork([2, 3, 2, 1], using: &generator)
    // The input row holds in the whole box, so that the exact minimum is that of the box.
    let minimum = exactMinimum(of: network, lower: [-1, -1], upper: [1, 1]).value
    let falsehood = question(network, minimum, inputBound: 3)
    let easy = question(network, minimum - Rational(1 << 12), inputBound: 3)
    var (accepted, rejected) = (0, 0)
    for round in 0..<4 {
      var builder = RandomProof(of: easy, seed: 100 * seed + UInt64(round))
      builder.grow(depth: 3, units: [], open: [0, 1])
      let records =
        round % 2 == 0 ? builder.records : divided(builder.records, disjuncts: 2)
      #expect(rejection(records, of: easy) == nil)
      #expect(rejection(records, of: falsehood) != nil)
      // The hardest of the claims that this proof proves.
      let (low, gap) = (minimum - Rational(1 << 12), Rational(1 << 12))
      let threshold = (0..<12).reduce(low) { best, step in
        let next = best + gap / Rational(2 << step)
        return rejection(records, of: question(network, next, inputBound: 3)) == nil ? next : best
      }
      let hard = question(network, threshold, inputBound: 3)
      for _ in 0..<(isSoak ? 1000 : 60) {
        let bytes = mutant(of: records, using: &generator)
        #expect((try? ProofChecker.check(bytes, of: falsehood)) == nil, "\(bytes)")
        if (try? ProofChecker.check(bytes, of: hard)) == nil {
          rejected += 1
        } else {
          accepted += 1
        }
      }
    }
    #expect(accepted + rejected == 4 * (isSoak ? 1000 : 60))
    #expect(rejected > accepted)
  }
}
