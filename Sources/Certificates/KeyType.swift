/// The kinds of key that sign certificates; the kind alone says which signature algorithm is meant.
public enum KeyType: String, CaseIterable, Sendable {
  /// ECDSA over P-256 with SHA-256; signatures are in ASN.1 DER.
  case p256
  /// Ed25519 without prehashing (RFC 8032).
  case ed25519

  /// What comes before the point in a SubjectPublicKeyInfo (RFC 5480, RFC 8410).
  ///
  /// Comparing these bytes compares the algorithm, which swift-crypto does not do for every format.
  var publicPrefix: [UInt8] {
    switch self {
    case .p256: [0x30, 0x59] + Self.p256Algorithm + [0x03, 0x42, 0x00]
    case .ed25519: [0x30, 0x2A] + Self.ed25519Algorithm + [0x03, 0x21, 0x00]
    }
  }

  /// The algorithm identifier `id-ecPublicKey` with the curve `prime256v1`.
  static let p256Algorithm: [UInt8] =
    [0x30, 0x13, 0x06, 0x07, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01] + p256Curve
  /// The object identifier of the curve `prime256v1`.
  static let p256Curve: [UInt8] = [0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07]
  /// The algorithm identifier `id-Ed25519`; X25519 differs in the last byte.
  static let ed25519Algorithm: [UInt8] = [0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70]
  /// What comes before the seed in a PKCS#8 Ed25519 key.
  static let ed25519SeedPrefix: [UInt8] =
    [0x30, 0x2E, 0x02, 0x01, 0x00] + ed25519Algorithm + [0x04, 0x22, 0x04, 0x20]
}
