internal import ArgumentParser
internal import Certificates
internal import Probability
internal import Regions

/// The law of a network's Jacobian.
struct JacobianCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "jacobian",
    abstract: "The law of the Jacobian's norms and singular values under a law of the input.",
    discussion: """
      On each region the Jacobian is one matrix, so its law is that of the regions: exact where all \
      are enumerated, else between what the listed regions have and that plus the missing mass.
      """)

  @OptionGroup var law: RegionLawArguments

  @Option(help: ArgumentHelp("The norm: 1, 2, inf or frobenius.", valueName: "norm"))
  var norm = MatrixNormArgument.two

  @Option(
    help: ArgumentHelp(
      "Numbers between commas; for each the probability that the norm exceeds it.",
      valueName: "limits"))
  var above: String?

  enum MatrixNormArgument: String, ExpressibleByArgument, CaseIterable {
    case one = "1"
    case two = "2"
    case infinity = "inf"
    case frobenius

    var norm: MatrixNorm {
      switch self {
      case .one: .one
      case .two: .two
      case .infinity: .infinity
      case .frobenius: .frobenius
      }
    }
  }

  func run() throws {
    guard let distribution = law.distribution else {
      throw ValidationError("expected --distribution")
    }
    var limits: [Double] = []
    for part in (above ?? "").split(separator: ",") {
      guard let limit = Double(part), limit.isFinite else {
        throw ValidationError("found --above \(part), expected numbers between commas")
      }
      limits.append(limit)
    }
    let found = try RegionLaw(law, distribution)
    let jacobian: JacobianLaw
    let expected: AffineMap
    do throws(RegionsError) {
      jacobian = try JacobianLaw(found.masses, of: found.network)
      expected = try found.masses.expectedMap(of: found.network)
    } catch { throw Failure.badInput("\(law.network): \(error.description)") }
    switch law.format {
    case .text: printText(jacobian, expected, limits)
    case .json: print(json(jacobian, expected, limits).text)
    }
  }

  private static let levels = [0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99]

  private func printText(_ law: JacobianLaw, _ expected: AffineMap, _ limits: [Double]) {
    print("regions     \(law.atoms.count), missing mass at most \(law.missing.significant(6))")
    for limit in limits {
      let tail = law.probability(of: norm.norm, above: limit)
      print(
        "P(norm \(norm.rawValue) > \(limit))  \(tail.known.text), in "
          + "[\(tail.lower.significant(12)), \(tail.upper.significant(12))]")
    }
    for (level, value) in zip(Self.levels, law.quantiles(of: norm.norm, at: Self.levels)) {
      print("quantile \(level)  \(value.lower.significant(9)) to \(value.upper.significant(9))")
    }
    if let size = JacobianSize(expected) {
      print(
        "norm of the expected Jacobian of the listed regions  \(size[norm.norm].significant(9))")
    }
  }

  private func json(_ law: JacobianLaw, _ expected: AffineMap, _ limits: [Double]) -> JSON {
    .object([
      .init("norm", .string(norm.rawValue)), .init("missing", .number("\(law.missing)")),
      .init(
        "tails",
        .array(of: limits) { limit in
          let tail = law.probability(of: norm.norm, above: limit)
          return [
            "above": .number("\(limit)"), "known": tail.known.json,
            "lower": .number("\(tail.lower)"), "upper": .number("\(tail.upper)"),
          ]
        }),
      .init(
        "quantiles",
        .array(of: Array(zip(Self.levels, law.quantiles(of: norm.norm, at: Self.levels)))) {
          [
            "level": .number("\($0.0)"), "lower": $0.1.lower.json, "upper": $0.1.upper.json,
          ]
        }),
      .init(
        "expectedJacobian",
        .array(of: Array(0..<expected.rows)) { .array(of: Array(expected.row($0)), \.json) }),
      .init(
        "atoms",
        .array(of: law.atoms) { atom in
          [
            "probability": atom.mass.json,
            "singularValues": .array(of: atom.size.singularValues, \.json),
            "norm": atom.size[norm.norm].json,
          ]
        }),
    ])
  }
}
