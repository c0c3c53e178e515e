internal import ArgumentParser
internal import Foundation

/// The program: its commands, and what becomes of an error.
@main
struct Affidavit: ParsableCommand {
  static let version = "0.1.0"

  static let configuration = CommandConfiguration(
    commandName: "affidavit",
    abstract: "Decides questions about ReLU networks and swears to the answers.",
    discussion: """
      A specification (YAML) says what must hold for all inputs of a set. `certify` decides its \
      claims and writes signed certificates with proofs; `check` verifies them; the separate \
      program affidavit-check replays a single proof and needs to trust nothing else.

      Begin with: affidavit keygen --output my-key
                  affidavit certify SPEC.yaml --output DIR --key my-key.key
                  affidavit check DIR/*.cert.json --trusted-key my-key.pub
      """,
    version: version,
    subcommands: [
      Bound.self, Certify.self, Check.self, DistributionCommand.self, Inspect.self,
      JacobianCommand.self, Keygen.self, Orthant.self, OutputCommand.self, RegionsCommand.self,
      Report.self, Verify.self, Supports.self,
    ])

  @Flag(name: .customLong("name"), help: "Print the solver's name.")
  var printsName = false

  func run() throws {
    guard printsName else { throw CleanExit.helpRequest(self) }
    print("affidavit")
  }

  static func main() {
    let arguments = withImpliedCommand(Array(CommandLine.arguments.dropFirst()))
    do {
      var command = try parseAsRoot(arguments)
      try command.run()
    } catch let failure as Failure {
      end(failure)
    } catch let answer as ExitCode {
      Foundation.exit(answer.rawValue)
    } catch {
      end(error, of: arguments)
    }
  }

  /// Callers of VNN-LIB solvers may leave the word `verify` out.
  private static func withImpliedCommand(_ arguments: [String]) -> [String] {
    guard let first = arguments.first, FileManager.default.fileExists(atPath: first),
      command(named: first) == nil
    else { return arguments }
    return ["verify"] + arguments
  }

  private static func command(named name: String) -> (any ParsableCommand.Type)? {
    configuration.subcommands.first { $0.configuration.commandName == name }
  }

  private static func end(_ failure: Failure) -> Never {
    StandardError.write("affidavit: \(failure.message)\n")
    Foundation.exit(failure.status.rawValue)
  }

  /// Ends with what the argument parser has to say: a help text, or one line on wrong usage.
  ///
  /// Any other error is one that no command foresaw.
  private static func end(_ error: any Error, of arguments: [String]) -> Never {
    switch exitCode(for: error) {
    case .success: exit(withError: error)
    case .validationFailure:
      let asked = arguments.first.flatMap { command(named: $0) }
      let help = ["affidavit help", asked?.configuration.commandName].compactMap(\.self)
        .joined(separator: " ")
      let reason = message(for: error).split(whereSeparator: \.isNewline).joined(separator: " ")
      let status: ExitStatus = asked == Check.self ? .couldNotRun : .usage
      end(Failure("\(reason) (try: \(help))", status: status))
    default: end(.broken("\(error)"))
    }
  }
}
