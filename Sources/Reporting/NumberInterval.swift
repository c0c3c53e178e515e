public import Certificates

/// Where a number lies, and what stands behind that.
public struct NumberInterval: Sendable {
  /// What stands behind a printed number.
  public enum Status: String, Sendable {
    /// A certificate can be made: each end has a proof or an exactly confirmed witness.
    case proved
    /// A closed form or an enumeration, in floating point.
    case exact
    /// An interval with a confidence.
    case estimate
  }

  /// The ends.
  public var ends: Certification.Interval
  /// What stands behind them.
  public var status: Status

  /// An interval with what stands behind it.
  ///
  /// - Parameters:
  ///   - ends: The ends.
  ///   - status: What stands behind them.
  public init(_ ends: Certification.Interval, status: Status) {
    self.ends = ends
    self.status = status
  }

  /// The interval and its status as the end of a sentence about the number.
  var phrase: String { "\(ends.phrase) (\(status.rawValue))" }

  /// An object with both ends, null where there is none.
  var json: JSON {
    [
      "lower": ends.lower.map(JSON.string) ?? .null, "upper": ends.upper.map(JSON.string) ?? .null,
      "status": .string(status.rawValue),
    ]
  }
}
