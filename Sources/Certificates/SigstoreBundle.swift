/// A Sigstore bundle, version 0.3, around an envelope, so that cosign can read a certificate.
///
/// It carries a hint about the key and no key, and it was not entered in a transparency log.
public enum SigstoreBundle {
  /// The bundle of an envelope.
  ///
  /// The hint is the one that cosign writes: the base64 of the SHA-256 of the key in DER.
  ///
  /// - Parameters:
  ///   - envelope: An envelope with exactly one signature, as the format demands.
  ///   - key: The key that made it: P-256, since cosign mixes the forms of Ed25519.
  /// - Returns: The bundle in JSON.
  /// - Throws: ``CertificateError/usage(_:)`` for any other envelope or key.
  public static func json(
    wrapping envelope: Envelope, signedBy key: TrustedKey
  ) throws(CertificateError) -> JSON {
    guard key.type == .p256 else {
      throw .usage("a Sigstore bundle needs a P-256 key, this one is \(key.type.rawValue)")
    }
    guard envelope.signatures.count == 1 else {
      throw .usage(
        "a Sigstore bundle holds one signature, this envelope has \(envelope.signatures.count)")
    }
    _ = try envelope.verifiedPayload(trusting: [key])
    return [
      "mediaType": "application/vnd.dev.sigstore.bundle.v0.3+json",
      "verificationMaterial": [
        "publicKey": ["hint": .string(Envelope.base64(key.fingerprint.bytes))],
        "tlogEntries": [],
      ],
      "dsseEnvelope": envelope.json,
    ]
  }
}
