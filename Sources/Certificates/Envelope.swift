internal import Foundation

/// Signed bytes: a DSSE envelope, version 1.0.2.
///
/// Nothing in it is to be believed before ``verifiedPayload(trusting:threshold:)`` returns; then
/// the bytes it returns are, and only those.
///
/// **Source**: <https://github.com/secure-systems-lab/dsse>, `protocol.md` and `envelope.md`.
public struct Envelope: Equatable, Sendable {
  /// A signature with a hint about its key.
  public struct Signature: Equatable, Sendable {
    /// A hint, not authenticated, about which key signed; empty when there is none.
    public let keyid: String
    /// The signature in the form that its key's type prescribes.
    public let bytes: [UInt8]

    /// A signature with a hint.
    ///
    /// - Parameters:
    ///   - keyid: The hint; empty for none.
    ///   - bytes: The signature.
    public init(keyid: String, bytes: [UInt8]) {
      self.keyid = keyid
      self.bytes = bytes
    }
  }

  /// The bytes that are signed.
  public let payload: [UInt8]
  /// What kind of bytes they are; signed too.
  public let payloadType: String
  /// The signatures, of which a verifier needs some.
  public let signatures: [Signature]

  /// Puts payload and signatures together, whatever they are worth.
  ///
  /// - Parameters:
  ///   - payload: The bytes that are signed.
  ///   - payloadType: What kind of bytes they are.
  ///   - signatures: Signatures over the ``preAuthenticationEncoding(type:payload:)``.
  public init(payload: [UInt8], payloadType: String, signatures: [Signature]) {
    self.payload = payload
    self.payloadType = payloadType
    self.signatures = signatures
  }

  /// Signs bytes.
  ///
  /// - Parameters:
  ///   - payload: The bytes.
  ///   - payloadType: What kind of bytes they are.
  ///   - keys: The keys, each of which makes one signature.
  /// - Throws: ``CertificateError/key(problem:)`` when a key cannot sign.
  public init(
    signing payload: [UInt8], payloadType: String, with keys: [SigningKey]
  ) throws(CertificateError) {
    let message = Self.preAuthenticationEncoding(type: payloadType, payload: payload)
    var signatures: [Signature] = []
    for key in keys {
      let bytes = try key.signature(for: message)
      signatures.append(Signature(keyid: key.publicKey.keyid, bytes: bytes))
    }
    self.init(payload: payload, payloadType: payloadType, signatures: signatures)
  }

  /// The message that is signed: type and payload with their lengths in bytes.
  ///
  /// - Parameters:
  ///   - type: The payload type.
  ///   - payload: The payload.
  /// - Returns: `DSSEv1`, the type's length, the type, the payload's length and the payload, with
  ///   single blanks between them.
  public static func preAuthenticationEncoding(type: String, payload: [UInt8]) -> [UInt8] {
    Array("DSSEv1 \(type.utf8.count) \(type) \(payload.count) ".utf8) + payload
  }

  /// The payload, if enough distinct trusted keys signed it.
  ///
  /// The trusted key's type alone decides how a signature is verified, and a keyid can only keep
  /// trusted keys from being tried.
  ///
  /// - Parameters:
  ///   - keys: The keys to believe; one that is given twice counts once.
  ///   - threshold: How many of them must have signed, at least one.
  /// - Returns: The very bytes that were verified, and who signed them.
  /// - Throws: ``CertificateError/untrustedKey(keyids:)``,
  ///   ``CertificateError/signatureDoesNotMatch``,
  ///   ``CertificateError/tooFewSigners(found:demanded:)`` or, when keys or threshold make no sense, ``CertificateError/usage(_:)``.
  public func verifiedPayload(
    trusting keys: [TrustedKey], threshold: Int = 1
  ) throws(CertificateError) -> (payload: [UInt8], signers: [TrustedKey]) {
    guard !keys.isEmpty else { throw .usage("no trusted key was given") }
    guard threshold >= 1 else { throw .usage("at least one signature must be demanded") }
    let message = Self.preAuthenticationEncoding(type: payloadType, payload: payload)
    var signers: [Digest: TrustedKey] = [:]
    var someKeyWasTried = false
    for signature in signatures {
      for key in keys where signature.keyid.isEmpty || signature.keyid == key.keyid {
        someKeyWasTried = true
        if key.isValid(signature.bytes, for: message) { signers[key.fingerprint] = key }
      }
    }
    guard someKeyWasTried || signatures.isEmpty else {
      throw .untrustedKey(keyids: signatures.map(\.keyid))
    }
    guard !signers.isEmpty || signatures.isEmpty else { throw .signatureDoesNotMatch }
    guard signers.count >= threshold else {
      throw .tooFewSigners(found: signers.count, demanded: threshold)
    }
    return (payload, signers.sorted { $0.key.description < $1.key.description }.map(\.value))
  }
}

extension Envelope {
  /// Reads an envelope in JSON.
  ///
  /// - Parameter bytes: The text; base64 may use either alphabet, with or without padding, and
  ///   fields that the envelope's definition does not know are ignored.
  /// - Throws: ``CertificateError/syntax(byte:found:expected:)`` or
  ///   ``CertificateError/field(path:found:expected:)``.
  public init(parsing bytes: [UInt8]) throws(CertificateError) {
    let envelope = try Fields(of: try JSON(parsing: bytes), at: "envelope")
    let payload = try envelope.base64("payload")
    let payloadType = try envelope.string("payloadType")
    var signatures: [Signature] = []
    for signature in try envelope.objects("signatures") {
      let keyid = signature.has("keyid") ? try signature.string("keyid") : ""
      signatures.append(Signature(keyid: keyid, bytes: try signature.base64("sig")))
    }
    self.init(payload: payload, payloadType: payloadType, signatures: signatures)
  }

  /// The envelope in JSON, with padded base64 in the standard alphabet.
  public var json: JSON {
    [
      "payload": .string(Self.base64(payload)),
      "payloadType": .string(payloadType),
      "signatures": .array(of: signatures) {
        ["keyid": .string($0.keyid), "sig": .string(Self.base64($0.bytes))]
      },
    ]
  }

  /// The bytes of a certificate file: the envelope in JSON and a line feed.
  public var fileBytes: [UInt8] { Array((json.text + "\n").utf8) }

  static func base64(_ bytes: [UInt8]) -> String { Data(bytes).base64EncodedString() }
}
