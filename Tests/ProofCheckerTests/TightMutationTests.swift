import ExactArithmetic
import MassArithmetic
import ProofChecker
import ProofFormat
import TestSupport
import Testing

/// Tight proofs with something changed: whatever is accepted is true.
@Suite("Mutated tight proofs") struct TightMutationTests {
  /// Whether the checker accepts it; then the interval must hold the number.
  private func judge(_ bytes: [UInt8], of proof: TightProof, _ name: String) -> Bool {
    guard let found = try? ProofChecker.enclose(proof.problem, by: bytes) else { return false }
    #expect(
      found.lower <= proof.exact.upper && proof.exact.lower <= found.upper,
      "\(name): \(found.lower) \(found.upper) \(bytes)")
    return true
  }

  @Test("Unchanged they are tight", arguments: TightProof.makers.indices)
  func tight(order: Int) throws {
    let (name, make) = TightProof.makers[order]
    let proof = try make()
    let found = try ProofChecker.check(massProof(proof.records), of: proof.problem)
    #expect(found.lower <= proof.exact.upper && proof.exact.lower <= found.upper, "\(name)")
    if let slack = proof.slack.lower {
      #expect(Rational(proof.exact.upper) - Rational(found.lower) <= slack, "\(name): \(found)")
    }
    if let slack = proof.slack.upper {
      #expect(Rational(found.upper) - Rational(proof.exact.lower) <= slack, "\(name): \(found)")
    }
    #expect(proof.slack.lower != nil || proof.slack.upper != nil)
  }

  @Test("They have records of all kinds") func kinds() throws {
    let records = try TightProof.makers.flatMap { try $0.make().records }
    // Proofs about probabilities have no parts.
    #expect(Set(RecordKind.allCases).subtracting(records.map(RecordKind.init)) == [.part])
  }

  @Test(
    "With a record or two changed, dropped, doubled, moved or exchanged none gives a false interval",
    .enabled(if: isOptimised, "minutes without optimisation"), arguments: TightProof.makers.indices)
  func changed(order: Int) throws {
    let (title, make) = TightProof.makers[order]
    let proof = try make()
    let records = proof.records
    var generator = SeededGenerator(seed: UInt64(order))
    var counts = MutantCounts()
    func count(_ changed: [Record], _ name: String) {
      counts.add(name, isAccepted: judge(massProof(changed), of: proof, "\(title), \(name)"))
    }
    for place in records.indices {
      let kind = RecordKind(records[place])
      for (change, instead) in records[place].variants {
        let changed = Array(records[..<place] + instead + records[(place + 1)...])
        count(changed, "\(kind): \(change)")
        for _ in 0..<(isSoak ? 100 : 1) {
          let bytes = mutant(of: changed, using: &generator)
          let name = "\(kind): changed, and more"
          counts.add(name, isAccepted: judge(bytes, of: proof, "\(title), \(place) \(change)"))
        }
      }
      for other in records.indices where other != place {
        var (exchanged, copied, moved) = (records, records, records)
        exchanged.swapAt(place, other)
        if other < place { count(exchanged, "\(kind): exchanged") }
        copied.insert(records[place], at: other)
        count(copied, "\(kind): copied")
        moved.insert(moved.remove(at: place), at: other)
        count(moved, "\(kind): moved")
      }
    }
    #expect(counts.areMixed)
    if isSoak { print(counts.printed(title)) }
  }
}
