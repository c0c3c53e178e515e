internal import ArgumentParser
internal import Certificates
internal import Foundation
internal import Probability

/// Computes probabilities of rectangles under normal laws.
struct Orthant: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "orthant",
    abstract: "Compute the chance that a normal vector lies in a rectangle.",
    discussion: """
      FILE is JSON: {"cases": [{"id": …, "n": …, "mean": …, "cov": {"type": …}, "lower": …, \
      "upper": …}, …]}; a number stands for n equal ones, and limits may be "inf" or "-inf". The \
      types of covariance: dense (rows), equi (rho), ar1 (rho), brownian, factor (A, d: A Aᵀ plus a \
      diagonal), sparse_factor (dim, rows of [column, value]), blocks (block_size, rho, perm).

      Prints one JSON object a line. "relative-error" is what the error is at most; "status" is \
      proved, exact (closed form or quadrature in floating point) or estimate (sampled; the error \
      then holds with a confidence of 99.9 %). "seconds" are those of the processor.
      """)

  @Argument(help: "A file of cases.")
  var file: String

  @Option(name: .customLong("case"), help: ArgumentHelp("Only this case.", valueName: "id"))
  var chosen: String?

  @Option(help: ArgumentHelp("Seed of sampled answers.", valueName: "number"))
  var seed: UInt64 = 1

  @Option(help: ArgumentHelp("The relative error to aim at by sampling.", valueName: "number"))
  var accuracy = 1e-4

  @Option(help: ArgumentHelp("How many threads work.", valueName: "number"))
  var threads = ProcessInfo.processInfo.activeProcessorCount

  @Flag(help: "Sample also where a closed form or a quadrature is known: a check of these.")
  var sampled = false

  func validate() throws {
    guard accuracy > 0, accuracy < 1 else {
      throw ValidationError("found --accuracy \(accuracy), expected a number between 0 and 1")
    }
    guard (1...256).contains(threads) else {
      throw ValidationError("found --threads \(threads), expected 1 to 256")
    }
  }

  func run() throws {
    let file = try RectangleFile(InputFile(file))
    let cases = file.cases.filter { chosen == nil || $0.id == chosen }
    if let chosen, cases.isEmpty {
      throw Failure.badInput("\(file.path): found no case '\(chosen)'")
    }
    for one in cases {
      let rectangle = try file.rectangle(of: one)
      let start = Self.processorSeconds
      let answer = rectangle.probability(
        accuracy: accuracy, seed: seed, threads: threads, samplesAlways: sampled)
      print(Self.line(one.id, answer, seconds: Self.processorSeconds - start).text)
    }
  }

  private static func line(_ id: String, _ answer: NormalProbability, seconds: Double) -> JSON {
    let log10 = answer.logProbability / 2.302585092994045684
    return .object([
      .init("id", .string(id)),
      .init("probability", .number(text(of: answer, log10: log10))),
      .init("log10-probability", log10.isFinite ? .number("\(log10)") : .null),
      .init(
        "relative-error",
        answer.relativeError.isFinite ? .number(answer.relativeError.significant(3)) : .null),
      .init("status", .string(answer.status.rawValue)),
      .init("seconds", .number(seconds.fixed(4))),
    ])
  }

  /// The probability in decimal, also below the range of binary64.
  private static func text(of answer: NormalProbability, log10: Double) -> String {
    guard answer.probability < 1e-307, log10.isFinite else {
      return answer.probability.significant(17)
    }
    let exponent = log10.rounded(.down)
    return "\(pow(10, log10 - exponent).significant(12))e\(Int(exponent))"
  }

  private static var processorSeconds: Double { Double(clock()) / Double(CLOCKS_PER_SEC) }
}
