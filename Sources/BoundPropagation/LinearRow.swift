/// `Σ inputs + Σ outputs + Σ arguments + constant`: what is bounded from below.
public struct LinearRow: Hashable, Sendable {
  /// A coefficient of one entry.
  public struct Entry: Hashable, Sendable {
    /// The input entry, or the place among the outputs of all output nodes.
    public let index: Int
    /// The factor.
    public let coefficient: Double

    /// Creates an entry.
    ///
    /// - Parameters:
    ///   - index: The input entry, or the place among the outputs.
    ///   - coefficient: The factor.
    public init(index: Int, coefficient: Double) {
      self.index = index
      self.coefficient = coefficient
    }
  }

  /// Linear in the inputs.
  public let inputs: [Entry]
  /// Linear in the outputs.
  public let outputs: [Entry]
  /// Linear in the arguments of units, by unit; at points they are left out.
  public let arguments: [Entry]
  /// The constant part.
  public let constant: Double

  /// Creates a row.
  ///
  /// - Parameters:
  ///   - inputs: Linear in the inputs.
  ///   - outputs: Linear in the outputs.
  ///   - arguments: Linear in the arguments of units; not on more than a few boxes at once, and, of several
  ///     rows that are weighted while climbing, without a say in the weights.
  ///   - constant: The constant part.
  public init(
    inputs: [Entry] = [], outputs: [Entry], arguments: [Entry] = [], constant: Double = 0
  ) {
    self.inputs = inputs
    self.outputs = outputs
    self.arguments = arguments
    self.constant = constant
  }
}

/// Lower bounds of rows on boxes, and the affine functions below the rows that they are minima of.
public struct RowBounds: Sendable {
  /// The number of rows per box.
  public let rowCount: Int
  /// The number of input entries.
  public let inputSize: Int
  /// `[boxes][rows]`; not a number where the arithmetic failed, which proves nothing.
  public internal(set) var lower: [Double]
  /// Coefficients of the affine functions, `[boxes][rows][inputs]`.
  public internal(set) var coefficients: [Double]
  /// Constants of the affine functions, `[boxes][rows]`.
  public internal(set) var constants: [Double]
  /// The most that the relaxation of each unit can lose, `[boxes][rows][units]`; empty if not asked for.
  ///
  /// For a coefficient c of relu(z) this is c · max(−α l, (1 − α) u) where c > 0 and |c| · u l / (l − u)
  /// where c < 0: the score of Bunel et al., "Branch and bound for piecewise linear neural network
  /// verification" (2020), section 5.2, without the bias.
  public internal(set) var unitScores: [Double]
  /// By box, the functions that bounded its units: from both sides for what was unstable before, and
  /// from the side that a split forbids for each split unit; empty if not asked for.
  public internal(set) var unitFunctions: [UnitFunctions] = []

  init(boxes: Int, rowCount: Int, inputSize: Int, unitCount: Int) {
    self.rowCount = rowCount
    self.inputSize = inputSize
    lower = [Double](repeating: 0, count: boxes * rowCount)
    constants = lower
    coefficients = [Double](repeating: 0, count: boxes * rowCount * inputSize)
    unitScores = [Double](repeating: 0, count: boxes * rowCount * unitCount)
  }
}
