import Certificates
import Foundation
import Testing

@Suite struct EnvelopeTests {
  private let payload = Array("hello world".utf8)
  private let type = "http://example.com/HelloWorld"

  @Test func encodesTheVectorOfTheSpecification() {
    #expect(
      Envelope.preAuthenticationEncoding(type: type, payload: payload)
        == Array("DSSEv1 29 http://example.com/HelloWorld 11 hello world".utf8))
    #expect(
      Envelope.preAuthenticationEncoding(type: "é", payload: []) == Array("DSSEv1 2 é 0 ".utf8))
  }

  @Test(arguments: ["openssl", "securesystemslib"], KeyType.allCases)
  func verifiesWhatOthersSigned(by: String, type: KeyType) throws {
    let key = try TrustedKey(pem: Example.data("\(type.rawValue).pub"))
    let certificate = try Example.data("\(by)-\(type.rawValue).json")
    let signed = try CertificateVerification(trusting: [key]).signedStatement(in: certificate)
    #expect(signed.statement.certification.claim.id == "never-straight-ahead")
    #expect(signed.statement.certification.run.seed == .max)
    #expect(signed.signers.map(\.fingerprint) == [key.fingerprint])
  }

  @Test(arguments: KeyType.allCases)
  func survivesAFile(type: KeyType) throws {
    let key = SigningKey(generating: type)
    let envelope = try Envelope(signing: payload, payloadType: self.type, with: [key])
    let read = try Envelope(parsing: envelope.fileBytes)
    #expect(read == envelope)
    #expect(try read.verifiedPayload(trusting: [key.publicKey]).payload == payload)
  }

  @Test(arguments: KeyType.allCases)
  func refusesEveryFlippedByte(keyType: KeyType) throws {
    let key = SigningKey(generating: keyType)
    let good = try Envelope(signing: payload, payloadType: type, with: [key])
    func flipped(_ bytes: [UInt8], _ index: Int) -> [UInt8] {
      var bytes = bytes
      bytes[index] ^= 1
      return bytes
    }
    func expectMismatch(_ payload: [UInt8], _ type: String, _ signature: [UInt8]) {
      let signatures = [Envelope.Signature(keyid: key.publicKey.keyid, bytes: signature)]
      let bad = Envelope(payload: payload, payloadType: type, signatures: signatures)
      #expect(throws: CertificateError.signatureDoesNotMatch) {
        try bad.verifiedPayload(trusting: [key.publicKey])
      }
    }
    let signature = good.signatures[0].bytes
    for index in payload.indices { expectMismatch(flipped(payload, index), type, signature) }
    for index in 0..<type.utf8.count {
      let other = String(decoding: flipped(Array(type.utf8), index), as: UTF8.self)
      expectMismatch(payload, other, signature)
    }
    for index in signature.indices { expectMismatch(payload, type, flipped(signature, index)) }
    // The lengths keep bytes from moving between type and payload.
    expectMismatch(Array("d".utf8) + payload, String(type.dropLast()), signature)
  }

  @Test func refusesEveryFlippedCharacterOfAFile() throws {
    let key = SigningKey(generating: .ed25519)
    let envelope = try Envelope(signing: payload, payloadType: type, with: [key])
    let file = envelope.fileBytes
    let last = file.count - 1
    for index in file.indices where index != last {
      for bit: UInt8 in [0x01, 0x20, 0x80] {
        var changed = file
        changed[index] ^= bit
        // The only change that leaves the signed bytes alone is renaming the optional keyid.
        guard let read = try? Envelope(parsing: changed), !read.signatures.isEmpty else { continue }
        let accepted = try? read.verifiedPayload(trusting: [key.publicKey])
        #expect(accepted == nil || accepted?.payload == payload)
        #expect(accepted == nil || read.signatures[0].keyid.isEmpty, "byte \(index)")
      }
    }
  }

  @Test func readsBothAlphabets() throws {
    let bytes: [UInt8] = [0xFB, 0xEF, 0xFF, 0xFE]
    for text in ["++///g==", "--___g==", "--___g", "++///g"] {
      let json = #"{"payload":"\#(text)","payloadType":"t","signatures":[],"more":1}"#
      #expect(try Envelope(parsing: Array(json.utf8)).payload == bytes)
    }
    #expect(
      String(
        decoding: Envelope(payload: bytes, payloadType: "t", signatures: []).fileBytes,
        as: UTF8.self)
        == "{\"payload\":\"++///g==\",\"payloadType\":\"t\",\"signatures\":[]}\n")
  }

  @Test(arguments: ["aGVsbG9=", "aGVs bG8=", "aGVsbG8==", "a", "aGVsbG8\\n", "é", "=", "===="])
  func refusesOtherBase64(text: String) {
    let json = #"{"payload":"\#(text)","payloadType":"t","signatures":[]}"#
    #expect(
      throws: CertificateError.field(
        path: "envelope.payload", found: "other text", expected: "base64")
    ) { try Envelope(parsing: Array(json.utf8)) }
  }

  @Test(arguments: [
    #"{"payloadType":"t","signatures":[]}"#, #"{"payload":"","signatures":[]}"#,
    #"{"payload":"","payloadType":"t"}"#, #"{"payload":1,"payloadType":"t","signatures":[]}"#,
    #"{"payload":"","payloadType":"t","signatures":{}}"#,
    #"{"payload":"","payloadType":"t","signatures":[{"keyid":"k"}]}"#,
    #"{"payload":"","payloadType":"t","signatures":[{"keyid":null,"sig":""}]}"#,
    #"{"payload":"","payloadType":"t","signatures":[],"payload":""}"#,
    #"{"payload":"","payloadType":"t","signatures":[]}{}"#, "[]",
  ])
  func refusesOtherShapes(json: String) {
    #expect(throws: CertificateError.self) { try Envelope(parsing: Array(json.utf8)) }
  }

  @Test func usesKeyidOnlyToNarrow() throws {
    let signer = SigningKey(generating: .ed25519)
    let other = SigningKey(generating: .ed25519).publicKey
    let good = try Envelope(signing: payload, payloadType: type, with: [signer])
    func named(_ keyid: String) -> Envelope {
      let signature = Envelope.Signature(keyid: keyid, bytes: good.signatures[0].bytes)
      return Envelope(payload: payload, payloadType: type, signatures: [signature])
    }
    let both = [other, signer.publicKey]
    #expect(try named("").verifiedPayload(trusting: both).payload == payload)
    #expect(throws: CertificateError.signatureDoesNotMatch) {
      try named(other.keyid).verifiedPayload(trusting: both)
    }
    #expect(throws: CertificateError.untrustedKey(keyids: ["else"])) {
      try named("else").verifiedPayload(trusting: both)
    }
    // The right keyid on a signature by an untrusted key.
    #expect(throws: CertificateError.signatureDoesNotMatch) {
      try named(other.keyid).verifiedPayload(trusting: [other])
    }
    #expect(throws: CertificateError.untrustedKey(keyids: [signer.publicKey.keyid])) {
      try good.verifiedPayload(trusting: [other])
    }
  }

  @Test func countsDistinctTrustedKeys() throws {
    let first = SigningKey(generating: .p256)
    let second = SigningKey(generating: .ed25519)
    let keys = [first.publicKey, second.publicKey, first.publicKey]
    func verify(_ signers: [SigningKey], threshold: Int) throws -> Int {
      try Envelope(signing: payload, payloadType: type, with: signers)
        .verifiedPayload(trusting: keys, threshold: threshold).signers.count
    }
    #expect(try verify([first, second], threshold: 2) == 2)
    #expect(try verify([first, SigningKey(generating: .p256)], threshold: 1) == 1)
    #expect(throws: CertificateError.tooFewSigners(found: 1, demanded: 2)) {
      try verify([first, first], threshold: 2)
    }
    #expect(throws: CertificateError.tooFewSigners(found: 0, demanded: 1)) {
      try verify([], threshold: 1)
    }
    #expect(throws: CertificateError.self) { try verify([first], threshold: 0) }
    #expect(throws: CertificateError.usage("no trusted key was given")) {
      try Envelope(signing: payload, payloadType: type, with: [first]).verifiedPayload(trusting: [])
    }
  }

  /// A signature in DER as r and s of 32 bytes each, as JOSE writes it.
  private func concatenated(_ der: [UInt8]) -> [UInt8] {
    let r = Array(der[4..<4 + Int(der[3])])
    let s = Array(der[(6 + r.count)...])
    return [r, s].flatMap { number in
      let digits = Array(number.drop { $0 == 0 })
      return [UInt8](repeating: 0, count: 32 - digits.count) + digits
    }
  }

  @Test func takesTheAlgorithmFromTheKeyAlone() throws {
    let p256 = SigningKey(generating: .p256)
    let ed25519 = SigningKey(generating: .ed25519)
    let message = Envelope.preAuthenticationEncoding(type: type, payload: payload)
    let der = try p256.signature(for: message)
    let prehashed = try ed25519.signature(for: Digest(of: message).bytes)
    let ofPayload = try ed25519.signature(for: payload)
    #expect(concatenated(der).count == 64)
    for (key, bytes) in [
      (p256, concatenated(der)), (ed25519, prehashed), (ed25519, ofPayload), (ed25519, der),
      (p256, try ed25519.signature(for: message)),
    ] {
      let signature = Envelope.Signature(keyid: "", bytes: bytes)
      let envelope = Envelope(payload: payload, payloadType: type, signatures: [signature])
      #expect(throws: CertificateError.signatureDoesNotMatch) {
        try envelope.verifiedPayload(trusting: [key.publicKey])
      }
    }
  }

  @Test func wrapsForSigstore() throws {
    let key = try SigningKey(pem: Example.data("p256.key"))
    let envelope = try Envelope(signing: payload, payloadType: type, with: [key])
    let bundle = try SigstoreBundle.json(wrapping: envelope, signedBy: key.publicKey)
    let hint = Data(key.publicKey.fingerprint.bytes).base64EncodedString()
    #expect(
      bundle == [
        "mediaType": "application/vnd.dev.sigstore.bundle.v0.3+json",
        "verificationMaterial": ["publicKey": ["hint": .string(hint)], "tlogEntries": []],
        "dsseEnvelope": envelope.json,
      ])
    let ed25519 = SigningKey(generating: .ed25519)
    let other = try Envelope(signing: payload, payloadType: type, with: [ed25519])
    let two = try Envelope(signing: payload, payloadType: type, with: [key, ed25519])
    #expect(throws: CertificateError.self) {
      try SigstoreBundle.json(wrapping: other, signedBy: ed25519.publicKey)
    }
    #expect(throws: CertificateError.self) {
      try SigstoreBundle.json(wrapping: two, signedBy: key.publicKey)
    }
    #expect(throws: CertificateError.self) {
      try SigstoreBundle.json(wrapping: other, signedBy: key.publicKey)
    }
  }
}
