/// How close two bounds of a number are to come: the wider of two widths.
public struct Closeness: Hashable, Sendable {
  /// The one, whatever the number is.
  public private(set) var absolute: Double
  /// The other, as a share of the larger magnitude of the bounds.
  public private(set) var relative: Double

  /// States how close bounds are to come.
  ///
  /// - Parameters:
  ///   - absolute: The one width; not negative.
  ///   - relative: The other, as a share of the larger magnitude of the bounds; not negative.
  public init(absolute: Double = 0, relative: Double = 0) {
    (self.absolute, self.relative) = (absolute, relative)
  }

  /// How far apart the bounds may be.
  ///
  /// - Parameters:
  ///   - lower: The lower one.
  ///   - upper: The upper one.
  /// - Returns: The width.
  public func width(from lower: Double, to upper: Double) -> Double {
    max(absolute, relative * max(lower.magnitude, upper.magnitude))
  }

  /// Both widths times a factor.
  func scaled(by factor: Double) -> Closeness {
    Closeness(absolute: absolute * factor, relative: relative * factor)
  }
}
