internal import ArgumentParser
internal import Certificates
internal import NetworkModel
internal import Probability
internal import Reporting
internal import Specification

/// What the commands about the law of a network's regions have in common.
struct RegionLawArguments: ParsableArguments {
  @Argument(help: "The network, an ONNX file.")
  var network: String

  @Option(
    help: ArgumentHelp(
      "The law of the input: a file, or SPEC.yaml:NAME for one of a specification.",
      valueName: "law"))
  var distribution: String?

  @Option(help: ArgumentHelp("At most so many patterns, the most probable ones.", valueName: "k"))
  var top: Int?

  @Option(
    name: .customLong("min-mass"),
    help: ArgumentHelp("No patterns of less probability.", valueName: "e"))
  var leastMass: Double?

  @Option(help: ArgumentHelp("End when the patterns have this probability.", valueName: "p"))
  var cover: Double?

  @Option(
    help: ArgumentHelp(
      "The relative error to aim at where a mass in more than two dimensions is sampled.",
      valueName: "error"))
  var accuracy = 1e-2

  @Option(help: ArgumentHelp("Of everything that is drawn.", valueName: "number"))
  var seed: UInt64 = 1

  @Option(help: ArgumentHelp("Also write a picture, in SVG.", valueName: "file.svg"))
  var plot: String?

  @Option(help: ArgumentHelp("Also write a page with the picture.", valueName: "file.html"))
  var report: String?

  @Option(help: "How to print the answer.")
  var format = RegionFormat.text

  func validate() throws {
    if let plot, !plot.hasSuffix(".svg") {
      throw ValidationError("found --plot \(plot), expected a file that ends in .svg")
    }
    if let top, top < 1 { throw ValidationError("found --top \(top), expected at least 1") }
    if let leastMass, !(leastMass > 0 && leastMass < 1) {
      throw ValidationError("found --min-mass \(leastMass), expected a number between 0 and 1")
    }
    if let cover, !(cover > 0 && cover < 1) {
      throw ValidationError("found --cover \(cover), expected a number between 0 and 1")
    }
    guard accuracy > 0, accuracy < 1 else {
      throw ValidationError("found --accuracy \(accuracy), expected a number between 0 and 1")
    }
  }

  /// Whether a picture is wanted.
  var drawsPicture: Bool { plot != nil || report != nil }

  /// Writes the picture, and the page that shows it beside the answer.
  func write(_ picture: String, beside text: String, of command: String) throws(Failure) {
    do throws(CertificateError) {
      if let plot { try AtomicFile.write(Array(picture.utf8), to: plot) }
      if let report {
        let page = LawPage(
          title: "\(command): \(network)\(distribution.map { " under \($0)" } ?? "")",
          picture: picture, text: text, tool: "affidavit \(Affidavit.version)")
        try AtomicFile.write(Array(page.html.utf8), to: report)
      }
    } catch { throw .badInput(error.description) }
  }

  var options: MassOptions { MassOptions(accuracy: accuracy, seed: seed) }

  /// When a best-first search ends.
  var limits: BestFirstLimits {
    BestFirstLimits(
      count: top ?? (leastMass == nil && cover == nil ? 1000 : nil), leastMass: leastMass,
      covered: cover)
  }
}

/// The kinds of answer of the commands about regions.
enum RegionFormat: String, ExpressibleByArgument, CaseIterable {
  case text, json
}

/// A network with a law of its input, and the masses of its patterns.
struct RegionLaw {
  let network: Network
  let distribution: Distribution
  let components: [LatentComponent]
  let masses: MassFunction

  /// Finds the masses: all of them where two coordinates suffice, else the greatest ones first.
  init(_ arguments: RegionLawArguments, _ law: String) throws(Failure) {
    let library = NetworkLibrary()
    network = try library.entry(at: arguments.network).network
    distribution = try LawFile.read(law, for: network, library: library)
    do throws(MassError) {
      let components = try LatentComponent.components(of: distribution, seenBy: network)
      self.components = components
      if components.areEnumerated {
        let all = try MassFunction.complete(components, options: arguments.options)
        masses = all
      } else {
        masses = try MassFunction.bestFirst(
          components, limits: arguments.limits, options: arguments.options)
      }
    } catch { throw .badInput("\(arguments.network): \(error.description)") }
  }

  /// Finds all masses; nothing where there are more than two coordinates.
  ///
  /// - Parameters:
  ///   - distribution: The law of the input.
  ///   - network: The network.
  ///   - isCancelled: Asked now and then; `true` ends the walk with an error.
  /// - Throws: ``MassError``.
  init?(
    _ distribution: Distribution, of network: Network, isCancelled: () -> Bool
  ) throws(MassError) {
    let components = try LatentComponent.components(of: distribution, seenBy: network)
    guard components.areEnumerated else { return nil }
    (self.network, self.distribution, self.components) = (network, distribution, components)
    masses = try MassFunction.complete(components, isCancelled: isCancelled)
  }
}

extension [LatentComponent] {
  /// Whether all regions are looked at: where two coordinates suffice, and where a law is clipped.
  var areEnumerated: Bool { allSatisfy { $0.dimension <= 2 || $0.clippingGroups > 0 } }
}
