internal import ClaimLanguage
public import NetworkModel
public import Probability

/// A specification file: claims about networks, in sentences.
///
/// `specs/format/specification.md` gives the language. Each claim is lowered to VNN-LIB 2.0 text,
/// and that text alone is what is proved and checked.
public struct Specification: Sendable {
  /// A network that the file names.
  public struct NamedNetwork: Hashable, Sendable {
    /// The name in sentences and in queries.
    public let name: String
    /// Its file; relative paths count from where the specification's own path does.
    public let path: String
  }

  /// One claim.
  public struct Claim: Sendable {
    /// What a claim can say.
    public enum Form: Sendable {
      /// That a condition holds.
      case condition(ClaimText)
      /// What a number is.
      case number(NumberClaim)
      /// How probable an event is.
      case probability(ProbabilityClaim)
    }

    /// Its name, also as a file's: letters, digits, `-`, `_` and `.`.
    public let id: String
    /// The line on which it begins.
    public let line: Int
    /// The claim in one sentence.
    public let statement: String
    /// What it says.
    public let form: Form
    /// The networks that the query needs, by the names of ``Specification/networks``.
    public let networks: [String]
  }

  /// The networks, in the order of the file.
  public let networks: [NamedNetwork]
  /// The distributions, in the order of the file.
  public let distributions: [NamedDistribution]
  /// The claims, in the order of the file.
  public let claims: [Claim]

  /// Reads a specification.
  ///
  /// - Parameters:
  ///   - text: The file's text.
  ///   - path: The file's path, for messages and as the place that relative paths start from.
  ///   - load: Loads the network of a path.
  ///   - files: Loads the text of a path, for points in files.
  ///   - tables: Loads the numbers of a data file, for distributions.
  /// - Returns: The specification.
  /// - Throws: ``SpecificationError`` at the first place that does not fit.
  public static func read(
    text: String, path: String, networks load: (String) throws -> Network,
    files: @escaping (String) throws -> String,
    tables: @escaping (String) throws -> DataTable
  ) throws(SpecificationError) -> Specification {
    let root = try YAMLValue.read(text: text, path: path)
    let fields = try root.fields(
      ["affidavit", "networks", "arithmetic", "sets", "distributions", "claims"])
    try readVersion(fields["affidavit"], of: root)
    let arithmetic = try readArithmetic(fields["arithmetic"])

    func resolved(_ name: String) -> String {
      guard !name.hasPrefix("/"), let slash = path.lastIndex(of: "/") else { return name }
      return path[...slash] + name
    }
    func readFile(_ place: YAMLValue, _ name: String) throws(SpecificationError) -> String {
      do { return try files(resolved(name)) } catch {
        throw place.error("cannot read `\(name)`: \(error)")
      }
    }
    var loaded: [String: Network] = [:]
    var named: [NamedNetwork] = []
    guard let networks = fields["networks"] else { throw root.error("expected the key networks") }
    for (name, place, value) in try networks.entries("names and paths of networks") {
      try checkName(name, at: place)
      let file = resolved(try value.text("the path of a network"))
      do { loaded[name] = try load(file) } catch {
        throw value.error("cannot read the network `\(name)`: \(error)")
      }
      try checkPorts(of: loaded[name], name, arithmetic, at: value)
      named.append(NamedNetwork(name: name, path: file))
    }
    var sets: [String: InputSet] = [:]
    for (name, place, value) in try fields["sets"]?.entries("names and sets") ?? [] {
      guard isIdentifier(name) else {
        throw place.error("found the name `\(name)`, expected letters, digits, `-`, `_` and `.`")
      }
      sets[name] = try InputSet(value, files: readFile)
    }
    let (laws, distributions) = try readDistributions(fields["distributions"], sets) {
      try tables(resolved($0))
    }
    guard let list = try fields["claims"]?.list(), !list.isEmpty else {
      throw (fields["claims"] ?? root).error("expected the key claims with a list of claims")
    }
    let reader = ClaimReader(
      networks: loaded, arithmetic: arithmetic, sets: sets, files: readFile, laws: laws)
    var claims: [Claim] = []
    var ids: Set<String> = []
    for value in list {
      let claim = try reader.claim(value)
      guard ids.insert(claim.id).inserted else {
        throw value.error("found the id `\(claim.id)` twice")
      }
      claims.append(claim)
    }
    return Specification(networks: named, distributions: distributions, claims: claims)
  }

  private static func readDistributions(
    _ value: YAMLValue?, _ sets: [String: InputSet], tables: @escaping (String) throws -> DataTable
  ) throws(SpecificationError) -> (DistributionReader, [NamedDistribution]) {
    var reader = DistributionReader(sets: sets, tables: tables)
    var named: [NamedDistribution] = []
    for (name, place, value) in try value?.entries("names and distributions") ?? [] {
      guard isIdentifier(name) else {
        throw place.error("found the name `\(name)`, expected letters, digits, `-`, `_` and `.`")
      }
      let law = try reader.law(value)
      reader.laws[name] = law
      named.append(NamedDistribution(name: name, law, at: value))
    }
    return (reader, named)
  }

  /// Whether a text can name a file: letters, digits, `-`, `_` and `.`, not all of them points.
  static func isIdentifier(_ text: String) -> Bool {
    text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_.".contains($0)) }
      && !text.allSatisfy { $0 == "." }
  }

  private static func readVersion(
    _ value: YAMLValue?, of root: YAMLValue
  ) throws(SpecificationError) {
    guard let value else { throw root.error("expected the key affidavit with the version 1") }
    let version = try value.text("the version 1")
    guard version == "1" else {
      throw value.error("found the version `\(version)`, expected 1")
    }
  }

  private static func readArithmetic(
    _ value: YAMLValue?
  ) throws(SpecificationError) -> Meaning {
    guard let value else { return .real }
    let name = try value.text("real or float32")
    guard let arithmetic = Meaning(rawValue: name) else {
      throw value.error("found the arithmetic `\(name)`, expected real or float32")
    }
    return arithmetic
  }

  private static func checkName(_ name: String, at place: YAMLValue) throws(SpecificationError) {
    guard Sentence.isName(name) else {
      throw place.error(
        "found the name `\(name)`, expected a letter, then letters, digits and `_`")
    }
    guard !SentenceReader.reserved.contains(name) else {
      throw place.error("`\(name)` is a word of the language, expected another name")
    }
  }

  private static func checkPorts(
    of network: Network?, _ name: String, _ arithmetic: Meaning, at place: YAMLValue
  ) throws(SpecificationError) {
    let (inputs, outputs) = (network?.inputs ?? [], network?.outputs ?? [])
    guard inputs.count == 1, outputs.count == 1 else {
      throw place.error(
        "`\(name)` has \(inputs.count) inputs and \(outputs.count) outputs, expected one of each")
    }
    for port in inputs + outputs where arithmetic == .float32 && port.elementType != .float32 {
      throw place.error("`\(name)` computes in \(port.elementType.rawValue), not in float32")
    }
  }
}
