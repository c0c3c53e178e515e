internal import Approximation
internal import Certificates
internal import ExactArithmetic
internal import NetworkModel
internal import Probability

extension OutputAnswer {
  var json: JSON {
    .object([
      .init("output", .string(question.name)),
      .init("distribution", .string(outputs.distribution)),
      .init("method", .string(outputs.method)),
      .init("pieces", .number("\(outputs.law.pieceCount)")),
      .init("covered", outputs.law.covered.json),
      .init("missing", .number("\(outputs.law.missing)")),
      .init("cdf", .array(of: thresholds, \.json)),
      .init(
        "atoms",
        .array(of: atoms) { atom in
          .object(
            [
              .init("value", .number("\(atom.value + shift)")),
              .init("probability", .number("\(atom.mass.value)")),
            ] + interval(of: atom).members.dropFirst())
        }),
      .init("density", .array(of: densities) { density($0.at, $0.density) }),
      .init(
        "quantiles",
        .array(of: quantiles) { level, quantile in
          [
            "level": .number("\(level)"), "lower": (quantile.lower + shift).json,
            "upper": (quantile.upper + shift).json, "isAtom": .bool(quantile.isAtom),
          ]
        }),
      .init("mean", spread.mean.value.json),
      .init("meanError", spread.mean.error?.json ?? .null),
      .init("standardDeviation", spread.deviation.value.json),
      .init("standardDeviationError", spread.deviation.error?.json ?? .null),
      .init("moments", moments.json),
      .init(
        "events",
        .array(of: events) { event in
          .object(
            [.init("event", .string(event.text))] + event.probability.members
              + [.init("sampled", event.sampled?.json ?? .null)])
        }),
      .init("sample", sampleSummary),
    ])
  }

  private func density(_ at: Double, _ density: UncertainMass?) -> JSON {
    guard let density else { return ["at": .number("\(at)"), "value": .null] }
    // What is missing may have any density.
    let isOpen = outputs.law.missing > 0
    return [
      "at": .number("\(at)"), "value": isOpen ? .null : density.value.json,
      "lower": max(0, density.value - density.error - density.spread).json,
      "upper": isOpen ? .null : (density.value + density.error + density.spread).json,
      "status": .string(density.status == .estimate ? "estimate" : "exact"),
    ]
  }

  private var sampleSummary: JSON {
    guard let sample = outputs.sample else { return .null }
    let band = EmpiricalBand(of: sample.count, confidence: outputs.confidence)
    return [
      "count": .number("\(sample.count)"), "confidence": .number("\(outputs.confidence)"),
      "bandHalfWidth": .number("\(band.halfWidth)"), "status": "estimate",
    ]
  }
}

extension OutputAnswer.Threshold {
  fileprivate var json: JSON {
    .object(
      [.init("at", .number("\(number.nearestDouble)"))] + atMost.members
        + [
          .init("below", below.json), .init("above", above.json),
          .init("sampled", sampled?.json ?? .null),
        ])
  }
}
