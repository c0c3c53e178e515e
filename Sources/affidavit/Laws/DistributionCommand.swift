internal import ArgumentParser

/// Distributions: fitted, shown, sampled.
struct DistributionCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "distribution",
    abstract: "Fit a distribution to data, show one, or draw points from one.",
    subcommands: [DistributionFit.self, DistributionShow.self, DistributionSample.self])
}

/// The kinds of answer of the commands about laws.
enum LawFormat: String, ExpressibleByArgument, CaseIterable {
  case text, json
}
