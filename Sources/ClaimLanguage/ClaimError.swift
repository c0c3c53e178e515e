/// A place in a text.
public struct SourcePosition: Hashable, Sendable {
  /// The line, counted from one.
  public let line: Int
  /// The byte within the line, counted from one.
  public let column: Int

  /// Names a place by its line and its column.
  public init(line: Int, column: Int) {
    self.line = line
    self.column = column
  }
}

/// Why a claim is not understood, or does not fit its networks.
public struct ClaimError: Error, Hashable, CustomStringConvertible {
  /// Where in the claim's text.
  public let position: SourcePosition
  /// One sentence: what was found and what was expected.
  public let message: String

  init(_ position: SourcePosition, _ message: String) {
    self.position = position
    self.message = message
  }

  /// `line:column: message`.
  public var description: String { "\(position.line):\(position.column): \(message)" }
}

/// Refuses a claim unless a condition holds.
func expect(
  _ condition: Bool, at position: SourcePosition, _ otherwise: @autoclosure () -> String
) throws(ClaimError) {
  if !condition { throw ClaimError(position, otherwise()) }
}
