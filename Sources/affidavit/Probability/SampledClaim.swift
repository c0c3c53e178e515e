internal import Approximation
internal import Certificates
internal import ClaimLanguage
internal import ExactArithmetic
internal import MassArithmetic
internal import NetworkModel
internal import Probability
internal import Specification

/// What drawn inputs say of a claim about a probability: an estimate, which decides nothing.
struct SampledClaim {
  private static let confidence = 0.999
  /// Fewer hits than this make an event rare.
  private static let rare = 100

  private let count: Int
  private let hits: [Int]
  /// Nil where a divisor may be zero.
  private let ends: (lower: Double, upper: Double)?
  private let tilted: TiltedSample?

  /// Draws inputs.
  ///
  /// - Throws: ``Failure`` where the law cannot be sampled or a number overflows.
  init(_ claim: ProbabilityClaim, of networks: [Network], count: Int, seed: UInt64) throws(Failure)
  {
    do throws(MassError) {
      let sample = try EventSample(
        of: claim.events, of: networks, under: claim.law, count: count, seed: seed)
      let isRare = claim.quantity == .probability(0) && sample.hits[0] < Self.rare
      tilted =
        isRare && count > 1
        ? try TiltedSample(
          of: claim.events[0], of: networks, under: claim.law, count: count,
          confidence: Self.confidence, seed: seed) : nil
      let intervals = sample.intervals(confidence: Self.confidence)
      (self.count, hits) = (sample.count, sample.hits)
      ends = claim.quantity.ends(intervals)
    } catch { throw .badInput(error.description) }
  }

  /// As a person reads it.
  var text: String {
    let words = hits.map(String.init).joined(separator: ", ")
    var lines: [String] = []
    let interval = ends.map { "[\($0.lower.significant(6)), \($0.upper.significant(6))]" }
    lines.append(
      "    estimate: \(interval ?? "no interval") with a confidence of 99.9 %, from \(words) of "
        + "\(counted(count, "draw"))")
    if let tilted {
      lines.append(
        "    estimate: \(tilted.value.significant(4)), in [\(tilted.lower.significant(6)), "
          + "\(tilted.upper.significant(6))] with a confidence of 99.9 %, from "
          + "\(counted(count, "tilted draw")) around \(counted(tilted.centres, "place")); where it "
          + "was met, at most "
          + "\(tilted.upperInside.significant(6))")
    }
    return lines.joined(separator: "\n")
  }

  /// As a program reads it.
  var json: JSON {
    var members: [JSON.Member] = [
      .init("status", "estimate"), .init("method", "Clopper-Pearson"),
      .init("confidence", .number("\(Self.confidence)")), .init("draws", .number("\(count)")),
      .init("hits", .array(of: hits) { .number("\($0)") }),
      .init("lower", ends.map { .number("\($0.lower)") } ?? .null),
      .init("upper", ends.map { .number("\($0.upper)") } ?? .null),
    ]
    if let tilted {
      members.append(
        .init(
          "tilted",
          [
            "status": "estimate", "method": "empirical Bernstein",
            "confidence": .number("\(Self.confidence)"), "draws": .number("\(tilted.count)"),
            "places": .number("\(tilted.centres)"),
            "value": .number("\(tilted.value)"), "lower": .number("\(tilted.lower)"),
            "upper": .number("\(tilted.upper)"),
            "upper-where-met": .number("\(tilted.upperInside)"),
          ]))
    }
    return .object(members)
  }
}

extension ProbabilityQuantity {
  /// Its ends, given intervals for the probabilities; nil where a divisor may be zero.
  fileprivate func ends(_ intervals: [BinomialInterval]) -> (lower: Double, upper: Double)? {
    let exact = intervals.map { interval -> Interval in
      guard let lower = Dyadic(exactly: interval.lower), let upper = Dyadic(exactly: interval.upper)
      else { return Interval(.zero, .one) }
      return Interval(lower, upper)
    }
    return enclosed(exact).map { ($0.lower.nearestDouble, $0.upper.nearestDouble) }
  }
}
