internal import ClaimLanguage
internal import ExactArithmetic
internal import MassArithmetic

extension ProbabilityClaim {
  /// The text that is proved: the events, the law, and bounds of the number.
  ///
  /// The same claim and bounds always give the same text.
  ///
  /// - Parameters:
  ///   - lower: The lower bound, a decimal numeral.
  ///   - upper: The upper bound, a decimal numeral.
  /// - Returns: The text, in the language of `specs/format/probability.md`.
  /// - Throws: ``LawWithoutProof`` where event or law go beyond that language.
  public func provedText(
    from lower: String, to upper: String
  ) throws(LawWithoutProof) -> String {
    guard let (head, quantity) = text.map({ ($0.text, "") }) ?? wording else {
      throw LawWithoutProof(reason: "an event about Jacobians or activation patterns")
    }
    guard arithmetic == .real else {
      throw LawWithoutProof(reason: "a probability over binary32 executions")
    }
    let components = try LatentLaw(law).components.map(\.text)
    return head + "(probability \(lower) \(upper)\n" + quantity
      + components.joined(separator: "\n") + ")\n"
  }
}

extension LatentLaw.Component {
  fileprivate var text: String {
    let laws = laws.map { "    \($0.text)" }
    let map = map.map { rows in
      ["    (map"] + rows.map { "      (\($0.map(\.exactText).joined(separator: " ")))" }
    }
    let lines = ["  (component \(weight.exactText)"] + laws + (map ?? [])
    return lines.joined(separator: "\n") + (map == nil ? ")" : "))")
  }
}

extension CoordinateLaw {
  fileprivate var text: String {
    switch self {
    case .normal(let mean, let variance): "(normal \(mean.exactText) \(variance.exactText))"
    case .truncatedNormal(let mean, let variance, let lower, let upper):
      "(truncated-normal \(mean.exactText) \(variance.exactText) "
        + "\(lower?.exactText ?? "-inf") \(upper?.exactText ?? "inf"))"
    case .uniform(let lower, let upper): "(uniform \(lower.exactText) \(upper.exactText))"
    case .points(let points):
      "(points "
        + points.map { "(\($0.value.exactText) \($0.probability.exactText))" }
        .joined(separator: " ") + ")"
    case .clipped(let law, let lower, let upper):
      "(clipped \(law.text) \(lower.exactText) \(upper.exactText))"
    }
  }
}

extension Rational {
  /// The shorter of the decimal numeral and the fraction.
  fileprivate var exactText: String {
    let fraction = "\(numerator)/\(denominator)"
    guard let numeral = decimalNumeral else { return fraction }
    return numeral.count <= max(12, fraction.count) ? shortNumeral : fraction
  }
}
