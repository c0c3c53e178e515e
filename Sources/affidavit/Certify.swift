internal import ArgumentParser
internal import Certificates
internal import Reporting
internal import Search

/// Decides all claims of a file and writes their certificates.
struct Certify: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "certify",
    abstract: "Decide every claim of a specification; write proofs and signed certificates.",
    discussion: """
      SPEC is a specification (.yaml), or a VNN-LIB query with --network; a query's claim is that \
      no input satisfies it. For each claim the folder gets CLAIM.vnnlib (what exactly is claimed), \
      CLAIM.proof where it holds, and CLAIM.cert.json where it holds or is refuted. A claim that \
      asks for a number (maximum, minimum, the largest radius) holds when the interval found is as \
      narrow as its gap says.

      Exit status: 0 all claims hold, 1 one is refuted, 2 one is undecided and none refuted.
      """)

  @Argument(help: ArgumentHelp("The specification or query.", valueName: "spec"))
  var specification: String

  @Option(name: .shortAndLong, help: ArgumentHelp("The folder to write to.", valueName: "dir"))
  var output: String

  @Option(help: ArgumentHelp("The private key that signs; see keygen.", valueName: "file"))
  var key: String?

  @Flag(help: "Write claims and proofs only, no certificates.")
  var unsigned = false

  @Option(
    name: .customLong("network"),
    help: ArgumentHelp(
      "A network of a query (repeatable): NAME=FILE, or FILE for VNN-LIB 1.0.",
      valueName: "name=file"))
  var networks: [NetworkArgument] = []

  @OptionGroup var search: SearchArguments

  @Option(help: "How to print the answers.")
  var format = ReportFormat.text

  func validate() throws {
    guard (key != nil) != unsigned else {
      throw ValidationError(
        key == nil ? "found no --key (or --unsigned)" : "found --key and --unsigned, expected one")
    }
  }

  func run() throws {
    let signingKey = try self.signingKey()
    let file = try ClaimFile(
      InputFile(specification), networks: networks, library: NetworkLibrary())
    let folder = try CertificateFolder(output)
    let outcomes = try Interruption.listening { interrupt throws(Failure) in
      try file.claims.map { claim throws(Failure) in
        try decide(claim, interrupt: interrupt, folder: folder)
      }
    }
    if let signingKey {
      try folder.sign(
        outcomes, of: file, with: signingKey, search: search.options,
        arguments: CommandLine.arguments)
    }
    let report = RunReport(
      outcomes, of: file, in: folder, signedBy: publicKey(of: signingKey),
      hasFigures: format == .html)
    print(format.text(of: report), terminator: "")
    guard outcomes.status == .success else { throw ExitCode(outcomes.status.rawValue) }
  }

  private func signingKey() throws(Failure) -> SigningKey? {
    guard let key else { return nil }
    do { return try SigningKey(file: key) } catch { throw .badInput(error.description) }
  }

  /// The public half, with the file in which `keygen` puts it.
  private func publicKey(of signingKey: SigningKey?) -> PublicKey? {
    guard let key, let signingKey else { return nil }
    let name = key.hasSuffix(".key") ? String(key.dropLast(4)) : key
    return PublicKey(path: "\(name).pub", key: signingKey.publicKey)
  }

  private func decide(
    _ claim: StatedClaim, interrupt: Interrupt, folder: CertificateFolder
  ) throws(Failure) -> Outcome {
    let startedOn = Clock.now
    let outcome: Outcome
    switch claim.subject {
    case .condition(let text):
      let decision = text.question.decide(search.options, interrupt: interrupt, label: claim.id)
      outcome = Outcome(
        claim: claim, text: text.digest, answer: try folder.keep(decision, of: claim.id, text),
        nodes: decision.nodes, seconds: decision.seconds, startedOn: startedOn,
        finishedOn: Clock.now)
    case .number(let question):
      let narrowing = question.narrow(search.options, interrupt: interrupt, label: claim.id)
      let (answer, text) = try folder.keep(narrowing, of: claim.id, question)
      outcome = Outcome(
        claim: claim, text: text?.digest, answer: answer, nodes: narrowing.nodes,
        seconds: narrowing.seconds, startedOn: startedOn, finishedOn: Clock.now)
    case .probability(let probability):
      let question = ProbabilityQuestion(claim: probability, networks: claim.networks)
        .easier(seed: search.seed)
      let result: Result<ProbabilityBounds, StopReason>
      do {
        result = try question.bound(search.options, interrupt: interrupt, label: claim.id)
      } catch { result = .failure(.unsupported(error.message)) }
      let (answer, text) = try folder.keep(result, of: claim.id, question)
      let bounds = try? result.get()
      outcome = Outcome(
        claim: claim, text: text, answer: answer, nodes: bounds?.cells ?? 0,
        seconds: bounds?.seconds ?? 0, startedOn: startedOn, finishedOn: Clock.now)
    }
    if StandardError.isTerminal { StandardError.write("\(outcome.line)\n") }
    return outcome
  }
}

extension Outcome {
  /// One line for people.
  fileprivate var line: String {
    let word = answer.word.rawValue
    let blanks = String(repeating: " ", count: max(1, 11 - word.count))
    return "\(word)\(blanks)\(claim.id) (\(seconds.fixed(2)) s): \(detail)"
  }
}
