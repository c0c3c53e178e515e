internal import ArgumentParser
internal import Certificates
internal import Probability
internal import Search
internal import Specification

/// Bounds the probabilities that a specification makes claims about.
struct Bound: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bound",
    abstract: "Bound the probabilities of a specification's claims.",
    discussion: """
      For each claim with the key `probability`, an interval is narrowed until the claim is decided \
      or, with `precision`, until it is narrow enough. Where nobody looked yet, the event may happen \
      or not: that is the difference between the ends.

      The status is proved where a proof was written and the checker has found these ends in it; \
      `certify` keeps such proofs. With --method regions, and for a few events that no proof can be \
      about yet, it is exact (closed forms and quadrature, up to rounding) or estimate (some masses \
      are sampled; the interval then holds with a confidence of 99.9 %).

      With --sample the probability is also estimated from drawn inputs; that interval stands apart.

      Exit status: 0 all claims hold, 1 one is refuted, 2 one is undecided and none refuted.
      """)

  /// Where the interval comes from.
  enum Method: String, CaseIterable, ExpressibleByArgument {
    /// From proofs where there can be one, else from regions.
    case proof
    /// From the masses of regions, without proofs.
    case regions
  }

  @Argument(help: ArgumentHelp("The specification.", valueName: "spec"))
  var specification: String

  @Option(
    name: .customLong("claim"),
    help: ArgumentHelp("Only this claim (repeatable).", valueName: "id"))
  var chosen: [String] = []

  @Option(help: "Where the interval comes from: proof (where there can be one) or regions.")
  var method = Method.proof

  @OptionGroup var search: SearchArguments

  @Option(
    help: ArgumentHelp(
      "Go on until the interval is not wider than this (10%: that part of its upper end), even where "
        + "the claim is decided before.",
      valueName: "width"), transform: Closeness.init(argument:))
  var precision: Closeness?

  @Option(
    help: ArgumentHelp(
      "The relative error to aim at where a mass in more than two dimensions is sampled.",
      valueName: "error"))
  var accuracy = 1e-2

  @Option(
    help: ArgumentHelp(
      "Also estimate each probability from so many drawn inputs.", valueName: "number"))
  var sample: Int?

  @Option(
    help: ArgumentHelp("Also write a page with pictures of the laws.", valueName: "file.html"))
  var report: String?

  @Option(help: "How to print the answers.")
  var format = RegionFormat.text

  func validate() throws {
    if let sample, !(1...1_000_000_000).contains(sample) {
      throw ValidationError("found --sample \(sample), expected a number from 1 to 1000000000")
    }
    guard accuracy > 0, accuracy < 1 else {
      throw ValidationError("found --accuracy \(accuracy), expected a number between 0 and 1")
    }
  }

  func run() throws {
    let file = try SpecificationFile(InputFile(specification), library: NetworkLibrary())
    let claims = try claims(of: file)
    let bounds = try Interruption.listening { interrupt throws(Failure) in
      var bounds: [BoundedClaim] = []
      for claim in claims {
        let options = BoundedClaim.Options(
          search: search.options, masses: MassOptions(accuracy: accuracy, seed: search.seed),
          width: precision, method: method, draws: sample)
        let bound = try BoundedClaim(claim.stated, claim.probability, options, interrupt)
        if format == .text { print(bound.text) }
        bounds.append(bound)
      }
      return bounds
    }
    if format == .json {
      print(JSON.object([.init("claims", .array(of: bounds, \.json))]).text)
    }
    if let report {
      try Self.writePage(
        about: specification, claims.map(\.stated), bounds.map(\.text), to: report)
    }
    let status = bounds.status
    guard status == .success else { throw ExitCode(status.rawValue) }
  }

  private func claims(
    of file: SpecificationFile
  ) throws(Failure) -> [(stated: StatedClaim, probability: ProbabilityClaim)] {
    let known = file.specification.claims
    if let unknown = chosen.first(where: { id in !known.contains { $0.id == id } }) {
      throw .badInput("\(specification): found no claim '\(unknown)'")
    }
    var claims: [(StatedClaim, ProbabilityClaim)] = []
    for claim in known where chosen.isEmpty || chosen.contains(claim.id) {
      switch claim.form {
      case .probability(let probability):
        claims.append((try file.stated(claim), probability))
      case .condition, .number:
        guard chosen.isEmpty else {
          throw .badInput(
            "\(specification):\(claim.line): the claim '\(claim.id)' is about no probability; "
              + "`affidavit certify` decides it")
        }
      }
    }
    guard !claims.isEmpty else {
      throw .badInput("\(specification): found no claim with the key `probability`")
    }
    return claims
  }
}
