internal import Certificates
internal import ClaimLanguage
internal import ExactArithmetic
internal import NetworkModel
internal import Probability
internal import Search
internal import Specification

/// A claim about a probability with the interval that was found.
struct BoundedClaim {
  /// When to end, and how masses are computed.
  struct Options {
    let masses: MassOptions
    let timeLimit: Double?
    /// How narrow the interval is to become; nil for what decides the claim.
    let width: Double?
  }

  private let claim: StatedClaim
  private let interval: EventInterval
  private let seconds: Double
  private let end: End
  let answer: ProbabilityClaim.Answer

  private enum End {
    case decided
    case timeLimit, interrupted
    /// All that there is was looked at.
    case exhausted
    /// The numbers are about another arithmetic than the claim.
    case arithmetic

    var reason: String {
      switch self {
      case .decided: "the interval is not narrow enough"
      case .timeLimit: StopReason.timeLimit.description
      case .interrupted: StopReason.interrupted.description
      case .exhausted: "nothing is left that could narrow the interval"
      case .arithmetic: "masses are those of the real function, the claim is about float32"
      }
    }
  }

  /// Narrows the interval, with a line of progress where somebody watches.
  ///
  /// - Throws: ``Failure`` where the law or the network is beyond the engine.
  init(
    _ claim: StatedClaim, _ probability: ProbabilityClaim, _ options: Options,
    _ interrupt: Interrupt
  ) throws(Failure) {
    let clock = ContinuousClock()
    let start = clock.now
    let line = ProgressLine(claim.id)
    defer { line.clear() }
    var end = End.exhausted
    let networks = probability.eventNetworks.compactMap { claim.networks[$0]?.network }
    do throws(MassError) {
      let question = try EventQuestion(probability.event, of: networks, under: probability.law)
      interval = try question.narrow(options: options.masses) { interval in
        let seconds = (clock.now - start).inSeconds
        line.show(interval.progress, at: seconds)
        if interrupt.isRaised {
          end = .interrupted
        } else if options.isEnough(interval, for: probability) {
          end = .decided
        } else if let limit = options.timeLimit, seconds >= limit {
          end = .timeLimit
        } else {
          return false
        }
        return true
      }
    } catch { throw .badInput("the claim '\(claim.id)': \(error.description)") }
    self.claim = claim
    seconds = (clock.now - start).inSeconds
    let isAboutReals = probability.arithmetic == .real
    answer = isAboutReals ? probability.answer(interval) : .undecided
    self.end = isAboutReals ? end : .arithmetic
  }

  // MARK: Words

  private var reason: String? { answer == .undecided ? end.reason : nil }

  var text: String {
    let ends = "[\(interval.lower.significant(9)), \(interval.upper.significant(9))]"
    let covered = max(0, 1 - interval.covered.lower).significant(3)
    var lines = [
      "\(claim.id): \(answer.word)",
      "    \(claim.statement)",
      "    it is in \(ends) (\(interval.status.phrase))",
      "    \(counted(interval.parts, "part")) looked at, not more than \(covered) left; "
        + "\(seconds.fixed(2)) s",
    ]
    if let reason { lines.append("    undecided: \(reason)") }
    return lines.joined(separator: "\n")
  }

  var json: JSON {
    .object([
      .init("id", .string(claim.id)), .init("statement", .string(claim.statement)),
      .init("line", .number("\(claim.line)")), .init("result", .string(answer.word)),
      .init("reason", reason.map(JSON.string) ?? .null),
      .init(
        "probability",
        [
          "lower": .number("\(interval.lower)"), "upper": .number("\(interval.upper)"),
          "status": .string(interval.status.rawValue),
          "confidence": interval.status == .estimate ? "0.999" : .null,
        ]),
      .init("covered", .number("\(interval.covered.value)")),
      .init("hidden", .number("\(interval.hidden.value)")),
      .init("parts", .number("\(interval.parts)")),
      .init("seconds", .number(seconds.fixed(3))),
    ])
  }
}

extension BoundedClaim.Options {
  fileprivate func isEnough(_ interval: EventInterval, for claim: ProbabilityClaim) -> Bool {
    if let width { return interval.upper - interval.lower <= width }
    return claim.answer(interval) != .undecided
  }
}

extension ProbabilityClaim {
  /// What an interval says; its ends are taken as the binary numbers that they are.
  fileprivate func answer(_ interval: EventInterval) -> Answer {
    guard let lower = Dyadic(exactly: interval.lower), let upper = Dyadic(exactly: interval.upper)
    else { return .undecided }
    return answer(lower: Rational(lower), upper: Rational(upper))
  }
}

extension ProbabilityClaim.Answer {
  fileprivate var word: String {
    switch self {
    case .holds: "holds"
    case .refuted: "refuted"
    case .undecided: "undecided"
    }
  }
}

extension UncertainMass.Status {
  fileprivate var phrase: String {
    switch self {
    case .proved: "proved"
    case .exact: "exact, up to rounding"
    case .estimate: "estimate, 99.9 %"
    }
  }
}

extension EventInterval {
  fileprivate var progress: String {
    "in [\(lower.significant(6)), \(upper.significant(6))], \(counted(parts, "part"))"
  }
}

extension Duration {
  fileprivate var inSeconds: Double {
    Double(components.seconds) + Double(components.attoseconds) * 1e-18
  }
}

extension [BoundedClaim] {
  /// The exit status of a run: what is worst in it.
  var status: ExitStatus {
    if contains(where: { $0.answer == .refuted }) { return .negative }
    return contains { $0.answer == .undecided } ? .couldNotRun : .success
  }
}
