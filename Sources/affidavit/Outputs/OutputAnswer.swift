internal import Approximation
internal import ExactArithmetic
internal import Foundation
internal import NetworkModel
internal import Probability

/// What `output` says of one law.
struct OutputAnswer {
  /// The distribution function at one number.
  struct Threshold {
    let number: Rational
    let atMost: OutputProbability
    let below: OutputProbability
    let above: OutputProbability
    let sampled: SampledShare?
  }

  /// Several conditions together.
  struct EventAnswer {
    let text: String
    let probability: OutputProbability
    let sampled: SampledShare?
  }

  let question: OutputQuestion
  let outputs: NetworkOutputs
  let thresholds: [Threshold]
  let atoms: [OutputMarginal.Atom]
  /// `nil` where there is no closed form.
  let densities: [(at: Double, density: UncertainMass?)]
  let quantiles: [(level: Double, quantile: OutputMarginal.Quantile)]
  let events: [EventAnswer]
  /// Of all outputs.
  let moments: OutputMoments

  init(_ question: OutputQuestion, _ outputs: NetworkOutputs) throws(Failure) {
    self.question = question
    self.outputs = outputs
    let marginal = outputs.law.marginal(of: question.weights)
    let shift = question.constant
    atoms = marginal.atoms
    do throws(MassError) {
      var thresholds: [Threshold] = []
      for number in question.thresholds {
        let limit = number - shift
        thresholds.append(
          Threshold(
            number: number, atMost: try marginal.probability(atMost: limit),
            below: try marginal.probability(atMost: limit, isStrict: true),
            above: try marginal.probability(above: limit),
            sampled: outputs.sampled([OutputCondition(weights: question.weights, limit: limit)])))
      }
      self.thresholds = thresholds
      var densities: [(at: Double, density: UncertainMass?)] = []
      for at in question.densities {
        densities.append((at, try marginal.density(at: at - shift.nearestDouble)))
      }
      self.densities = densities
      var quantiles: [(level: Double, quantile: OutputMarginal.Quantile)] = []
      for level in question.levels { quantiles.append((level, try marginal.quantile(level))) }
      self.quantiles = quantiles
      var events: [EventAnswer] = []
      for event in question.events {
        events.append(
          EventAnswer(
            text: event.text, probability: try outputs.law.probability(of: event.conditions),
            sampled: outputs.sampled(event.conditions)))
      }
      self.events = events
      moments = try outputs.moments()
    } catch { throw .badInput(error.description) }
  }

  /// What is added to the values of the law.
  var shift: Double { question.constant.nearestDouble }

  /// Mean and standard deviation of the combination.
  var spread: OutputMoments.Spread {
    moments.spread(of: question.weights.map(\.nearestDouble), shift: shift)
  }

  /// The probability of an atom with what is not known.
  func interval(of atom: OutputMarginal.Atom) -> OutputProbability {
    OutputProbability(
      value: atom.mass.value, lower: atom.mass.lower,
      upper: min(1, atom.mass.upper + outputs.law.missing),
      status: atom.mass.status == .estimate ? .estimate : .exact)
  }

  var text: String {
    let name = question.name
    var lines = outputs.heading
    lines.append("mean        \(spread.mean.text)")
    lines.append("deviation   \(spread.deviation.text)")
    for atom in atoms.prefix(20) {
      lines.append(
        "atom        \((atom.value + shift).significant(12)) with probability "
          + interval(of: atom).text)
    }
    if atoms.isEmpty { lines.append("atoms       none on the listed regions") }
    if atoms.count > 20 { lines.append("and \(atoms.count - 20) more (--format json has all)") }
    for threshold in thresholds {
      let number = threshold.number.nearestDouble
      lines.append("P(\(name) <= \(number))  \(threshold.atMost.text)")
      if let sampled = threshold.sampled { lines.append("  \(sampled.text)") }
      if threshold.below.value != threshold.atMost.value {
        lines.append("P(\(name) < \(number))  \(threshold.below.text)")
      }
      lines.append("P(\(name) > \(number))  \(threshold.above.text)")
    }
    for (at, density) in densities {
      let value = density.map { $0.text } ?? "no closed form"
      lines.append("density at \(at), without atoms  \(value)")
    }
    for (level, quantile) in quantiles {
      let (lower, upper) = (quantile.lower + shift, quantile.upper + shift)
      let range =
        quantile.isAtom || upper - lower <= 1e-9 * max(1, upper.magnitude)
        ? upper.significant(12) : "between \(lower.significant(9)) and \(upper.significant(9))"
      lines.append("quantile \(level)  \(range)\(quantile.isAtom ? ", an atom" : "")")
    }
    for event in events {
      lines.append("P(\(event.text))  \(event.probability.text)")
      if let sampled = event.sampled { lines.append("  \(sampled.text)") }
    }
    return lines.joined(separator: "\n")
  }
}
