public import ClaimLanguage

/// Why a specification is not understood.
public struct SpecificationError: Error, Hashable, CustomStringConvertible {
  /// The file.
  public let path: String
  /// Where in it; the columns count characters.
  public let position: SourcePosition
  /// One sentence: what was found and what was expected.
  public let message: String

  /// `path:line:column: message`.
  public var description: String {
    "\(path):\(position.line):\(position.column): \(message)"
  }
}
