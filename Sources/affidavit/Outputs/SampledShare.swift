internal import Certificates
internal import Probability

/// How often something happened among what was drawn: a cross-check.
struct SampledShare {
  let hits: Int
  let count: Int
  let interval: BinomialInterval
  let confidence: Double

  /// The share with its interval, in one line.
  var text: String {
    let share = Double(hits) / Double(count)
    return "sampled \(share.significant(6)) in [\(interval.lower.significant(6)), "
      + "\(interval.upper.significant(6))] (estimate, \((100 * confidence).significant(4)) %)"
  }

  /// The share with its interval.
  var json: JSON {
    [
      "hits": .number("\(hits)"), "of": .number("\(count)"),
      "lower": .number("\(interval.lower)"), "upper": .number("\(interval.upper)"),
      "confidence": .number("\(confidence)"), "status": "estimate",
    ]
  }
}
