/// Every code that GLPK 5 documents for a return from a solver; `glpk.h` has the same numbers.
enum ReturnCode: Int32 {
  case finished = 0
  case invalidBasis = 1
  case singularBasis = 2
  case illConditionedBasis = 3
  case incorrectBounds = 4
  case failed = 5
  case objectiveLowerLimit = 6
  case objectiveUpperLimit = 7
  case iterationLimit = 8
  case timeLimit = 9
  case noPrimalFeasibleSolution = 10
  case noDualFeasibleSolution = 11
  case noRootOptimum = 12
  case stoppedByCaller = 13
  case gapReached = 14
  case noFeasibleSolution = 15
  case noConvergence = 16
  case instability = 17
  case invalidData = 18
  case outOfRange = 19
  /// Our own: an assertion inside GLPK failed.
  case assertionFailed = -1
}

/// Every status of a solution that GLPK 5 documents; `glpk.h` has the same numbers.
enum SolutionStatus: Int32 {
  case undefined = 1
  case feasible = 2
  case infeasible = 3
  case noFeasibleSolution = 4
  case optimal = 5
  case unbounded = 6
}
