extension Certification {
  /// Refuses a predicate whose parts contradict each other.
  func demandConsistency() throws(CertificateError) {
    try demandMatchingEvidence()
    try Self.demandDistinct(claims.map(\.id), at: "predicate.claims", what: "claim")
    try Self.demandDistinct(
      networks.map(\.name) + [specification.name], at: "subject", what: "name")
    guard !networks.isEmpty else {
      throw .field(path: "predicate.networks", found: "none", expected: "at least one network")
    }
    guard claims.contains(ListedClaim(id: claim.id, answer: claim.answer)) else {
      throw .field(
        path: "predicate.claims", found: "no line '\(claim.id)' with '\(claim.answer.rawValue)'",
        expected: "the certified claim with its answer")
    }
    for time in [run.startedOn, run.finishedOn] where !Self.isTime(time) {
      throw .field(path: "predicate.run", found: "'\(time)'", expected: "yyyy-mm-ddThh:mm:ssZ")
    }
  }

  private func demandMatchingEvidence() throws(CertificateError) {
    let checked: Checker.Verdict
    switch (claim.answer, evidence) {
    case (.holds, .proof(let proof)):
      checked = .accepted
      try Self.demandFileName(of: proof)
    case (.holds, .interval(let interval, let proof, let variables)):
      checked = .accepted
      try Self.demandFileName(of: proof)
      try Self.demandEnds(
        of: interval, count: variables == nil ? 1 : 2,
        expected: variables == nil
          ? "one, since there is no witness" : "two, since there is a witness")
      if let variables { try Self.demandValues(of: variables) }
    case (.holds, .probability(let interval, let proof)),
      (.refuted, .probability(let interval, let proof)):
      checked = .accepted
      try Self.demandFileName(of: proof)
      try Self.demandEnds(of: interval, count: 2, expected: "both")
    case (.refuted, .witness(let variables)):
      checked = .accepted
      try Self.demandValues(of: variables)
    case (.undecided, .none): checked = .notRun
    case (.holds, .witness), (.holds, .none), (.refuted, .proof), (.refuted, .none),
      (.refuted, .interval), (.undecided, .proof), (.undecided, .witness), (.undecided, .interval),
      (.undecided, .probability):
      throw .field(
        path: "predicate", found: "an answer '\(claim.answer.rawValue)' with other evidence",
        expected: "a proof for 'holds', a witness for 'refuted', neither for 'undecided'")
    }
    guard checker.verdict == checked else {
      throw .field(
        path: "predicate.checker.verdict", found: "'\(checker.verdict.rawValue)'",
        expected: "'\(checked.rawValue)' for an answer '\(claim.answer.rawValue)'")
    }
  }

  /// The name is looked up beside the certificate, and must not lead elsewhere.
  private static func demandFileName(of proof: Proof) throws(CertificateError) {
    guard !proof.name.isEmpty, !proof.name.contains("/") else {
      throw .field(
        path: "predicate.proof.name", found: "'\(proof.name)'", expected: "a file name")
    }
  }

  private static func demandEnds(
    of interval: Interval, count: Int, expected: String
  ) throws(CertificateError) {
    let ends = [interval.lower, interval.upper].compactMap(\.self)
    guard ends.count == count else {
      throw .field(
        path: "predicate.interval", found: "\(ends.count) ends", expected: expected)
    }
    for end in ends where !isDecimal(end) {
      throw .field(
        path: "predicate.interval", found: "'\(end)'", expected: "an exact decimal number")
    }
  }

  private static func isDecimal(_ text: String) -> Bool {
    text.wholeMatch(of: /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?/) != nil
  }

  private static func demandValues(of variables: [Variable]) throws(CertificateError) {
    try demandDistinct(variables.map(\.name), at: "predicate.witness", what: "variable")
    guard !variables.isEmpty else {
      throw .field(path: "predicate.witness", found: "no variable", expected: "at least one")
    }
    for variable in variables {
      let path = "predicate.witness.\(variable.name)"
      guard size(of: variable.shape) == variable.values.count else {
        throw .field(
          path: path, found: "\(variable.values.count) values",
          expected: "as many as the shape \(variable.shape) has")
      }
      for value in variable.values where !isDecimal(value) {
        throw .field(path: path, found: "'\(value)'", expected: "an exact decimal number")
      }
    }
  }

  /// The product of a shape's lengths, unless it is too large for any list of values.
  private static func size(of shape: [Int]) -> Int? {
    shape.reduce(1) { size, length in
      size.flatMap {
        let (product, overflow) = $0.multipliedReportingOverflow(by: length)
        return overflow ? nil : product
      }
    }
  }

  private static func demandDistinct(
    _ names: [String], at path: String, what: String
  ) throws(CertificateError) {
    var seen: Set<String> = []
    for name in names where !seen.insert(name).inserted {
      throw .field(path: path, found: "the \(what) '\(name)' twice", expected: "each once")
    }
  }

  private static func isTime(_ text: String) -> Bool {
    text.wholeMatch(
      of: /[0-9]{4}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-6][0-9]Z/) != nil
  }
}
