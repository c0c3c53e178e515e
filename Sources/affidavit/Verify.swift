internal import ArgumentParser
internal import Certificates
internal import ClaimLanguage
internal import Search

/// Answers one VNN-LIB query, as programs that drive solvers expect it.
struct Verify: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Answer a VNN-LIB query: is there an input that satisfies it?",
    discussion: """
      Prints sat, unsat, unknown or timed-out on the first line; after sat, the inputs and outputs \
      found. The exit status is 0 whenever an answer was printed. This is the solver interface of \
      VNN-LIB 2.0, chapter 5; queries and networks may be compressed with gzip.
      """)

  enum Format: String, ExpressibleByArgument, CaseIterable {
    case text, json
  }

  @Argument(help: "The query, VNN-LIB 1.0 or 2.0.")
  var query: String

  @Option(
    name: .customLong("network"),
    help: ArgumentHelp(
      "A network of the query (repeatable): NAME=FILE, or FILE for VNN-LIB 1.0.",
      valueName: "name=file"))
  var networks: [NetworkArgument]

  @OptionGroup var search: SearchArguments

  @Option(help: ArgumentHelp("Where to write the proof of an unsat answer.", valueName: "file"))
  var proof: String?

  @Option(
    help: ArgumentHelp(
      "Write a sat answer's values to this folder, one ONNX tensor a variable.", valueName: "dir"))
  var serialiseAssignments: String?

  @Option(help: "How to print the answer.")
  var format = Format.text

  func run() throws {
    let library = NetworkLibrary()
    let question = try Question(InputFile(query), networks: library.entries(of: networks))
    let decision = try Interruption.listening { interrupt throws(Failure) in
      question.decide(search.options, interrupt: interrupt, label: "verify")
    }
    try keep(decision.verdict, of: question)
    switch format {
    case .text: printText(decision, of: question)
    case .json: print(answer(decision, of: question).text)
    }
  }

  /// Writes what was asked for to files, before an answer is printed.
  private func keep(_ verdict: Verdict, of question: Question) throws {
    do throws(CertificateError) {
      switch verdict {
      case .holds(let found):
        if let proof { try AtomicFile.write(found.bytes, to: proof) }
      case .refuted(let witness):
        guard let folder = serialiseAssignments else { return }
        try OutputFolder.make(folder)
        for tensor in Assignment(witness, of: question.problem).tensors {
          try AtomicFile.write(TensorFile(tensor).bytes, to: "\(folder)/\(tensor.name).pb")
        }
      case .undecided: break
      }
    } catch { throw Failure.badInput(error.description) }
  }

  private func printText(_ decision: Decision, of question: Question) {
    print(decision.verdict.word)
    switch decision.verdict {
    case .holds: break
    case .refuted(let witness):
      guard serialiseAssignments == nil else { return }
      let tensors = Assignment(witness, of: question.problem).tensors
      for line in tensors.flatMap(\.lines) { print(line) }
    case .undecided(let reason): StandardError.write("affidavit: \(reason)\n")
    }
  }

  private func answer(_ decision: Decision, of question: Question) -> JSON {
    var members: [JSON.Member] = [
      .init("result", .string(decision.verdict.word)),
      .init("meaning", .string(question.problem.meaning.rawValue)),
      .init("nodes", .number(String(decision.nodes))),
      .init("seconds", .seconds(decision.seconds)),
    ]
    switch decision.verdict {
    case .holds(let found):
      members.append(
        .init(
          "proof",
          [
            "sha256": .string(Digest(of: found.bytes).description),
            "bytes": .number(String(found.bytes.count)), "file": proof.map(JSON.string) ?? .null,
          ]))
    case .refuted(let witness):
      members.append(.init("assignment", Assignment(witness, of: question.problem).json))
      members.append(.init("holdsInBinary32", .bool(witness.holdsInBinary32)))
    case .undecided(let reason): members.append(.init("reason", .string(reason.description)))
    }
    return .object(members)
  }
}

extension Verdict {
  /// The word of the solver interface.
  fileprivate var word: String {
    switch self {
    case .holds: "unsat"
    case .refuted: "sat"
    case .undecided(.timeLimit): "timed-out"
    case .undecided(.interrupted), .undecided(.nodeLimit), .undecided(.memoryLimit),
      .undecided(.resolution), .undecided(.unconfirmedWitness), .undecided(.proofRejected),
      .undecided(.unsupported):
      "unknown"
    }
  }
}

extension Assignment {
  /// A list of variables with their values as decimal strings.
  var json: JSON {
    .array(of: tensors) { tensor in
      [
        "name": .string(tensor.name), "type": .string(tensor.type),
        "shape": .array(of: tensor.shape) { .number(String($0)) },
        "values": .array(of: tensor.values) { .string($0.numeral) },
      ]
    }
  }
}

extension JSON {
  /// A duration to the millisecond.
  static func seconds(_ value: Double) -> JSON { .number(value.fixed(3)) }
}
