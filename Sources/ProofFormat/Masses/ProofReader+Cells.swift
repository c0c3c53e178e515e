internal import ExactArithmetic

/// The records of cells of proofs about probabilities.
extension ProofReader {
  mutating func hold() throws(ProofFormatError) -> Record {
    let disjunct = try index()
    let derivations = try derivations()
    guard derivations.contains(where: { $0 != .standard }) else {
      throw fail("found standard derivations in full, expected their short form")
    }
    return .hold(disjunct: disjunct, derivations)
  }

  mutating func charge() throws(ProofFormatError) -> Charge {
    let stepBits = try index()
    let excluding = try derivations()
    let disjunct = try index()
    let holding = try derivations()
    guard !excluding.isEmpty || !holding.isEmpty, !holding.isEmpty || disjunct == 0 else {
      throw fail("found a charge that says nothing of a side, expected its short form")
    }
    return Charge(
      excluding: excluding, disjunct: disjunct, holding: holding, stepBits: stepBits)
  }

  mutating func confine(_ side: Lemma.Side) throws(ProofFormatError) -> Record {
    .confine(try unit(), side, try derivation(), value: try number())
  }

  mutating func outweigh() throws(ProofFormatError) -> Record {
    let disjunct = try index()
    let derivations = try derivations()
    guard !derivations.isEmpty else { throw fail("found no half-space, expected one at least") }
    var place: [Dyadic] = []
    for _ in derivations.dropFirst() { place.append(try number()) }
    return .outweigh(disjunct: disjunct, derivations, place: place)
  }

  mutating func inscribe() throws(ProofFormatError) -> Record {
    var weighed: [[Term<Int>]] = []
    for _ in 0..<(try count("lists of forms")) {
      weighed.append(try terms { reader throws(ProofFormatError) in try reader.index() })
    }
    return .inscribe(weighed)
  }

  private mutating func derivations() throws(ProofFormatError) -> [Derivation] {
    var derivations: [Derivation] = []
    for _ in 0..<(try count("derivations")) { derivations.append(try derivation()) }
    return derivations
  }
}
