internal import Certificates
internal import MassArithmetic
internal import Probability
internal import ProofChecker
internal import Search
internal import Specification

extension BoundedClaim {
  /// The answer as a person reads it.
  var text: String {
    var lines = ["\(claim.id): \(answer.word)", "    \(claim.statement)"]
    switch finding {
    case .proved(let verified, _):
      lines += [
        "    it is in [\(verified.lowerNumeral), \(verified.upperNumeral)] (proved)",
        "    \(verified.words) replayed; \(seconds.fixed(2)) s",
      ]
    case .computed(let bounds):
      let covered = max(0, 1 - bounds.covered.lower).significant(3)
      if let ends = bounds.ends {
        lines.append(
          "    it is in [\(ends.lower.significant(9)), \(ends.upper.significant(9))] "
            + "(\(bounds.status.phrase))")
      }
      lines.append(
        "    \(counted(bounds.parts, "part")) looked at, not more than \(covered) left; "
          + "\(seconds.fixed(2)) s")
    case .none: break
    }
    if let reason { lines.append("    undecided: \(reason)") }
    if let sample { lines.append(sample.text) }
    return lines.joined(separator: "\n")
  }

  /// The answer as a program reads it.
  var json: JSON {
    var members: [JSON.Member] = [
      .init("id", .string(claim.id)), .init("statement", .string(claim.statement)),
      .init("line", .number("\(claim.line)")), .init("result", .string(answer.word)),
      .init("reason", reason.map(JSON.string) ?? .null), .init("probability", interval),
    ]
    switch finding {
    case .proved(let verified, let cells):
      members += [
        .init("cells", .number("\(cells)")), .init("records", .number("\(verified.records)")),
        .init("history", .array(of: history, \.json)),
      ]
    case .computed(let bounds):
      members += [
        .init("covered", .number("\(bounds.covered.value)")),
        .init("hidden", .number("\(bounds.hidden)")), .init("parts", .number("\(bounds.parts)")),
      ]
    case .none: break
    }
    if let sample { members.append(.init("sample", sample.json)) }
    return .object(members + [.init("seconds", .number(seconds.fixed(3)))])
  }

  private var interval: JSON {
    switch finding {
    case .proved(let verified, _):
      [
        "lower": .number(verified.lowerNumeral), "upper": .number(verified.upperNumeral),
        "status": "proved", "confidence": .null,
      ]
    case .computed(let bounds):
      [
        "lower": bounds.ends.map { .number("\($0.lower)") } ?? .null,
        "upper": bounds.ends.map { .number("\($0.upper)") } ?? .null,
        "status": .string(bounds.status.rawValue),
        "confidence": bounds.status == .estimate ? "0.999" : .null,
      ]
    case .none: .null
    }
  }
}

extension VerifiedProbability {
  fileprivate var lowerNumeral: String { lower.numeral(rounding: .down) }
  fileprivate var upperNumeral: String { upper.numeral(rounding: .up) }
}

extension ProbabilityProgress {
  fileprivate var json: JSON {
    [
      "seconds": .number(seconds.fixed(3)), "lower": .number("\(lower)"),
      "upper": .number("\(upper)"),
    ]
  }
}

extension ProbabilityClaim.Answer {
  fileprivate var word: String {
    switch self {
    case .holds: "holds"
    case .refuted: "refuted"
    case .undecided: "undecided"
    }
  }
}

extension UncertainMass.Status {
  fileprivate var phrase: String {
    switch self {
    case .proved: "proved"
    case .exact: "exact, up to rounding"
    case .estimate: "estimate, 99.9 %"
    }
  }
}
