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

/// The claims of a specification that no accepted certificate is about.
struct Remainder {
  let specification: String
  let claims: [String]
}

extension [Finding] {
  /// What is left open by specifications whose certificates were checked.
  var remainders: [Remainder] {
    let predicates = compactMap { $0.signed?.statement.predicate }
    let accepted = filter { $0.verdict == .accepted }.compactMap { $0.signed?.statement.predicate }
    var seen: Set<Digest> = []
    return predicates.filter { seen.insert($0.specification.digest).inserted }.compactMap { one in
      let same = accepted.filter { $0.specification.digest == one.specification.digest }
      let covered = Set(same.map(\.claim.id))
      let open = one.claims.map(\.id).filter { !covered.contains($0) }
      return open.isEmpty ? nil : Remainder(specification: one.specification.name, claims: open)
    }
  }

  /// The exit status of a check.
  var status: ExitStatus {
    if contains(where: { $0.verdict == .rejected }) { return .negative }
    return contains { $0.verdict == .unchecked } ? .couldNotRun : .success
  }
}
