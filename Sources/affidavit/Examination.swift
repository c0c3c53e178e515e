internal import Certificates
internal import ClaimLanguage
internal import Dispatch
internal import ExactArithmetic
internal import ProofChecker
internal import Search
internal import Specification

/// Examines certificates; each specification and network is read once.
final class Examination {
  private let verification: CertificateVerification
  private let specification: String?
  private let networks: [NetworkArgument]
  private let proof: String?
  private let demanded: Certification.Answer
  private let library = NetworkLibrary()
  private var claimFiles: [String: ClaimFile] = [:]

  init(
    trusting keys: [TrustedKey], specification: String?, networks: [NetworkArgument],
    proof: String?, demanded: Certification.Answer
  ) {
    verification = CertificateVerification(trusting: keys)
    self.specification = specification
    self.networks = networks
    self.proof = proof
    self.demanded = demanded
  }

  /// Examines one certificate.
  func finding(on certificate: InputFile) -> Finding {
    var finding = Finding(certificate: certificate, verdict: .accepted)
    finding.duration = ContinuousClock().measure { examine(&finding) }
    return finding
  }

  private func examine(_ finding: inout Finding) {
    let certificate = finding.certificate
    do throws(Obstacle) {
      let signed = try verified { () throws(CertificateError) in
        try verification.signedStatement(in: certificate.bytes)
      }
      finding.signed = signed
      let certification = signed.statement.certification
      let file = try claimFile(of: certification, beside: certificate)
      finding.claimFile = file
      let claim = try claim(of: signed, in: file, beside: certificate)
      (finding.detail, finding.nodes) = try replay(certification.evidence, of: claim)
      finding.isRechecked = true
      guard certification.claim.answer == demanded else {
        finding.verdict = .rejected
        finding.detail =
          "it says that the claim is \(certification.claim.answer.rawValue), and \(finding.detail)"
        return
      }
    } catch {
      switch error {
      case .rejection(let reason): (finding.verdict, finding.detail) = (.rejected, reason)
      case .unreadable(let reason): (finding.verdict, finding.detail) = (.unchecked, reason)
      }
    }
  }

  /// Why an examination ends early.
  fileprivate enum Obstacle: Error {
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

  /// A claim whose files at hand are the ones that a certificate binds, with its proof.
  private struct BoundClaim {
    let stated: StatedClaim
    /// The text that is proved or refuted.
    let text: ProvedText
    let proof: InputFile?
  }

  /// A text that evidence is about.
  private enum ProvedText {
    case query(QueryText)
    case probability(ProbabilityQuestion.Text)

    var digest: Digest {
      switch self {
      case .query(let text): text.digest
      case .probability(let text): text.digest
      }
    }
  }

  /// Compares all that a certificate binds with what is at hand.
  private func claim(
    of signed: SignedStatement, in file: ClaimFile, beside certificate: InputFile
  ) throws(Obstacle) -> BoundClaim {
    let bound = signed.statement.certification
    guard let claim = file.claims.first(where: { $0.id == bound.claim.id }) else {
      throw .rejection("the specification states no claim '\(bound.claim.id)'")
    }
    let proof = try proofFile(of: bound, beside: certificate)
    let text = try text(of: claim, bound)
    let supplied = SuppliedFiles(
      networks: claim.networks.mapValues(\.digest), specification: file.file.digest,
      claims: file.claims.map(\.id), claim: text.digest, proof: proof?.digest)
    try verified { () throws(CertificateError) in try signed.demand(supplied) }
    guard bound.claim.statement == claim.statement,
      bound.claim.semantics == Certification.Semantics(claim.meaning)
    else { throw .rejection("it words the claim otherwise than the specification does") }
    return BoundClaim(stated: claim, text: text, proof: proof)
  }

  /// The claims that a certificate is about; a changed file is refused before it is understood.
  private func claimFile(
    of certification: Certification, beside certificate: InputFile
  ) throws(Obstacle) -> ClaimFile {
    let bound = certification.specification
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
      // A specification could be read when it was signed: what it refers to is not what it was. The
      // networks of a query are the caller's to give.
      guard error.status == .badInput, bound.format == ClaimFile.specificationFormat else {
        throw .unreadable(error.message)
      }
      throw .rejection(error.message)
    }
  }

  private func proofFile(
    of certification: Certification, beside certificate: InputFile
  ) throws(Obstacle) -> InputFile? {
    switch certification.evidence {
    case .proof(let bound), .interval(_, let bound, _), .probability(_, let bound):
      try read(proof ?? "\(certificate.folder)/\(bound.name)")
    case .witness, .none: nil
    }
  }

  /// Replays the evidence of a claim.
  private func replay(
    _ evidence: Certification.Evidence, of claim: BoundClaim
  ) throws(Obstacle) -> (detail: String, nodes: Int) {
    switch evidence {
    case .proof: return try replayProof(of: claim)
    case .probability(let interval, _):
      let (detail, nodes) = try replayProof(of: claim)
      return ("it is \(interval.phrase); \(detail)", nodes)
    case .witness(let variables):
      guard case .query(let text) = claim.text else {
        throw .rejection("it gives a witness, but the claim is about a probability")
      }
      let confirmed = try confirm(variables, of: text)
      return ("the witness refutes the claim\(confirmed.isStrict ? "" : ", with equality")", 0)
    case .interval(let interval, _, let witness):
      guard case .number(let question) = claim.stated.subject else {
        throw .rejection("it gives an interval, but the claim asks for no number")
      }
      let ends = try question.ends(of: interval)
      guard try isNarrow(ends, for: question) else {
        throw .rejection("its interval is wider than the claim asks for")
      }
      if let witness, let refuted = ends.refuted {
        _ = try confirm(witness, of: try text(of: question, at: refuted))
      }
      let (detail, nodes) = try replayProof(of: claim)
      return ("it is \(interval.phrase); \(detail)", nodes)
    case .none: throw .rejection("the claim is undecided: there is nothing to check")
    }
  }

  private func replayProof(
    of claim: BoundClaim
  ) throws(Obstacle) -> (detail: String, nodes: Int) {
    guard let proof = claim.proof else { throw .unreadable("its proof is not at hand") }
    do {
      switch claim.text {
      case .query(let text):
        let verified = try ProofChecker.check(
          proof.bytes, of: text.question.problem,
          performer: { DispatchQueue.concurrentPerform(iterations: $0, execute: $1) })
        return ("the proof stands: \(verified.words)", verified.nodes)
      case .probability(let text):
        let verified = try ProofChecker.check(proof.bytes, of: text.problem)
        return ("the proof stands: \(verified.words)", verified.nodes)
      }
    } catch { throw .rejection(error.description) }
  }

  private func confirm(
    _ variables: [Certification.Variable], of text: QueryText
  ) throws(Obstacle) -> ConfirmedWitness {
    let problem = text.question.problem
    let point = try verified { () throws(CertificateError) in try problem.point(of: variables) }
    do { return try ProofChecker.confirm(point, of: problem) } catch {
      throw .rejection(error.description)
    }
  }

  // MARK: Numbers

  /// The text that the evidence of a claim is about: of a number, that of the proved threshold, or of
  /// the radius zero, which refutes all others.
  private func text(
    of claim: StatedClaim, _ bound: Certification
  ) throws(Obstacle) -> ProvedText {
    let evidence = bound.evidence
    switch claim.subject {
    case .condition(let text): return .query(text)
    case .number(let question):
      switch evidence {
      case .interval(let interval, _, _):
        return .query(try text(of: question, at: try question.ends(of: interval).proved))
      case .witness where question.asksForRadius: return .query(try text(of: question, at: .zero))
      case .witness, .proof, .probability, .none:
        throw .rejection("it gives no interval, but the claim asks for a number")
      }
    case .probability(let probability):
      guard case .probability(let interval, _) = evidence, let lower = interval.lower,
        let upper = interval.upper
      else { throw .rejection("it gives no bounds, but the claim is about a probability") }
      let question = ProbabilityQuestion(claim: probability, networks: claim.networks)
      guard question.answer(interval) == (demanded == .holds ? .holds : .refuted) else {
        throw .rejection(
          "its bounds, \(interval.phrase), do not show that the claim "
            + (demanded == .holds ? "holds" : "is false"))
      }
      do {
        return .probability(
          try question.text(from: lower, to: upper, with: bound.claim.digest))
      } catch { throw .rejection(error.message) }
    }
  }

  private func text(
    of question: NumberQuestion, at threshold: Rational
  ) throws(Obstacle) -> QueryText {
    do { return try question.text(at: threshold) } catch { throw .rejection(error.message) }
  }

  /// Whether an interval is as narrow as the claim asks for; without a refuted end, whether no larger
  /// radius says more.
  private func isNarrow(
    _ ends: NumberQuestion.Ends, for question: NumberQuestion
  ) throws(Obstacle) -> Bool {
    do throws(FamilyError) {
      guard let refuted = ends.refuted else {
        return try question.family.coveringRadius().map { $0 <= ends.proved } ?? false
      }
      let (lower, upper) = (min(ends.proved, refuted), max(ends.proved, refuted))
      return upper - lower <= question.claim.allowedWidth(from: lower, to: upper)
    } catch { throw .rejection(error.message) }
  }
}

extension NumberQuestion {
  /// The thresholds of an interval.
  fileprivate struct Ends {
    let proved: Rational
    let refuted: Rational?
  }

  fileprivate var asksForRadius: Bool {
    switch claim.number {
    case .radius: true
    case .maximum, .minimum, .lipschitz: false
    }
  }

  fileprivate func ends(
    of interval: Certification.Interval
  ) throws(Examination.Obstacle) -> Ends {
    let numbers = [interval.lower, interval.upper].map { $0.flatMap { Rational(decimal: $0) } }
    let (proved, refuted) =
      family.side == .above ? (numbers[1], numbers[0]) : (numbers[0], numbers[1])
    guard let proved, !(asksForRadius && proved < .zero) else {
      throw .rejection("its interval has no end that is proved")
    }
    guard refuted.map({ family.side == .above ? $0 <= proved : $0 >= proved }) ?? true else {
      throw .rejection("its interval has its lower end above its upper end")
    }
    return Ends(proved: proved, refuted: refuted)
  }
}
