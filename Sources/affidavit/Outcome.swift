internal import Certificates
internal import ClaimLanguage
internal import ProofChecker
internal import Search

/// What became of one claim, and what supports it.
struct Outcome {
  /// The answer with its evidence.
  enum Answer {
    case holds(Certification.Proof, Verified)
    case refuted(Assignment, isConfirmedInBinary32: Bool)
    /// The number lies in an interval; a witness confirms its refuted end, where it has one.
    case narrowed(Certification.Interval, Certification.Proof, Verified, Assignment?)
    /// The probability lies in an interval, which decides the claim.
    case bounded(
      Certification.Interval, Certification.Proof, VerifiedProbability, Certification.Answer)
    /// Of a number, with as much of the interval as is known.
    case undecided(StopReason, Certification.Interval?)

    /// The word in certificates and reports.
    var word: Certification.Answer {
      switch self {
      case .holds, .narrowed: .holds
      case .refuted: .refuted
      case .bounded(_, _, _, let answer): answer
      case .undecided: .undecided
      }
    }
  }

  let claim: StatedClaim
  /// The digest of the text whose proof or witness decides the claim; of a number that is not known
  /// well enough, nil.
  let text: Digest?
  let answer: Answer
  let nodes: Int
  let seconds: Double
  let startedOn: String
  let finishedOn: String

  /// One sentence on what supports the answer.
  var detail: String {
    switch answer {
    case .holds(let proof, let verified):
      "proof of \(counted(proof.size, "byte")) re-checked: \(verified.words)"
    case .refuted(let assignment, let isConfirmedInBinary32):
      "\(assignment.inputs.map(\.summary).joined(separator: ", ")) confirmed"
        + (isConfirmedInBinary32 ? ", also in binary32" : ", not in binary32")
    case .narrowed(let interval, let proof, let verified, _):
      "it is \(interval.phrase); "
        + "proof of \(counted(proof.size, "byte")) re-checked: \(verified.words)"
    case .bounded(let interval, let proof, let verified, _):
      "it is \(interval.phrase); "
        + "proof of \(counted(proof.size, "byte")) re-checked: \(verified.words)"
    case .undecided(let reason, let interval):
      reason.description + (interval.map { "; it is \($0.phrase)" } ?? "")
    }
  }
}

extension Verified {
  /// What was replayed.
  var words: String {
    "\(counted(cases, "case")), \(counted(nodes, "node")), \(counted(records, "record"))"
  }
}

extension Assignment.Tensor {
  /// Its name with its first values.
  fileprivate var summary: String {
    let shown = values.prefix(8).map(\.numeral).joined(separator: ", ")
    return "\(name) = [\(shown)\(values.count > 8 ? ", ..." : "")]"
  }
}

extension [Outcome] {
  /// The exit status of a run: what is worst in it.
  var status: ExitStatus {
    if contains(where: { $0.answer.word == .refuted }) { return .negative }
    return contains { $0.answer.word == .undecided } ? .couldNotRun : .success
  }
}
