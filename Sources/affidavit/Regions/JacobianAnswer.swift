internal import Certificates
internal import NetworkModel
internal import Probability
internal import Regions

/// What `jacobian` says of a law.
struct JacobianAnswer {
  private static let levels = [0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99]

  private let path: String
  private let norm: JacobianCommand.MatrixNormArgument
  private let limits: [Double]
  /// `nil` where only drawn inputs are looked at.
  private let law: JacobianLaw?
  private let expected: AffineMap?
  private let sample: JacobianSample?
  private let confidence: Double

  init(_ command: JacobianCommand, _ distribution: String, _ limits: [Double]) throws(Failure) {
    path = command.law.network
    norm = command.norm
    confidence = command.confidence
    self.limits = limits
    let library = NetworkLibrary()
    let network = try library.entry(at: path).network
    let inputs = try LawFile.read(distribution, for: network, library: library)
    if command.samplesOnly {
      (law, expected) = (nil, nil)
    } else {
      let masses = try RegionLaw(command.law, distribution).masses
      do throws(RegionsError) {
        law = try JacobianLaw(masses, of: network)
        expected = try masses.expectedMap(of: network)
      } catch { throw .badInput("\(path): \(error.description)") }
    }
    do throws(MassError) {
      sample = try command.sample.map { count throws(MassError) in
        try JacobianSample(of: network, under: inputs, count: count, seed: command.law.seed)
      }
    } catch { throw .badInput("\(path): \(error.description)") }
  }

  /// The histogram: of the regions, or of drawn inputs where regions are missing.
  var picture: String {
    if let law, law.missing <= 1e-9 || sample == nil {
      return JacobianPlot.picture(of: law, path)
    }
    guard let sample else { return "" }
    return JacobianPlot.picture(of: sample, path)
  }

  var text: String {
    var lines: [String] = []
    if let law {
      lines.append(
        "regions     \(law.atoms.count), missing mass at most \(law.missing.significant(6))")
    }
    if let sample {
      lines.append("sampled     \(sample.count) inputs, \(sample.sizes.count) patterns (estimate)")
    }
    for limit in limits {
      let name = "P(norm \(norm.rawValue) > \(limit))"
      if let law {
        lines.append("\(name)  \(law.probability(of: norm.norm, above: limit).whole.text)")
      }
      if let share = share(above: limit) { lines.append("\(law == nil ? name : "") \(share.text)") }
    }
    let sampled = sampledQuantiles
    for (place, level) in Self.levels.enumerated() {
      if let value = quantiles?[place] {
        lines.append("quantile \(level)  \(Self.range(value)) (\(status))")
      }
      if let value = sampled?[place] {
        lines.append(
          (law == nil ? "quantile \(level)" : " ")
            + " sampled \(Self.range(value)) (estimate, \((100 * confidence).significant(4)) %)")
      }
    }
    if let expected, let size = JacobianSize(expected) {
      lines.append(
        "norm of the expected Jacobian of the listed regions  \(size[norm.norm].significant(9))")
    }
    if let sample, let size = JacobianSize(sample.meanMap) {
      lines.append(
        "norm of the average drawn Jacobian  \(size[norm.norm].significant(6)) (estimate)")
    }
    return lines.joined(separator: "\n")
  }

  private static func range(_ ends: (lower: Double, upper: Double)) -> String {
    ends.lower == ends.upper
      ? ends.lower.significant(9)
      : "between \(ends.lower.significant(9)) and \(ends.upper.significant(9))"
  }

  private var quantiles: [(lower: Double, upper: Double)]? {
    law?.quantiles(of: norm.norm, at: Self.levels)
  }

  private var sampledQuantiles: [(lower: Double, upper: Double)]? {
    sample?.quantiles(of: norm.norm, at: Self.levels, confidence: confidence)
  }

  private var status: String {
    law?.probability(of: norm.norm, above: 0).whole.status.rawValue ?? "estimate"
  }

  private func share(above limit: Double) -> SampledShare? {
    sample.map { sample in
      let (hits, interval) = sample.interval(
        of: norm.norm, above: limit, confidence: confidence)
      return SampledShare(
        hits: hits, count: sample.count, interval: interval, confidence: confidence)
    }
  }

  var json: JSON {
    .object([
      .init("norm", .string(norm.rawValue)),
      .init("missing", law.map { .number("\($0.missing)") } ?? .null),
      .init("tails", .array(of: limits, tail)), .init("quantiles", Self.json(quantiles)),
      .init("expectedJacobian", Self.json(expected)),
      .init("atoms", law.map { .array(of: $0.atoms, atom) } ?? .null),
      .init(
        "sample",
        sample.map { sample in
          [
            "count": .number("\(sample.count)"), "patterns": .number("\(sample.sizes.count)"),
            "confidence": .number("\(confidence)"), "status": "estimate",
            "quantiles": Self.json(sampledQuantiles),
            "meanJacobian": Self.json(sample.meanMap),
          ]
        } ?? .null),
    ])
  }

  private func tail(_ limit: Double) -> JSON {
    let tail = law?.probability(of: norm.norm, above: limit)
    return .object(
      [.init("above", .number("\(limit)")), .init("known", tail?.known.json ?? .null)]
        + (tail?.whole.members.dropFirst() ?? [])
        + [.init("sampled", share(above: limit)?.json ?? .null)])
  }

  private func atom(_ atom: JacobianLaw.Atom) -> JSON {
    [
      "probability": atom.mass.json,
      "singularValues": .array(of: atom.size.singularValues, \.json),
      "norm": atom.size[norm.norm].json,
    ]
  }

  private static func json(_ quantiles: [(lower: Double, upper: Double)]?) -> JSON {
    guard let quantiles else { return .null }
    return .array(of: Array(zip(levels, quantiles))) {
      ["level": .number("\($0.0)"), "lower": $0.1.lower.json, "upper": $0.1.upper.json]
    }
  }

  private static func json(_ map: AffineMap?) -> JSON {
    guard let map else { return .null }
    return .array(of: Array(0..<map.rows)) { .array(of: Array(map.row($0)), \.json) }
  }
}
