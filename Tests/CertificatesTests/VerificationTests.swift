import Certificates
import Testing

@Suite struct VerificationTests {
  private let key = SigningKey(generating: .p256)
  private var verification: CertificateVerification {
    CertificateVerification(trusting: [key.publicKey])
  }

  private func certificate(_ certification: Certification = Example.certification) throws -> [UInt8]
  {
    try Statement(certification).signed(with: [key]).fileBytes
  }

  /// The error of verifying the example against other files.
  private func failure(_ change: (inout SuppliedFiles) -> Void) throws -> CertificateError? {
    var files = Example.files
    change(&files)
    let certificate = try certificate()
    return #expect(throws: CertificateError.self) {
      try verification.verify(certificate, against: files)
    }
  }

  @Test func accepts() throws {
    let signed = try verification.verify(try certificate(), against: Example.files)
    #expect(signed.statement == (try Statement(Example.certification)))
    #expect(
      signed.payloadDigest == Digest(of: Array(try Statement(Example.certification).json.text.utf8))
    )
    var files = Example.files
    files.proof = nil
    _ = try verification.verify(try certificate(Example.refuted), against: files)
  }

  @Test func demandsEveryNetwork() throws {
    let other = Example.digest("other")
    let error = try failure { $0.networks["pruned"] = other }
    #expect(
      error?.description
        == "the network pruned has digest \(other), the certificate binds \(Example.digest("pruned"))"
    )
    #expect(
      try failure { $0.networks["controller"] = nil }
        == .notSupplied(subject: "the network controller"))
    #expect(try failure { $0.networks["third"] = other } == .notBound(subject: "the network third"))
    let swapped = try failure {
      $0.networks = [
        "controller": Example.digest("pruned"), "pruned": Example.digest("controller"),
      ]
    }
    #expect(swapped?.description.hasPrefix("the network controller has digest") == true)
  }

  @Test func demandsSpecificationClaimAndProof() throws {
    let other = Example.digest("other")
    func differs(_ subject: String, _ bound: String) -> CertificateError {
      .digestDiffers(subject: subject, found: other, bound: Example.digest(bound))
    }
    #expect(
      try failure { $0.specification = other }
        == differs("the specification example.yaml", "specification"))
    #expect(try failure { $0.claim = other } == differs("the claim safe", "claim"))
    #expect(try failure { $0.proof = other } == differs("the proof safe.proof", "proof"))
    #expect(try failure { $0.proof = nil } == .notSupplied(subject: "the proof safe.proof"))
    #expect(
      try failure { $0.claims.append("third") }
        == .claimsDiffer(specification: ["safe", "rare", "third"], certificate: ["safe", "rare"]))
    #expect(throws: CertificateError.notBound(subject: "the proof")) {
      try verification.verify(try certificate(Example.refuted), against: Example.files)
    }
  }

  @Test func refusesOtherPayloadsAfterTheSignature() throws {
    let json = try Statement(Example.certification).json.text
    for type in ["application/json", "application/vnd.in-toto.affidavit+json", ""] {
      let envelope = try Envelope(signing: Array(json.utf8), payloadType: type, with: [key])
      #expect(throws: CertificateError.payloadType(type)) {
        try verification.signedStatement(in: envelope.fileBytes)
      }
      let stranger = CertificateVerification(trusting: [SigningKey(generating: .p256).publicKey])
      #expect(throws: CertificateError.untrustedKey(keyids: [key.publicKey.keyid])) {
        try stranger.signedStatement(in: envelope.fileBytes)
      }
    }
  }

  @Test(arguments: ["", "{}", "[", "null", #"{"_type":1}"#])
  func refusesSignedNonsense(payload: String) throws {
    let envelope = try Envelope(
      signing: Array(payload.utf8), payloadType: Statement.payloadType, with: [key])
    #expect(throws: CertificateError.self) {
      try verification.signedStatement(in: envelope.fileBytes)
    }
  }

  @Test func tellsRejectionFromFailure() {
    #expect(CertificateError.signatureDoesNotMatch.isRejection)
    #expect(CertificateError.notSupplied(subject: "the proof").isRejection)
    #expect(!CertificateError.usage("no trusted key was given").isRejection)
    #expect(!CertificateError.file(path: "x", problem: "No such file or directory").isRejection)
  }
}
