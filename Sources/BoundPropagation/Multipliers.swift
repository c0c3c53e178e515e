/// The free choices in a lower bound: any values in their ranges give a valid bound.
public struct Multipliers: Hashable, Sendable {
  /// The slope of each unit's line from below, in 255ths; used where the unit is unstable.
  ///
  /// Units at the end that the quantity does not depend on may be left out.
  public var slopes: [UInt8]
  /// A factor at least zero for each split of the subproblem, in their order.
  public var splits: [Double]
  /// A factor at least zero for each row; their sum is one.
  ///
  /// A unit's argument has the weight one.
  public var weights: [Double]

  /// Creates multipliers.
  ///
  /// - Parameters:
  ///   - slopes: One per unit of the network, in 255ths.
  ///   - splits: One per split of the subproblem.
  ///   - weights: One per row.
  public init(slopes: [UInt8], splits: [Double], weights: [Double]) {
    self.slopes = slopes
    self.splits = splits
    self.weights = weights
  }
}

/// What is bounded from below.
public enum Quantity: Hashable, Sendable {
  /// The best convex combination of at least one row.
  ///
  /// Where it has a positive lower bound, no point of the subproblem has all rows at most zero.
  case rows([LinearRow])
  /// A unit's argument, or its negative.
  case argument(unit: Int, isNegated: Bool)

  /// How many weights it has.
  var weightCount: Int {
    switch self {
    case .rows(let rows): rows.count
    case .argument: 1
    }
  }
}

/// A quantity to be bounded on a subproblem as high as possible.
public struct Objective: Sendable {
  /// The place of the subproblem in the list given along.
  public let subproblem: Int
  /// What is bounded.
  public let quantity: Quantity
  /// Where to start; the default lines, no split multipliers and equal weights if none.
  ///
  /// A start with fewer split multipliers than the subproblem has splits is extended by zeros.
  public let start: Multipliers?

  /// Creates an objective.
  ///
  /// - Parameters:
  ///   - subproblem: The place of the subproblem in the list given along.
  ///   - quantity: What to bound.
  ///   - start: Where to start, as a result for the subproblem's parent gave it.
  public init(subproblem: Int, quantity: Quantity, start: Multipliers? = nil) {
    precondition(quantity.weightCount > 0, "an objective has rows")
    self.subproblem = subproblem
    self.quantity = quantity
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
  /// Of a subproblem whose inputs are normal: how many deviations below the mean of the function the
  /// bound is taken; none: the bound is how many deviations the mean lies above zero.
  public var deviations: Double?

  /// Creates settings.
  ///
  /// - Parameters:
  ///   - steps: How many steps to take at most.
  ///   - goal: A bound above this is good enough.
  ///   - slopeRate: The first step's length in slopes.
  ///   - splitRate: The first step's length in split multipliers.
  ///   - weightRate: The first step's length in the logarithms of the weights.
  ///   - decay: What the lengths are multiplied by after each step.
  ///   - deviations: How many deviations below its mean a function of normal inputs is bounded.
  public init(
    steps: Int = 20, goal: Double = 0, slopeRate: Double = 0.3, splitRate: Double = 0.3,
    weightRate: Double = 0.5, decay: Double = 0.95, deviations: Double? = nil
  ) {
    self.steps = steps
    self.goal = goal
    self.slopeRate = slopeRate
    self.splitRate = splitRate
    self.weightRate = weightRate
    self.decay = decay
    self.deviations = deviations
  }
}

/// The best bound that was found for an objective.
public struct AscentResult: Sendable {
  /// The lower bound of the quantity with exactly these multipliers; not a number where the arithmetic
  /// failed, which proves nothing.
  public let bound: Double
  /// What gives it; the other multipliers have 24 bits.
  public let multipliers: Multipliers
  /// The coefficients of the affine function below the quantity, one per input.
  public let coefficients: [Double]
  /// The constant of that function.
  public let constant: Double
  /// The size of the numbers that are added up where the function is least.
  public let magnitude: Double
  /// The unstable units whose lines cost most, the costliest first, at most ``mostUnits``.
  ///
  /// For a coefficient c < 0 of relu(z) the line above costs up to |c| · u l / (l − u); where no line
  /// above costs anything, lines below are compared (Bunel et al., "Branch and bound for piecewise
  /// linear neural network verification", 2020, section 5.2, without the bias).
  public let costliestUnits: [CostlyUnit]

  /// How many units are named.
  public static let mostUnits = 8
}

/// A unit whose line costs a bound something.
public struct CostlyUnit: Hashable, Sendable {
  /// The unit's number.
  public let unit: Int
  /// With this multiplier the split that makes it active loses nothing against the line below.
  public let activeMultiplier: Double
  /// The same for the split that makes it inactive.
  public let inactiveMultiplier: Double
}
