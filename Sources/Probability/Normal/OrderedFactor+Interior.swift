internal import Foundation
internal import LinearProgramming

extension OrderedFactor {
  /// A point well inside all limits, by linear programming; nothing where none was found.
  func interiorPoint() -> [Double]? {
    do {
      switch try polytope().largestBall(ofRadiusAtMost: 1) {
      case .ball(let centre, _): return centre
      case .flat, .reportedEmpty, .stopped: return nil
      }
    } catch { return nil }
  }

  /// Whether a combination of the limits puts all points so far out that their probability is nil.
  ///
  /// The multipliers of a linear program are only candidates: their combination is a half-space that
  /// contains all points, and its distance from the origin is what counts.
  func isSurelyEmpty() -> Bool {
    do {
      let polytope = try polytope()
      guard let ray = try polytope.emptinessRay() else { return false }
      var normal = [Double](repeating: 0, count: polytope.dimension)
      var offset = 0.0
      for (row, multiplier) in ray.rowMultipliers.enumerated() {
        let weight = max(-multiplier, 0)
        for (column, value) in polytope.row(row).enumerated() { normal[column] += weight * value }
        offset += weight * polytope.limits[row]
      }
      let length = normal.reduce(0) { $0 + $1 * $1 }.squareRoot()
      // Coefficients and limits are rounded too: the margin must be above that.
      return offset < -1e-9 && -offset > 1e4 * length
    } catch { return false }
  }

  private func polytope() throws(ProblemError) -> Polytope {
    var polytope = try Polytope(box: Array(repeating: Bounds.free, count: count))
    for (variable, limits) in limits.enumerated() {
      for limit in limits {
        let row =
          limit.coefficients + [1] + Array(repeating: 0, count: count - variable - 1)
        if limit.upper < .infinity { try polytope.add(row, atMost: limit.upper) }
        if limit.lower > -.infinity { try polytope.add(row.map { -$0 }, atMost: -limit.lower) }
      }
    }
    return polytope
  }
}
