internal import CGLPK

extension Problem {
  /// Minimises the objective by the simplex method, from the current basis.
  ///
  /// A basis that turns out singular or unstable is replaced, twice at most, before the solve is
  /// given up. Edge cases: without rows or columns there is still an answer.
  ///
  /// - Parameters:
  ///   - options: The method and the limits.
  ///   - isCancelled: Asked every few hundred iterations or more; `true` ends the solve.
  /// - Returns: What the solver reports.
  public mutating func minimise(
    _ options: SimplexOptions = SimplexOptions(), isCancelled: () -> Bool = { false }
  ) -> SimplexOutcome {
    unsafe glp_set_obj_dir(handle, GLP_MIN)
    return optimise(options, isCancelled: isCancelled)
  }

  /// Maximises the objective by the simplex method, from the current basis.
  ///
  /// - Parameters:
  ///   - options: The method and the limits.
  ///   - isCancelled: Asked every few hundred iterations or more; `true` ends the solve.
  /// - Returns: What the solver reports.
  public mutating func maximise(
    _ options: SimplexOptions = SimplexOptions(), isCancelled: () -> Bool = { false }
  ) -> SimplexOutcome {
    unsafe glp_set_obj_dir(handle, GLP_MAX)
    return optimise(options, isCancelled: isCancelled)
  }

  private mutating func optimise(
    _ options: SimplexOptions, isCancelled: () -> Bool
  ) -> SimplexOutcome {
    var budget = Budget(
      timeLimit: options.timeLimit, iterationLimit: options.iterationLimit,
      chunk: iterationsBetweenChecks)
    var lastTrouble: Int32 = 0
    for attempt in Attempt.ladder(options) {
      prepareBasis(attempt.basis)
      switch run(attempt, within: &budget, isCancelled: isCancelled) {
      case .answered(let outcome): return outcome
      case .troubled(let code): lastTrouble = code
      }
    }
    return .stopped(.numericalTrouble(code: lastTrouble))
  }

  /// About a tenth of a second's worth, and enough for GLPK's cure of stalling to take hold.
  private var iterationsBetweenChecks: Int {
    let size = unsafe rowCount + columnCount + Int(glp_get_num_nz(handle))
    return min(max(20_000_000 / (size + 1), 500), 20_000)
  }

  private func prepareBasis(_ basis: Attempt.Basis) {
    switch basis {
    case .current: break
    case .advanced: unsafe glp_adv_basis(handle, 0)
    case .slack: unsafe glp_std_basis(handle)
    }
  }

  /// Runs the method in chunks until it answers, meets a limit, or cannot go on.
  private mutating func run(
    _ attempt: Attempt, within budget: inout Budget, isCancelled: () -> Bool
  ) -> AttemptResult {
    while true {
      if isCancelled() { return .answered(.stopped(.cancelled)) }
      if let reason = budget.exhausted { return .answered(.stopped(reason)) }
      var parameters = attempt.parameters
      budget.limit(&parameters)
      let before = unsafe glp_get_it_cnt(handle)
      let code = unsafe cglpk_simplex(handle, &parameters)
      guard let known = ReturnCode(rawValue: code) else { return .troubled(code: code) }
      switch known {
      case .finished:
        return result()
      case .iterationLimit:
        unsafe budget.iterationsUsed += Int(glp_get_it_cnt(handle) - before)
      case .timeLimit:
        return .answered(.stopped(.timeLimit))
      case .assertionFailed:
        abandon()
        return .answered(.stopped(.solverFailure))
      case .noPrimalFeasibleSolution, .noDualFeasibleSolution,
        .invalidBasis, .singularBasis, .illConditionedBasis, .failed, .noFeasibleSolution,
        .noConvergence, .instability, .incorrectBounds, .objectiveLowerLimit,
        .objectiveUpperLimit, .noRootOptimum, .stoppedByCaller, .gapReached, .invalidData,
        .outOfRange:
        return .troubled(code: code)
      }
    }
  }

  /// What the basis that the solver stopped at says.
  ///
  /// The dual method also finishes at a basis that it can show to be neither optimal nor
  /// infeasible, where no dual feasible one exists; the next attempt is primal.
  private func result() -> AttemptResult {
    let code = unsafe glp_get_status(handle)
    guard let status = SolutionStatus(rawValue: code) else { return .troubled(code: code) }
    switch status {
    case .optimal: return unsafe .answered(.optimal(objective: glp_get_obj_val(handle)))
    case .noFeasibleSolution: return .answered(.reportedInfeasible)
    case .unbounded: return .answered(.reportedUnbounded)
    case .undefined, .feasible, .infeasible: return .troubled(code: code)
    }
  }

  /// Leaves the problem that GLPK failed on where it is, since nothing may touch it again, and
  /// takes an empty one.
  mutating func abandon() {
    cglpk_silence()
    unsafe handle = glp_create_prob()
  }
}

/// What one attempt came to.
private enum AttemptResult {
  case answered(SimplexOutcome)
  case troubled(code: Int32)
}

/// One way to run the simplex method.
private struct Attempt {
  enum Basis { case current, advanced, slack }

  var basis: Basis
  var method: SimplexMethod
  var presolves = false

  /// What is tried in turn until something answers.
  ///
  /// GLPK's presolver gives back optimal solutions only, so that a problem without one is solved
  /// again without it; this also leaves a basis that multipliers can be taken from.
  static func ladder(_ options: SimplexOptions) -> [Attempt] {
    let asAsked = Attempt(basis: .current, method: options.method)
    let retries = [
      Attempt(basis: .current, method: .primal),
      Attempt(basis: .advanced, method: .primal),
      Attempt(basis: .slack, method: .dualThenPrimal, presolves: true),
      Attempt(basis: .slack, method: .primal),
    ]
    guard options.presolves else { return [asAsked] + retries }
    return [Attempt(basis: .current, method: options.method, presolves: true), asAsked] + retries
  }

  var parameters: glp_smcp {
    var parameters = glp_smcp()
    unsafe glp_init_smcp(&parameters)
    parameters.msg_lev = GLP_MSG_OFF
    parameters.presolve = presolves ? GLP_ON : GLP_OFF
    parameters.meth =
      switch method {
      case .primal: GLP_PRIMAL
      case .dual: GLP_DUAL
      case .dualThenPrimal: GLP_DUALP
      }
    return parameters
  }
}

/// What is left of a solve's limits.
private struct Budget {
  private let deadline: ContinuousClock.Instant?
  private let iterationLimit: Int
  private let chunk: Int
  var iterationsUsed = 0

  init(timeLimit: Duration?, iterationLimit: Int?, chunk: Int) {
    deadline = timeLimit.map { .now + $0 }
    self.iterationLimit = iterationLimit ?? .max
    self.chunk = chunk
  }

  var exhausted: StopReason? {
    if iterationsUsed >= iterationLimit { return .iterationLimit }
    if let deadline, deadline <= .now { return .timeLimit }
    return nil
  }

  /// Sets the limits of the next chunk; asked only while nothing is exhausted.
  func limit(_ parameters: inout glp_smcp) {
    parameters.it_lim = Int32(min(chunk, iterationLimit - iterationsUsed))
    if let deadline { parameters.tm_lim = (deadline - .now).glpkMilliseconds }
  }
}

extension Duration {
  /// As a time limit of GLPK's: whole milliseconds, at least one.
  var glpkMilliseconds: Int32 {
    let milliseconds = (self / .milliseconds(1)).rounded(.up)
    return Int32(min(max(milliseconds, 1), Double(Int32.max)))
  }
}
