internal import Certificates

extension Summary {
  /// What a certificate says, believed or not: no signature is verified here.
  init(certificate file: InputFile) throws(Failure) {
    do throws(CertificateError) {
      let envelope = try Envelope(parsing: file.bytes)
      let keyids = envelope.signatures.map(\.keyid)
      let certification = try Statement(parsing: envelope.payload).certification
      lines = ["certificate, not verified: `affidavit check` does that"]
      lines += certification.lines + keyids.map { "signature by the key with the id \($0)" }
      members = [
        .init("kind", "certificate"), .init("payloadType", .string(envelope.payloadType)),
        .init("keyids", .array(of: keyids, JSON.string)),
        .init("statement", try JSON(parsing: envelope.payload)),
      ]
    } catch { throw .badInput("\(file.path): \(error.description)") }
  }
}

extension Certification {
  fileprivate var lines: [String] {
    let evidenceLine =
      switch evidence {
      case .proof(let proof):
        "proof    \(proof.name), \(proof.size) bytes, sha256:\(proof.digest)"
      case .witness(let variables):
        "witness  " + variables.map { "\($0.name) \($0.shape)" }.joined(separator: ", ")
      case .interval(let interval, let proof, _):
        "interval \(interval.phrase), proof \(proof.name), sha256:\(proof.digest)"
      case .probability(let interval, let proof):
        "probability \(interval.phrase), proof \(proof.name), sha256:\(proof.digest)"
      case .none: "no evidence"
      }
    return [
      "claim    \(claim.id): \(claim.answer.rawValue), over \(claim.semantics.rawValue)",
      "         \(claim.statement)", "         sha256:\(claim.digest)",
      "in       \(specification.name), sha256:\(specification.digest)",
    ] + networks.map { "network  \($0.name), sha256:\($0.digest)" } + [
      evidenceLine, "all claims of the specification:",
    ] + claims.map { "  \($0.id): \($0.answer.rawValue)" } + [
      "found by \(tool.name) \(tool.version), \(run.startedOn) to \(run.finishedOn)"
    ]
  }
}
