internal import Crypto
internal import Foundation

/// A private key that signs certificates.
public struct SigningKey: Sendable {
  private enum Material {
    case p256(P256.Signing.PrivateKey)
    case ed25519(Curve25519.Signing.PrivateKey)
  }

  private let material: Material

  /// Makes a new key from the system's randomness.
  ///
  /// - Parameter type: The kind of key.
  public init(generating type: KeyType) {
    material =
      switch type {
      case .p256: .p256(P256.Signing.PrivateKey())
      case .ed25519: .ed25519(Curve25519.Signing.PrivateKey())
      }
  }

  /// Reads a private key.
  ///
  /// - Parameter pem: An unencrypted key in PEM, as openssl writes it: PKCS#8 (`PRIVATE KEY`), or
  ///   SEC 1 (`EC PRIVATE KEY`) with its curve named.
  /// - Throws: ``CertificateError/key(problem:)`` for any other kind of key, X25519 among them.
  public init(pem: [UInt8]) throws(CertificateError) {
    let block = PEM(parsing: pem)
    guard let block, ["PRIVATE KEY", "EC PRIVATE KEY"].contains(block.label) else {
      throw .key(
        problem: "not a private key: expected one unencrypted PEM block 'PRIVATE KEY'")
    }
    guard let material = Self.material(of: block) else {
      throw .key(problem: "private key is neither ECDSA P-256 nor Ed25519")
    }
    self.material = material
  }

  /// Reads a private key from a file.
  ///
  /// - Parameter path: The file's path.
  /// - Throws: ``CertificateError/file(path:problem:)`` when it cannot be read, when others than
  ///   its owner have access to it, or when it holds no such key.
  public init(file path: String) throws(CertificateError) {
    let bytes = try WholeFile.readPrivate(path)
    self = try CertificateError.naming(path) { () throws(CertificateError) in
      try SigningKey(pem: bytes)
    }
  }

  /// The key in a block, if its algorithm is one of ours.
  ///
  /// The algorithm is compared here: swift-crypto takes any 32 bytes for the kind asked for.
  private static func material(of block: PEM) -> Material? {
    let bytes = block.bytes
    if bytes.starts(with: KeyType.ed25519SeedPrefix) {
      let seed = bytes.dropFirst(KeyType.ed25519SeedPrefix.count)
      return (try? Curve25519.Signing.PrivateKey(rawRepresentation: seed)).map(Material.ed25519)
    }
    guard namesP256(block) else { return nil }
    return (try? P256.Signing.PrivateKey(derRepresentation: bytes)).map(Material.p256)
  }

  private static func namesP256(_ block: PEM) -> Bool {
    // The outer sequence's header: a tag, and a length of one or two bytes.
    let body = block.bytes.dropFirst(block.bytes.dropFirst().first == 0x81 ? 3 : 2)
    if block.label == "PRIVATE KEY" {
      return body.starts(with: [0x02, 0x01, 0x00] + KeyType.p256Algorithm)
    }
    // Version 1, then 32 bytes of secret, then the curve.
    let secret: [UInt8] = [0x02, 0x01, 0x01, 0x04, 0x20]
    let curve = [0xA0, UInt8(KeyType.p256Curve.count)] + KeyType.p256Curve
    return body.starts(with: secret) && body.dropFirst(secret.count + 32).starts(with: curve)
  }

  /// The public half of the key.
  public var publicKey: TrustedKey {
    switch material {
    case .p256(let key): TrustedKey(key.publicKey)
    case .ed25519(let key): TrustedKey(key.publicKey)
    }
  }

  /// The key in PKCS#8 PEM, not encrypted.
  public var pem: String {
    let bytes =
      switch material {
      case .p256(let key): Array(key.derRepresentation)
      case .ed25519(let key): KeyType.ed25519SeedPrefix + Array(key.rawRepresentation)
      }
    return PEM(label: "PRIVATE KEY", bytes: bytes).text
  }

  /// Writes the key to a file that only its owner may read (mode 0600).
  ///
  /// - Parameter path: The file's path.
  /// - Throws: ``CertificateError/file(path:problem:)`` when it cannot be written.
  public func write(to path: String) throws(CertificateError) {
    try AtomicFile.write(Array(pem.utf8), to: path, permissions: 0o600)
  }

  /// Signs a message.
  ///
  /// - Parameter message: The bytes to sign; they are not to be hashed before.
  /// - Returns: ASN.1 DER for P-256 (different every time), 64 bytes for Ed25519.
  /// - Throws: ``CertificateError/key(problem:)`` when the library cannot sign.
  public func signature(for message: [UInt8]) throws(CertificateError) -> [UInt8] {
    do {
      switch material {
      case .p256(let key): return Array(try key.signature(for: message).derRepresentation)
      case .ed25519(let key): return Array(try key.signature(for: message))
      }
    } catch {
      throw .key(problem: "the key cannot sign: \(error)")
    }
  }
}
