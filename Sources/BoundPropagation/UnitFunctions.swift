/// Affine functions of the inputs that lie below units' arguments, or below their negatives, on one box.
public struct UnitFunctions: Sendable {
  /// The unit of each function.
  public private(set) var units: [Int] = []
  /// Whether each function lies below the negative of the argument.
  public private(set) var areNegated: [Bool] = []
  /// Coefficients, `[functions][inputs]`.
  public private(set) var coefficients: [Double] = []
  /// Constants, by function.
  public private(set) var constants: [Double] = []

  /// Holds no functions.
  public init() {}

  /// Adds a function.
  mutating func append(unit: Int, isNegated: Bool, coefficients row: [Double], constant: Double) {
    units.append(unit)
    areNegated.append(isNegated)
    coefficients += row
    constants.append(constant)
  }
}
