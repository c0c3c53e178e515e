internal import CGLPK

/// The closed interval in which a row's or a column's value must lie.
///
/// An infinite end means no bound on that side. Nothing is checked here: a ``Problem`` refuses
/// NaN, `lower > upper`, and ends that no finite value can meet.
public struct Bounds: Hashable, Sendable {
  /// The least allowed value, or `-infinity`.
  public var lower: Double
  /// The greatest allowed value, or `infinity`.
  public var upper: Double

  /// Creates the interval from `lower` to `upper`.
  ///
  /// - Parameters:
  ///   - lower: The least allowed value, or `-infinity`.
  ///   - upper: The greatest allowed value, or `infinity`.
  public init(from lower: Double, to upper: Double) {
    self.lower = lower
    self.upper = upper
  }

  /// Every value.
  public static let free = Bounds(from: -.infinity, to: .infinity)

  /// Every value from `lower` on.
  ///
  /// - Parameter lower: The least allowed value.
  /// - Returns: The half line.
  public static func atLeast(_ lower: Double) -> Bounds { Bounds(from: lower, to: .infinity) }

  /// Every value up to `upper`.
  ///
  /// - Parameter upper: The greatest allowed value.
  /// - Returns: The half line.
  public static func atMost(_ upper: Double) -> Bounds { Bounds(from: -.infinity, to: upper) }

  /// Every value from `lower` to `upper`.
  ///
  /// - Parameters:
  ///   - lower: The least allowed value.
  ///   - upper: The greatest allowed value.
  /// - Returns: The interval.
  public static func between(_ lower: Double, _ upper: Double) -> Bounds {
    Bounds(from: lower, to: upper)
  }

  /// One value.
  ///
  /// - Parameter value: The only allowed value.
  /// - Returns: The point.
  public static func exactly(_ value: Double) -> Bounds { Bounds(from: value, to: value) }

  /// GLPK's name for this kind of interval.
  var glpkType: Int32 {
    if lower == upper { return GLP_FX }
    return switch (lower.isFinite, upper.isFinite) {
    case (false, false): GLP_FR
    case (true, false): GLP_LO
    case (false, true): GLP_UP
    case (true, true): GLP_DB
    }
  }

  /// Refuses what GLPK would stop the program for, or misread.
  func check(for place: ProblemError.Place) throws(ProblemError) {
    if lower != -.infinity { try checkNumber(lower, for: place) }
    if upper != .infinity { try checkNumber(upper, for: place) }
    guard lower <= upper else {
      throw .crossedBounds(lower: lower, upper: upper, of: place)
    }
  }
}
