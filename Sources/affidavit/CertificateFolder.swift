internal import Certificates
internal import ClaimLanguage
internal import ProofChecker
internal import Search
internal import Specification

/// The folder that a run writes: per claim its text, its proof and its certificate.
///
/// A certificate is removed before the files that it binds are replaced, and written when all claims
/// are decided: there is never one beside the wrong proof.
struct CertificateFolder {
  let path: String

  init(_ path: String) throws(Failure) {
    self.path = path
    do { try OutputFolder.make(path) } catch { throw .badInput(error.description) }
  }

  func certificatePath(_ id: String) -> String { "\(path)/\(id).cert.json" }

  /// Writes a claim's text and its proof; removes what an earlier run left of that claim.
  ///
  /// - Parameters:
  ///   - decision: The answer.
  ///   - id: The claim's name.
  ///   - text: The claim's text.
  /// - Returns: The answer with its evidence.
  /// - Throws: ``Failure`` where a file cannot be written.
  func keep(
    _ decision: Decision, of id: String, _ text: QueryText
  ) throws(Failure) -> Outcome.Answer {
    do throws(CertificateError) {
      try begin(id)
      try AtomicFile.write(text.bytes, to: "\(path)/\(id).vnnlib")
      switch decision.verdict {
      case .holds(let proof): return .holds(try keep(proof, of: id), proof.verified)
      case .refuted(let witness):
        return .refuted(
          Assignment(witness, of: text.question.problem),
          isConfirmedInBinary32: witness.holdsInBinary32)
      case .undecided(let reason): return .undecided(reason, nil)
      }
    } catch { throw .badInput(error.description) }
  }

  /// Writes the text that is proved of a number, and its proof; removes what an earlier run left.
  ///
  /// - Parameters:
  ///   - narrowing: The interval.
  ///   - id: The claim's name.
  ///   - question: The question for the number.
  /// - Returns: The answer with its evidence, and the text that it rests on.
  /// - Throws: ``Failure`` where a file cannot be written.
  func keep(
    _ narrowing: Narrowing, of id: String, _ question: NumberQuestion
  ) throws(Failure) -> (Outcome.Answer, QueryText?) {
    try clear(id)
    let interval = narrowing.interval(on: question.family.side)
    let assignment = try narrowing.refuted.map { end throws(Failure) in
      Assignment(end.witness, of: try question.text(at: end.threshold).question.problem)
    }
    switch narrowing.end {
    case .stopped(let reason): return (.undecided(reason, interval), nil)
    case .refutedAtCentre:
      guard let end = narrowing.refuted, let assignment else {
        throw .broken("a narrowing without the witness that it ends with")
      }
      let text = try question.text(at: end.threshold)
      try write(text, of: id)
      return (
        .refuted(assignment, isConfirmedInBinary32: end.witness.holdsInBinary32), text
      )
    case .narrow, .unlimited:
      guard let end = narrowing.proved, let interval else {
        throw .broken("a narrowing without the proof that it ends with")
      }
      let text = try question.text(at: end.threshold)
      try write(text, of: id)
      do throws(CertificateError) {
        let proof = try keep(end.proof, of: id)
        return (.narrowed(interval, proof, end.proof.verified, assignment), text)
      } catch { throw .badInput(error.description) }
    }
  }

  /// Writes the text that is proved of a probability, and its proof; removes what an earlier run left.
  ///
  /// - Parameters:
  ///   - result: The bounds.
  ///   - id: The claim's name.
  ///   - question: The question for the probability.
  /// - Returns: The answer with its evidence, and the digest of the text that it rests on.
  /// - Throws: ``Failure`` where a file cannot be written.
  func keep(
    _ result: Result<ProbabilityBounds, StopReason>, of id: String, _ question: ProbabilityQuestion
  ) throws(Failure) -> (Outcome.Answer, Digest?) {
    try clear(id)
    let bounds: ProbabilityBounds
    switch result {
    case .failure(let reason): return (.undecided(reason, nil), nil)
    case .success(let found): bounds = found
    }
    let interval = bounds.verified.interval
    let word: Certification.Answer
    switch question.answer(interval) {
    case .holds: word = .holds
    case .refuted: word = .refuted
    case .undecided, nil: return (.undecided(bounds.stop ?? .resolution, interval), nil)
    }
    guard let lower = interval.lower, let upper = interval.upper else {
      throw .broken("bounds of a probability without their numbers")
    }
    let text = try question.text(from: lower, to: upper)
    do throws(CertificateError) {
      try AtomicFile.write(text.bytes, to: "\(path)/\(id).vnnlib")
      try AtomicFile.write(bounds.proof, to: "\(path)/\(id).proof")
    } catch { throw .badInput(error.description) }
    let proof = Certification.Proof(
      name: "\(id).proof", digest: Digest(of: bounds.proof), size: bounds.proof.count)
    return (.bounded(interval, proof, bounds.verified, word), text.digest)
  }

  /// Removes what an earlier run left of a claim.
  ///
  /// - Parameter id: The claim's name.
  /// - Throws: ``Failure`` where a file cannot be removed.
  func clear(_ id: String) throws(Failure) {
    do throws(CertificateError) {
      try begin(id)
      try OutputFolder.remove("\(path)/\(id).vnnlib")
    } catch { throw .badInput(error.description) }
  }

  private func begin(_ id: String) throws(CertificateError) {
    try OutputFolder.remove(certificatePath(id))
    try OutputFolder.remove("\(path)/\(id).proof")
  }

  private func write(_ text: QueryText, of id: String) throws(Failure) {
    do throws(CertificateError) {
      try AtomicFile.write(text.bytes, to: "\(path)/\(id).vnnlib")
    } catch { throw .badInput(error.description) }
  }

  private func keep(
    _ proof: Proof, of id: String
  ) throws(CertificateError) -> Certification.Proof {
    try AtomicFile.write(proof.bytes, to: "\(path)/\(id).proof")
    return Certification.Proof(
      name: "\(id).proof", digest: Digest(of: proof.bytes), size: proof.bytes.count)
  }

  /// Signs the certificates of all claims that are decided.
  ///
  /// - Parameters:
  ///   - outcomes: Of all claims of the file, in its order.
  ///   - file: The file that states them.
  ///   - key: The key that signs.
  ///   - search: What the searches used.
  ///   - arguments: The command line.
  /// - Throws: ``Failure`` where a certificate cannot be made or written.
  func sign(
    _ outcomes: [Outcome], of file: ClaimFile, with key: SigningKey, search: SearchOptions,
    arguments: [String]
  ) throws(Failure) {
    let list = outcomes.map {
      Certification.ListedClaim(id: $0.claim.id, answer: $0.answer.word)
    }
    for outcome in outcomes where outcome.answer.word != .undecided {
      let run = Certification.Run(
        startedOn: outcome.startedOn, finishedOn: outcome.finishedOn, seed: search.seed,
        threads: search.threads, arguments: arguments)
      do throws(CertificateError) {
        let certification = try Certification(outcome, among: list, of: file, run: run)
        let envelope = try Statement(certification).signed(with: [key])
        try AtomicFile.write(envelope.fileBytes, to: certificatePath(outcome.claim.id))
      } catch { throw .badInput("\(certificatePath(outcome.claim.id)): \(error.description)") }
    }
  }
}

extension Certification {
  /// What is certified of an outcome.
  fileprivate init(
    _ outcome: Outcome, among list: [ListedClaim], of file: ClaimFile, run: Run
  ) throws(CertificateError) {
    let claim = outcome.claim
    let (evidence, steps) = try outcome.evidence()
    guard let text = outcome.text else {
      throw .field(path: "claim", found: "no text", expected: "the text that was decided")
    }
    self.init(
      claim: Claim(
        id: claim.id, statement: claim.statement, language: claim.language, digest: text,
        semantics: Semantics(claim.meaning), answer: outcome.answer.word),
      claims: list,
      networks: claim.networks.sorted { $0.key < $1.key }.map {
        Network(name: $0.key, digest: $0.value.digest)
      },
      specification: Specification(
        name: file.file.name, digest: file.file.digest, format: file.format),
      evidence: evidence,
      tool: Tool(name: "affidavit", version: Affidavit.version),
      checker: Checker(
        name: "ProofChecker", version: Affidavit.version,
        arithmetic: "integers of 64 and 128 bits, rounded outward",
        verdict: evidence == .none ? .notRun : .accepted, steps: steps),
      run: run)
  }
}

extension Narrowing {
  /// The ends as a certificate writes them; nil where none is known.
  fileprivate func interval(on side: ClaimFamily.Side) -> Certification.Interval? {
    let ends = Certification.Interval(
      lower: lower(on: side)?.numeral, upper: upper(on: side)?.numeral)
    return ends.lower == nil && ends.upper == nil ? nil : ends
  }
}

extension Outcome {
  /// The evidence in the form of a certificate, and how many steps the checker took.
  fileprivate func evidence() throws(CertificateError) -> (Certification.Evidence, steps: Int) {
    switch answer {
    case .holds(let proof, let verified): return (.proof(proof), verified.records)
    case .refuted(let assignment, isConfirmedInBinary32: _):
      return (.witness(try assignment.exactVariables()), 1)
    case .narrowed(let interval, let proof, let verified, let assignment):
      let witness = try assignment.map { values throws(CertificateError) in
        try values.exactVariables()
      }
      return (.interval(interval, proof, witness: witness), verified.records)
    case .bounded(let interval, let proof, let verified, _):
      return (.probability(interval, proof), verified.records)
    case .undecided: return (.none, 0)
    }
  }
}
