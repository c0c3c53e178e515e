public import ClaimLanguage
public import ExactArithmetic

/// What GLPK's integer programs say of a question: a second opinion, in floating point with
/// tolerances, and never a proof.
public enum IntegerOpinion: Sendable {
  /// The best number that was reported, and where it is reached.
  ///
  /// Of one problem it is the least excess: not positive where a point meets all rows. Of a family it
  /// is the number that is asked for.
  case reported(value: Double, point: [Double])
  /// No point at all was reported.
  case reportedInfeasible
  /// The programs could not be made or solved, for a reason.
  case stopped(String)
}

extension Search {
  /// Asks GLPK how close a problem's rows come to being met.
  ///
  /// - Parameters:
  ///   - problem: A problem about a small network, in the meaning `real`, without balls.
  ///   - options: The limit of time for each program.
  ///   - interrupt: Ends it early.
  /// - Returns: The least excess over all cases and disjuncts.
  public static func integerOpinion(
    on problem: Problem, options: SearchOptions, interrupt: Interrupt = Interrupt()
  ) -> IntegerOpinion {
    opinion(on: problem, options, interrupt, isBetter: <) { _, _ in .excess }
  }

  /// Asks GLPK for the number that a family of claims asks for.
  ///
  /// - Parameters:
  ///   - family: Claims about a small network, in the meaning `real`.
  ///   - widest: A threshold whose problem has all points that matter: the largest radius of interest.
  ///   - options: The limit of time for each program.
  ///   - interrupt: Ends it early.
  /// - Returns: The number: an extremum or the least radius that has a witness.
  /// - Throws: What the family's problems throw.
  public static func integerOpinion(
    on family: ClaimFamily, upTo widest: Rational, options: SearchOptions,
    interrupt: Interrupt = Interrupt()
  ) throws(FamilyError) -> IntegerOpinion {
    let problem = try family.problem(widest)
    switch family.threshold {
    case .radius(let balls):
      return opinion(on: problem, options, interrupt, isBetter: <) { _, _ in .radius(balls) }
    case .value:
      guard case .value(let moves) = try Reach(family) else {
        return .stopped("the rows move in other ways than by their bounds")
      }
      let isMaximised = family.side == .above
      return opinion(on: problem, options, interrupt, isBetter: isMaximised ? (>) : (<)) {
        .threshold(moves[$0][$1], isMaximised: isMaximised)
      }
    }
  }

  private static func opinion(
    on problem: Problem, _ options: SearchOptions, _ interrupt: Interrupt,
    isBetter: (Double, Double) -> Bool, aim: (Int, Int) -> IntegerModel.Aim
  ) -> IntegerOpinion {
    guard problem.meaning == .real else {
      return .stopped("integer programs speak of real arithmetic only")
    }
    let numbers = FloatProblem(problem)
    var best: IntegerOpinion = .reportedInfeasible
    for (index, item) in numbers.cases.enumerated() where !item.isEmptyBox {
      guard let bounds = ProvedUnitBounds(problem.network, on: problem.cases[index])
      else { return .stopped("the checker did not accept the bounds of units") }
      for (disjunct, rows) in item.disjuncts.enumerated() {
        let aim = aim(index, disjunct)
        guard problem.cases[index].inputRows.count(where: { !$0.curves.isEmpty }) == aim.curvedRows
        else { return .stopped("balls of a fixed radius are no part of an integer program") }
        let model = IntegerModel(
          network: problem.network, bounds: bounds, inputSet: item, rows: rows,
          timeLimit: options.timeLimit)
        switch model.solve(aim, isCancelled: { interrupt.isRaised }) {
        case .reportedInfeasible: continue
        case .stopped(let reason): return .stopped(reason)
        case .reported(let value, let point):
          if case .reported(let present, _) = best, !isBetter(value, present) { continue }
          best = .reported(value: value, point: point)
        }
      }
    }
    return best
  }
}

extension IntegerModel.Aim {
  /// How many of a case's rows the aim stands for: those of balls in the norms 1 and 2.
  fileprivate var curvedRows: Int {
    switch self {
    case .excess, .threshold: 0
    case .radius(let balls): balls.count { $0.norm != .infinity }
    }
  }
}
