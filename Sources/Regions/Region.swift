/// The polyhedron of coordinates that share an activation pattern, with the map that the network is
/// on it.
///
/// A region found within a ``Scope`` is what lies in the scope's polytope.
public struct Region: Sendable {
  /// A half-space `normal · u + offset >= 0` that touches the region.
  public struct Facet: Hashable, Sendable {
    /// What the half-space stands for.
    public enum Origin: Hashable, Sendable {
      /// A unit's pre-activation changes its sign there.
      case unit(Int)
      /// The end of the scope.
      case scope
      /// Infinitely far away; `normal` is zero.
      case infinity
    }

    /// Pointing inside; `[dimension]`.
    public let normal: [Double]
    /// The constant.
    public let offset: Double
    /// What it stands for.
    public let origin: Origin
  }

  /// A corner of a region in the plane.
  public struct Corner: Hashable, Sendable {
    /// Its coordinates, or for a point at infinity its direction.
    public let x: Double
    /// Its coordinates, or for a point at infinity its direction.
    public let y: Double
    /// Whether it is at infinity.
    public let isAtInfinity: Bool
  }

  /// Which units are active.
  public let pattern: ActivationPattern
  /// The outputs as functions of the coordinates.
  public let map: AffineMap
  /// The half-spaces that are needed; in the plane by angle, side `i` from corner `i` to the next.
  public let facets: [Facet]
  /// A point well inside; `[dimension]`.
  public let interiorPoint: [Double]
  /// In the plane the corners, counter-clockwise; elsewhere empty.
  public let corners: [Corner]

  /// The area of a region in the plane; infinite where it is not bounded, `nil` elsewhere.
  public var area: Double? {
    guard let first = corners.first else { return nil }
    guard !corners.contains(where: \.isAtInfinity) else { return .infinity }
    var sum = 0.0
    for (one, next) in zip(corners, corners.dropFirst() + [first]) {
      sum += (one.x - first.x) * (next.y - first.y) - (next.x - first.x) * (one.y - first.y)
    }
    return sum / 2
  }
}
