internal import Certificates
internal import ClaimLanguage
internal import Reporting

extension RunReport {
  /// The report of checked certificates of one specification.
  ///
  /// - Parameters:
  ///   - findings: What was found, at least one.
  ///   - isComplete: Whether claims without certificate are listed, as undecided.
  ///   - key: The key to name to who checks again.
  /// - Throws: ``Failure`` where the certificates are of several specifications.
  init(_ findings: [Finding], isComplete: Bool, key: PublicKey) throws(Failure) {
    let files = findings.compactMap(\.claimFile)
    guard let first = findings.first, Set(files.map(\.file.path)).count <= 1 else {
      throw Failure(
        "found certificates of several specifications, expected those of one, or --format json",
        status: .couldNotRun)
    }
    // Where not even the specification is known, the certificate is the file to look at.
    let certificate = first.certificate
    var claims = findings.map(ClaimReport.init)
    if isComplete, let file = files.first {
      let known = Set(claims.map(\.id))
      claims += file.claims.filter { !known.contains($0.id) }.map(ClaimReport.init(missing:))
      let order = Dictionary(uniqueKeysWithValues: file.claims.enumerated().map { ($1.id, $0) })
      claims.sort { order[$0.id, default: .max] < order[$1.id, default: .max] }
    }
    self.init(
      tool: .affidavit,
      specification: files.first?.input
        ?? Input(path: certificate.path, digest: certificate.digest),
      networks: files.first?.networkInputs ?? [], claims: claims, publicKey: key.input)
  }
}

extension ClaimReport {
  fileprivate init(_ finding: Finding) {
    let certification = finding.signed?.statement.certification
    var proof: Certification.Proof?
    var interval: NumberInterval?
    var verdict = Verdict.undecided(reason: finding.detail)
    if finding.isRechecked, let certification {
      switch certification.evidence {
      case .proof(let found):
        verdict = .holds
        proof = found
      case .interval(let ends, let found, _):
        verdict = .holds
        proof = found
        interval = NumberInterval(ends, status: .proved)
      case .probability(let ends, let found):
        verdict = certification.claim.answer == .holds ? .holds : .refuted(witness: [])
        proof = found
        interval = NumberInterval(ends, status: .proved)
      case .witness(let variables): verdict = .refuted(witness: variables)
      case .none: break
      }
    }
    let id = certification?.claim.id ?? finding.certificate.path
    let stated = finding.claimFile?.claims.first { $0.id == id }
    self.init(
      id: id, statement: certification?.claim.statement ?? "a claim that nobody trusted signed",
      semantics: certification?.claim.semantics ?? .real, verdict: verdict,
      assurance: finding.isRechecked ? .rechecked : .none, duration: finding.duration,
      nodes: finding.nodes, proof: proof, certificate: finding.certificate.path,
      interval: interval, line: stated?.line ?? 1)
  }

  fileprivate init(missing claim: StatedClaim) {
    self.init(
      id: claim.id, statement: claim.statement,
      semantics: Certification.Semantics(claim.meaning),
      verdict: .undecided(reason: "there is no certificate"), assurance: .none, duration: .zero,
      nodes: 0, line: claim.line)
  }
}
