internal import Foundation

/// Rectangles in at most three dimensions: closed forms and quadrature with error bounds.
enum LowRank {
  /// The chance of a standard normal number to lie in an interval.
  static func line(_ lower: Double, _ upper: Double) -> Answer {
    guard lower < upper else { return .impossible }
    guard lower > -.infinity || upper < .infinity else { return .certain }
    let (scaled, nearest) = StandardNormal.scaledProbability(lower, upper)
    return Answer(
      mass: Mass.gaussian(nearest) * scaled, relativeError: rounding(nearest), status: .exact)
  }

  /// The probability of rows `[rowCount][dimension]` in at most three dimensions, none of them zero.
  static func answer(_ rows: [[Double]], lower: [Double], upper: [Double]) -> Answer? {
    switch rows.first?.count ?? 0 {
    case 0: return .certain
    case 1:
      let (low, high) = interval(rows.map { $0[0] }, lower: lower, upper: upper)
      return line(low, high)
    case 2:
      return plane(
        ConvexPolygon(halfPlanes(rows.flatMap { $0 }, lower: lower, upper: upper)))
    case 3:
      // Slices are parallel to the thinnest slab, if there is one.
      let thinnest = rows.indices.min { upper[$0] - lower[$0] < upper[$1] - lower[$1] } ?? 0
      let isSlab = upper[thinnest] - lower[thinnest] < .infinity
      return SpaceMass(
        halfSpaces(rows, lower: lower, upper: upper), axis: isSlab ? rows[thinnest] : [0, 0, 1]
      ).probability()
    default: return nil
    }
  }

  /// The probability of a polygon.
  static func plane(_ polygon: ConvexPolygon) -> Answer {
    guard !polygon.isEmpty else { return .impossible }
    guard polygon.edges.contains(where: { $0 >= 0 }) else { return .certain }
    let result = PolygonMass(polygon)
    return Answer(
      mass: result.mass, relativeError: result.relativeError + rounding(result.distance),
      status: .exact)
  }

  /// What rounding may cost, relative, at a distance from the origin.
  static func rounding(_ distance: Double) -> Double {
    2e-15 + 2 * Double.ulpOfOne * distance * distance
  }

  /// The interval that rows in one dimension leave; rows without coefficient are left out.
  static func interval(
    _ coefficients: [Double], lower: [Double], upper: [Double]
  ) -> (lower: Double, upper: Double) {
    var (low, high) = (-Double.infinity, Double.infinity)
    for row in coefficients.indices where coefficients[row] != 0 {
      let ends = [lower[row] / coefficients[row], upper[row] / coefficients[row]]
      low = max(low, min(ends[0], ends[1]))
      high = min(high, max(ends[0], ends[1]))
    }
    return (low, high)
  }

  /// The half-planes that rows in two dimensions are; rows without coefficients are left out.
  static func halfPlanes(
    _ coefficients: [Double], lower: [Double], upper: [Double]
  ) -> [HalfPlane] {
    lower.indices.flatMap { row -> [HalfPlane] in
      let (x, y) = (coefficients[2 * row], coefficients[2 * row + 1])
      let length = hypot(x, y)
      guard length > 0 else { return [] }
      let (normalX, normalY) = (x / length, y / length)
      var result: [HalfPlane] = []
      if upper[row] < .infinity {
        result.append(
          HalfPlane(normalX: normalX, normalY: normalY, offset: upper[row] / length))
      }
      if lower[row] > -.infinity {
        result.append(
          HalfPlane(normalX: -normalX, normalY: -normalY, offset: -lower[row] / length))
      }
      return result
    }
  }

  private static func halfSpaces(
    _ rows: [[Double]], lower: [Double], upper: [Double]
  ) -> [SpaceMass.HalfSpace] {
    rows.indices.flatMap { index -> [SpaceMass.HalfSpace] in
      let row = rows[index]
      let length = (row[0] * row[0] + row[1] * row[1] + row[2] * row[2]).squareRoot()
      let normal = row.map { $0 / length }
      var result: [SpaceMass.HalfSpace] = []
      if upper[index] < .infinity {
        result.append(SpaceMass.HalfSpace(normal: normal, offset: upper[index] / length))
      }
      if lower[index] > -.infinity {
        result.append(
          SpaceMass.HalfSpace(normal: normal.map { -$0 }, offset: -lower[index] / length))
      }
      return result
    }
  }
}
