/// The decided sign of one unit.
public struct UnitSplit: Hashable, Sendable {
  /// The unit's number in its network.
  public let unit: Int
  /// Whether the unit's argument is at least zero; at most zero otherwise.
  public let isActive: Bool

  /// Creates a split.
  ///
  /// - Parameters:
  ///   - unit: The unit's number in its network.
  ///   - isActive: Whether its argument is at least zero.
  public init(unit: Int, isActive: Bool) {
    self.unit = unit
    self.isActive = isActive
  }
}

/// A box of inputs, the signs decided there, and what is known of the units' arguments.
public struct Subproblem: Sendable {
  /// The lower end of each input entry.
  public var lower: [Double] { didSet { settledUnits = 0 } }
  /// The upper end of each input entry.
  public var upper: [Double] { didSet { settledUnits = 0 } }
  /// A lower bound of each unit's argument; `-infinity` where none is known.
  public var unitLower: [Double] { didSet { settledUnits = 0 } }
  /// An upper bound of each unit's argument; `infinity` where none is known.
  public var unitUpper: [Double] { didSet { settledUnits = 0 } }
  /// The inputs' laws, where forms are bounded by their means and deviations; none: by the box alone.
  public var normal: NormalInputs?
  /// How many units, from the first, were bounded on this box and have seen no split before them since:
  /// bounding their rectifiers again gives nothing new.
  public private(set) var settledUnits = 0
  /// The decided signs, which the unit bounds respect.
  public private(set) var splits: [UnitSplit] = []
  /// A unit whose bounds were found to contradict each other: no input satisfies the splits.
  public internal(set) var contradiction: Int?

  /// Creates a box about which nothing is known.
  ///
  /// - Parameters:
  ///   - lower: The lower end of each input entry of the network.
  ///   - upper: The upper end of each input entry.
  ///   - network: Whose inputs they are.
  public init(lower: [Double], upper: [Double], of network: FloatNetwork) {
    precondition(
      lower.count == network.inputSize && upper.count == network.inputSize,
      "a box has two ends per input entry")
    self.lower = lower
    self.upper = upper
    unitLower = [Double](repeating: -.infinity, count: network.unitCount)
    unitUpper = [Double](repeating: .infinity, count: network.unitCount)
  }

  /// Decides the sign of a unit.
  ///
  /// - Parameter split: The unit and its sign.
  public mutating func add(_ split: UnitSplit) {
    splits.append(split)
    let settled = min(settledUnits, split.unit + 1)
    defer { settledUnits = settled }
    if split.isActive {
      unitLower[split.unit] = max(unitLower[split.unit], 0)
    } else {
      unitUpper[split.unit] = min(unitUpper[split.unit], 0)
    }
    if unitLower[split.unit] > unitUpper[split.unit] { contradiction = split.unit }
  }

  /// Takes bounds of all units, found on this box.
  mutating func settle(lower: [Double], upper: [Double]) {
    (unitLower, unitUpper) = (lower, upper)
    settledUnits = lower.count
  }

  /// Whether a unit's sign is open.
  ///
  /// - Parameter unit: The unit's number.
  /// - Returns: Whether its bounds lie on both sides of zero.
  public func isUnstable(_ unit: Int) -> Bool {
    !(unitUpper[unit] <= 0) && !(unitLower[unit] >= 0)
  }
}
