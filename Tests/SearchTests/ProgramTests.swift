import ClaimLanguage
import ExactArithmetic
import NetworkModel
import ProofChecker
import ProofFormat
import Search
import TestSupport
import Testing

@Suite("Linear programs that bound units")
struct ProgramTests {
  private func records(of bytes: [UInt8]) throws -> [Record] {
    var reader = try ProofReader(bytes)
    var records: [Record] = []
    while !reader.isAtEnd { records.append(try reader.next()) }
    return records
  }

  /// Too many inputs to split boxes, and a threshold close to the minimum.
  @Test("A gap that boxes do not close is closed with lemmas that use the rows", arguments: 0..<2)
  func lemmas(seed: UInt64) throws {
    var generator = SeededGenerator(seed: 40 + seed)
    let network = randomNetwork([24, 24, 1], using: &generator)
    let lower = [Double](repeating: -0.4, count: 24)
    let upper = [Double](repeating: 0.4, count: 24)
    let ask = { (threshold: Double) in
      problem(
        network, lower: lower, upper: upper, disjuncts: [[outputRow([1], atMost: threshold)]])
    }
    // From witness to witness down to a threshold that nothing reaches.
    var threshold = outputs(of: network, at: lower)[0]
    var found: ProofChecked?
    for _ in 0..<60 where found == nil {
      let question = ask(threshold)
      switch Search.decide(question, options: SearchOptions(timeLimit: 120)).verdict {
      case .holds(let proof): found = ProofChecked(question: question, bytes: proof.bytes)
      case .refuted(let witness): threshold = witness.outputs[0] - 0.05
      case .undecided(let reason):
        Issue.record("undecided: \(reason)")
        return
      }
    }
    let proof = try #require(found)
    _ = try ProofChecker.check(proof.bytes, of: proof.question)
    let used = try records(of: proof.bytes).contains { record in
      if case .lemma(_, _, let derivation) = record { !derivation.rows.isEmpty } else { false }
    }
    #expect(used)
  }

  private struct ProofChecked {
    let question: Problem
    let bytes: [UInt8]
  }
}
