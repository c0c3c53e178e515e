internal import ArgumentParser
internal import Certificates
internal import Reporting

/// Verifies certificates: who signed them, what they are about, and whether their evidence stands.
struct Check: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Verify certificates: signature, files, and the proof itself.",
    discussion: """
      A certificate is accepted when a trusted key signed it, when the specification, the networks \
      and the proof at hand are the ones that it binds, when the specification states the very \
      claims that it lists, and when its proof replays here and now (`re-checked`).

      The specification and the proof are looked for beside the certificate, the networks where \
      the specification says. Exit status: 0 all accepted, 1 one rejected, 2 could not run.
      """)

  enum Answer: String, ExpressibleByArgument, CaseIterable {
    case holds, refuted
  }

  @Argument(help: ArgumentHelp("Certificates (.cert.json).", valueName: "cert"))
  var certificates: [String]

  @Option(
    name: .customLong("trusted-key"),
    help: ArgumentHelp("A public key whose signature is believed (repeatable).", valueName: "file"))
  var trustedKeys: [String]

  @Option(
    help: ArgumentHelp(
      "The specification, where it is not beside the certificate.", valueName: "file"))
  var specification: String?

  @Option(
    name: .customLong("network"),
    help: ArgumentHelp(
      "A network of a VNN-LIB query (repeatable): NAME=FILE, or FILE for VNN-LIB 1.0.",
      valueName: "name=file"))
  var networks: [NetworkArgument] = []

  @Option(
    help: ArgumentHelp(
      "The proof of the only certificate, where it is not beside it.", valueName: "file"))
  var proof: String?

  @Option(help: "What the certificates must say.")
  var answer = Answer.holds

  @Option(help: "How to print the answers.")
  var format = ReportFormat.text

  func validate() throws {
    guard !trustedKeys.isEmpty else {
      throw ValidationError("found no --trusted-key: a signature says nothing without one")
    }
    guard proof == nil || certificates.count == 1 else {
      throw ValidationError("found --proof and several certificates, expected one")
    }
  }

  func run() throws {
    let keys = try PublicKey.read(trustedKeys)
    let files = try certificates.map { path throws(Failure) in try InputFile(checking: path) }
    let examination = Examination(
      trusting: keys.map(\.key), specification: specification, networks: networks, proof: proof,
      demanded: answer == .holds ? .holds : .refuted)
    var findings: [Finding] = []
    for file in files {
      let finding = examination.finding(on: file)
      findings.append(finding)
      if format == .text { print(finding.line) }
    }
    switch format {
    case .text:
      for remainder in findings.remainders {
        print(
          "note: \(remainder.specification) states claims that no accepted certificate here is "
            + "about: \(remainder.claims.joined(separator: ", "))")
      }
    case .json: print(findings.json.text)
    case .sarif, .junit, .github, .html:
      let report = try RunReport(findings, isComplete: false, key: keys[0])
      print(format.text(of: report), terminator: "")
    }
    guard findings.status == .success else { throw ExitCode(findings.status.rawValue) }
  }
}

extension PublicKey {
  /// Reads keys that signatures are compared with.
  static func read(_ paths: [String]) throws(Failure) -> [PublicKey] {
    var keys: [PublicKey] = []
    for path in paths {
      do { keys.append(PublicKey(path: path, key: try TrustedKey(file: path))) } catch {
        throw Failure(error.description, status: .couldNotRun)
      }
    }
    return keys
  }
}

extension InputFile {
  /// Reads a file without which a check cannot run.
  init(checking path: String) throws(Failure) {
    do { try self.init(path) } catch { throw Failure(error.message, status: .couldNotRun) }
  }
}
