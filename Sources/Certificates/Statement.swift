/// What a certificate says: an in-toto Statement v1 with our predicate.
///
/// Its subjects are the networks and the specification, by digest; they are computed from the
/// predicate, so that the two cannot disagree.
public struct Statement: Equatable, Sendable {
  /// The payload type of the envelope around a statement.
  public static let payloadType = "application/vnd.in-toto+json"
  /// The value of `_type`.
  public static let type = "https://in-toto.io/Statement/v1"
  /// The value of `predicateType`.
  public static let predicateType = "https://affidavit.dev/certificate/v1"

  /// A file that the statement is about.
  public struct Subject: Hashable, Sendable {
    /// The file's name.
    public let name: String
    /// The file's digest.
    public let digest: Digest
  }

  /// What is certified: the predicate.
  public let certification: Certification

  /// A statement with its subjects.
  ///
  /// - Parameter certification: What is stated.
  /// - Throws: ``CertificateError/field(path:found:expected:)`` when its parts contradict
  ///   each other.
  public init(_ certification: Certification) throws(CertificateError) {
    try certification.demandConsistency()
    self.certification = certification
  }

  /// The files that the statement is about: the networks, then the specification.
  public var subjects: [Subject] {
    certification.networks.map { Subject(name: $0.name, digest: $0.digest) }
      + [
        Subject(name: certification.specification.name, digest: certification.specification.digest)
      ]
  }
}

extension Statement {
  /// Reads a statement.
  ///
  /// - Parameter payload: The very bytes that were verified.
  /// - Throws: ``CertificateError/syntax(byte:found:expected:)`` or
  ///   ``CertificateError/field(path:found:expected:)``.
  public init(parsing payload: [UInt8]) throws(CertificateError) {
    let statement = try Fields(of: try JSON(parsing: payload), at: "statement")
    try statement.demand("_type", Self.type)
    try statement.demand("predicateType", Self.predicateType)
    try self.init(Certification(reading: try statement.object("predicate")))
    var found: [Subject] = []
    for subject in try statement.objects("subject") {
      let digest = try subject.object("digest").digest("sha256")
      found.append(Subject(name: try subject.string("name"), digest: digest))
    }
    guard found.count == subjects.count, Set(found) == Set(subjects) else {
      throw statement.mistaken(
        "subject", "other files", "the networks and the specification of the predicate")
    }
  }

  /// The statement in JSON.
  public var json: JSON {
    [
      "_type": .string(Self.type),
      "subject": .array(of: subjects) {
        ["name": .string($0.name), "digest": ["sha256": .string($0.digest.description)]]
      },
      "predicateType": .string(Self.predicateType),
      "predicate": certification.json,
    ]
  }

  /// Signs the statement.
  ///
  /// - Parameter keys: The keys that sign.
  /// - Returns: The envelope.
  /// - Throws: ``CertificateError/key(problem:)`` when a key cannot sign.
  public func signed(with keys: [SigningKey]) throws(CertificateError) -> Envelope {
    try Envelope(
      signing: Array(json.text.utf8), payloadType: Self.payloadType, with: keys)
  }
}

extension Fields {
  /// Refuses any other value of a string.
  func demand(_ name: String, _ expected: String) throws(CertificateError) {
    try value(name, expected: "'\(expected)'") { $0 == expected ? () : nil }
  }
}
