internal import Certificates

/// What the examination of one certificate found.
struct Finding {
  /// How it ended.
  enum Verdict: String {
    case accepted
    case rejected
    case unchecked
  }

  let path: String
  let verdict: Verdict
  /// What was signed; nil where no trusted signature was found.
  let signed: SignedStatement?
  /// Whether the evidence was replayed here and stands.
  let isRechecked: Bool
  /// One sentence: what was re-checked, or what is wrong.
  let detail: String

  /// One line for people.
  var line: String {
    let name = signed.map { "\($0.statement.predicate.claim.id) " } ?? ""
    let signature = signed.map { "signed by \($0.signerText)" } ?? "not signed by a trusted key"
    return "\(verdict.rawValue): \(path): \(name)\(signature); "
      + "\(isRechecked ? "re-checked" : "not re-checked"): \(detail)"
  }
}

extension SignedStatement {
  /// The fingerprints of those who signed, shortened.
  fileprivate var signerText: String {
    signers.map { "sha256:\($0.fingerprint.description.prefix(16))" }.joined(separator: " and ")
  }
}

extension [Finding] {
  /// The exit status of a check.
  var status: ExitStatus {
    if contains(where: { $0.verdict == .rejected }) { return .negative }
    return contains { $0.verdict == .unchecked } ? .couldNotRun : .success
  }
}
