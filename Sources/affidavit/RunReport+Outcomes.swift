internal import Certificates
internal import ClaimLanguage
internal import Reporting
internal import Search

extension RunReport {
  /// The report of a run of `certify`.
  ///
  /// - Parameters:
  ///   - outcomes: Of all claims of the file, in its order.
  ///   - file: The file that states them.
  ///   - folder: Where the results are.
  ///   - key: The key that signed; nil where nothing was.
  ///   - hasFigures: Whether laws are drawn.
  init(
    _ outcomes: [Outcome], of file: ClaimFile, in folder: CertificateFolder,
    signedBy key: PublicKey?, hasFigures: Bool
  ) {
    self.init(
      tool: .affidavit, specification: file.input, networks: file.networkInputs,
      claims: outcomes.map {
        ClaimReport(
          $0, certificate: key == nil ? nil : folder.certificatePath($0.claim.id),
          figures: hasFigures ? LawFigures.figures(of: $0.claim) : [])
      }, publicKey: key?.input)
  }
}

/// A public key with the file that it lies in.
struct PublicKey {
  let path: String
  let key: TrustedKey

  var input: RunReport.Input { RunReport.Input(path: path, digest: key.fingerprint) }
}

extension Certification.Tool {
  /// This program.
  static var affidavit: Certification.Tool { .init(name: "affidavit", version: Affidavit.version) }
}

extension ClaimFile {
  var input: RunReport.Input { RunReport.Input(path: file.path, digest: file.digest) }

  /// The networks that the claims speak of, each once.
  var networkInputs: [RunReport.Input] {
    var digests: [String: Digest] = [:]
    for network in claims.flatMap(\.networks.values) {
      digests[network.path] = network.digest
    }
    return digests.sorted { $0.key < $1.key }.map {
      RunReport.Input(path: $0.key, digest: $0.value)
    }
  }
}

extension ClaimReport {
  fileprivate init(_ outcome: Outcome, certificate: String?, figures: [Figure]) {
    let verdict: Verdict
    var proof: Certification.Proof?
    var interval: NumberInterval?
    switch outcome.answer {
    case .holds(let found, _):
      verdict = .holds
      proof = found
    case .refuted(let assignment, isConfirmedInBinary32: _):
      verdict = .refuted(witness: assignment.printedVariables)
    case .narrowed(let ends, let found, _, _):
      verdict = .holds
      proof = found
      interval = NumberInterval(ends, status: .proved)
    case .bounded(let ends, let found, _, let answer):
      verdict = answer == .holds ? .holds : .refuted(witness: [])
      proof = found
      interval = NumberInterval(ends, status: .proved)
    case .undecided(let reason, let ends):
      verdict = .undecided(reason: reason.description)
      interval = ends.map { NumberInterval($0, status: .proved) }
    }
    let isDecided = outcome.answer.word != .undecided
    self.init(
      id: outcome.claim.id, statement: outcome.claim.statement,
      semantics: Certification.Semantics(outcome.claim.meaning),
      verdict: verdict, assurance: isDecided ? .rechecked : .none,
      duration: .seconds(outcome.seconds), nodes: outcome.nodes, proof: proof,
      certificate: isDecided ? certificate : nil, interval: interval, line: outcome.claim.line,
      figures: figures)
  }
}
