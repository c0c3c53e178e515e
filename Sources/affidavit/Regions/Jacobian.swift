internal import ArgumentParser
internal import Certificates
internal import Probability

/// The law of a network's Jacobian.
struct JacobianCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "jacobian",
    abstract: "The law of the Jacobian's norms and singular values under a law of the input.",
    discussion: """
      On each region the Jacobian is one matrix, so its law is that of the regions: exact where all \
      are enumerated, else between what the listed regions have and that plus the missing mass.

      With --sample also an estimate from drawn inputs: exact intervals for the probabilities, and for \
      the quantiles a band that holds the whole distribution function (Dvoretzky, Kiefer, Wolfowitz).
      """)

  @OptionGroup var law: RegionLawArguments

  @Option(help: ArgumentHelp("The norm: 1, 2, inf or frobenius.", valueName: "norm"))
  var norm = MatrixNormArgument.two

  @Option(
    help: ArgumentHelp(
      "Numbers between commas; for each the probability that the norm exceeds it.",
      valueName: "limits"))
  var above: String?

  @Option(
    help: ArgumentHelp("Also measure the Jacobians at so many drawn inputs.", valueName: "n"))
  var sample: Int?

  @Flag(name: .customLong("sample-only"), help: "Look at no regions but those of drawn inputs.")
  var samplesOnly = false

  @Option(help: ArgumentHelp("Of the intervals of what was drawn.", valueName: "p"))
  var confidence = 0.99

  enum MatrixNormArgument: String, ExpressibleByArgument, CaseIterable {
    case one = "1"
    case two = "2"
    case infinity = "inf"
    case frobenius

    var norm: MatrixNorm {
      switch self {
      case .one: .one
      case .two: .two
      case .infinity: .infinity
      case .frobenius: .frobenius
      }
    }
  }

  func validate() throws {
    if let sample, sample < 1 {
      throw ValidationError("found --sample \(sample), expected at least 1")
    }
    guard sample != nil || !samplesOnly else {
      throw ValidationError("expected --sample with --sample-only")
    }
    guard confidence > 0, confidence < 1 else {
      throw ValidationError("found --confidence \(confidence), expected a number between 0 and 1")
    }
  }

  func run() throws {
    guard let distribution = law.distribution else {
      throw ValidationError("expected --distribution")
    }
    var limits: [Double] = []
    for part in (above ?? "").split(separator: ",") {
      guard let limit = Double(part), limit.isFinite else {
        throw ValidationError("found --above \(part), expected numbers between commas")
      }
      limits.append(limit)
    }
    let answer = try JacobianAnswer(self, distribution, limits)
    if law.drawsPicture { try law.write(answer.picture, beside: answer.text, of: "Jacobian") }
    print(law.format == .json ? answer.json.text : answer.text)
  }
}
