internal import Crypto
internal import Foundation

/// A public key whose signatures the caller believes.
public struct TrustedKey: Sendable {
  private enum Material {
    case p256(P256.Signing.PublicKey)
    case ed25519(Curve25519.Signing.PublicKey)
  }

  private let material: Material

  /// Reads a public key.
  ///
  /// - Parameter pem: A SubjectPublicKeyInfo in PEM, as `openssl pkey -pubout` writes it; the point
  ///   of a P-256 key must be uncompressed.
  /// - Throws: ``CertificateError/key(problem:)`` for any other kind of key.
  public init(pem: [UInt8]) throws(CertificateError) {
    guard let block = PEM(parsing: pem), block.label == "PUBLIC KEY" else {
      throw .key(problem: "not a public key: expected one PEM block 'PUBLIC KEY'")
    }
    for type in KeyType.allCases where block.bytes.starts(with: type.publicPrefix) {
      let point = Array(block.bytes.dropFirst(type.publicPrefix.count))
      guard let material = Self.material(of: type, point: point) else { continue }
      self.material = material
      return
    }
    throw .key(problem: "public key is neither ECDSA P-256 nor Ed25519")
  }

  /// Reads a public key from a file.
  ///
  /// - Parameter path: The file's path.
  /// - Throws: ``CertificateError/file(path:problem:)`` when it cannot be read or holds no
  ///   such key.
  public init(file path: String) throws(CertificateError) {
    let bytes = try WholeFile.read(path)
    self = try CertificateError.naming(path) { () throws(CertificateError) in
      try TrustedKey(pem: bytes)
    }
  }

  init(_ key: P256.Signing.PublicKey) { material = .p256(key) }

  init(_ key: Curve25519.Signing.PublicKey) { material = .ed25519(key) }

  private static func material(of type: KeyType, point: [UInt8]) -> Material? {
    switch type {
    case .p256: (try? P256.Signing.PublicKey(x963Representation: point)).map(Material.p256)
    case .ed25519:
      (try? Curve25519.Signing.PublicKey(rawRepresentation: point)).map(Material.ed25519)
    }
  }

  /// The kind of key.
  public var type: KeyType {
    switch material {
    case .p256: .p256
    case .ed25519: .ed25519
    }
  }

  private var point: [UInt8] {
    switch material {
    case .p256(let key): Array(key.x963Representation)
    case .ed25519(let key): Array(key.rawRepresentation)
    }
  }

  /// The SubjectPublicKeyInfo in DER.
  public var der: [UInt8] { type.publicPrefix + point }

  /// The SubjectPublicKeyInfo in PEM.
  public var pem: String { PEM(label: "PUBLIC KEY", bytes: der).text }

  /// The SHA-256 of the SubjectPublicKeyInfo in DER, by which people compare keys.
  public var fingerprint: Digest { Digest(of: der) }

  /// The key's default name in securesystemslib, a hint that travels with a signature.
  ///
  /// It is the SHA-256 of a description in canonical JSON, in which a line feed is not escaped.
  public var keyid: String {
    let description =
      switch type {
      case .p256:
        #"{"keytype":"ecdsa","keyval":{"public":"\#(pem)"},"scheme":"ecdsa-sha2-nistp256"}"#
      case .ed25519:
        #"{"keytype":"ed25519","keyval":{"public":"\#(hexadecimalText(point))"},"#
          + #""scheme":"ed25519"}"#
      }
    return Digest(of: Array(description.utf8)).description
  }

  /// Whether this key made a signature over a message.
  ///
  /// - Parameters:
  ///   - signature: ASN.1 DER for P-256, 64 bytes for Ed25519; any other form is not valid.
  ///   - message: The bytes that were signed.
  /// - Returns: `true` only for a valid signature.
  public func isValid(_ signature: [UInt8], for message: [UInt8]) -> Bool {
    switch material {
    case .p256(let key):
      guard let parsed = try? P256.Signing.ECDSASignature(derRepresentation: signature) else {
        return false
      }
      return key.isValidSignature(parsed, for: message)
    case .ed25519(let key):
      return key.isValidSignature(signature, for: message)
    }
  }
}

extension CertificateError {
  /// Runs `body`, and says which file an unusable key came from.
  static func naming<Value>(
    _ path: String, _ body: () throws(CertificateError) -> Value
  ) throws(CertificateError) -> Value {
    do throws(CertificateError) {
      return try body()
    } catch {
      throw .file(path: path, problem: error.description)
    }
  }
}
