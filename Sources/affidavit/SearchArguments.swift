internal import ArgumentParser
internal import Foundation
internal import Search

/// What a search may use, as every command that searches takes it.
struct SearchArguments: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Time to spend on one claim; no limit where it is left out.", valueName: "seconds"))
  var timeout: Double?

  @Option(help: ArgumentHelp("How many threads work.", valueName: "number"))
  var threads = ProcessInfo.processInfo.activeProcessorCount

  @Option(
    help: ArgumentHelp(
      "Seed of the attack's random numbers; the same seed gives the same answer.",
      valueName: "number"))
  var seed: UInt64 = 1

  @Option(
    help: ArgumentHelp(
      "Memory that the program may use; a claim that needs more is undecided.",
      valueName: "mebibytes"))
  var memory = 2048

  var options: SearchOptions {
    SearchOptions(timeLimit: timeout, threads: threads, seed: seed, memoryLimit: memory << 20)
  }

  func validate() throws {
    if let timeout, !(timeout > 0 && timeout.isFinite) {
      throw ValidationError("found --timeout \(timeout), expected a positive number of seconds")
    }
    guard (1...(1 << 24)).contains(memory) else {
      throw ValidationError("found --memory \(memory), expected 1 to \(1 << 24) mebibytes")
    }
    guard (1...256).contains(threads) else {
      throw ValidationError("found --threads \(threads), expected 1 to 256")
    }
  }
}
