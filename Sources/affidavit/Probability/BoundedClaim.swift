internal import Certificates
internal import ClaimLanguage
internal import ExactArithmetic
internal import NetworkModel
internal import Probability
internal import ProofChecker
internal import Search
internal import Specification

/// A claim about a probability with the interval that was found.
struct BoundedClaim {
  /// When to end, and how masses are computed.
  struct Options {
    let search: SearchOptions
    let masses: MassOptions
    /// How narrow the interval is to become; nil for what decides the claim.
    let width: Closeness?
    let method: Bound.Method
    /// How many inputs are drawn for an estimate beside it; nil for none.
    let draws: Int?
  }

  /// Where the interval comes from.
  enum Finding {
    /// From a proof that the checker has replayed.
    case proved(VerifiedProbability, cells: Int)
    /// From masses of regions.
    case computed(RegionBounds)
    /// There is none.
    case none
  }

  let claim: StatedClaim
  let finding: Finding
  let seconds: Double
  let answer: ProbabilityClaim.Answer
  /// Why the claim is not decided; nil where it is.
  let reason: String?
  /// How the interval of a search narrowed, in floating point.
  private(set) var history: [ProbabilityProgress] = []
  /// What drawn inputs say; it plays no part in the answer.
  private(set) var sample: SampledClaim?

  /// Narrows the interval, with a line of progress where somebody watches.
  ///
  /// - Throws: ``Failure`` where the law or the network is beyond the engine.
  init(
    _ claim: StatedClaim, _ probability: ProbabilityClaim, _ options: Options,
    _ interrupt: Interrupt
  ) throws(Failure) {
    let question = ProbabilityQuestion(claim: probability, networks: claim.networks)
    switch options.method {
    case .proof where question.hasProofs: try self.init(claim, question, options, interrupt)
    case .proof, .regions:
      try self.init(claim, byRegions: probability, options, interrupt)
    }
    guard let draws = options.draws else { return }
    let start = ContinuousClock.now
    sample = try SampledClaim(
      probability, of: probability.eventNetworks.compactMap { claim.networks[$0]?.network },
      count: draws, seed: options.search.seed
    ) {
      let limit = options.search.timeLimit ?? .infinity
      return interrupt.isRaised || (ContinuousClock.now - start).inSeconds > limit
    }
  }

  private init(
    _ claim: StatedClaim, _ question: ProbabilityQuestion, _ options: Options,
    _ interrupt: Interrupt
  ) throws(Failure) {
    var history: [ProbabilityProgress] = []
    let question = question.easier(seed: options.search.seed)
    let result = try question.bound(
      options.search, width: options.width, interrupt: interrupt, label: claim.id
    ) { progress in
      let last = history.last.map { $0.upper - $0.lower } ?? .infinity
      if progress.upper - progress.lower < 0.9 * last { history.append(progress) }
    }
    self.claim = claim
    self.history = history
    switch result {
    case .success(let bounds):
      finding = .proved(bounds.verified, cells: bounds.cells)
      seconds = bounds.seconds
      answer = question.answer(bounds.verified.interval) ?? .undecided
      reason =
        answer == .undecided
        ? bounds.stop?.description ?? "the interval is not narrow enough" : nil
    case .failure(let stop):
      (finding, seconds, answer, reason) = (.none, 0, .undecided, stop.description)
    }
  }

  private init(
    _ claim: StatedClaim, byRegions probability: ProbabilityClaim, _ options: Options,
    _ interrupt: Interrupt
  ) throws(Failure) {
    let clock = ContinuousClock()
    let start = clock.now
    let line = ProgressLine(claim.id)
    defer { line.clear() }
    var end = "nothing is left that could narrow the interval"
    var bounds = RegionBounds(probability.quantity, events: probability.events.count)
    let networks = probability.eventNetworks.compactMap { claim.networks[$0]?.network }
    do throws(MassError) {
      var questions: [EventQuestion] = []
      for event in probability.events {
        questions.append(try EventQuestion(event, of: networks, under: probability.law))
      }
      try bounds.narrow(questions, options: options.masses) { bounds in
        let seconds = (clock.now - start).inSeconds
        line.show(bounds.progress, at: seconds)
        if interrupt.isRaised {
          end = StopReason.interrupted.description
        } else if options.isEnough(bounds, for: probability) {
          end = "the interval is not narrow enough"
        } else if let limit = options.search.timeLimit, seconds >= limit {
          end = StopReason.timeLimit.description
        } else {
          return false
        }
        return true
      }
    } catch { throw .badInput("the claim '\(claim.id)': \(error.description)") }
    self.claim = claim
    finding = .computed(bounds)
    seconds = (clock.now - start).inSeconds
    let isAboutReals = probability.arithmetic == .real
    answer = isAboutReals ? probability.answer(bounds) : .undecided
    if !isAboutReals {
      end = "masses are those of the real function, the claim is about float32"
    }
    reason = answer == .undecided ? end : nil
  }
}

extension BoundedClaim.Options {
  fileprivate func isEnough(_ bounds: RegionBounds, for claim: ProbabilityClaim) -> Bool {
    guard let width else { return claim.answer(bounds) != .undecided }
    return bounds.ends.map { $0.upper - $0.lower <= width.width(from: $0.lower, to: $0.upper) }
      ?? false
  }
}

extension ProbabilityClaim {
  /// What an interval says; its ends are taken as the binary numbers that they are.
  fileprivate func answer(_ bounds: RegionBounds) -> Answer {
    guard let ends = bounds.ends, let lower = Dyadic(exactly: ends.lower),
      let upper = Dyadic(exactly: ends.upper)
    else { return .undecided }
    return answer(lower: Rational(lower), upper: Rational(upper))
  }
}

extension RegionBounds {
  fileprivate var progress: String {
    let ends = ends.map { "in [\($0.lower.significant(6)), \($0.upper.significant(6))]" }
    return "\(ends ?? "no bounds yet"), \(counted(parts, "part"))"
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
