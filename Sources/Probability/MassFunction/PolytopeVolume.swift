internal import Foundation

/// Volumes of polytopes by recursion over their faces, after Lasserre.
///
/// `V = (1/n) Σ (distance of the face) · (volume of the face)`: with the origin moved to a point of the
/// polytope all terms are nonnegative, so nothing cancels at the top. Faces are polytopes of one
/// dimension less; in the plane the area is that of a polygon. The effort grows like rows to the power
/// dimension − 2.
enum PolytopeVolume {
  /// The share of the cube from −1 to 1 that half-spaces cut out; these bound a polytope.
  static func shareOfCube(of spaces: [HalfSpace], dimension: Int) -> UncertainMass {
    var rows: [HalfSpace] = []
    for space in spaces {
      guard let row = space.scaled else { continue }
      rows.append(row)
    }
    let value = volume(rows, dimension) / exp2(Double(dimension))
    return UncertainMass(
      min(max(value, 0), 1), error: 1e-13 * value + 1e-15, status: .exact)
  }

  /// The volume; rows have normals of length one.
  private static func volume(_ rows: [HalfSpace], _ dimension: Int) -> Double {
    guard let rows = distinct(rows) else { return 0 }
    if dimension == 2 {
      let polygon = ConvexPolygon(
        LatentComponent.cornerFirst(rows).map {
          HalfPlane(normalX: -$0.normal[0], normalY: -$0.normal[1], offset: $0.offset)
        })
      return polygon.isEmpty ? 0 : LatentComponent.area(of: polygon)
    }
    var sum = 0.0
    for index in rows.indices where rows[index].offset != 0 {
      guard let face = face(index, of: rows) else { continue }
      sum += rows[index].offset * volume(face, dimension - 1)
    }
    return sum / Double(dimension)
  }

  /// Rows none of which repeats another one; nothing where two contradict each other outright.
  private static func distinct(_ rows: [HalfSpace]) -> [HalfSpace]? {
    var kept: [HalfSpace] = []
    for row in rows {
      if let place = kept.firstIndex(where: { $0.isParallel(to: row) }) {
        kept[place].offset = min(kept[place].offset, row.offset)
      } else {
        kept.append(row)
      }
    }
    return kept
  }

  /// The face on the boundary of a row, in coordinates of its own; nothing where it is empty at sight.
  ///
  /// A reflection turns the row's normal to the last axis, so lengths stay what they are.
  private static func face(_ index: Int, of rows: [HalfSpace]) -> [HalfSpace]? {
    let pivot = rows[index]
    let last = pivot.normal.count - 1
    var mirror = pivot.normal
    mirror[last] += mirror[last] >= 0 ? 1 : -1
    let sign: Double = pivot.normal[last] >= 0 ? -1 : 1
    let square = mirror.reduce(0) { $0 + $1 * $1 }
    var face: [HalfSpace] = []
    for (place, row) in rows.enumerated() where place != index {
      let along = 2 * zip(row.normal, mirror).reduce(0) { $0 + $1.0 * $1.1 } / square
      let turned = zip(row.normal, mirror).map { $0 - along * $1 }
      // On the face the last coordinate is −offset / sign.
      let offset = row.offset - turned[last] * pivot.offset / sign
      guard let scaled = HalfSpace(normal: Array(turned[..<last]), offset: offset).scaled else {
        if offset < 0 { return nil }
        continue
      }
      face.append(scaled)
    }
    return face
  }
}

extension HalfSpace {
  /// With a normal of length one; nothing where there is hardly any.
  fileprivate var scaled: HalfSpace? {
    let length = normal.reduce(0) { $0 + $1 * $1 }.squareRoot()
    guard length > 1e-13 else { return nil }
    return HalfSpace(normal: normal.map { $0 / length }, offset: offset / length)
  }

  /// Whether two half-spaces with normals of length one differ in their offsets only.
  fileprivate func isParallel(to other: HalfSpace) -> Bool {
    var square = 0.0
    for (one, another) in zip(normal, other.normal) { square += (one - another) * (one - another) }
    return square < 1e-26
  }
}
