/// What a standard normal vector z is on average inside a set K, not divided by the mass of K.
public struct NormalMoments: Sendable {
  /// P(z in K).
  public let mass: NormalProbability
  /// E[z 1_K], `[dimension]`.
  public let first: [Double]
  /// E[z zᵀ 1_K], row-major `[dimension][dimension]`.
  public let second: [Double]
}

extension NormalRectangle {
  /// The mass, first and second moments of z over the event; exact to rounding, in at most two
  /// dimensions.
  ///
  /// From `∇φ = −z φ`: moments are integrals over the boundary, and on an edge these are elementary.
  /// Errors are absolute, a few units of 1e-16, not relative to a small mass.
  ///
  /// - Returns: The moments; nothing in more than two dimensions.
  public func moments() -> NormalMoments? {
    guard dimension <= 2 else { return nil }
    let mass = probability()
    guard mass.probability > 0 else {
      return NormalMoments(
        mass: mass, first: Array(repeating: 0, count: dimension),
        second: Array(repeating: 0, count: dimension * dimension))
    }
    switch dimension {
    case 0: return NormalMoments(mass: mass, first: [], second: [])
    case 1: return lineMoments(mass)
    default: return planeMoments(mass)
    }
  }

  private func lineMoments(_ mass: NormalProbability) -> NormalMoments {
    let (lower, upper) = LowRank.interval(rows, lower: lower, upper: upper)
    func times(_ x: Double) -> Double { x.isFinite ? x * StandardNormal.density(x) : 0 }
    return NormalMoments(
      mass: mass, first: [StandardNormal.density(lower) - StandardNormal.density(upper)],
      second: [mass.probability + times(lower) - times(upper)])
  }

  private func planeMoments(_ mass: NormalProbability) -> NormalMoments {
    let polygon = ConvexPolygon(LowRank.halfPlanes(rows, lower: lower, upper: upper))
    var first = [0.0, 0.0]
    var second = [mass.probability, 0, 0, mass.probability]
    for edge in polygon.edges.indices {
      guard let line = polygon.halfPlane(ofEdge: edge) else { continue }
      let (start, end) = polygon.extent(ofEdge: edge, on: line)
      let density = StandardNormal.density(line.offset)
      let along = density * StandardNormal.probability(start, end)
      let across = density * (StandardNormal.density(start) - StandardNormal.density(end))
      let normal = [line.normalX, line.normalY]
      let tangent = [-line.normalY, line.normalX]
      for i in 0..<2 {
        first[i] -= normal[i] * along
        for j in 0..<2 {
          second[2 * i + j] -=
            normal[i] * (line.offset * normal[j] * along + tangent[j] * across)
        }
      }
    }
    let mixed = (second[1] + second[2]) / 2
    return NormalMoments(
      mass: mass, first: first, second: [second[0], mixed, mixed, second[3]])
  }
}
