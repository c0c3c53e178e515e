internal import Foundation

extension Double {
  /// The number with some decimal places.
  func fixed(_ places: Int) -> String { String(format: "%.\(places)f", self) }

  /// The number with some significant digits.
  func significant(_ digits: Int) -> String { String(format: "%.\(digits)g", self) }
}

/// The time of day as certificates hold it.
enum Clock {
  /// Now, in UTC, as `2026-11-03T12:00:00Z`.
  static var now: String { Date().formatted(.iso8601) }
}
