internal import ArgumentParser
internal import Certificates
internal import NetworkModel
internal import Probability
internal import Specification

/// Shows what was understood of a distribution.
struct DistributionShow: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Show what was understood of a distribution: its form, its moments.")

  @Argument(help: "A file with a distribution, or SPEC.yaml:NAME.")
  var distribution: String

  @Option(help: "How to print the answer.")
  var format = LawFormat.text

  func run() throws {
    let named = try LawFile.read(distribution)
    let law = named.law
    let moments = law.moments
    let deviations = moments.map { moments in
      (0..<law.dimension).map { moments.covariance.weights[$0 * (law.dimension + 1)].squareRoot() }
    }
    switch format {
    case .text:
      print("form        \(law.form.name)")
      print(
        "entries     \(law.dimension)\(named.fitsAnySize ? ", or as many as a network has" : "")")
      print("components  \(law.componentCount)")
      guard let moments, let deviations else { return print("moments     no closed form") }
      for (entry, mean) in moments.mean.prefix(20).enumerated() {
        print(
          "entry \(entry)".padded(to: 12) + "mean \(mean.significant(9))".padded(to: 24)
            + "standard deviation \(deviations[entry].significant(9))")
      }
      if law.dimension > 20 { print("and \(law.dimension - 20) more") }
    case .json:
      let numbers = { (values: [Double]) in JSON.array(of: values) { .number("\($0)") } }
      print(
        JSON.object([
          .init("form", .string(law.form.name)), .init("entries", .number("\(law.dimension)")),
          .init("fitsAnySize", .bool(named.fitsAnySize)),
          .init("components", .number("\(law.componentCount)")),
          .init("mean", moments.map { numbers($0.mean) } ?? .null),
          .init("standardDeviation", deviations.map(numbers) ?? .null),
          .init("text", .string(law.text)),
        ]).text)
    }
  }
}

/// Draws points.
struct DistributionSample: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sample",
    abstract: "Draw points from a distribution, as CSV; a seed determines them.")

  @Argument(help: "A file with a distribution, or SPEC.yaml:NAME.")
  var distribution: String

  @Option(help: "How many points.")
  var count: Int

  @Option(help: "What they are drawn with.")
  var seed: UInt64 = 0

  func run() throws {
    guard count >= 0 else {
      throw ValidationError("found --count \(count), expected none below zero")
    }
    let law = try LawFile.read(distribution).law
    var generator = SeededGenerator(seed: seed)
    for _ in 0..<count {
      do {
        let point = try law.sample(using: &generator)
        print(point.map { "\($0)" }.joined(separator: ","))
      } catch {
        throw Failure.badInput("\(distribution): \(error.message)")
      }
    }
  }
}

extension Distribution.Form {
  /// The key that it is written with.
  var name: String {
    switch self {
    case .gaussian: "gaussian"
    case .mixture: "mixture"
    case .uniform: "uniform"
    case .product: "product"
    case .discrete: "discrete"
    case .kernel: "kernel"
    case .truncated(let law, _): "\(law.form.name), truncated"
    case .clipped(let law, _): "\(law.form.name), clipped"
    }
  }
}

extension String {
  /// The text with blanks up to a width.
  func padded(to width: Int) -> String {
    self + String(repeating: " ", count: max(1, width - count))
  }
}
