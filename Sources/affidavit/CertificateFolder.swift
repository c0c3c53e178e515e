internal import Certificates
internal import ClaimLanguage
internal import ProofChecker
internal import Search

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
  ///   - claim: The claim.
  /// - Returns: The answer with its evidence.
  /// - Throws: ``Failure`` where a file cannot be written.
  func keep(_ decision: Decision, of claim: StatedClaim) throws(Failure) -> Outcome.Answer {
    do throws(CertificateError) {
      let proofName = "\(claim.id).proof"
      try OutputFolder.remove(certificatePath(claim.id))
      try OutputFolder.remove("\(path)/\(proofName)")
      try AtomicFile.write(claim.text, to: "\(path)/\(claim.id).vnnlib")
      switch decision.verdict {
      case .holds(let proof):
        try AtomicFile.write(proof.bytes, to: "\(path)/\(proofName)")
        let bound = Certification.Proof(
          name: proofName, digest: Digest(of: proof.bytes), size: proof.bytes.count)
        return .holds(bound, proof.verified)
      case .refuted(let witness):
        return .refuted(
          Assignment(witness, of: claim.question.problem),
          isConfirmedInBinary32: witness.holdsInBinary32)
      case .undecided(let reason): return .undecided(reason)
      }
    } catch { throw .badInput(error.description) }
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
    let meaning = claim.question.problem.meaning
    let (evidence, steps) = try outcome.evidence()
    self.init(
      claim: Claim(
        id: claim.id, statement: claim.statement, language: claim.language, digest: claim.digest,
        semantics: Semantics(meaning), answer: outcome.answer.word),
      claims: list,
      networks: claim.question.networks.sorted { $0.key < $1.key }.map {
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

extension Outcome {
  /// The evidence in the form of a certificate, and how many steps the checker took.
  fileprivate func evidence() throws(CertificateError) -> (Certification.Evidence, steps: Int) {
    switch answer {
    case .holds(let proof, let verified): return (.proof(proof), verified.records)
    case .refuted(let assignment, isConfirmedInBinary32: _):
      return (.witness(try assignment.exactVariables()), 1)
    case .undecided: return (.none, 0)
    }
  }
}
