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
  private let problem: ProbabilityProblem
  private let wanted: Closeness
  private var goal: QuantityGoal
  private let options: SearchOptions
  private let run: Run
  private let progress: ((ProbabilityProgress) -> Void)?
  private var searches: [MassSearch] = []
  /// Whether nothing is left to cut.
  private var isExhausted: [Bool] = []
  private var lastReport = 0.0
  /// How often the checker rejected a proof because of equal sides.
  private var rejections = 0
  /// From how many times on all cells that are decided by them are left.
  private static let mostRejections = 32
  /// How often bounds are checked that may suffice.
  private static let mostAttempts = 16

  init(
    _ problem: ProbabilityProblem, gap: Closeness, _ options: SearchOptions, _ run: Run,
    _ progress: ((ProbabilityProgress) -> Void)?
  ) throws(BoundPropagationError) {
    (quantity, wanted) = (problem.quantity, gap)
    (self.problem, self.options, self.run, self.progress) = (problem, options, run, progress)
    let claimed = (lower: problem.lower.nearestDouble, upper: problem.upper.nearestDouble)
    goal = QuantityGoal(quantity: problem.quantity, claimed: claimed, gap: gap)
    let single = problem.quantity.single
    let watch = single.flatMap { single in
      progress.map { progress in { progress(single.number(of: $0)) } }
    }
    for event in problem.events {
      searches.append(
        try MassSearch(
          event, claimed: single?.event(of: claimed.lower...claimed.upper) ?? 0...1,
          gap: single == .complement ? Closeness(absolute: gap.absolute) : gap, options, run,
          watch))
    }
    isExhausted = searches.map { _ in false }
  }

  /// The proof, as far as it has come, and what the checker says of it.
  mutating func checked() throws(Rejection) -> Checked {
    let proofs = searches.map(\.proof)
    let proof = Self.joined(proofs)
    if let lastChecked, lastChecked.proof == proof { return lastChecked }
    let result: Checked
    do throws(Rejection) {
      result = (proof, try Self.check(proof, of: problem, options, run))
    } catch .notProved(let record, let reason) {
      guard takeBackTies(at: record, proofs) else {
        throw .notProved(record: record, reason: reason)
      }
      return try checked()
    }
    for event in searches.indices {
      searches[event].learn(from: Self.cells(of: event, in: result.verified, problem))
    }
    lastChecked = result
    return result
  }

  /// Takes back what equal sides decide: of the cell of a record that is rejected, or of all cells when that happened
  /// often.
  ///
  /// - Returns: Whether there was any.
  private mutating func takeBackTies(at record: Int, _ proofs: [[UInt8]]) -> Bool {
    rejections += 1
    if rejections <= Self.mostRejections {
      for event in searches.indices {
        let before = Self.records(before: event, in: proofs)
        if searches[event].reopenTie(at: record - before) { return true }
      }
    }
    return searches.indices.reduce(false) { searches[$1].leaveTies() || $0 }
  }

  /// How many records the trees of the events before one have.
  private static func records(before event: Int, in proofs: [[UInt8]]) -> Int {
    proofs[..<event].reduce(0) { sum, proof in
      guard var reader = try? ProofReader(proof) else { return sum }
      var count = 0
      while !reader.isAtEnd, (try? reader.next()) != nil { count += 1 }
      return sum + count
    }
  }

  private static func check(
    _ proof: [UInt8], of problem: ProbabilityProblem, _ options: SearchOptions, _ run: Run
  ) throws(Rejection) -> VerifiedProbability {
    let deadline = options.timeLimit
    return try ProofChecker.enclose(problem, by: proof) {
      deadline.map { run.seconds > $0 } ?? false
    }
  }

  /// What the checker found of the cells of one event.
  private static func cells(
    of event: Int, in verified: VerifiedProbability, _ problem: ProbabilityProblem
  ) -> [CellMass] {
    let before = problem.events[..<event].reduce(0) { $0 + $1.count }
    return verified.cells[before...].prefix(problem.events[event].count).flatMap(\.self)
  }

  /// The trees of all events, one after the other.
  private static func joined(_ proofs: [[UInt8]]) -> [UInt8] {
    let head = ProofWriter().bytes.count
    return proofs.dropFirst().reduce(proofs[0]) { $0 + $1.dropFirst(head) }
  }

  /// Aims at bounds that are closer than those that were found.
  ///
  /// - Parameter found: Those.
  /// - Returns: Whether that is worth trying.
  mutating func aimCloser(than found: VerifiedProbability) -> Bool {
    goal.attempts += 1
    if goal.isReached(by: searches.map { Self.interval($0.bounds) }) {
      // As much closer as the checker's bounds are wider; else cells are known where it finds less.
      let (lower, upper) = (found.lower.nearestDouble, found.upper.nearestDouble)
      let factor = 0.95 * wanted.width(from: lower, to: upper) / (upper - lower)
      goal.gap = goal.gap.scaled(by: max(0.5, min(0.95, factor)))
    }
    for event in searches.indices {
      searches[event].slack = max(2 * searches[event].slack, searches[event].undecided / 64)
      switch quantity.single {
      case .probability: searches[event].gap = goal.gap
      case .complement: searches[event].gap = Closeness(absolute: goal.gap.absolute)
      case nil: break
      }
    }
    return goal.attempts < Self.mostAttempts
  }

  /// Bounds one event.
  private mutating func bound(_ event: Int) -> StopReason? {
    let others = searches.indices.map { $0 == event ? [] : searches[$0].proof }
    let size = searches.indices.reduce(0) { $1 == event ? $0 : $0 + searches[$1].proofSize }
    let (problem, options, run) = (problem, options, run)
    let (goal, isPlain) = (goal, quantity.single == .probability)
    var probabilities = searches.map { Self.interval($0.bounds) }
    let isEnough = { (bounds: (lower: Double, upper: Double)) -> Bool in
      guard !isPlain else { return false }
      probabilities[event] = Self.interval(bounds)
      return goal.isReached(by: probabilities)
    }
    var checked: Checked?
    let stop = searches[event].run(others: size, until: isEnough) { own in
      let proof = Self.joined(others.enumerated().map { $0 == event ? own : $1 })
      do throws(Rejection) {
        let verified = try Self.check(proof, of: problem, options, run)
        checked = (proof, verified)
        return .shown(Self.cells(of: event, in: verified, problem))
      } catch .notProved(let record, _) {
        return .rejected(record: record - Self.records(before: event, in: others))
      } catch {
        // What is rejected here is rejected in the end, and reported then.
        return .nothing
      }
    }
    lastChecked = checked ?? lastChecked
    return stop
  }

  /// Searches until the bounds suffice.
  ///
  /// - Returns: Why it ended before; nil where it did not.
  mutating func search() -> StopReason? {
    guard quantity.single == nil else { return bound(0) }
    while true {
      let probabilities = searches.map { Self.interval($0.bounds) }
      let bounds = quantity.enclosed(probabilities)
      report(bounds)
      if goal.isReached(by: probabilities) { return nil }
      let costs = searches.indices.map { cost(of: $0, probabilities, bounds) }
      guard let worst = costs.indices.max(by: { costs[$0] < costs[$1] }), costs[worst] > 0 else {
        return .resolution
      }
      let (lower, upper) = searches[worst].bounds
      searches[worst].gap = Closeness(absolute: (upper - lower) / 2)
      switch bound(worst) {
      case nil: break
      case .resolution: isExhausted[worst] = true
      case let reason?: return reason
      }
    }
  }

  /// Whether the problem claims nothing.
  var claimsNothing: Bool { goal.claimsNothing }

  /// Whether no divisor may be zero.
  var hasBounds: Bool {
    quantity.enclosed(searches.map { Self.interval($0.bounds) }) != nil
  }

  /// How much closer to a decision the number would be were the probability of an event known; its own
  /// width where the number has no bounds yet.
  private func cost(of event: Int, _ probabilities: [Interval], _ bounds: Interval?) -> Double {
    let interval = probabilities[event]
    guard !isExhausted[event], interval.lower < interval.upper else { return 0 }
    let width = (interval.upper - interval.lower).nearestDouble
    guard let bounds else { return width }
    let middles = probabilities.map { Self.middle(of: $0) }
    var known = probabilities
    known[event] = middles[event]
    guard let better = quantity.enclosed(known), let value = quantity.enclosed(middles) else {
      return width
    }
    return max(
      goal.gain(from: bounds, to: better, at: value.lower.nearestDouble), width * 1e-12)
  }

  private static func middle(of interval: Interval) -> Interval {
    let value = (interval.lower.nearestDouble + interval.upper.nearestDouble) / 2
    return Self.interval((value, value))
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
  /// How a number follows from the probability of one event.
  enum Single {
    /// It is the probability.
    case probability
    /// It is one less the probability.
    case complement

    /// The event's probabilities that make an interval of numbers.
    func event(of numbers: ClosedRange<Double>) -> ClosedRange<Double> {
      switch self {
      case .probability: numbers
      case .complement: (1 - numbers.upperBound)...(1 - numbers.lowerBound)
      }
    }

    /// The progress of the number, by that of the event, whose ends may cross by rounding.
    func number(of progress: ProbabilityProgress) -> ProbabilityProgress {
      switch self {
      case .probability: progress
      case .complement:
        ProbabilityProgress(
          seconds: progress.seconds, cells: progress.cells, lower: 1 - progress.upper,
          upper: 1 - progress.lower)
      }
    }
  }

  /// How the number follows from the probability of the only event; nil where it is made otherwise.
  var single: Single? {
    switch self {
    case .probability(0): .probability
    case .complement(.probability(0)): .complement
    case .probability, .conditional, .ratio, .difference, .complement: nil
    }
  }
}
