internal import Certificates
internal import Probability

extension UncertainMass {
  /// The number with its interval and status.
  var json: JSON {
    [
      "value": .number("\(value)"), "lower": .number("\(lower)"), "upper": .number("\(upper)"),
      "status": .string(status.rawValue),
    ]
  }

  /// The number with its interval and status, in one line.
  var text: String {
    switch status {
    case .proved, .exact: "\(value.significant(12)) (\(status.rawValue))"
    case .estimate:
      "\(value.significant(6)) in [\(lower.significant(6)), \(upper.significant(6))] "
        + "(estimate, 99.9 %)"
    }
  }
}

extension Double {
  /// The number, or nothing where JSON has none.
  var json: JSON { isFinite ? .number("\(self)") : .null }
}
