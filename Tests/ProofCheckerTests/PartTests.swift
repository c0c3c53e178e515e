import ClaimLanguage
import ExactArithmetic
import ProofChecker
import ProofFormat
import Search
import Synchronization
import TestSupport
import Testing

/// Where the subtree of a node ends that begins at a place of well-formed records.
private func end(of records: [Record], from start: Int, open: Set<Int>) -> Int {
  var (place, open) = (start, open)
  while !open.isEmpty {
    let record = records[place]
    place += 1
    switch record {
    case .splitInput, .splitUnit, .splitBound:
      return end(of: records, from: end(of: records, from: place, open: open), open: open)
    case .separate(let disjunct):
      let middle = end(of: records, from: place, open: [disjunct])
      return end(of: records, from: middle, open: open.subtracting([disjunct]))
    case .close(let disjunct, _), .outweigh(let disjunct, _, _): open.remove(disjunct)
    case .closeEmpty, .closeCrossed, .hold, .leave, .charge: open = []
    case .part, .tighten, .tightenAll, .refresh, .contract, .lemma, .confine, .inscribe: break
    }
  }
  return place
}

/// The record that announces other ones.
func part(of records: some Collection<Record>) -> Record {
  .part(bytes: proof(Array(records)).count - proof().count, records: records.count)
}

/// The proof of one case with its subtrees below one split made parts.
func divided(_ records: [Record], disjuncts: Int) -> [Record] {
  let open = Set(0..<disjuncts)
  guard
    let split = records.firstIndex(where: {
      switch $0 {
      case .splitInput, .splitUnit, .splitBound: true
      default: false
      }
    }),
    !records[..<split].contains(where: {
      switch $0 {
      case .close, .separate: true
      default: false
      }
    })
  else { return [part(of: records)] + records }
  let middle = end(of: records, from: split + 1, open: open)
  let (first, second) = (records[(split + 1)..<middle], records[middle...])
  return records[...split] + [part(of: first)] + first + [part(of: second)] + second
}

@Suite("Parts")
struct PartTests {
  private let first: [Record] = [.tightenAll, leaf]
  private let second: [Record] = [
    .splitInput(entry: 0, value: power(-1)), leaf, leaf,
  ]

  private func records(_ firstPart: Record, _ secondPart: Record) -> [Record] {
    [.splitInput(entry: 0, value: .zero), firstPart] + first + [secondPart] + second
  }

  /// Expects that a proof is invalid, for a reason with these words.
  private func expectRefused(
    _ records: [Record], of question: Problem, _ words: String,
    at location: SourceLocation = #_sourceLocation
  ) {
    guard case .invalid(_, let reason)? = rejection(records, of: question) else {
      Issue.record("the proof is accepted or malformed", sourceLocation: location)
      return
    }
    #expect(reason.contains(words), sourceLocation: location)
  }

  @Test("A part is any node's rest and subtree; it changes no count")
  func accepted() throws {
    let whole: [Record] = [.splitInput(entry: 0, value: .zero)] + first + second
    let cases: [[Record]] = [
      records(part(of: first), part(of: second)), divided(whole, disjuncts: 1),
      [part(of: whole)] + whole,
      [whole[0], .tightenAll, part(of: first.dropFirst()), leaf] + second,
    ]
    let plain = try ProofChecker.check(proof(whole), of: oneDisjunct())
    #expect((plain.nodes, plain.records) == (5, 6))
    for records in cases {
      let verified = try ProofChecker.check(proof(records), of: oneDisjunct())
      let parts = records.count { if case .part = $0 { true } else { false } }
      #expect((verified.nodes, verified.records) == (plain.nodes, plain.records + parts))
    }
  }

  @Test("A part has the bytes and the records that it announces")
  func sizes() {
    guard case .part(let bytes, let count) = part(of: first) else { return }
    for (wrongBytes, wrongCount) in [
      (bytes + 1, count), (bytes - 1, count), (0, count), (bytes, count + 1), (bytes, count - 1),
      (bytes, 0), (bytes + proof([part(of: second)] + second).count - proof().count, count),
    ] {
      let rejected = rejection(
        records(.part(bytes: wrongBytes, records: wrongCount), part(of: second)),
        of: oneDisjunct())
      #expect(rejected != nil, "\(wrongBytes) bytes, \(wrongCount) records")
    }
    expectRefused(
      records(.part(bytes: bytes, records: count + 1), part(of: second)), of: oneDisjunct(),
      "a part has")
    expectRefused(
      [.part(bytes: 3, records: 1), leaf, .tightenAll], of: oneDisjunct(), "a part has")
    guard case .malformed? = rejection([.part(bytes: 3, records: 1), leaf], of: oneDisjunct())
    else {
      Issue.record("a part beyond the proof's end is accepted")
      return
    }
  }

  @Test("No part lies within another one")
  func nested() {
    let inner: [Record] = [part(of: first)] + first
    expectRefused(
      [.splitInput(entry: 0, value: .zero), part(of: inner)] + inner + second, of: oneDisjunct(),
      "within another")
  }

  @Test("A part knows what its node knows, and nothing of its neighbour")
  func knowledge() {
    // What is false in the first half does not become true because the second stands.
    let question = oneDisjunct(outputRow([1], atMost: 0, strict: true))
    let good: [Record] = [.tightenAll, leaf]
    let wrong: [Record] = [.closeCrossed]
    let split = Record.splitInput(entry: 0, value: .zero)
    #expect(
      rejection([split, part(of: good)] + good + [part(of: good)] + good, of: question) == nil)
    #expect(
      rejection([split, part(of: wrong)] + wrong + [part(of: good)] + good, of: question) != nil)
    #expect(
      rejection([split, part(of: good)] + good + [part(of: wrong)] + wrong, of: question) != nil)
  }

  @Test("The order in which parts are checked changes nothing, and all must be")
  func performers() throws {
    let bytes = proof(records(part(of: first), part(of: second)))
    let verified = try ProofChecker.check(
      bytes, of: oneDisjunct(),
      performer: { parts, work in for part in (0..<parts).reversed() { work(part) } })
    #expect((verified.nodes, verified.records) == (5, 8))
    for left in 0..<2 {
      #expect(throws: Rejection.cancelled) {
        try ProofChecker.check(
          bytes, of: oneDisjunct(),
          performer: { parts, work in for part in 0..<parts where part != left { work(part) } })
      }
    }
    let wrong: [Record] = [.closeCrossed]
    let bad = proof(
      [.splitInput(entry: 0, value: .zero), part(of: wrong)] + wrong + [part(of: wrong)] + wrong)
    for isReversed in [false, true] {
      let rejected = #expect(throws: Rejection.self) {
        try ProofChecker.check(
          bad, of: oneDisjunct(),
          performer: { parts, work in
            for part in isReversed ? Array((0..<parts).reversed()) : Array(0..<parts) { work(part) }
          })
      }
      #expect(rejected == .notProved(record: 3, reason: "no bounds exclude each other here"))
    }
  }

  @Test("Parts are cancelled like the rest")
  func cancelled() {
    let calls = Mutex(0)
    #expect(throws: Rejection.cancelled) {
      try ProofChecker.check(
        proof(records(part(of: first), part(of: second))), of: oneDisjunct(),
        isCancelled: {
          calls.withLock {
            $0 += 1
            return $0 > 4
          }
        })
    }
  }
}
