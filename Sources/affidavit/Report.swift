internal import ArgumentParser
internal import Certificates
internal import Foundation
internal import Reporting

/// Writes a page about certificates for the file of an assessment.
struct Report: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Check certificates and write a page (HTML) about them.",
    discussion: """
      Checks the certificates of one specification as `check` does, and writes what was found: every \
      claim with its answer, what stands behind it, the files by their digests, and how to check it \
      again. Claims without certificate are listed as undecided. A folder stands for all its \
      certificates.

      Exit status: 0 all claims hold, 1 one is refuted, 2 one is undecided and none refuted.
      """)

  @Argument(help: ArgumentHelp("Certificates or folders of them.", valueName: "cert"))
  var certificates: [String]

  @Option(name: .shortAndLong, help: ArgumentHelp("The page to write.", valueName: "file"))
  var output: String

  @Option(
    name: .customLong("trusted-key"),
    help: ArgumentHelp("A public key whose signature is believed (repeatable).", valueName: "file"))
  var trustedKeys: [String]

  @Option(
    help: ArgumentHelp(
      "The specification, where it is not beside the certificates.", valueName: "file"))
  var specification: String?

  @Option(
    name: .customLong("network"),
    help: ArgumentHelp(
      "A network of a VNN-LIB query (repeatable): NAME=FILE, or FILE for VNN-LIB 1.0.",
      valueName: "name=file"))
  var networks: [NetworkArgument] = []

  func run() throws {
    let keys = try PublicKey.read(trustedKeys)
    let files = try certificates.flatMap { path in try Self.certificates(at: path) }
      .map { path in try InputFile(checking: path) }
    guard !files.isEmpty else {
      throw Failure.badInput("\(certificates.joined(separator: ", ")): found no certificate")
    }
    let examination = Examination(
      trusting: keys.map(\.key), specification: specification, networks: networks, proof: nil,
      demanded: .holds)
    let report = try RunReport(
      files.map(examination.finding(on:)), isComplete: true, key: keys[0])
    do throws(CertificateError) {
      try AtomicFile.write(Array(ReportFormat.html.text(of: report).utf8), to: output)
    } catch { throw Failure.badInput(error.description) }
    let status = report.claims.map(\.verdict).status
    guard status == .success else { throw ExitCode(status.rawValue) }
  }

  /// A certificate, or all those in a folder.
  private static func certificates(at path: String) throws(Failure) -> [String] {
    var isFolder: ObjCBool = false
    guard unsafe FileManager.default.fileExists(atPath: path, isDirectory: &isFolder),
      isFolder.boolValue
    else { return [path] }
    do {
      return try FileManager.default.contentsOfDirectory(atPath: path).sorted()
        .filter { $0.hasSuffix(".cert.json") }.map { "\(path)/\($0)" }
    } catch { throw .badInput("\(path): \(error.localizedDescription)") }
  }
}

extension [ClaimReport.Verdict] {
  /// The exit status of a report: what is worst in it.
  fileprivate var status: ExitStatus {
    var status = ExitStatus.success
    for verdict in self {
      switch verdict {
      case .holds: continue
      case .refuted: return .negative
      case .undecided: status = .couldNotRun
      }
    }
    return status
  }
}
