internal import NetworkModel
internal import Probability
internal import Specification

/// Distributions by the names that arguments give them.
enum LawFile {
  /// Reads a distribution: a file of its own, or `SPEC.yaml:NAME` for one of a specification.
  static func read(
    _ argument: String, library: NetworkLibrary = NetworkLibrary()
  ) throws(Failure) -> NamedDistribution {
    for ending in [".yaml:", ".yml:"] {
      guard let mark = argument.firstRange(of: ending) else { continue }
      let path = String(argument[..<mark.upperBound].dropLast())
      let name = String(argument[mark.upperBound...])
      let specification = try SpecificationFile(InputFile(path), library: library).specification
      guard let found = specification.distributions.first(where: { $0.name == name }) else {
        let names = specification.distributions.map(\.name).joined(separator: ", ")
        throw .badInput(
          "\(path): found no distribution `\(name)`, expected "
            + (names.isEmpty ? "a block `distributions`" : "one of \(names)"))
      }
      return found
    }
    let file = try InputFile(argument)
    let text = try file.text()
    do {
      return try NamedDistribution.read(text: text, path: argument) {
        try DataFile.table(at: resolved($0, beside: argument))
      }
    } catch { throw .badInput(error.description) }
  }

  /// Reads the law for the input of a network.
  static func read(
    _ argument: String, for network: Network, library: NetworkLibrary
  ) throws(Failure) -> Distribution {
    guard network.inputs.count == 1, let input = network.inputs.first else {
      throw .badInput("found \(network.inputs.count) inputs, expected a network with one")
    }
    let named = try read(argument, library: library)
    do { return try named.law(size: input.size) } catch { throw .badInput(error.description) }
  }

  private static func resolved(_ path: String, beside file: String) -> String {
    guard !path.hasPrefix("/"), let slash = file.lastIndex(of: "/") else { return path }
    return file[...slash] + path
  }
}
