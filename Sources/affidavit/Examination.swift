internal import Certificates
internal import ClaimLanguage
internal import ProofChecker

/// Examines certificates; each specification and network is read once.
final class Examination {
  private let verification: CertificateVerification
  private let specification: String?
  private let networks: [NetworkArgument]
  private let proof: String?
  private let demanded: Predicate.Answer
  private let library = NetworkLibrary()
  private var claimFiles: [String: ClaimFile] = [:]

  init(
    trusting keys: [TrustedKey], specification: String?, networks: [NetworkArgument],
    proof: String?, demanded: Predicate.Answer
  ) {
    verification = CertificateVerification(trusting: keys)
    self.specification = specification
    self.networks = networks
    self.proof = proof
    self.demanded = demanded
  }

  /// Examines one certificate.
  func finding(on path: String) -> Finding {
    var signed: SignedStatement?
    func finding(_ verdict: Finding.Verdict, _ detail: String, rechecked: Bool = false) -> Finding {
      Finding(
        path: path, verdict: verdict, signed: signed, isRechecked: rechecked, detail: detail)
    }
    do throws(Obstacle) {
      let file = try read(path)
      let statement = try verified { () throws(CertificateError) in
        try verification.signedStatement(in: file.bytes)
      }
      signed = statement
      let detail = try recheck(statement, beside: file)
      let answer = statement.statement.predicate.claim.answer
      guard answer == demanded else {
        return finding(
          .rejected, "it says that the claim is \(answer.rawValue), and \(detail)", rechecked: true)
      }
      return finding(.accepted, detail, rechecked: true)
    } catch {
      switch error {
      case .rejection(let reason): return finding(.rejected, reason)
      case .unreadable(let reason): return finding(.unchecked, reason)
      }
    }
  }

  /// Why an examination ends early.
  private enum Obstacle: Error {
    /// The certificate is at fault.
    case rejection(String)
    /// The question could not be put.
    case unreadable(String)
  }

  private func verified<Value>(
    _ body: () throws(CertificateError) -> Value
  ) throws(Obstacle) -> Value {
    do { return try body() } catch {
      throw error.isRejection ? .rejection(error.description) : .unreadable(error.description)
    }
  }

  private func read(_ path: String) throws(Obstacle) -> InputFile {
    do { return try InputFile(path) } catch { throw .unreadable(error.message) }
  }

  /// Compares all that a certificate binds with what is at hand, and replays its evidence.
  private func recheck(
    _ signed: SignedStatement, beside certificate: InputFile
  ) throws(Obstacle) -> String {
    let predicate = signed.statement.predicate
    let file = try claimFile(of: predicate, beside: certificate)
    let stated = file.claims.map(\.id)
    guard let claim = file.claims.first(where: { $0.id == predicate.claim.id }) else {
      throw .rejection("the specification states no claim '\(predicate.claim.id)'")
    }
    let proof = try proofFile(of: predicate, beside: certificate)
    let supplied = SuppliedFiles(
      networks: claim.question.networks.mapValues(\.digest), specification: file.file.digest,
      claims: stated, claim: claim.digest, proof: proof?.digest)
    try verified { () throws(CertificateError) in try signed.demand(supplied) }
    guard predicate.claim.statement == claim.statement,
      predicate.claim.semantics == Predicate.Semantics(claim.question.problem.meaning)
    else { throw .rejection("it words the claim otherwise than the specification does") }
    return try replay(predicate.evidence, proof: proof, of: claim)
  }

  /// The claims that a certificate is about; a changed file is refused before it is understood.
  private func claimFile(
    of predicate: Predicate, beside certificate: InputFile
  ) throws(Obstacle) -> ClaimFile {
    let bound = predicate.specification
    guard specification != nil || !bound.name.contains("/") else {
      throw .rejection("it names the specification '\(bound.name)', expected a file name")
    }
    let path = specification ?? "\(certificate.folder)/\(bound.name)"
    if let known = claimFiles[path], known.file.digest == bound.digest { return known }
    let file: InputFile
    do { file = try InputFile(path) } catch {
      throw .unreadable("\(error.message); --specification says where it is")
    }
    guard file.digest == bound.digest else {
      throw .rejection(
        CertificateError.digestDiffers(
          subject: "the specification \(bound.name)", found: file.digest, bound: bound.digest
        ).description)
    }
    do {
      let claims = try ClaimFile(file, networks: networks, library: library)
      claimFiles[path] = claims
      return claims
    } catch {
      // It could be read when it was signed: something that it refers to is not what it was.
      guard error.status == .badInput else { throw .unreadable(error.message) }
      throw .rejection(error.message)
    }
  }

  private func proofFile(
    of predicate: Predicate, beside certificate: InputFile
  ) throws(Obstacle) -> InputFile? {
    switch predicate.evidence {
    case .proof(let bound): try read(proof ?? "\(certificate.folder)/\(bound.name)")
    case .witness, .none: nil
    }
  }

  private func replay(
    _ evidence: Predicate.Evidence, proof: InputFile?, of claim: StatedClaim
  ) throws(Obstacle) -> String {
    let problem = claim.question.problem
    switch evidence {
    case .proof:
      guard let proof else { throw .unreadable("its proof is not at hand") }
      do {
        let verified = try ProofChecker.check(proof.bytes, of: problem)
        return "the proof stands: \(verified.words)"
      } catch { throw .rejection(error.description) }
    case .witness(let variables):
      let point = try verified { () throws(CertificateError) in
        try problem.point(of: variables)
      }
      do {
        let confirmed = try ProofChecker.confirm(point, of: problem)
        return "the witness refutes the claim\(confirmed.isStrict ? "" : ", with equality")"
      } catch { throw .rejection(error.description) }
    case .none: throw .rejection("the claim is undecided: there is nothing to check")
    }
  }
}
