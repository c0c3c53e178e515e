internal import Certificates
internal import NetworkModel
internal import Probability
internal import Regions

/// What `regions` says of a law.
struct RegionAnswer {
  let law: RegionLaw
  let listed: [MassFunction.Entry]
  private let listedMass: UncertainMass
  private let sample: PatternSample?
  private let membership: (points: Int, listed: Int, supported: Int?)?
  private let diagonal: DiagonalApproximation.Deviation?
  private let support: (rule: String, count: Double?, covered: UncertainMass)?
  private let map: AffineMap?

  init(_ law: RegionLaw, of command: RegionsCommand) throws(Failure) {
    self.law = law
    let least = command.law.leastMass ?? 0
    let entries = Array(
      law.masses.entries.filter { $0.mass.value >= least && $0.mass.value > 0 }
        .prefix(command.law.top ?? .max))
    listed = entries
    listedMass = .sum(listed.map(\.mass))
    do throws(MassError) {
      sample = try command.sample.map { count throws(MassError) in
        try PatternSample(
          of: law.network, under: law.distribution, count: count, seed: command.law.seed)
      }
    } catch { throw .badInput(error.description) }
    membership = try command.data.map { path throws(Failure) in
      try Self.membership(
        of: path, in: entries, law.network, Self.support(law.components, command))
    }
    diagonal = try command.diagonal ? Self.diagonal(law) : nil
    support = Self.support(law, command)
    do { map = command.expectedMap ? try law.masses.expectedMap(of: law.network) : nil } catch {
      throw .badInput(error.description)
    }
  }

  /// All patterns with mass, and nothing else.
  init(_ law: RegionLaw) {
    self.law = law
    listed = law.masses.entries.filter { $0.mass.value > 0 }
    listedMass = .sum(listed.map(\.mass))
    (sample, membership, diagonal, support, map) = (nil, nil, nil, nil, nil)
  }

  private static func diagonal(
    _ law: RegionLaw
  ) throws(Failure) -> DiagonalApproximation.Deviation {
    guard
      let deviation = DiagonalApproximation.deviation(from: law.masses, under: law.components)
    else {
      throw .badInput(
        "found --diagonal with a law that is not normal, or is truncated or clipped: the "
          + "approximation is for normal laws and their mixtures")
    }
    return deviation
  }

  /// Looks up which points have a listed pattern, or one of the support estimate.
  private static func membership(
    of path: String, in entries: [MassFunction.Entry], _ network: Network,
    _ support: SupportEstimate?
  ) throws(Failure) -> (points: Int, listed: Int, supported: Int?) {
    let table = try DataFile.table(at: path)
    let patterns = Set(entries.map(\.pattern))
    let numbers = table.matrix.numbers.doubles
    var (count, supported) = (0, 0)
    do throws(RegionsError) {
      let prepared = try RegionNetwork(network)
      for row in 0..<table.rows {
        let point = Array(numbers[row * table.columns..<(row + 1) * table.columns])
        let pattern = try prepared.pattern(at: point)
        if patterns.contains(pattern) { count += 1 }
        if let support, support.contains(pattern) { supported += 1 }
      }
    } catch { throw .badInput("\(path): \(error.description)") }
    return (table.rows, count, support == nil ? nil : supported)
  }

  /// The published estimate, where it is asked for.
  private static func support(
    _ components: [LatentComponent], _ command: RegionsCommand
  ) -> SupportEstimate? {
    let rule: SupportEstimate.Rule
    if let margin = command.margin {
      rule = .margin(below: margin)
    } else if let entropy = command.entropy {
      rule = .entropy(atLeast: entropy)
    } else {
      return nil
    }
    return SupportEstimate(components, rule: rule, largestFree: command.cap)
  }

  private static func support(
    _ law: RegionLaw, _ command: RegionsCommand
  ) -> (rule: String, count: Double?, covered: UncertainMass)? {
    guard let estimate = support(law.components, command) else { return nil }
    let inside = law.masses.entries.filter { estimate.contains($0.pattern) }
    let name =
      command.margin.map { "margin below \($0)" }
      ?? command.entropy.map { "entropy of at least \($0) bits" } ?? ""
    return (name, estimate.count(), .sum(inside.map(\.mass)))
  }

  /// How the patterns were found.
  private var method: String { law.masses.coverage.phrase }

  var missing: Double { max(0, 1 - listedMass.lower) }

  var text: String {
    var lines = ["\(counted(listed.count, "pattern")), by \(method)"]
    lines.append("covered     \(listedMass.text)")
    lines.append("missing     at most \(missing.significant(6))")
    let entropy = law.masses.entropy
    lines.append(
      "entropy     "
        + (entropy.lower == entropy.upper
          ? "\(entropy.lower.significant(9)) bits"
          : "between \(entropy.lower.significant(6)) and \(entropy.upper.significant(6)) bits"))
    if let sample {
      lines.append("sampled     \(sample.count) inputs, \(sample.hits.count) patterns (estimate)")
    }
    if let membership {
      lines.append(
        "data        \(membership.listed) of \(membership.points) points in listed regions"
          + (membership.supported.map { ", \($0) in the support estimate" } ?? ""))
    }
    if let diagonal {
      lines.append(
        "diagonal    not the masses: total variation "
          + (diagonal.lower == diagonal.upper
            ? "\(diagonal.lower.significant(6))"
            : "between \(diagonal.lower.significant(6)) and \(diagonal.upper.significant(6))")
          + "; \(diagonal.listed.significant(6)) of it on the patterns found")
    }
    if let support {
      lines.append(
        "support     \(support.rule): \(support.count.map { $0.fixed(0) } ?? "too many") patterns, of the "
          + "masses above \(support.covered.text)")
    }
    if let map {
      for row in 0..<map.rows {
        let numbers = map.row(row).prefix(10).map { $0.significant(9) }.joined(separator: " ")
        lines.append("E[map] \(row)    \(numbers) + \(map.offset[row].significant(9))")
      }
    }
    for entry in listed.prefix(100) {
      var line = "\(entry.pattern)  \(entry.mass.text)"
      if let sample {
        let interval = sample.interval(of: entry.pattern)
        line +=
          "  sampled [\(interval.lower.significant(6)), \(interval.upper.significant(6))] "
          + "(estimate, 99 %)"
      }
      lines.append(line)
    }
    if listed.count > 100 { lines.append("and \(listed.count - 100) more (--format json has all)") }
    return lines.joined(separator: "\n")
  }

  var json: JSON {
    let entropy = law.masses.entropy
    return .object([
      .init("method", .string(method)),
      .init(
        "regions",
        .array(of: listed) { entry in
          [
            "pattern": .string(entry.pattern.description),
            "probability": .number("\(entry.mass.value)"),
            "lower": .number("\(entry.mass.lower)"), "upper": .number("\(entry.mass.upper)"),
            "status": .string(entry.mass.status.rawValue),
            "sampled": sample.map { sample in
              let interval = sample.interval(of: entry.pattern)
              return [
                "hits": .number("\(sample.hits[entry.pattern] ?? 0)"),
                "of": .number("\(sample.count)"),
                "lower": .number("\(interval.lower)"), "upper": .number("\(interval.upper)"),
                "confidence": .number("0.99"), "status": "estimate",
              ]
            } ?? .null,
          ]
        }),
      .init("covered", listedMass.json), .init("missing", .number("\(missing)")),
      .init(
        "entropyBits",
        ["lower": .number("\(entropy.lower)"), "upper": .number("\(entropy.upper)")]),
      .init(
        "data",
        membership.map {
          [
            "points": .number("\($0.points)"), "listed": .number("\($0.listed)"),
            "inSupportEstimate": $0.supported.map { .number("\($0)") } ?? .null,
          ]
        } ?? .null),
      .init(
        "diagonalApproximation",
        diagonal.map {
          [
            "totalVariation": ["lower": .number("\($0.lower)"), "upper": .number("\($0.upper)")],
            "onFound": .number("\($0.listed)"),
          ]
        } ?? .null),
      .init(
        "supportEstimate",
        support.map {
          [
            "rule": .string($0.rule), "patterns": $0.count.map(\.json) ?? .null,
            "coveredOfListed": $0.covered.json,
          ]
        } ?? .null),
      .init(
        "expectedMap",
        map.map { map in
          [
            "matrix": .array(of: Array(0..<map.rows)) { .array(of: Array(map.row($0)), \.json) },
            "offset": .array(of: map.offset, \.json),
          ]
        } ?? .null),
    ])
  }
}
