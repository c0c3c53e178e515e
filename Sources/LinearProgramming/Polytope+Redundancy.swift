/// Which rows of a polytope are needed.
public enum RedundancyOutcome: Hashable, Sendable {
  /// The rows that are needed, in order; the others follow from them and the box.
  case needed(rows: [Int])
  /// No point meets all rows.
  case reportedEmpty
  /// The solver ended early: what was not shown to be superfluous.
  case stopped(StopReason, remaining: [Int])
}

extension Polytope {
  /// Finds the rows that cut something off which the box and the other rows do not.
  ///
  /// Row by row, the row's own combination is maximised over the rest; the row is superfluous if
  /// the maximum stays within its limit, up to `tolerance` times the row's norm. Of equal rows the
  /// last is kept. Removing rows can only enlarge the polytope, so a wrong answer errs outwards.
  ///
  /// - Parameters:
  ///   - tolerance: How far, as a distance, a row may cut into the rest and still be superfluous.
  ///   - isCancelled: Asked now and then; `true` ends the search.
  /// - Returns: The rows that are needed.
  /// - Throws: Nothing for a polytope that could be built.
  /// - Complexity: One warm-started linear program for each row that the box does not imply.
  public func neededRows(
    tolerance: Double = 1e-9, isCancelled: () -> Bool = { false }
  ) throws(ProblemError) -> RedundancyOutcome {
    try withRows { problem throws(ProblemError) in
      var needed = Set(0..<rowCount)
      switch problem.minimise(isCancelled: isCancelled) {
      case .optimal, .reportedUnbounded: break
      case .reportedInfeasible: return .reportedEmpty
      case .stopped(let reason): return .stopped(reason, remaining: needed.sorted())
      }
      for index in 0..<rowCount {
        let slack = tolerance * freeNorm(ofRow: index)
        if greatestOnBox(ofRow: index) <= limits[index] {
          try problem.setRowBounds(index, to: .free)
          needed.remove(index)
          continue
        }
        try problem.setObjective(row(index))
        // Loosened rather than removed, so that the maximum exists.
        try problem.setRowBounds(index, to: .atMost(loosened(index)))
        switch problem.maximise(SimplexOptions(method: .primal), isCancelled: isCancelled) {
        case .optimal(let greatest) where greatest <= limits[index] + slack:
          try problem.setRowBounds(index, to: .free)
          needed.remove(index)
        case .optimal, .reportedUnbounded:
          try problem.setRowBounds(index, to: .atMost(limits[index]))
        case .reportedInfeasible: return .reportedEmpty
        case .stopped(let reason): return .stopped(reason, remaining: needed.sorted())
        }
      }
      return .needed(rows: needed.sorted())
    }
  }

  /// The limit of a row moved out by a distance of one.
  private func loosened(_ index: Int) -> Double {
    limits[index] + max(freeNorm(ofRow: index), 1)
  }

  private func greatestOnBox(ofRow index: Int) -> Double {
    var sum = 0.0
    for (value, bounds) in zip(row(index), box) where value != 0 {
      sum += value * (value > 0 ? bounds.upper : bounds.lower)
    }
    return sum
  }
}
