internal import ArgumentParser
internal import Certificates
internal import ProofChecker
internal import Search

/// How answers are printed.
enum ReportFormat: String, ExpressibleByArgument, CaseIterable {
  case text, json

  func report(_ outcomes: [Outcome], of file: ClaimFile) -> String {
    let object: JSON = [
      "specification": [
        "file": .string(file.file.path), "sha256": .string(file.file.digest.description),
      ],
      "claims": .array(of: outcomes, \.json),
    ]
    return object.text
  }

  func report(_ findings: [Finding]) -> String {
    let object: JSON = [
      "certificates": .array(of: findings, \.json),
      "remainders": .array(of: findings.remainders) {
        [
          "specification": .string($0.specification),
          "claims": .array(of: $0.claims, JSON.string),
        ]
      },
    ]
    return object.text
  }
}

extension Outcome {
  fileprivate var json: JSON {
    var members: [JSON.Member] = [
      .init("id", .string(claim.id)), .init("answer", .string(answer.word.rawValue)),
      .init("statement", .string(claim.statement)), .init("line", .count(claim.line)),
      .init("nodes", .count(nodes)), .init("seconds", .seconds(seconds)),
    ]
    switch answer {
    case .holds(let proof, let verified):
      members.append(
        .init(
          "proof",
          [
            "file": .string(proof.name), "sha256": .string(proof.digest.description),
            "bytes": .count(proof.size), "records": .count(verified.records),
          ]))
    case .refuted(let assignment, let isConfirmedInBinary32):
      members.append(.init("assignment", assignment.json))
      members.append(.init("holdsInBinary32", .bool(isConfirmedInBinary32)))
    case .undecided(let reason): members.append(.init("reason", .string(reason.description)))
    }
    return .object(members)
  }
}

extension Finding {
  fileprivate var json: JSON {
    let predicate = signed?.statement.predicate
    return [
      "file": .string(path), "verdict": .string(verdict.rawValue),
      "claim": predicate.map { .string($0.claim.id) } ?? .null,
      "answer": predicate.map { .string($0.claim.answer.rawValue) } ?? .null,
      "signed": .bool(signed != nil),
      "signers": .array(of: signed?.signers ?? []) { .string($0.fingerprint.description) },
      "rechecked": .bool(isRechecked), "detail": .string(detail),
    ]
  }
}
