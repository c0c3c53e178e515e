internal import Approximation
internal import Certificates
internal import ExactArithmetic
internal import Probability

/// How often a threshold decides wrongly, for each of two laws of the input.
struct ErrorRates {
  /// The rates of one threshold.
  private struct Row {
    let threshold: Rational
    let falsePositives: OutputProbability
    let falseNegatives: OutputProbability
    let sampled: (positives: SampledShare, negatives: SampledShare)?
  }

  private let question: OutputQuestion
  private let negatives: NetworkOutputs
  private let positives: NetworkOutputs
  private let rows: [Row]

  /// Computes the rates: more than the threshold under the negatives, at most it under the positives.
  init(
    _ question: OutputQuestion, negatives: NetworkOutputs, positives: NetworkOutputs
  ) throws(Failure) {
    self.question = question
    self.negatives = negatives
    self.positives = positives
    let marginals = [negatives, positives].map { $0.law.marginal(of: question.weights) }
    do throws(MassError) {
      var rows: [Row] = []
      for threshold in question.thresholds {
        let limit = threshold - question.constant
        let above = OutputCondition(
          weights: question.weights.map { -$0 }, limit: -limit, isStrict: true)
        let below = OutputCondition(weights: question.weights, limit: limit)
        rows.append(
          Row(
            threshold: threshold, falsePositives: try marginals[0].probability(above: limit),
            falseNegatives: try marginals[1].probability(atMost: limit),
            sampled: negatives.sampled([above]).flatMap { positive in
              positives.sampled([below]).map { (positive, $0) }
            }))
      }
      self.rows = rows
    } catch { throw .badInput(error.description) }
  }

  var text: String {
    var lines = negatives.heading + positives.heading
    for row in rows {
      let limit = row.threshold.nearestDouble
      lines.append("\(question.name) > \(limit) decides positive")
      lines.append("  false positives  \(row.falsePositives.text)")
      if let sampled = row.sampled { lines.append("    \(sampled.positives.text)") }
      lines.append("  false negatives  \(row.falseNegatives.text)")
      if let sampled = row.sampled { lines.append("    \(sampled.negatives.text)") }
    }
    return lines.joined(separator: "\n")
  }

  var json: JSON {
    .object([
      .init("output", .string(question.name)),
      .init("negatives", .string(negatives.distribution)),
      .init("positives", .string(positives.distribution)),
      .init(
        "rates",
        .array(of: rows) { row in
          [
            "at": .number("\(row.threshold.nearestDouble)"),
            "falsePositives": row.falsePositives.json,
            "falseNegatives": row.falseNegatives.json,
            "sampledFalsePositives": row.sampled?.positives.json ?? .null,
            "sampledFalseNegatives": row.sampled?.negatives.json ?? .null,
          ]
        }),
    ])
  }
}
