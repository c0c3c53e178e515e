/// What is certified: a claim, its answer, the files it is about and the evidence.
///
/// The fields are described in `specs/format/certificate.md`.
public struct Certification: Equatable, Sendable {
  /// How a claim was answered.
  public enum Answer: String, CaseIterable, Sendable {
    /// It was proved.
    case holds
    /// It was refuted by a point.
    case refuted
    /// Neither.
    case undecided
  }

  /// The language of the claim's text.
  public enum Language: String, CaseIterable, Sendable {
    /// VNN-LIB 1.0.
    case vnnlib1 = "vnnlib-1.0"
    /// VNN-LIB 2.0.
    case vnnlib2 = "vnnlib-2.0"
  }

  /// What the network means.
  public enum Semantics: String, CaseIterable, Sendable {
    /// A function over the real numbers.
    case real
    /// Every execution in IEEE binary32, in whatever order it sums.
    case float32
  }

  /// The claim that the certificate is about.
  public struct Claim: Equatable, Sendable {
    /// Its name in the specification.
    public var id: String
    /// What it says, for a person.
    public var statement: String
    /// The language of its text.
    public var language: Language
    /// The digest of its text.
    public var digest: Digest
    /// What the network means.
    public var semantics: Semantics
    /// How it was answered.
    public var answer: Answer

    /// The claim that a certificate is about.
    ///
    /// - Parameters:
    ///   - id: Its name in the specification.
    ///   - statement: What it says, for a person.
    ///   - language: The language of its text.
    ///   - digest: The digest of its text.
    ///   - semantics: What the network means.
    ///   - answer: How it was answered.
    public init(
      id: String, statement: String, language: Language, digest: Digest, semantics: Semantics,
      answer: Answer
    ) {
      self.id = id
      self.statement = statement
      self.language = language
      self.digest = digest
      self.semantics = semantics
      self.answer = answer
    }
  }

  /// One line in the list of all claims of the specification.
  public struct ListedClaim: Equatable, Sendable {
    /// Its name in the specification.
    public var id: String
    /// How it was answered.
    public var answer: Answer

    /// One line in the list of all claims.
    ///
    /// - Parameters:
    ///   - id: Its name in the specification.
    ///   - answer: How it was answered.
    public init(id: String, answer: Answer) {
      self.id = id
      self.answer = answer
    }
  }

  /// A network under the name by which the claim calls it.
  public struct Network: Equatable, Sendable {
    /// The name by which the claim calls it.
    public var name: String
    /// The digest of its file.
    public var digest: Digest

    /// A network under its name.
    ///
    /// - Parameters:
    ///   - name: The name by which the claim calls it.
    ///   - digest: The digest of its file.
    public init(name: String, digest: Digest) {
      self.name = name
      self.digest = digest
    }
  }

  /// The file that states the claims.
  public struct Specification: Equatable, Sendable {
    /// The file's name.
    public var name: String
    /// The file's digest.
    public var digest: Digest
    /// The file's language.
    public var format: String

    /// The file that states the claims.
    ///
    /// - Parameters:
    ///   - name: The file's name.
    ///   - digest: The file's digest.
    ///   - format: The file's language, such as `affidavit-1` or `vnnlib-2.0`.
    public init(name: String, digest: Digest, format: String) {
      self.name = name
      self.digest = digest
      self.format = format
    }
  }

  /// The claim.
  public var claim: Claim
  /// All claims of the specification in its order, so that a partial answer shows.
  public var claims: [ListedClaim]
  /// The networks that the claim speaks of.
  public var networks: [Network]
  /// The file that states the claim.
  public var specification: Specification
  /// What supports the answer.
  public var evidence: Evidence
  /// The program that found the answer.
  public var tool: Tool
  /// The program that checked the evidence.
  public var checker: Checker
  /// When and how the answer was found: the signer's word, no more.
  public var run: Run

  /// What is certified.
  ///
  /// - Parameters:
  ///   - claim: The claim.
  ///   - claims: All claims of the specification in its order.
  ///   - networks: The networks that the claim speaks of.
  ///   - specification: The file that states the claim.
  ///   - evidence: What supports the answer.
  ///   - tool: The program that found the answer.
  ///   - checker: The program that checked the evidence.
  ///   - run: When and how the answer was found.
  public init(
    claim: Claim, claims: [ListedClaim], networks: [Network], specification: Specification,
    evidence: Evidence, tool: Tool, checker: Checker, run: Run
  ) {
    self.claim = claim
    self.claims = claims
    self.networks = networks
    self.specification = specification
    self.evidence = evidence
    self.tool = tool
    self.checker = checker
    self.run = run
  }
}
