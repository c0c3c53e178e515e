internal import Foundation

/// The points of the plane with `x·normalX + y·normalY <= offset`; the normal has length one.
struct HalfPlane: Sendable, Hashable {
  var normalX: Double
  var normalY: Double
  var offset: Double

  /// The foot of the perpendicular from the origin to the boundary.
  var foot: (x: Double, y: Double) { (offset * normalX, offset * normalY) }

  /// How far along the boundary, from its foot, a point projects.
  func place(x: Double, y: Double) -> Double { y * normalX - x * normalY }
}

/// A convex polygon, perhaps unbounded: corners in projective coordinates, counter-clockwise.
///
/// It begins as the whole plane, whose four corners lie at infinity, and is cut by half-planes. Corners
/// are computed from the two lines that meet there, so errors do not add up over the cuts.
struct ConvexPolygon: Sendable {
  /// A point `(x, y)/weight`; a direction where the weight is zero.
  struct Corner: Sendable {
    var x: Double
    var y: Double
    var weight: Double
  }

  /// The line from one corner to the next: the index of a half-plane, or the line at infinity.
  private static let atInfinity = -1

  private(set) var corners: [Corner]
  /// `edges[i]` is the half-plane whose boundary leads from corner `i` to the next.
  private(set) var edges: [Int]
  let halfPlanes: [HalfPlane]

  /// Intersects half-planes; no corners remain where the intersection has no interior.
  init(_ halfPlanes: [HalfPlane]) {
    self.halfPlanes = halfPlanes
    corners = [
      Corner(x: 1, y: 0, weight: 0), Corner(x: 0, y: 1, weight: 0),
      Corner(x: -1, y: 0, weight: 0), Corner(x: 0, y: -1, weight: 0),
    ]
    edges = Array(repeating: Self.atInfinity, count: 4)
    for index in halfPlanes.indices {
      cut(index)
      if corners.isEmpty { return }
    }
  }

  /// Whether no interior is left.
  var isEmpty: Bool { corners.isEmpty }

  /// The half-plane that bounds an edge; none at infinity.
  func halfPlane(ofEdge edge: Int) -> HalfPlane? {
    edges[edge] == Self.atInfinity ? nil : halfPlanes[edges[edge]]
  }

  private mutating func cut(_ index: Int) {
    let sides = corners.indices.map { side(ofCorner: $0, of: halfPlanes[index]) }
    guard sides.contains(where: { $0 > 0 }) else { return }
    guard sides.contains(where: { $0 < 0 }) else {
      corners = []
      edges = []
      return
    }
    var newCorners: [Corner] = []
    var newEdges: [Int] = []
    for current in corners.indices {
      let next = current + 1 == corners.count ? 0 : current + 1
      if sides[current] <= 0 {
        // A corner on the boundary that the next one leaves begins the new edge.
        let leaves = sides[current] == 0 && sides[next] > 0
        newCorners.append(corners[current])
        newEdges.append(leaves ? index : edges[current])
        if sides[current] < 0, sides[next] > 0 {
          newCorners.append(crossing(current, next, sides, index))
          newEdges.append(index)
        }
      } else if sides[next] < 0 {
        newCorners.append(crossing(current, next, sides, index))
        newEdges.append(edges[current])
      }
    }
    corners = newCorners
    edges = newEdges
  }

  /// Negative inside a half-plane, positive outside.
  ///
  /// A corner at infinity in the direction of the boundary lies where the line that leads there lies.
  private func side(ofCorner index: Int, of plane: HalfPlane) -> Double {
    let corner = corners[index]
    let side = plane.normalX * corner.x + plane.normalY * corner.y - plane.offset * corner.weight
    guard side == 0, corner.weight == 0 else { return side }
    let before = edges[index == 0 ? edges.count - 1 : index - 1]
    guard let line = [before, edges[index]].first(where: { $0 != Self.atInfinity }) else {
      return 0
    }
    let foot = halfPlanes[line].foot
    return plane.normalX * foot.x + plane.normalY * foot.y - plane.offset
  }

  /// Where an edge meets the boundary of a half-plane.
  private func crossing(_ from: Int, _ to: Int, _ sides: [Double], _ index: Int) -> Corner {
    let (first, second) = (corners[from], corners[to])
    let (a, b) = (abs(sides[to]), abs(sides[from]))
    let mixed = Corner(
      x: a * first.x + b * second.x, y: a * first.y + b * second.y,
      weight: a * first.weight + b * second.weight)
    let cut = halfPlanes[index]
    guard edges[from] != Self.atInfinity else {
      // Exactly along the boundary, so that parallel lines are recognised.
      let sign: Double = mixed.y * cut.normalX - mixed.x * cut.normalY >= 0 ? 1 : -1
      return Corner(x: -sign * cut.normalY, y: sign * cut.normalX, weight: 0)
    }
    let line = halfPlanes[edges[from]]
    let determinant = line.normalX * cut.normalY - line.normalY * cut.normalX
    guard determinant != 0 else { return mixed }
    let sign: Double = determinant > 0 ? 1 : -1
    return Corner(
      x: sign * (line.offset * cut.normalY - cut.offset * line.normalY),
      y: sign * (cut.offset * line.normalX - line.offset * cut.normalX),
      weight: abs(determinant))
  }

  /// The point nearest to the origin.
  var nearestPoint: (x: Double, y: Double) {
    if !edges.contains(where: { $0 >= 0 && halfPlanes[$0].offset < 0 }) { return (0, 0) }
    var best = (x: Double.infinity, y: Double.infinity)
    for edge in edges.indices {
      guard let line = halfPlane(ofEdge: edge) else { continue }
      let (start, end) = extent(ofEdge: edge, on: line)
      let place = min(max(0, start), end)
      let point: (x: Double, y: Double) =
        place == 0
        ? line.foot
        : (
          line.offset * line.normalX - place * line.normalY,
          line.offset * line.normalY + place * line.normalX
        )
      if hypot(point.x, point.y) < hypot(best.x, best.y) { best = point }
    }
    return best
  }

  /// The stretch of its line that an edge covers, measured from the foot, counter-clockwise.
  func extent(ofEdge edge: Int, on line: HalfPlane) -> (start: Double, end: Double) {
    let (first, second) = (corners[edge], corners[edge + 1 == corners.count ? 0 : edge + 1])
    let start = first.weight > 0 ? line.place(x: first.x, y: first.y) / first.weight : -.infinity
    let end = second.weight > 0 ? line.place(x: second.x, y: second.y) / second.weight : .infinity
    return (start, max(start, end))
  }
}
