/// Why numbers describe no distribution.
public struct DistributionError: Error, Hashable, CustomStringConvertible {
  /// What the numbers are.
  public enum Part: Hashable, Sendable {
    /// The description as a whole.
    case whole
    /// A mean, a centre or a list of points.
    case values
    /// Variances, standard deviations, a covariance, probabilities or weights.
    case spread
    /// Lower ends.
    case lower
    /// Upper ends.
    case upper
  }

  /// Where the fault lies.
  public let part: Part
  /// The entry at fault, counted from zero; nil where it is no single one.
  public let entry: Int?
  /// One sentence: what was found and what was expected.
  public let message: String

  /// Creates an error.
  ///
  /// - Parameters:
  ///   - part: Where the fault lies.
  ///   - entry: The entry at fault.
  ///   - message: What was found and what was expected.
  public init(_ part: Part, entry: Int? = nil, _ message: String) {
    self.part = part
    self.entry = entry
    self.message = message
  }

  /// The message.
  public var description: String { message }
}
