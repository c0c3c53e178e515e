/// The free choices in a lower bound: any values in their ranges give a valid bound.
public struct Multipliers: Hashable, Sendable {
  /// The slope of each unit's line from below, in [0, 1]; used where the unit is unstable.
  public var slopes: [Double]
  /// A factor at least zero for each split of the subproblem, in their order.
  public var splits: [Double]
  /// A factor at least zero for each row; their sum is one.
  public var weights: [Double]

  /// Creates multipliers.
  ///
  /// - Parameters:
  ///   - slopes: One per unit of the network.
  ///   - splits: One per split of the subproblem.
  ///   - weights: One per row.
  public init(slopes: [Double], splits: [Double], weights: [Double]) {
    self.slopes = slopes
    self.splits = splits
    self.weights = weights
  }
}

/// A combination of rows to be bounded on a subproblem as high as possible.
///
/// Where the best convex combination of `rows` has a positive lower bound, no point of the subproblem
/// has them all at most zero.
public struct Objective: Sendable {
  /// The place of the subproblem in the list given along.
  public let subproblem: Int
  /// At least one row.
  public let rows: [LinearRow]
  /// Where to start; the default lines, no split multipliers and equal weights if none.
  ///
  /// A start with fewer split multipliers than the subproblem has splits is extended by zeros.
  public let start: Multipliers?

  /// Creates an objective.
  ///
  /// - Parameters:
  ///   - subproblem: The place of the subproblem in the list given along.
  ///   - rows: At least one row.
  ///   - start: Where to start, as a result for the subproblem's parent gave it.
  public init(subproblem: Int, rows: [LinearRow], start: Multipliers? = nil) {
    precondition(!rows.isEmpty, "an objective has rows")
    self.subproblem = subproblem
    self.rows = rows
    self.start = start
  }
}

/// How long and how fast to climb.
public struct AscentSettings: Hashable, Sendable {
  /// How many steps to take at most.
  public var steps: Int
  /// A bound above this is good enough.
  public var goal: Double
  /// The first step's length in slopes.
  public var slopeRate: Double
  /// The first step's length in split multipliers, in units of the largest coefficient there.
  public var splitRate: Double
  /// The first step's length in the logarithms of the weights.
  public var weightRate: Double
  /// What the lengths are multiplied by after each step.
  public var decay: Double

  /// Creates settings.
  ///
  /// - Parameters:
  ///   - steps: How many steps to take at most.
  ///   - goal: A bound above this is good enough.
  ///   - slopeRate: The first step's length in slopes.
  ///   - splitRate: The first step's length in split multipliers.
  ///   - weightRate: The first step's length in the logarithms of the weights.
  ///   - decay: What the lengths are multiplied by after each step.
  public init(
    steps: Int = 20, goal: Double = 0, slopeRate: Double = 0.3, splitRate: Double = 0.3,
    weightRate: Double = 0.5, decay: Double = 0.95
  ) {
    self.steps = steps
    self.goal = goal
    self.slopeRate = slopeRate
    self.splitRate = splitRate
    self.weightRate = weightRate
    self.decay = decay
  }
}

/// The best bound that was found for an objective.
public struct AscentResult: Sendable {
  /// The lower bound of the combination; not a number where the arithmetic failed, which proves
  /// nothing.
  public let bound: Double
  /// What gives it.
  public let multipliers: Multipliers
  /// The coefficients of the affine function below the combination, one per input.
  public let coefficients: [Double]
  /// The constant of that function.
  public let constant: Double
  /// The most that each unit's lines can lose; see ``RowBounds/unitScores``.
  public let unitScores: [Double]
}
