internal import Approximation
internal import BoundPropagation
internal import ClaimLanguage
internal import ExactArithmetic
internal import MassArithmetic
internal import ProofChecker
internal import ProofFormat

/// Searches for bounds of a number that is made of the probabilities of several events, a tree of cells
/// for each: the event whose bounds cost the most is bounded next, to half of its width.
struct QuantitySearch {
  /// A proof, and what the checker finds in it.
  typealias Checked = (proof: [UInt8], verified: VerifiedProbability)

  /// The last proof that was checked.
  private(set) var lastChecked: Checked?
  private let quantity: ProbabilityQuantity
  /// What decides the claim: the number within these ends, or outside them.
  private let claimed: (lower: Double, upper: Double)
  private let problem: ProbabilityProblem
  private let wanted: Double
  private var gap: Double
  private var attempts = 0
  private let options: SearchOptions
  private let run: Run
  private let progress: ((ProbabilityProgress) -> Void)?
  private var searches: [MassSearch] = []
  /// Whether nothing is left to cut.
  private var isExhausted: [Bool] = []
  private var lastReport = 0.0
  /// How often bounds are checked that may suffice.
  private static let mostAttempts = 16

  init(
    _ problem: ProbabilityProblem, gap: Double, _ options: SearchOptions, _ run: Run,
    _ progress: ((ProbabilityProgress) -> Void)?
  ) throws(BoundPropagationError) {
    (quantity, wanted, self.gap) = (problem.quantity, gap, gap)
    (self.problem, self.options, self.run, self.progress) = (problem, options, run, progress)
    claimed = (problem.lower.nearestDouble, problem.upper.nearestDouble)
    let isOne = problem.quantity == .probability(0)
    for event in problem.events {
      searches.append(
        try MassSearch(
          event, claimed: isOne ? claimed.lower...claimed.upper : 0...1, gap: gap, options, run,
          isOne ? progress : nil))
    }
    isExhausted = searches.map { _ in false }
  }

  /// The proof, as far as it has come, and what the checker says of it.
  mutating func checked() throws(Rejection) -> Checked {
    let proof = Self.joined(searches.map(\.proof))
    let result = (proof, try Self.check(proof, of: problem, options, run))
    lastChecked = result
    return result
  }

  private static func check(
    _ proof: [UInt8], of problem: ProbabilityProblem, _ options: SearchOptions, _ run: Run
  ) throws(Rejection) -> VerifiedProbability {
    let deadline = options.timeLimit
    return try ProofChecker.enclose(problem, by: proof) {
      deadline.map { run.seconds > $0 } ?? false
    }
  }

  /// The trees of all events, one after the other.
  private static func joined(_ proofs: [[UInt8]]) -> [UInt8] {
    let head = ProofWriter().bytes.count
    return proofs.dropFirst().reduce(proofs[0]) { $0 + $1.dropFirst(head) }
  }

  /// Aims at bounds that are closer than those that were found.
  ///
  /// - Parameter width: How far apart those are.
  /// - Returns: Whether that is worth trying.
  mutating func aimCloser(than width: Double) -> Bool {
    attempts += 1
    // As much closer as the checker's bounds are wider.
    gap *= max(0.5, min(0.95, 0.95 * wanted / width))
    for event in searches.indices {
      searches[event].slack = max(2 * searches[event].slack, searches[event].undecided / 64)
      if quantity == .probability(0) { searches[event].gap = gap }
    }
    return attempts < Self.mostAttempts
  }

  /// Bounds one event.
  private mutating func bound(_ event: Int) -> StopReason? {
    let others = searches.indices.map { $0 == event ? [] : searches[$0].proof }
    let cells = searches.indices.reduce(0) { $1 == event ? $0 : $0 + searches[$1].decidedCells }
    let (problem, options, run) = (problem, options, run)
    var checked: Checked?
    let stop = searches[event].run(others: cells) { own in
      let proof = Self.joined(others.enumerated().map { $0 == event ? own : $1 })
      // A proof that is rejected here is rejected in the end, and reported then.
      checked = (try? Self.check(proof, of: problem, options, run)).map { (proof, $0) } ?? checked
    }
    lastChecked = checked ?? lastChecked
    return stop
  }

  /// Searches until the bounds suffice.
  ///
  /// - Returns: Why it ended before; nil where it did not.
  mutating func search() -> StopReason? {
    guard quantity != .probability(0) else { return bound(0) }
    while true {
      let probabilities = searches.map { Self.interval($0.bounds) }
      let bounds = quantity.enclosed(probabilities)
      report(bounds)
      if let bounds, suffices(bounds) { return nil }
      let costs = searches.indices.map { cost(of: $0, probabilities, bounds) }
      guard let worst = costs.indices.max(by: { costs[$0] < costs[$1] }), costs[worst] > 0 else {
        return .resolution
      }
      let (lower, upper) = searches[worst].bounds
      searches[worst].gap = (upper - lower) / 2
      switch bound(worst) {
      case nil: break
      case .resolution: isExhausted[worst] = true
      case let reason?: return reason
      }
    }
  }

  /// Whether no divisor may be zero.
  var hasBounds: Bool {
    quantity.enclosed(searches.map { Self.interval($0.bounds) }) != nil
  }

  /// How much narrower the number would be were the probability of an event known; its own width where
  /// the number has no bounds yet.
  private func cost(of event: Int, _ probabilities: [Interval], _ bounds: Interval?) -> Double {
    let interval = probabilities[event]
    guard !isExhausted[event], interval.lower < interval.upper else { return 0 }
    let width = (interval.upper - interval.lower).nearestDouble
    guard let bounds else { return width }
    var known = probabilities
    let middle = (interval.lower.nearestDouble + interval.upper.nearestDouble) / 2
    known[event] = Self.interval((middle, middle))
    guard let better = quantity.enclosed(known) else { return width }
    let gain = (bounds.upper - bounds.lower) - (better.upper - better.lower)
    return max(gain.nearestDouble, width * 1e-12)
  }

  private func suffices(_ bounds: Interval) -> Bool {
    let (lower, upper) = (bounds.lower.nearestDouble, bounds.upper.nearestDouble)
    // The checker's bounds differ by rounding, and by what it found to lack before.
    let slack =
      1e-9 * max(lower.magnitude, upper.magnitude)
      + (attempts > 0 ? Double(attempts) / 64 * (upper - lower) : 0)
    if (upper - lower) * (1 + 2e-9) <= gap { return true }
    let (range, isLimited) = (quantity.range, claimed.upper < 1e300)
    let (isLow, isHigh) = (
      claimed.lower <= range.lowerBound, !isLimited || range.upperBound <= claimed.upper
    )
    // Nothing is claimed.
    if isLow, isHigh { return false }
    return (isLow || claimed.lower <= lower - slack) && (isHigh || upper + slack <= claimed.upper)
      || upper + slack < claimed.lower || claimed.upper < lower - slack
  }

  private mutating func report(_ bounds: Interval?) {
    guard let progress, let bounds, run.seconds - lastReport > 0.1 else { return }
    lastReport = run.seconds
    progress(
      ProbabilityProgress(
        seconds: lastReport, cells: run.nodes, lower: bounds.lower.nearestDouble,
        upper: bounds.upper.nearestDouble))
  }

  private static func interval(_ ends: (lower: Double, upper: Double)) -> Interval {
    guard let lower = Dyadic(exactly: ends.lower), let upper = Dyadic(exactly: ends.upper) else {
      return Interval(.zero, .one)
    }
    return Interval(min(lower, upper), max(lower, upper))
  }
}

extension ProbabilityQuantity {
  /// The numbers that it may be, whatever the probabilities are.
  var range: ClosedRange<Double> {
    switch self {
    case .probability, .conditional: return 0...1
    case .ratio(let first, let second):
      let isPositive = first.range.lowerBound >= 0 && second.range.lowerBound >= 0
      return (isPositive ? 0 : -Double.infinity)...Double.infinity
    case .difference(let first, let second):
      let (first, second) = (first.range, second.range)
      guard first.lowerBound.isFinite, first.upperBound.isFinite, second.upperBound.isFinite,
        second.lowerBound.isFinite
      else { return -Double.infinity...Double.infinity }
      return (first.lowerBound - second.upperBound)...(first.upperBound - second.lowerBound)
    }
  }
}
