internal import Certificates

/// What the examination of one certificate found.
struct Finding {
  /// How it ended.
  enum Verdict: String {
    case accepted
    case rejected
    case unchecked
  }

  let certificate: InputFile
  var verdict: Verdict
  /// What was signed; nil where no trusted signature was found.
  var signed: SignedStatement?
  /// The claims of the specification, once that is known to be the one that was signed.
  var claimFile: ClaimFile?
  /// Whether the evidence was replayed here and stands.
  var isRechecked = false
  /// How many nodes of a proof were replayed.
  var nodes = 0
  var duration = Duration.zero
  /// One sentence: what was re-checked, or what is wrong.
  var detail = ""

  /// One line for people.
  var line: String {
    let name = signed.map { "\($0.statement.certification.claim.id) " } ?? ""
    let signature = signed.map { "signed by \($0.signerText)" } ?? "not signed by a trusted key"
    return "\(verdict.rawValue): \(certificate.path): \(name)\(signature); "
      + "\(isRechecked ? "re-checked" : "not re-checked"): \(detail)"
  }
}

extension SignedStatement {
  /// The fingerprints of those who signed, shortened.
  fileprivate var signerText: String {
    signers.map { "sha256:\($0.fingerprint.description.prefix(16))" }.joined(separator: " and ")
  }
}

/// The claims of a specification that no accepted certificate is about.
struct Remainder {
  let specification: String
  let claims: [String]
}

extension [Finding] {
  /// The exit status of a check.
  var status: ExitStatus {
    if contains(where: { $0.verdict == .rejected }) { return .negative }
    return contains { $0.verdict == .unchecked } ? .couldNotRun : .success
  }

  /// What is left open by specifications whose certificates were checked.
  var remainders: [Remainder] {
    let all = compactMap { $0.signed?.statement.certification }
    let accepted = filter { $0.verdict == .accepted }
      .compactMap { $0.signed?.statement.certification }
    var seen: Set<Digest> = []
    return all.filter { seen.insert($0.specification.digest).inserted }.compactMap { one in
      let same = accepted.filter { $0.specification.digest == one.specification.digest }
      let covered = Set(same.map(\.claim.id))
      let open = one.claims.map(\.id).filter { !covered.contains($0) }
      return open.isEmpty ? nil : Remainder(specification: one.specification.name, claims: open)
    }
  }

  /// One object with everything that is known.
  var json: JSON {
    [
      "certificates": .array(of: self, \.json),
      "remainders": .array(of: remainders) {
        [
          "specification": .string($0.specification),
          "claims": .array(of: $0.claims, JSON.string),
        ]
      },
    ]
  }
}

extension Finding {
  fileprivate var json: JSON {
    let certification = signed?.statement.certification
    return [
      "file": .string(certificate.path), "verdict": .string(verdict.rawValue),
      "claim": certification.map { .string($0.claim.id) } ?? .null,
      "answer": certification.map { .string($0.claim.answer.rawValue) } ?? .null,
      "signed": .bool(signed != nil),
      "signers": .array(of: signed?.signers ?? []) { .string($0.fingerprint.description) },
      "rechecked": .bool(isRechecked), "detail": .string(detail),
    ]
  }
}
