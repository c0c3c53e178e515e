/// Why a certificate was rejected, or why the question could not be put.
///
/// The description of each case is one sentence for a person.
public enum CertificateError: Error, Equatable, Sendable {
  /// JSON text that is not well formed: at which byte, what was found and what was expected.
  case syntax(byte: Int, found: String, expected: String)
  /// A field that is missing or has the wrong type or value.
  case field(path: String, found: String, expected: String)
  /// No trusted key is named by any signature.
  case untrustedKey(keyids: [String])
  /// A signature that a trusted key should have made is not one.
  case signatureDoesNotMatch
  /// Too few distinct trusted keys signed.
  case tooFewSigners(found: Int, demanded: Int)
  /// The signed bytes are of another kind.
  case payloadType(String)
  /// A file at hand is not the one that the certificate binds.
  case digestDiffers(subject: String, found: Digest, bound: Digest)
  /// The certificate binds something that was not supplied.
  case notSupplied(subject: String)
  /// Something was supplied that the certificate does not bind.
  case notBound(subject: String)
  /// The specification's claims are not those that the certificate lists.
  case claimsDiffer(specification: [String], certificate: [String])
  /// A key that cannot be used.
  case key(problem: String)
  /// A file that cannot be read or written.
  case file(path: String, problem: String)
  /// Verification was asked for with settings that cannot work.
  case usage(String)

  /// Whether the certificate is at fault (exit status 1), or the question could not be put (2).
  public var isRejection: Bool {
    switch self {
    case .syntax, .field, .untrustedKey, .signatureDoesNotMatch, .tooFewSigners, .payloadType,
      .digestDiffers, .notSupplied, .notBound, .claimsDiffer:
      true
    case .key, .file, .usage:
      false
    }
  }
}

extension CertificateError: CustomStringConvertible {
  /// One sentence that says what is wrong.
  public var description: String {
    switch self {
    case .syntax(let byte, let found, let expected):
      "malformed JSON at byte \(byte): found \(found), expected \(expected)"
    case .field(let path, let found, let expected):
      "\(path): found \(found), expected \(expected)"
    case .untrustedKey(let keyids):
      "untrusted key: signed by \(keyids.joined(separator: ", ")), none of which is trusted"
    case .signatureDoesNotMatch:
      "signature does not match: no trusted key made it over these bytes"
    case .tooFewSigners(let found, let demanded):
      "signed by \(found) distinct trusted keys, \(demanded) are demanded"
    case .payloadType(let type):
      "signed payload has type '\(type)', expected '\(Statement.payloadType)'"
    case .digestDiffers(let subject, let found, let bound):
      "\(subject) has digest \(found), the certificate binds \(bound)"
    case .notSupplied(let subject):
      "\(subject) is bound by the certificate but was not supplied"
    case .notBound(let subject):
      "\(subject) was supplied but the certificate does not bind it"
    case .claimsDiffer(let specification, let certificate):
      "the specification states the claims \(specification.joined(separator: ", ")), "
        + "the certificate lists \(certificate.joined(separator: ", "))"
    case .key(let problem): problem
    case .file(let path, let problem): "\(path): \(problem)"
    case .usage(let problem): problem
    }
  }
}
