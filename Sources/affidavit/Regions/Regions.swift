internal import ArgumentParser
internal import Certificates
internal import LinearProgramming
internal import Probability
internal import Regions

/// The regions of a network: all that meet a set, or how probable each is.
struct RegionsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "regions",
    abstract: "List the regions of a network: in a set, or by probability under a law.",
    discussion: """
      A region is named by its activation pattern, one bit a unit and a bar between rectifiers, 1 \
      where the pre-activation is above zero.

      With --around and --radius all regions that meet the ball are listed. With --distribution \
      their probabilities: of all regions where two coordinates of the law reach the network, else \
      of the most probable ones first. What the listed patterns leave uncovered is always said.

      exact: closed form or quadrature in floating point. estimate: sampled, with its interval.
      """)

  @OptionGroup var law: RegionLawArguments

  @Option(help: ArgumentHelp("The centre of a ball: numbers between commas.", valueName: "point"))
  var around: String?

  @Option(help: ArgumentHelp("The radius of the ball.", valueName: "r"))
  var radius: Double?

  @Option(help: ArgumentHelp("The norm of the ball: 1, 2 or inf.", valueName: "norm"))
  var norm = BallNorm.infinity

  @Option(
    help: ArgumentHelp(
      "Entries that keep the centre's value: indices between commas.", valueName: "entries"))
  var fixed: String?

  @Option(
    help: ArgumentHelp("Points whose patterns are looked up: CSV, NPY, NPZ.", valueName: "file"))
  var data: String?

  @Option(
    help: ArgumentHelp("Also draw so many inputs, as a cross-check.", valueName: "n"))
  var sample: Int?

  @Flag(help: "Compare with the diagonal approximation, which is not the mass function.")
  var diagonal = false

  @Flag(name: .customLong("expected-map"), help: "Also print the expected affine map.")
  var expectedMap = false

  @Option(
    name: .customLong("margin"),
    help: ArgumentHelp(
      "Also the published support estimate: units nearer to 1/2 than this are free.",
      valueName: "tau"))
  var margin: Double?

  @Option(
    name: .customLong("entropy"),
    help: ArgumentHelp(
      "Also the published support estimate: units of at least so many bits are free.",
      valueName: "tau"))
  var entropy: Double?

  @Option(help: ArgumentHelp("Of the support estimate: free units per rectifier.", valueName: "n"))
  var cap = 10

  enum BallNorm: String, ExpressibleByArgument, CaseIterable {
    case one = "1"
    case two = "2"
    case infinity = "inf"

    var norm: Scope.Norm {
      switch self {
      case .one: .one
      case .two: .two
      case .infinity: .infinity
      }
    }
  }

  func validate() throws {
    guard (law.distribution != nil) != (around != nil) else {
      throw ValidationError("expected either --distribution or --around with --radius")
    }
    guard (around != nil) == (radius != nil) else {
      throw ValidationError("expected --around and --radius together")
    }
    if let sample, sample < 1 {
      throw ValidationError("found --sample \(sample), expected at least 1")
    }
    guard margin == nil || entropy == nil else {
      throw ValidationError("found --margin and --entropy, expected one")
    }
    guard (0...20).contains(cap) else {
      throw ValidationError("found --cap \(cap), expected 0 to 20")
    }
  }

  func run() throws {
    if let around, let radius { return try list(around, radius) }
    guard let distribution = law.distribution else { return }
    let found = try RegionLaw(law, distribution)
    let answer = try RegionAnswer(found, of: self)
    if law.drawsPicture {
      try law.write(answer.picture(of: law.network), beside: answer.text, of: "Regions")
    }
    switch law.format {
    case .text: print(answer.text)
    case .json: print(answer.json.text)
    }
  }

  private func list(_ around: String, _ radius: Double) throws {
    let network = try NetworkLibrary().entry(at: law.network).network
    let regions: [Region]
    do throws(RegionsError) {
      let scope = try Scope(
        around: try numbers(around), radius: radius, norm: norm.norm,
        fixed: Set(try numbers(fixed ?? "").compactMap { Int(exactly: $0) }))
      regions = try RegionNetwork(network).regions(meeting: scope)
    } catch { throw Failure.badInput("\(law.network): \(error.description)") }
    let text =
      (["\(counted(regions.count, "region")) (exact)"]
      + regions.prefix(law.top ?? 20).map(\.pattern.description)).joined(separator: "\n")
    if law.drawsPicture {
      try law.write(picture(regions, around), beside: text, of: "Regions")
    }
    switch law.format {
    case .text: print(text)
    case .json:
      print(
        JSON.object([
          .init("network", .string(law.network)), .init("status", "exact"),
          .init("count", .number("\(regions.count)")),
          .init(
            "regions",
            .array(of: regions) { region in
              [
                "pattern": .string(region.pattern.description),
                "interiorPoint": .array(of: region.interiorPoint, \.json),
                "area": region.area.map(\.json) ?? .null,
              ]
            }),
        ]).text)
    }
  }

  private func picture(_ regions: [Region], _ around: String) throws(Failure) -> String {
    let held = Set((fixed ?? "").split(separator: ",").compactMap { Int($0) })
    let free = around.split(separator: ",").indices.enumerated().map(\.offset)
      .filter { !held.contains($0) }
    guard free.count == 2 else {
      throw .badInput(
        "found \(free.count) entries that are free, expected two for --plot")
    }
    return try regions.picture(of: law.network, axes: ("x\(free[0])", "x\(free[1])"))
  }

  private func numbers(_ text: String) throws(RegionsError) -> [Double] {
    var numbers: [Double] = []
    for part in text.split(separator: ",") {
      guard let number = Double(part) else {
        throw .unusableSet("found `\(part)`, expected numbers between commas")
      }
      numbers.append(number)
    }
    return numbers
  }
}
