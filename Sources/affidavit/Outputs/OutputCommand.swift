internal import ArgumentParser
internal import Certificates
internal import ExactArithmetic
internal import NetworkModel
internal import Probability

/// The law of a network's outputs.
struct OutputCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "output",
    abstract: "The law of a network's outputs under a law of its input.",
    discussion: """
      For one output (--coordinate) or a combination of outputs (--combination 'y1 - y0'): the \
      distribution function, the values that it has with positive probability (atoms, which have no \
      density), density, quantiles and moments. For several outputs together: --event.

      Two laws, --negatives and --positives, give the rates of wrong decisions at thresholds instead.

      All regions are enumerated where two coordinates of the law reach the network; else the most \
      probable ones, and the mass that they leave over widens every interval.

      exact: closed form or quadrature in floating point. estimate: sampled, with its interval.
      """)

  @OptionGroup var law: RegionLawArguments

  @Option(help: ArgumentHelp("Which output, from 0.", valueName: "j"))
  var coordinate: Int?

  @Option(help: ArgumentHelp("A combination of outputs, such as 'y1 - 0.5*y0'.", valueName: "sum"))
  var combination: String?

  @Option(
    name: .customLong("at"), parsing: .unconditional,
    help: ArgumentHelp(
      "Numbers between commas: the probability of at most each, and of more.", valueName: "numbers")
  )
  var thresholds: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Numbers between commas: the density at each.", valueName: "numbers"))
  var density: String?

  @Option(
    name: .customLong("quantile"),
    help: ArgumentHelp("Levels between 0 and 1, between commas.", valueName: "levels"))
  var levels: String?

  @Option(
    name: .customLong("event"),
    help: ArgumentHelp(
      "Conditions that hold together: 'y0 <= 1.5, y1 - y0 > 0'; may be given several times.",
      valueName: "conditions"))
  var events: [String] = []

  @Option(
    help: ArgumentHelp(
      "The law of inputs that are to stay at most the threshold.", valueName: "law"))
  var negatives: String?

  @Option(
    help: ArgumentHelp("The law of inputs that are to exceed the threshold.", valueName: "law"))
  var positives: String?

  @Option(help: ArgumentHelp("Also draw so many inputs, as a cross-check.", valueName: "n"))
  var sample: Int?

  @Option(help: ArgumentHelp("Of the intervals of what was drawn.", valueName: "p"))
  var confidence = 0.99

  func validate() throws {
    guard (negatives != nil) == (positives != nil) else {
      throw ValidationError("expected --negatives and --positives together")
    }
    guard (law.distribution != nil) != (negatives != nil) else {
      throw ValidationError("expected either --distribution or --negatives with --positives")
    }
    guard coordinate == nil || combination == nil else {
      throw ValidationError("found --coordinate and --combination, expected one")
    }
    if negatives != nil {
      guard thresholds != nil else { throw ValidationError("expected --at with --negatives") }
      guard density == nil, levels == nil, events.isEmpty, !law.drawsPicture else {
        throw ValidationError("found more than thresholds with --negatives, expected --at alone")
      }
    }
    if let sample, sample < 1 {
      throw ValidationError("found --sample \(sample), expected at least 1")
    }
    guard confidence > 0, confidence < 1 else {
      throw ValidationError("found --confidence \(confidence), expected a number between 0 and 1")
    }
  }

  func run() throws {
    let library = NetworkLibrary()
    let network = try library.entry(at: law.network).network
    let question = try OutputQuestion(self, of: network)
    if let negatives, let positives {
      let rates = try ErrorRates(
        question, negatives: NetworkOutputs(negatives, of: network, for: self, library),
        positives: NetworkOutputs(positives, of: network, for: self, library))
      print(law.format == .json ? rates.json.text : rates.text)
    } else if let distribution = law.distribution {
      let answer = try OutputAnswer(
        question, NetworkOutputs(distribution, of: network, for: self, library))
      if law.drawsPicture {
        try law.write(answer.picture(of: law.network), beside: answer.text, of: "Outputs")
      }
      print(law.format == .json ? answer.json.text : answer.text)
    }
  }
}
