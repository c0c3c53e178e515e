internal import Approximation
internal import BoundPropagation
internal import ClaimLanguage
internal import ExactArithmetic
internal import ProofChecker

/// Narrows the interval of one number: see ``Search/narrow(_:to:options:interrupt:progress:)``.
struct Narrower {
  /// Seconds that the first decisions may take; later ones may take ever longer.
  private static let firstSlice = 1.0

  let family: ClaimFamily
  private let width: AllowedWidth
  private let options: SearchOptions
  private let interrupt: Interrupt
  private let progress: (@Sendable (Progress) -> Void)?
  private let clock = ContinuousClock()
  private let start: ContinuousClock.Instant
  private var generator: SplitMix
  private var pursuit: Pursuit?
  private var limit: Rational?

  private(set) var proved: Narrowing.ProvedEnd?
  private(set) var refuted: Narrowing.RefutedEnd?
  private(set) var nodes = 0

  init(
    _ family: ClaimFamily, width: @escaping AllowedWidth, options: SearchOptions,
    interrupt: Interrupt, progress: (@Sendable (Progress) -> Void)?
  ) {
    self.family = family
    self.width = width
    self.options = options
    self.interrupt = interrupt
    self.progress = progress
    start = clock.now
    generator = SplitMix(seed: options.seed)
  }

  /// Wall-clock seconds since the start.
  var seconds: Double { (clock.now - start) / .seconds(1) }

  /// Narrows until the interval is as narrow as it should be, or no more can be done.
  mutating func run() -> Narrowing.End {
    do throws(FamilyError) {
      try preparePursuit()
      if let end = try begin() { return end }
      return try narrow()
    } catch { return .stopped(.unsupported(error.message)) }
  }

  private mutating func preparePursuit() throws(FamilyError) {
    guard let reach = try Reach(family),
      let network = try? FloatNetwork(family.problem(.zero).network)
    else { return }
    pursuit = Pursuit(reach, side: family.side, network: network)
  }

  // MARK: Decisions

  /// Why to stop now; nil while there is time.
  private var reasonToStop: StopReason? {
    if interrupt.isRaised { return .interrupted }
    if let limit = options.timeLimit, seconds >= limit { return .timeLimit }
    return nil
  }

  /// Decides the claim of a threshold, and takes what was found as an end.
  ///
  /// - Returns: Why it is undecided; nil where it is decided.
  private mutating func decide(
    _ threshold: Rational, within slice: Double?
  ) throws(FamilyError) -> StopReason? {
    if let reason = reasonToStop { return reason }
    var options = options
    let limits = [slice, options.timeLimit.map { $0 - seconds }].compactMap(\.self)
    options.timeLimit = limits.min()
    let decision = Search.decide(
      try family.problem(threshold), options: options, interrupt: interrupt, progress: progress)
    nodes += decision.nodes
    switch decision.verdict {
    case .holds(let proof):
      proved = Narrowing.ProvedEnd(threshold: threshold, proof: proof)
      return nil
    case .refuted(let witness):
      refuted = Narrowing.RefutedEnd(threshold: threshold, witness: witness)
      try extend(from: witness)
      return nil
    case .undecided(let reason): return reason
    }
  }

  /// Whether the interval is as narrow as it should be.
  private var isNarrow: Bool {
    guard let proved = proved?.threshold, let refuted = refuted?.threshold else { return false }
    let (lower, upper) = (min(proved, refuted), max(proved, refuted))
    return upper - lower <= width(lower, upper)
  }

  // MARK: The beginning

  /// Finds a first witness, or a first proof.
  ///
  /// - Returns: The end, where that is all.
  private mutating func begin() throws(FamilyError) -> Narrowing.End? {
    switch family.threshold {
    case .value:
      let huge = Rational.power(ofTwo: 200)
      if let reason = try decide(family.side == .above ? -huge : huge, within: nil) {
        return .stopped(reason)
      }
      guard refuted != nil else {
        return .stopped(.unsupported("no point of the set meets what is given"))
      }
      return nil
    case .radius(let balls):
      if let reason = try decide(.zero, within: nil) { return .stopped(reason) }
      guard refuted == nil else { return .refutedAtCentre }
      limit = try family.coveringRadius()
      for radius in radii(around: balls) where refuted == nil && reasonToStop == nil {
        try attack(radius)
      }
      return nil
    }
  }

  /// Radii from small to large, the last one as large as any that is asked about.
  private func radii(around balls: [ClaimFamily.BallPlace]) -> [Rational] {
    let radii = ClaimFamily.radii(around: balls)
    guard let limit else { return radii }
    return radii.filter { $0 < limit } + [limit]
  }

  /// Looks for a witness against the claim of a threshold without deciding it.
  private mutating func attack(_ threshold: Rational) throws(FamilyError) {
    guard let pursuit else { return }
    let problem = try family.problem(threshold)
    let maker = WitnessMaker(problem: problem)
    let attack = Attack(
      problem: FloatProblem(problem), network: pursuit.propagator.network, seed: options.seed)
    let found = attack.run(until: { reasonToStop != nil }) { suspect in
      maker.witness(near: suspect.point, caseIndex: suspect.caseIndex)
    }
    guard let found else { return }
    refuted = Narrowing.RefutedEnd(threshold: threshold, witness: found)
    try extend(from: found)
  }

  // MARK: The refuted end

  /// Takes the weakest claim that a witness refutes as the refuted end.
  private mutating func extend(from witness: Witness) throws(FamilyError) {
    guard let refuted else { return }
    let allowed = width(refuted.threshold, refuted.threshold)
    switch family.threshold {
    case .radius(let balls):
      let places = (allowed / Rational(20)).decimalPlaces
      let radius = balls.map { $0.radius(reaching: witness.point, places: places) }.max() ?? .zero
      _ = try takeWitness(at: witness.point, radius)
    case .value:
      if let guess = try estimatedReach(of: witness),
        try takeWitness(near: guess, at: witness.point)
      {
        return
      }
      try gallop(from: witness.point)
    }
  }

  /// The threshold that a witness reaches, as binary64 sees it.
  private func estimatedReach(of witness: Witness) throws(FamilyError) -> Rational? {
    guard let pursuit else { return nil }
    let problem = FloatProblem(try family.problem(.zero))
    let (caseIndex, disjunct) = (witness.confirmed.caseIndex, witness.confirmed.disjunct)
    guard caseIndex < problem.cases.count, disjunct < problem.cases[caseIndex].disjuncts.count
    else { return nil }
    let point = witness.point.map(\.nearestDouble)
    let reached = pursuit.reach.threshold(
      of: point, outputs: pursuit.propagator.evaluate(point), in: problem.cases[caseIndex],
      caseIndex: caseIndex, disjunct: disjunct, side: family.side)
    return reached.flatMap { Dyadic(exactly: $0) }.map { Rational($0) }
  }

  /// Takes a claim a little stronger than that of a threshold as the refuted end, if the point refutes it.
  private mutating func takeWitness(
    near threshold: Rational, at point: [Rational]
  ) throws(FamilyError) -> Bool {
    let allowed = width(threshold, threshold)
    for share in [64, 16, 4] {
      let step = allowed / Rational(share)
      let harder = family.easier(threshold, by: -step)
      let rounded = family.roundedHarder(harder, places: step.decimalPlaces)
      if try takeWitness(at: point, rounded) { return true }
    }
    return false
  }

  /// Takes a threshold as the refuted end, if it is weaker than the present one and the point refutes
  /// its claim.
  private mutating func takeWitness(
    at point: [Rational], _ threshold: Rational
  ) throws(FamilyError) -> Bool {
    if let refuted, !family.isHarder(refuted.threshold, than: threshold) { return false }
    guard let witness = WitnessMaker(problem: try family.problem(threshold)).confirmed(point)
    else { return false }
    refuted = Narrowing.RefutedEnd(threshold: threshold, witness: witness)
    return true
  }

  /// Finds out by confirming alone how far a point reaches: for families that binary64 does not
  /// measure.
  private mutating func gallop(from point: [Rational]) throws(FamilyError) {
    // Thresholds from −2^200 over 0 to 2^200, or the other way round.
    func step(_ index: Int) -> Rational {
      guard index != 0 else { return .zero }
      let size = Rational.power(ofTwo: abs(index) - 200)
      return (index > 0) == (family.side == .above) ? size : -size
    }
    var (confirmed, failed) = (-400, 401)
    while failed - confirmed > 1 {
      let middle = (confirmed + failed) / 2
      if try takeWitness(at: point, step(middle)) { confirmed = middle } else { failed = middle }
    }
    guard failed <= 400 else { return }
    var outside = step(failed)
    for _ in 0..<60 {
      guard let inside = refuted?.threshold,
        (outside - inside).magnitude > width(inside, inside) / Rational(20)
      else { return }
      let middle = (inside + outside) / Rational(2)
      if try !takeWitness(at: point, middle) { outside = middle }
    }
  }

  /// Looks for weaker claims that points near the witness refute, in ever smaller steps.
  private mutating func climb() throws(FamilyError) {
    guard let pursuit, let first = refuted else { return }
    var step = width(first.threshold, first.threshold)
    if case .radius = family.threshold { step = max(step, first.threshold / Rational(2)) }
    while let here = refuted, reasonToStop == nil, !isNarrow {
      let allowed = width(here.threshold, here.threshold)
      guard step >= allowed / Rational(2) else { return }
      let goal = family.roundedHarder(
        family.easier(here.threshold, by: step), places: (allowed / Rational(20)).decimalPlaces)
      if try climb(from: here, to: goal, pursuit) {
        step = step * Rational(2)
        if case .radius = family.threshold {
          step = min(step, (refuted ?? here).threshold / Rational(2))
        }
      } else {
        step = step / Rational(4)
      }
    }
  }

  /// Pursues the claim of a goal from a witness.
  ///
  /// - Returns: Whether the refuted end moved by a share of the allowed width.
  private mutating func climb(
    from here: Narrowing.RefutedEnd, to goal: Rational, _ pursuit: Pursuit
  ) throws(FamilyError) -> Bool {
    let problem = try family.problem(goal)
    let numbers = FloatProblem(problem)
    let (caseIndex, disjunct) = (here.witness.confirmed.caseIndex, here.witness.confirmed.disjunct)
    guard caseIndex < numbers.cases.count, !numbers.cases[caseIndex].isEmptyBox,
      disjunct < numbers.cases[caseIndex].disjuncts.count,
      let best = pursuit.best(
        near: here.witness.point.map(\.nearestDouble), of: numbers, caseIndex: caseIndex,
        disjunct: disjunct, using: &generator),
      let reached = Dyadic(exactly: best.threshold)
    else { return false }
    let allowed = width(here.threshold, here.threshold)
    let least = family.easier(here.threshold, by: allowed / Rational(20))
    guard family.isHarder(least, than: Rational(reached)) else { return false }
    try take(best, near: Rational(reached))
    guard let there = refuted?.threshold else { return false }
    return !family.isHarder(there, than: least)
  }

  /// Confirms a candidate exactly, and takes it as the refuted end.
  private mutating func take(
    _ candidate: Pursuit.Candidate, near threshold: Rational
  ) throws(FamilyError) {
    let allowed = width(threshold, threshold)
    for share in [64, 16, 4] {
      let step = allowed / Rational(share)
      let harder = family.roundedHarder(
        family.easier(threshold, by: -step), places: step.decimalPlaces)
      if let refuted, !family.isHarder(refuted.threshold, than: harder) { continue }
      let maker = WitnessMaker(problem: try family.problem(harder))
      guard let witness = maker.witness(near: candidate.point, caseIndex: candidate.caseIndex)
      else { continue }
      refuted = Narrowing.RefutedEnd(threshold: harder, witness: witness)
      return try extend(from: witness)
    }
  }

  // MARK: The proved end

  /// Proves claims ever closer to the refuted end.
  private mutating func narrow() throws(FamilyError) -> Narrowing.End {
    var slice = Self.firstSlice
    var widening = Rational(8)
    try climb()
    while !isNarrow {
      if let reason = reasonToStop { return .stopped(reason) }
      let target = target
      guard let first = try decide(target, within: slice) else {
        if refuted == nil { return endWithoutWitness }
        try climb()
        continue
      }
      if let reason = reasonToStop { return .stopped(reason) }
      if let second = try decide(weaker(than: target, by: widening), within: slice) {
        if first != .timeLimit, second != .timeLimit { return .stopped(first) }
        widening = widening * Rational(8)
      } else {
        try climb()
      }
      slice *= 2
    }
    return .narrow
  }

  /// The weakest claim whose proof makes the interval narrow; without a witness, the last one of all.
  private var target: Rational {
    guard let refuted = refuted?.threshold else { return largestRadius }
    let allowed = width(refuted, refuted)
    let far = family.easier(refuted, by: allowed * Rational(9) / Rational(10))
    let target = family.roundedHarder(far, places: (allowed / Rational(20)).decimalPlaces)
    guard case .radius = family.threshold else { return target }
    return max(.zero, target)
  }

  /// A claim that is easier to prove than that of the target, and still worth proving.
  private func weaker(than target: Rational, by factor: Rational) -> Rational {
    let places = (width(target, target) / Rational(20)).decimalPlaces
    guard let proved = proved?.threshold else {
      let far = family.easier(target, by: width(target, target) * factor)
      return family.roundedEasier(far, places: places)
    }
    if refuted == nil, case .radius(let balls) = family.threshold {
      return radii(around: balls).first { $0 > proved } ?? target
    }
    return family.roundedEasier((target + proved) / Rational(2), places: places)
  }

  private var largestRadius: Rational {
    guard case .radius(let balls) = family.threshold else { return .zero }
    return radii(around: balls).last ?? .zero
  }

  private var endWithoutWitness: Narrowing.End {
    limit != nil
      ? .unlimited
      : .stopped(.unsupported("no witness was found within the radius \(largestRadius)"))
  }
}
