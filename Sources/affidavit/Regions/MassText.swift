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

extension OutputProbability {
  /// The number with its interval and status, as members of an object.
  var members: [JSON.Member] {
    [
      .init("value", .number("\(value)")), .init("lower", .number("\(lower)")),
      .init("upper", .number("\(upper)")), .init("status", .string(status.rawValue)),
    ]
  }

  /// The number with its interval and status.
  var json: JSON { .object(members) }

  /// The number with its interval and status, in one line.
  var text: String {
    switch status {
    case .estimate:
      "in [\(lower.significant(6)), \(upper.significant(6))] (estimate, 99.9 %)"
    case .proved, .exact:
      // Rounding alone, or something that is not known.
      upper - lower <= 1e-6
        ? "\(value.significant(12)) ± \(max(upper - value, value - lower).significant(2)) "
          + "(\(status.rawValue))"
        : "in [\(lower.significant(9)), \(upper.significant(9))] (\(status.rawValue))"
    }
  }
}

extension Double {
  /// The number, or nothing where JSON has none.
  var json: JSON { isFinite ? .number("\(self)") : .null }
}
