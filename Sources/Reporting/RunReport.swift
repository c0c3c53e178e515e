public import Certificates

/// The results of a run over one specification.
public struct RunReport: Sendable {
  /// A file that the run read.
  public struct Input: Sendable {
    /// The file's path, relative where it can be, so that it stays the same on other machines.
    public var path: String
    /// The file's digest.
    public var digest: Digest

    /// A file that the run read.
    ///
    /// - Parameters:
    ///   - path: The file's path.
    ///   - digest: The file's digest.
    public init(path: String, digest: Digest) {
      self.path = path
      self.digest = digest
    }
  }

  /// The program that ran.
  public var tool: Certification.Tool
  /// The specification.
  public var specification: Input
  /// The networks that it speaks of.
  public var networks: [Input]
  /// The claims in the specification's order.
  public var claims: [ClaimReport]
  /// The path of the public key that checks the certificates; `nil` when nothing was signed.
  public var publicKey: Input?

  /// The results of a run.
  ///
  /// - Parameters:
  ///   - tool: The program that ran.
  ///   - specification: The specification.
  ///   - networks: The networks that it speaks of.
  ///   - claims: The claims in the specification's order.
  ///   - publicKey: The public key's path and fingerprint; `nil` when nothing was signed.
  public init(
    tool: Certification.Tool, specification: Input, networks: [Input], claims: [ClaimReport],
    publicKey: Input? = nil
  ) {
    self.tool = tool
    self.specification = specification
    self.networks = networks
    self.claims = claims
    self.publicKey = publicKey
  }

  /// How many claims were answered in each way.
  var counts: (holds: Int, refuted: Int, undecided: Int) {
    var counts = (holds: 0, refuted: 0, undecided: 0)
    for claim in claims {
      switch claim.verdict {
      case .holds: counts.holds += 1
      case .refuted: counts.refuted += 1
      case .undecided: counts.undecided += 1
      }
    }
    return counts
  }

  /// How many claims were answered in each way, in a phrase.
  var summary: String {
    "\(claims.count) claims: \(counts.holds) holds, \(counts.refuted) refuted, "
      + "\(counts.undecided) undecided"
  }
}

/// The result of one claim.
public struct ClaimReport: Sendable {
  /// How the claim was answered.
  public enum Verdict: Sendable {
    /// It was proved.
    case holds
    /// It is refuted by this point.
    case refuted(witness: [Certification.Variable])
    /// Neither, for a reason.
    case undecided(reason: String)
  }

  /// A picture of what a claim is about; it shows, and proves nothing.
  public struct Figure: Sendable {
    /// What it shows.
    public var caption: String
    /// The picture, a text in SVG as the plots of this module make it.
    public var picture: String

    /// A picture of what a claim is about.
    ///
    /// - Parameters:
    ///   - caption: What it shows.
    ///   - picture: The picture, a text in SVG as the plots of this module make it.
    public init(caption: String, picture: String) {
      self.caption = caption
      self.picture = picture
    }
  }

  /// What stands behind an answer.
  public enum Assurance: String, Sendable {
    /// The search's word.
    case none
    /// A trusted key's signature.
    case signed
    /// The checker's replay, in this run.
    case rechecked = "re-checked"
  }

  /// The claim's name.
  public var id: String
  /// What it says, for a person.
  public var statement: String
  /// What the network means.
  public var semantics: Certification.Semantics
  /// How it was answered.
  public var verdict: Verdict
  /// What stands behind the answer.
  public var assurance: Assurance
  /// How long it took.
  public var duration: Duration
  /// How many nodes the search visited.
  public var nodes: Int
  /// The proof; `nil` when there is none.
  public var proof: Certification.Proof?
  /// The certificate's path; `nil` when there is none.
  public var certificate: String?
  /// Where the number lies that the claim asks for; `nil` where it asks for none.
  public var interval: NumberInterval?
  /// The line of the specification that states the claim, from 1.
  public var line: Int
  /// Pictures of what it is about.
  public var figures: [Figure]

  /// The result of one claim.
  ///
  /// - Parameters:
  ///   - id: The claim's name.
  ///   - statement: What it says, for a person.
  ///   - semantics: What the network means.
  ///   - verdict: How it was answered.
  ///   - assurance: What stands behind the answer.
  ///   - duration: How long it took.
  ///   - nodes: How many nodes the search visited.
  ///   - proof: The proof; `nil` when there is none.
  ///   - certificate: The certificate's path; `nil` when there is none.
  ///   - interval: Where the number lies that the claim asks for; `nil` where it asks for none.
  ///   - line: The line of the specification that states the claim, from 1.
  ///   - figures: Pictures of what it is about.
  public init(
    id: String, statement: String, semantics: Certification.Semantics, verdict: Verdict,
    assurance: Assurance, duration: Duration, nodes: Int, proof: Certification.Proof? = nil,
    certificate: String? = nil, interval: NumberInterval? = nil, line: Int,
    figures: [Figure] = []
  ) {
    self.id = id
    self.statement = statement
    self.semantics = semantics
    self.verdict = verdict
    self.assurance = assurance
    self.duration = duration
    self.nodes = nodes
    self.proof = proof
    self.certificate = certificate
    self.interval = interval
    self.line = line
    self.figures = figures
  }
}
