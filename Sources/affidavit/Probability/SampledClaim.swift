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

  /// What tilted draws say.
  private enum Tilted {
    case found(TiltedSample)
    /// The event is not rare, or there is nothing to tilt.
    case none
    /// The time was over.
    case ended
  }

  private let count: Int
  /// How often each event happened; nil where the time was over before all inputs were drawn.
  private var hits: [Int]?
  /// Nil where a divisor may be zero, too.
  private var ends: (lower: Double, upper: Double)?
  private var tilted = Tilted.none

  /// Draws inputs.
  ///
  /// - Parameters:
  ///   - claim: The claim.
  ///   - networks: Those of its events.
  ///   - count: How many inputs, and how many tilted ones.
  ///   - seed: The same seed draws the same inputs.
  ///   - isOver: Whether the time is over; what is not drawn by then says nothing.
  /// - Throws: ``Failure`` where the law cannot be sampled or a number overflows.
  init(
    _ claim: ProbabilityClaim, of networks: [Network], count: Int, seed: UInt64,
    isOver: @escaping () -> Bool
  ) throws(Failure) {
    self.count = count
    do throws(MassError) {
      let sample = try EventSample(
        of: claim.events, of: networks, under: claim.law, count: count, seed: seed,
        isCancelled: isOver)
      hits = sample.hits
      ends = claim.quantity.ends(sample.intervals(confidence: Self.confidence))
      guard claim.quantity == .probability(0), sample.hits[0] < Self.rare, count > 1 else { return }
      // Where it is cancelled, what was drawn before stands.
      tilted = .ended
      tilted =
        try TiltedSample(
          of: claim.events[0], of: networks, under: claim.law, count: count,
          confidence: Self.confidence, seed: seed, isCancelled: isOver
        ).map(Tilted.found) ?? .none
    } catch .cancelled {
    } catch { throw .badInput(error.description) }
  }

  /// As a person reads it.
  var text: String {
    guard let hits else { return "    estimate: none, the time was over before \(count) draws" }
    let words = hits.map(String.init).joined(separator: ", ")
    var lines: [String] = []
    let interval = ends.map { "[\($0.lower.significant(6)), \($0.upper.significant(6))]" }
    lines.append(
      "    estimate: \(interval ?? "no interval") with a confidence of 99.9 %, from \(words) of "
        + "\(counted(count, "draw"))")
    switch tilted {
    case .none: break
    case .ended: lines.append("    estimate: none by tilted draws, the time was over")
    case .found(let tilted):
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
      .init("hits", hits.map { .array(of: $0) { .number("\($0)") } } ?? .null),
      .init("lower", ends.map { .number("\($0.lower)") } ?? .null),
      .init("upper", ends.map { .number("\($0.upper)") } ?? .null),
    ]
    switch tilted {
    case .none: break
    case .ended: members.append(.init("tilted", .null))
    case .found(let tilted):
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
