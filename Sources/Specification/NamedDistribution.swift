public import Probability

internal import ClaimLanguage

/// A distribution as a text gives it; one that is written with single numbers alone fits any network.
public struct NamedDistribution: Sendable {
  /// The name in a specification; the path of a file of its own.
  public let name: String
  /// The law; of one entry where it fits any network.
  public let law: Distribution
  /// Whether single numbers stand for all entries, however many they are.
  public let fitsAnySize: Bool

  private let path: String
  private let position: SourcePosition

  init(name: String, _ read: DistributionReader.Reading, at place: YAMLValue) {
    self.name = name
    law = read.law
    fitsAnySize = read.isScalar
    path = place.source.path
    position = place.position
  }

  /// Reads a file that holds one distribution, in YAML or JSON.
  ///
  /// - Parameters:
  ///   - text: The file's text.
  ///   - path: The file's path, for messages and as the place that relative paths start from.
  ///   - tables: Loads the numbers of a data file, given its path.
  /// - Returns: The distribution.
  /// - Throws: ``SpecificationError`` at the first place that does not fit.
  public static func read(
    text: String, path: String, tables: (String) throws -> DataTable
  ) throws(SpecificationError) -> NamedDistribution {
    let root = try YAMLValue.read(text: text, path: path)
    return try withoutActuallyEscaping(tables) { tables throws(SpecificationError) in
      let reader = DistributionReader(sets: [:], tables: tables)
      return NamedDistribution(name: path, try reader.law(root), at: root)
    }
  }

  /// The law for a number of entries.
  ///
  /// - Parameter size: How many entries the input of a network has.
  /// - Returns: The law.
  /// - Throws: ``SpecificationError`` where it has another number of entries.
  public func law(size: Int) throws(SpecificationError) -> Distribution {
    guard law.dimension != size else { return law }
    guard fitsAnySize, let spread = law.spread(to: size) else {
      throw SpecificationError(
        path: path, position: position,
        message: "found a distribution of \(law.dimension) entries, expected \(size), one for each "
          + "input")
    }
    return spread
  }
}
