internal import ClaimLanguage
internal import ExactArithmetic
internal import MassArithmetic
internal import NetworkModel
internal import ProofChecker

/// A claim about a probability as a person reads it.
struct ProbabilityText {
  let problem: ProbabilityProblem
  let query: ProbabilityQuery
  let networks: [String: Network]

  /// All of it.
  var text: String {
    let claim =
      "claim: \(problem.quantity.words) lies from \(problem.lower.text) to \(problem.upper.text), "
      + "where P(k) is the probability of a point of the case of event k"
    let parts = problem.events.enumerated().flatMap { number, components in
      components.enumerated().map { place, component in
        let names = component.problem.inputNames
        let laws = zip(names, component.laws).map { "  \($0): \(Self.words(for: $1))" }
        let event = ProblemText(
          component.problem, of: query.events[number], networks: networks,
          furtherOutputs: problem.inputNames)
        let title =
          "event \(number + 1), component \(place + 1), weight \(component.weight.text):"
        let map = query.components[place].map.map { lines(of: $0, of: names) } ?? []
        return ([title] + laws + map + [event.text(claiming: [])]).joined(separator: "\n")
      }
    }
    return ([claim] + parts).joined(separator: "\n")
  }

  /// How the inputs follow from the latent coordinates, with all their factors but zeros.
  private func lines(of map: [[Rational]], of names: [String]) -> [String] {
    zip(problem.inputNames, map).map { input, row in
      let terms = zip(names, row.dropFirst()).filter { $1.signum != 0 }
      return "  \(input) = \(row[0].text)" + terms.map { " + \($1.text)*\($0)" }.joined()
    }
  }

  private static func words(for law: CoordinateLaw) -> String {
    switch law {
    case .normal(let mean, let variance): "normal, mean \(mean.text), variance \(variance.text)"
    case .truncatedNormal(let mean, let variance, let lower, let upper):
      "normal, mean \(mean.text), variance \(variance.text), given that it lies from "
        + "\(lower?.text ?? "-inf") to \(upper?.text ?? "inf")"
    case .uniform(let lower, let upper): "uniform from \(lower.text) to \(upper.text)"
    case .points(let points):
      "one of "
        + points.map { "\($0.value.text) (\($0.probability.text))" }.joined(separator: ", ")
    case .clipped(let law, let lower, let upper):
      "\(words(for: law)), clipped to \(lower.text) to \(upper.text)"
    }
  }
}

extension ProbabilityQuantity {
  fileprivate var words: String {
    switch self {
    case .probability(let event): "P(\(event + 1))"
    case .conditional(let event, let condition): "P(\(event + 1)) / P(\(condition + 1))"
    case .ratio(let first, let second): "(\(first.words)) / (\(second.words))"
    case .difference(let first, let second): "(\(first.words)) - (\(second.words))"
    case .complement(let other): "1 - (\(other.words))"
    }
  }
}

extension VerifiedProbability {
  /// What was shown, in one line.
  var text: String {
    "accepted: the number lies from \(lower.numeral(rounding: .down)) to "
      + "\(upper.numeral(rounding: .up)), as claimed: \(counted(nodes, "cell")) and "
      + "\(counted(records, "record"))"
  }
}
