/// Which keys a verifier believes, and how many of them must have signed.
public struct CertificateVerification: Sendable {
  private let keys: [TrustedKey]
  private let threshold: Int

  /// A verifier's trust.
  ///
  /// - Parameters:
  ///   - keys: The keys to believe, from the caller and never from the certificate.
  ///   - threshold: How many distinct ones must have signed.
  public init(trusting keys: [TrustedKey], threshold: Int = 1) {
    self.keys = keys
    self.threshold = threshold
  }

  /// Reads a certificate whose signature is good: someone trusted says so, no more.
  ///
  /// - Parameter certificate: The bytes of a certificate file.
  /// - Returns: What was signed, and by whom.
  /// - Throws: ``CertificateError``: the certificate is malformed, not signed by trusted keys, or
  ///   signs something else.
  public func signedStatement(
    in certificate: [UInt8]
  ) throws(CertificateError) -> SignedStatement {
    let envelope = try Envelope(parsing: certificate)
    let (payload, signers) = try envelope.verifiedPayload(trusting: keys, threshold: threshold)
    guard envelope.payloadType == Statement.payloadType else {
      throw .payloadType(envelope.payloadType)
    }
    return SignedStatement(
      statement: try Statement(parsing: payload), signers: signers,
      payloadDigest: Digest(of: payload))
  }

  /// Reads a certificate whose signature is good and that binds exactly the files at hand.
  ///
  /// - Parameters:
  ///   - certificate: The bytes of a certificate file.
  ///   - files: The digests of the files at hand.
  /// - Returns: What was signed, and by whom.
  /// - Throws: What ``signedStatement(in:)`` and ``SignedStatement/demand(_:)`` throw.
  public func verify(
    _ certificate: [UInt8], against files: SuppliedFiles
  ) throws(CertificateError) -> SignedStatement {
    let signed = try signedStatement(in: certificate)
    try signed.demand(files)
    return signed
  }
}

/// What the verifier has at hand to compare with a certificate.
public struct SuppliedFiles: Sendable {
  /// The networks' digests, under the names by which the claim calls them.
  public var networks: [String: Digest]
  /// The specification file's digest.
  public var specification: Digest
  /// The names of all claims of the specification, in its order, as the verifier reads it.
  public var claims: [String]
  /// The digest of the claim's text, as the verifier derives it from the specification.
  public var claim: Digest
  /// The proof file's digest; `nil` when there is none.
  public var proof: Digest?

  /// What the verifier has at hand.
  ///
  /// - Parameters:
  ///   - networks: The networks' digests, under the names by which the claim calls them.
  ///   - specification: The specification file's digest.
  ///   - claims: The names of all claims of the specification, in its order.
  ///   - claim: The digest of the claim's text, as derived from the specification.
  ///   - proof: The proof file's digest; `nil` when there is none.
  public init(
    networks: [String: Digest], specification: Digest, claims: [String], claim: Digest,
    proof: Digest?
  ) {
    self.networks = networks
    self.specification = specification
    self.claims = claims
    self.claim = claim
    self.proof = proof
  }
}

/// A statement that trusted keys signed; only ``CertificateVerification`` makes one.
public struct SignedStatement: Sendable {
  /// The statement.
  public let statement: Statement
  /// The trusted keys that signed it.
  public let signers: [TrustedKey]
  /// The digest of the signed bytes.
  ///
  /// It names the certificate, whose file can be written in many ways.
  public let payloadDigest: Digest

  fileprivate init(statement: Statement, signers: [TrustedKey], payloadDigest: Digest) {
    self.statement = statement
    self.signers = signers
    self.payloadDigest = payloadDigest
  }

  /// Demands that the files at hand are those that the certificate binds, all of them and no other.
  ///
  /// - Parameter files: The digests of the files at hand.
  /// - Throws: ``CertificateError`` for the first one that is missing, foreign or different.
  public func demand(_ files: SuppliedFiles) throws(CertificateError) {
    let certification = statement.certification
    let bound = Dictionary(
      uniqueKeysWithValues: certification.networks.map { ($0.name, $0.digest) })
    for name in bound.keys.sorted() {
      try Self.demand("the network \(name)", bound[name], files.networks[name])
    }
    for name in files.networks.keys.sorted() where bound[name] == nil {
      throw .notBound(subject: "the network \(name)")
    }
    try Self.demand(
      "the specification \(certification.specification.name)", certification.specification.digest,
      files.specification)
    guard files.claims == certification.claims.map(\.id) else {
      throw .claimsDiffer(
        specification: files.claims, certificate: certification.claims.map(\.id))
    }
    try Self.demand("the claim \(certification.claim.id)", certification.claim.digest, files.claim)
    switch certification.evidence {
    case .proof(let proof), .interval(_, let proof, _), .probability(_, let proof):
      try Self.demand("the proof \(proof.name)", proof.digest, files.proof)
    case .witness, .none: try Self.demand("the proof", nil, files.proof)
    }
  }

  private static func demand(
    _ subject: String, _ bound: Digest?, _ found: Digest?
  ) throws(CertificateError) {
    switch (bound, found) {
    case (nil, nil): return
    case (_?, nil): throw .notSupplied(subject: subject)
    case (nil, _?): throw .notBound(subject: subject)
    case (let bound?, let found?):
      guard bound == found else {
        throw .digestDiffers(subject: subject, found: found, bound: bound)
      }
    }
  }
}
