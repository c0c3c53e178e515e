/// What the branch-and-cut search reported; nothing in it is a proof.
public enum IntegerOutcome: Hashable, Sendable {
  /// The search is complete up to the gap: the incumbent's objective, and the bound on all others.
  case optimal(objective: Double, bound: Double)
  /// No point with integer values in the integer columns meets all bounds.
  case reportedInfeasible
  /// The relaxation's objective has no bound, or the search could not tell it from infeasible.
  case reportedUnbounded
  /// The search ended early: the best point's objective, and the bound on all points, as far as
  /// there are any.
  case stopped(StopReason, incumbent: Double?, bound: Double?)
}

/// How a mixed-integer problem is solved.
public struct IntegerOptions: Hashable, Sendable {
  /// How long the whole solve may take; `nil` for any time.
  ///
  /// Looked at between nodes only.
  public var timeLimit: Duration?
  /// The search ends when incumbent and bound are this close, relative to the incumbent.
  public var relativeGap: Double
  /// Whether Gomory, rounding, cover and clique cuts are added.
  public var cuts: Bool
  /// Whether each node's subproblem is tightened by its bounds before it is solved.
  public var tightensNodes: Bool

  /// Creates options; each has a default.
  ///
  /// - Parameters:
  ///   - timeLimit: How long the whole solve may take; `nil` for any time.
  ///   - relativeGap: The search ends when incumbent and bound are this close.
  ///   - cuts: Whether Gomory, rounding, cover and clique cuts are added.
  ///   - tightensNodes: Whether each node's subproblem is tightened before it is solved.
  public init(
    timeLimit: Duration? = nil, relativeGap: Double = 0, cuts: Bool = true,
    tightensNodes: Bool = true
  ) {
    self.timeLimit = timeLimit
    self.relativeGap = relativeGap
    self.cuts = cuts
    self.tightensNodes = tightensNodes
  }
}

/// Which values a column may take between its bounds.
public enum ColumnKind: Hashable, Sendable, CaseIterable {
  /// Every real number.
  case continuous
  /// Every integer.
  case integer
  /// Zero and one; replaces the bounds.
  case binary
}
