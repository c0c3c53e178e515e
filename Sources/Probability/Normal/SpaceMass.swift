internal import Foundation

/// The standard normal mass of a polyhedron in three dimensions: an integral over its slices.
///
/// The logarithm of a slice's mass is concave in its height, and smooth between the heights of the
/// polyhedron's corners, which are found face by face.
struct SpaceMass {
  /// The points with `normal · z <= offset`; the normal has length one.
  struct HalfSpace {
    var normal: [Double]
    var offset: Double
  }

  private let halfSpaces: [HalfSpace]
  /// The axis along which slices are taken, and two more that complete a frame.
  private let frame: [[Double]]
  private var heights: [Double] = []
  private var range: (lower: Double, upper: Double) = (.infinity, -.infinity)

  /// Finds the corners.
  init(_ halfSpaces: [HalfSpace], axis: [Double]) {
    self.halfSpaces = halfSpaces
    frame = Self.frame(along: axis)
    for face in halfSpaces.indices { addCorners(ofFace: face) }
    heights.sort()
  }

  /// The mass; impossible where no face has an interior, nothing where the integral was not found.
  func probability() -> Answer? {
    guard !halfSpaces.isEmpty else { return .certain }
    guard range.lower < range.upper else { return .impossible }
    var innerError = 0.0
    let integral = LineIntegral(
      over: range.lower...range.upper, breaks: heights, tolerance: 1e-14
    ) { places in
      var result = -places * places / 2
      for lane in 0..<8 {
        let slice = slice(at: places[lane])
        innerError = max(innerError, slice.relativeError)
        result[lane] += slice.logMass
      }
      return result
    }
    guard integral.value > 0, integral.value.isFinite else { return nil }
    let rounding = 1e-13 + abs(integral.logScale) * 4e-15
    return Answer(
      mass: integral.mass * StandardNormal.inverseRootTwoPi,
      relativeError: integral.relativeError + min(innerError, 1e-12) + rounding, status: .exact)
  }

  private func slice(at height: Double) -> (logMass: Double, relativeError: Double) {
    var planes: [HalfPlane] = []
    for space in halfSpaces {
      let (up, x, y) = coordinates(of: space.normal)
      let length = hypot(x, y)
      let offset = space.offset - up * height
      guard length > 1e-15 else {
        if offset < 0 { return (-.infinity, 0) }
        continue
      }
      planes.append(
        HalfPlane(normalX: x / length, normalY: y / length, offset: offset / length))
    }
    let polygon = ConvexPolygon(planes)
    guard !polygon.isEmpty else { return (-.infinity, 0) }
    guard !planes.isEmpty else { return (0, 0) }
    let mass = PolygonMass(polygon)
    guard mass.scaled > 0 else { return (-.infinity, 0) }
    return (log(mass.scaled) - mass.distance * mass.distance / 2, mass.relativeError)
  }

  private func coordinates(of vector: [Double]) -> (up: Double, x: Double, y: Double) {
    (Self.product(vector, frame[0]), Self.product(vector, frame[1]), Self.product(vector, frame[2]))
  }

  /// Adds the heights of the corners of one face, and extends the range to them.
  private mutating func addCorners(ofFace face: Int) {
    let own = halfSpaces[face]
    let axes = Self.frame(along: own.normal)
    var planes: [HalfPlane] = []
    for (index, other) in halfSpaces.enumerated() where index != face {
      let (x, y) = (Self.product(other.normal, axes[1]), Self.product(other.normal, axes[2]))
      let length = hypot(x, y)
      let offset = other.offset - own.offset * Self.product(own.normal, other.normal)
      guard length > 1e-15 else {
        if offset < 0 { return }
        continue
      }
      planes.append(
        HalfPlane(normalX: x / length, normalY: y / length, offset: offset / length))
    }
    let start = own.offset * Self.product(own.normal, frame[0])
    let (slopeX, slopeY) = (Self.product(axes[1], frame[0]), Self.product(axes[2], frame[0]))
    for corner in ConvexPolygon(planes).corners {
      let rise = corner.x * slopeX + corner.y * slopeY
      if corner.weight > 0 {
        let height = start + rise / corner.weight
        range = (min(range.lower, height), max(range.upper, height))
        heights.append(height)
      } else if abs(rise) > 1e-14 {
        range = rise > 0 ? (range.lower, .infinity) : (-.infinity, range.upper)
      }
    }
  }

  private static func product(_ first: [Double], _ second: [Double]) -> Double {
    first[0] * second[0] + first[1] * second[1] + first[2] * second[2]
  }

  /// An orthonormal frame whose first axis is given, up to its length.
  private static func frame(along axis: [Double]) -> [[Double]] {
    let length = product(axis, axis).squareRoot()
    let first = axis.map { $0 / length }
    var second = [0.0, 0.0, 0.0]
    let flattest = (0..<3).min { abs(first[$0]) < abs(first[$1]) } ?? 0
    second[flattest] = 1
    let part = product(second, first)
    second = zip(second, first).map { $0 - part * $1 }
    let norm = product(second, second).squareRoot()
    second = second.map { $0 / norm }
    let third = [
      first[1] * second[2] - first[2] * second[1], first[2] * second[0] - first[0] * second[2],
      first[0] * second[1] - first[1] * second[0],
    ]
    return [first, second, third]
  }
}
