internal import ClaimLanguage
internal import ExactArithmetic
internal import MassArithmetic
internal import Probability

extension ProbabilityClaim {
  /// The text that is proved: the events, the law, and bounds of the number.
  ///
  /// The same claim and bounds always give the same text.
  ///
  /// - Parameters:
  ///   - lower: The lower bound, a decimal numeral.
  ///   - upper: The upper bound, a decimal numeral.
  ///   - wording: How it is worded.
  /// - Returns: The text, in the language of `specs/format/probability.md`.
  /// - Throws: ``LawWithoutProof`` where event or law go beyond that language.
  public func provedText(
    from lower: String, to upper: String, wording: Wording = .plain
  ) throws(LawWithoutProof) -> String {
    guard let (head, quantity) = words(wording) else {
      throw LawWithoutProof(
        reason: "an event about this norm of a Jacobian, or units without named pre-activations")
    }
    guard arithmetic == .real else {
      throw LawWithoutProof(reason: "a probability over binary32 executions")
    }
    let components = try LatentLaw(provedLaw).components.map {
      $0.beside(constants: directions).text
    }
    return head + "(probability \(lower) \(upper)\n" + quantity
      + components.joined(separator: "\n") + ")\n"
  }
}

extension ProbabilityClaim {
  /// How a claim is worded: its probabilities as they are asked for, or some as one less those of the
  /// contrary events.
  public struct Wording: Hashable, Sendable {
    /// As the claim is asked.
    public static let plain = Wording(contraries: [])

    /// The places of those that are worded by the contrary events, of those that are compared.
    let contraries: Set<Int>
  }

  /// All wordings that say the same, the plain one first.
  public var wordings: [Wording] {
    sides.sides.indices.reduce([.plain]) { wordings, place in
      wordings + wordings.map { Wording(contraries: $0.contraries.union([place])) }
    }
  }

  /// The wording by the less likely ones of events and their contraries.
  ///
  /// - Parameter probabilities: About how probable the ``events`` are.
  /// - Returns: The wording.
  public func wording(of probabilities: [Double]) -> Wording {
    var rest = probabilities[...]
    var places: Set<Int> = []
    for (place, side) in sides.sides.enumerated() {
      let event = rest.popFirst() ?? 0
      let isGiven = side.given != nil || !truncation.isEmpty
      let whole = isGiven ? rest.popFirst() ?? 1 : 1
      if event > whole / 2 { places.insert(place) }
    }
    return Wording(contraries: places)
  }

  /// The law that proofs are about.
  private var provedLaw: Distribution {
    guard !truncation.isEmpty, case .truncated(let whole, _) = law.form else { return law }
    return whole
  }

  /// The query, with the only event or without any, and the quantity.
  private func words(_ wording: Wording) -> (head: String, quantity: String)? {
    if wording == .plain, truncation.isEmpty, let text { return (text.text, "") }
    var comments = ""
    if !truncation.isEmpty { comments += "  ; the law is that below, given its last condition\n" }
    if wording != .plain { comments += "  ; a complement is one less: its event is contrary\n" }
    return sides.text(byContraries: wording.contraries, given: truncation)
      .map { (head, comments + $0) }
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
