import Certificates
import Foundation

/// A certificate's content and the files it binds.
enum Example {
  static func digest(_ text: String) -> Digest { Digest(of: Array(text.utf8)) }

  static let certification = Certification(
    claim: Certification.Claim(
      id: "safe", statement: "For all x in valid, \"y\" > 0 — always.\n", language: .vnnlib2,
      digest: digest("claim"), semantics: .real, answer: .holds),
    claims: [
      Certification.ListedClaim(id: "safe", answer: .holds),
      Certification.ListedClaim(id: "rare", answer: .undecided),
    ],
    networks: [
      Certification.Network(name: "controller", digest: digest("controller")),
      Certification.Network(name: "pruned", digest: digest("pruned")),
    ],
    specification: Certification.Specification(
      name: "example.yaml", digest: digest("specification"), format: "affidavit-1"),
    evidence: .proof(Certification.Proof(name: "safe.proof", digest: digest("proof"), size: 5)),
    tool: Certification.Tool(name: "affidavit", version: "0.1.0"),
    checker: Certification.Checker(
      name: "affidavit-check", version: "0.1.0", arithmetic: "exact rational", verdict: .accepted,
      steps: 17),
    run: Certification.Run(
      startedOn: "2026-11-03T12:00:00Z", finishedOn: "2026-11-03T12:00:07Z", seed: .max, threads: 2,
      arguments: ["certify", "example.yaml"]))

  static let files = SuppliedFiles(
    networks: ["controller": digest("controller"), "pruned": digest("pruned")],
    specification: digest("specification"), claims: ["safe", "rare"], claim: digest("claim"),
    proof: digest("proof"))

  /// The predicate with a witness that refutes the claim.
  static var refuted: Certification {
    var certification = certification
    certification.claim.answer = .refuted
    certification.claims[0].answer = .refuted
    certification.evidence = .witness([
      Certification.Variable(name: "X", type: "real", shape: [1, 2], values: ["-0.5", "1"])
    ])
    return certification
  }

  /// The bytes of a file in the folder `Data`.
  static func data(_ name: String) throws -> [UInt8] {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    return try WholeFile.read(folder.appendingPathComponent("Data/\(name)").path)
  }

  /// The first line of a file in the folder `Data`.
  static func line(_ name: String) throws -> String {
    String(decoding: try data(name), as: UTF8.self).trimmingCharacters(in: .newlines)
  }

  /// Runs `body` with a new folder, and removes the folder.
  static func withFolder<Result>(_ body: (String) throws -> Result) throws -> Result {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try body(folder.path)
  }
}
