internal import CGLPK

extension Problem {
  /// Says which values a column may take.
  ///
  /// - Parameters:
  ///   - column: Its index.
  ///   - kind: Real, integer or binary; binary replaces the bounds by 0 and 1.
  /// - Throws: A ``ProblemError`` for a wrong index, or integers between fractional bounds.
  public mutating func setKind(of column: Int, to kind: ColumnKind) throws(ProblemError) {
    let index = try glpkColumn(column)
    switch kind {
    case .continuous:
      unsafe glp_set_col_kind(handle, index, GLP_CV)
    case .integer:
      try checkIntegral(columnBounds(index), column: column)
      unsafe glp_set_col_kind(handle, index, GLP_IV)
    case .binary:
      unsafe glp_set_col_kind(handle, index, GLP_BV)
    }
  }

  /// Minimises with integer values in the integer columns, by branch and cut.
  ///
  /// - Parameters:
  ///   - options: The limits and the means.
  ///   - isCancelled: Asked during the first relaxation and at every node; `true` ends the search.
  /// - Returns: What the solver reports.
  /// - Throws: ``ProblemError/unusableNumber(_:for:)`` for a gap that is no number or negative.
  public mutating func minimiseInteger(
    _ options: IntegerOptions = IntegerOptions(), isCancelled: () -> Bool = { false }
  ) throws(ProblemError) -> IntegerOutcome {
    let deadline = options.timeLimit.map { ContinuousClock.now + $0 }
    try check(options)
    let root = minimise(SimplexOptions(timeLimit: options.timeLimit), isCancelled: isCancelled)
    return search(from: root, options, until: deadline, isCancelled: isCancelled)
  }

  /// Maximises with integer values in the integer columns, by branch and cut.
  ///
  /// - Parameters:
  ///   - options: The limits and the means.
  ///   - isCancelled: Asked during the first relaxation and at every node; `true` ends the search.
  /// - Returns: What the solver reports.
  /// - Throws: ``ProblemError/unusableNumber(_:for:)`` for a gap that is no number or negative.
  public mutating func maximiseInteger(
    _ options: IntegerOptions = IntegerOptions(), isCancelled: () -> Bool = { false }
  ) throws(ProblemError) -> IntegerOutcome {
    let deadline = options.timeLimit.map { ContinuousClock.now + $0 }
    try check(options)
    let root = maximise(SimplexOptions(timeLimit: options.timeLimit), isCancelled: isCancelled)
    return search(from: root, options, until: deadline, isCancelled: isCancelled)
  }

  /// The value of every column at the last integer search's best point.
  public var integerColumnValues: [Double] {
    (0..<columnCount).map { unsafe glp_mip_col_val(handle, Int32($0) + 1) }
  }

  // MARK: Checks

  private func check(_ options: IntegerOptions) throws(ProblemError) {
    try checkNumber(options.relativeGap, for: .gap)
    guard options.relativeGap >= 0 else { throw .unusableNumber(options.relativeGap, for: .gap) }
  }

  /// Refuses bounds of an integer column that are not integers.
  func checkIntegral(_ bounds: Bounds, column: Int) throws(ProblemError) {
    for bound in [bounds.lower, bounds.upper] where bound.isFinite && bound.rounded() != bound {
      throw .fractionalBound(bound, column: column)
    }
  }

  // MARK: The search

  private mutating func search(
    from root: SimplexOutcome, _ options: IntegerOptions, until deadline: ContinuousClock.Instant?,
    isCancelled: () -> Bool
  ) -> IntegerOutcome {
    switch root {
    case .reportedInfeasible: return .reportedInfeasible
    case .reportedUnbounded: return .reportedUnbounded
    case .stopped(let reason): return .stopped(reason, incumbent: nil, bound: nil)
    case .optimal(let relaxed) where columnCount == 0:
      // GLPK's search fails without columns, and there is nothing to search.
      return .optimal(objective: relaxed, bound: relaxed)
    case .optimal(let relaxed):
      var parameters = unsafe integerParameters(options)
      if let deadline { unsafe parameters.tm_lim = (deadline - .now).glpkMilliseconds }
      return withoutActuallyEscaping(isCancelled) { isCancelled in
        var monitor = NodeMonitor(bound: relaxed, isCancelled: isCancelled)
        let code = unsafe withUnsafeMutablePointer(to: &monitor) { place in
          unsafe parameters.cb_info = UnsafeMutableRawPointer(place)
          unsafe parameters.cb_func = watchNode
          return unsafe cglpk_intopt(handle, &parameters)
        }
        return integerOutcome(code, bound: monitor.bound)
      }
    }
  }

  private func integerParameters(_ options: IntegerOptions) -> glp_iocp {
    var parameters = unsafe glp_iocp()
    unsafe glp_init_iocp(&parameters)
    unsafe parameters.msg_lev = GLP_MSG_OFF
    unsafe parameters.mip_gap = options.relativeGap
    let cuts = options.cuts ? GLP_ON : GLP_OFF
    unsafe parameters.gmi_cuts = cuts
    unsafe parameters.mir_cuts = cuts
    unsafe parameters.cov_cuts = cuts
    unsafe parameters.clq_cuts = cuts
    unsafe parameters.pp_tech = options.tightensNodes ? GLP_PP_ALL : GLP_PP_NONE
    return unsafe parameters
  }

  private mutating func integerOutcome(_ code: Int32, bound: Double) -> IntegerOutcome {
    guard let known = ReturnCode(rawValue: code) else {
      return stopped(.numericalTrouble(code: code), bound: bound)
    }
    switch known {
    case .finished: return finishedOutcome()
    case .gapReached:
      return unsafe .optimal(objective: glp_mip_obj_val(handle), bound: bound)
    case .noPrimalFeasibleSolution: return .reportedInfeasible
    case .noDualFeasibleSolution: return .reportedUnbounded
    case .timeLimit: return stopped(.timeLimit, bound: bound)
    case .iterationLimit: return stopped(.iterationLimit, bound: bound)
    case .stoppedByCaller: return stopped(.cancelled, bound: bound)
    case .assertionFailed:
      abandon()
      return .stopped(.solverFailure, incumbent: nil, bound: nil)
    case .invalidBasis, .singularBasis, .illConditionedBasis, .failed, .incorrectBounds,
      .objectiveLowerLimit, .objectiveUpperLimit, .noRootOptimum, .noFeasibleSolution,
      .noConvergence, .instability, .invalidData, .outOfRange:
      return stopped(.numericalTrouble(code: code), bound: bound)
    }
  }

  private func finishedOutcome() -> IntegerOutcome {
    let code = unsafe glp_mip_status(handle)
    let trouble = IntegerOutcome.stopped(
      .numericalTrouble(code: code), incumbent: nil, bound: nil)
    guard let status = SolutionStatus(rawValue: code) else { return trouble }
    switch status {
    case .optimal:
      let objective = unsafe glp_mip_obj_val(handle)
      return .optimal(objective: objective, bound: objective)
    case .noFeasibleSolution: return .reportedInfeasible
    case .undefined, .feasible, .infeasible, .unbounded: return trouble
    }
  }

  private func stopped(_ reason: StopReason, bound: Double) -> IntegerOutcome {
    let hasIncumbent = unsafe glp_mip_status(handle) == GLP_FEAS
    let incumbent = unsafe hasIncumbent ? glp_mip_obj_val(handle) : nil
    return .stopped(reason, incumbent: incumbent, bound: bound)
  }
}

/// What the search's callback reads and writes.
private struct NodeMonitor {
  /// The best bound over the open nodes when last seen.
  var bound: Double
  let isCancelled: () -> Bool
}

/// Notes the bound, and ends the search on request.
private func watchNode(_ tree: OpaquePointer?, _ place: UnsafeMutableRawPointer?) {
  guard let monitor = unsafe place?.assumingMemoryBound(to: NodeMonitor.self) else { return }
  let best = unsafe glp_ios_best_node(tree)
  if best != 0 { unsafe monitor.pointee.bound = glp_ios_node_bound(tree, best) }
  if unsafe monitor.pointee.isCancelled() { unsafe glp_ios_terminate(tree) }
}
