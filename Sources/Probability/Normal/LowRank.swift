internal import Foundation

/// Rectangles in at most two dimensions: closed forms and quadrature with error bounds.
enum LowRank {
  /// The probability of a rectangle with at most two dimensions; nothing for others.
  static func probability(of rectangle: NormalRectangle) -> NormalProbability? {
    guard meetsZeroRows(rectangle) else { return .impossible }
    switch rectangle.dimension {
    case 0: return .certain
    case 1:
      let (lower, upper) = interval(of: rectangle)
      guard lower < upper else { return .impossible }
      guard lower > -.infinity || upper < .infinity else { return .certain }
      let (scaled, nearest) = StandardNormal.scaledProbability(lower, upper)
      let head = (nearest * 1024).rounded() / 1024
      let mass =
        Mass.exp(-head * head / 2) * Mass.exp(-(nearest - head) * (nearest + head) / 2) * scaled
      return NormalProbability(mass, relativeError: rounding(nearest), status: .exact)
    case 2:
      let polygon = ConvexPolygon(halfPlanes(of: rectangle))
      guard !polygon.isEmpty else { return .impossible }
      guard polygon.edges.contains(where: { $0 >= 0 }) else { return .certain }
      let result = PolygonMass(polygon)
      return NormalProbability(
        result.mass, relativeError: result.relativeError + rounding(result.distance),
        status: .exact)
    default: return nil
    }
  }

  /// What rounding may cost, relative, at a distance from the origin.
  static func rounding(_ distance: Double) -> Double {
    2e-15 + 4 * Double.ulpOfOne * distance * distance
  }

  /// Whether the rows without coefficients are met: they do not depend on z.
  static func meetsZeroRows(_ rectangle: NormalRectangle) -> Bool {
    let dimension = rectangle.dimension
    return (0..<rectangle.rowCount).allSatisfy { row in
      let coefficients = rectangle.rows[(row * dimension)..<((row + 1) * dimension)]
      return coefficients.contains { $0 != 0 }
        || (rectangle.lower[row] <= 0 && rectangle.upper[row] >= 0)
    }
  }

  /// The interval that a rectangle in one dimension is.
  static func interval(of rectangle: NormalRectangle) -> (lower: Double, upper: Double) {
    var (lower, upper) = (-Double.infinity, Double.infinity)
    for row in 0..<rectangle.rowCount where rectangle.rows[row] != 0 {
      let ends = [
        rectangle.lower[row] / rectangle.rows[row], rectangle.upper[row] / rectangle.rows[row],
      ]
      lower = max(lower, min(ends[0], ends[1]))
      upper = min(upper, max(ends[0], ends[1]))
    }
    return (lower, upper)
  }

  /// The half-planes that a rectangle in two dimensions is the intersection of.
  static func halfPlanes(of rectangle: NormalRectangle) -> [HalfPlane] {
    (0..<rectangle.rowCount).flatMap { row -> [HalfPlane] in
      let (x, y) = (rectangle.rows[2 * row], rectangle.rows[2 * row + 1])
      let length = hypot(x, y)
      guard length > 0 else { return [] }
      var result: [HalfPlane] = []
      if rectangle.upper[row] < .infinity {
        result.append(
          HalfPlane(
            normalX: x / length, normalY: y / length, offset: rectangle.upper[row] / length))
      }
      if rectangle.lower[row] > -.infinity {
        result.append(
          HalfPlane(
            normalX: -x / length, normalY: -y / length, offset: -rectangle.lower[row] / length))
      }
      return result
    }
  }
}
