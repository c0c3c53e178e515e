internal import Foundation

extension LatentComponent {
  /// The measure of half-spaces where some coordinates are uniform.
  func uniformMass(
    of spaces: [HalfSpace], _ options: MassOptions
  ) throws(NormalError) -> UncertainMass {
    for space in spaces where space.normal.allSatisfy({ $0 == 0 }) && space.offset < 0 {
      return .zero
    }
    switch (normalCount, dimension) {
    case (0, 1): return intervalMass(of: spaces)
    case (0, 2), (1, 2): return planeMass(of: spaces)
    case (0, _): return PolytopeVolume.shareOfCube(of: spaces, dimension: dimension)
    default: return sampledMass(of: spaces, options)
    }
  }

  private func intervalMass(of spaces: [HalfSpace]) -> UncertainMass {
    var (lower, upper) = (-1.0, 1.0)
    for space in spaces where space.normal[0] != 0 {
      let end = -space.offset / space.normal[0]
      if space.normal[0] > 0 { lower = max(lower, end) } else { upper = min(upper, end) }
    }
    return UncertainMass(
      max(0, upper - lower) / 2, error: 2 * .ulpOfOne, status: .exact)
  }

  private func planeMass(of spaces: [HalfSpace]) -> UncertainMass {
    // A normal coordinate is cut where its density has long vanished, so that all corners are finite.
    let bounds =
      normalCount == 0 ? [] : [1.0, -1].map { HalfSpace(normal: [$0, 0], offset: 40) }
    let polygon = ConvexPolygon(
      Self.cornerFirst(spaces + bounds).compactMap { space in
        let length = hypot(space.normal[0], space.normal[1])
        guard length > 0 else { return nil }
        return HalfPlane(
          normalX: -space.normal[0] / length, normalY: -space.normal[1] / length,
          offset: space.offset / length)
      })
    guard !polygon.isEmpty else { return .zero }
    let value = normalCount == 0 ? Self.area(of: polygon) / 4 : Self.strip(polygon) / 2
    return UncertainMass(
      min(max(value, 0), 1), error: 4e-16 * Double(polygon.corners.count), status: .exact)
  }

  /// The area of a bounded polygon.
  static func area(of polygon: ConvexPolygon) -> Double {
    let corners = polygon.corners.map { (x: $0.x / $0.weight, y: $0.y / $0.weight) }
    guard let first = corners.first else { return 0 }
    var sum = 0.0
    for (one, next) in zip(corners, corners.dropFirst()) {
      sum += (one.x - first.x) * (next.y - first.y) - (next.x - first.x) * (one.y - first.y)
    }
    return sum / 2
  }

  /// `∫ P(the polygon at height u) du` for a normal first coordinate and a second of bounded range: by
  /// Green's formula `∮ Φ(z) du`, where `∫ Φ` along an edge is `z Φ(z) + φ(z)` in closed form.
  private static func strip(_ polygon: ConvexPolygon) -> Double {
    var sum = 0.0
    let corners = polygon.corners.map { (z: $0.x / $0.weight, u: $0.y / $0.weight) }
    for (corner, next) in zip(corners, corners.dropFirst() + corners.prefix(1)) {
      sum += mean(corner.z, next.z) * (next.u - corner.u)
    }
    return sum
  }

  /// The mean of Φ between two numbers.
  private static func mean(_ start: Double, _ end: Double) -> Double {
    guard abs(end - start) > 0.5 else {
      let (middle, half) = (start / 2 + end / 2, (end - start) / 2)
      let rule = GaussLegendre.ten
      return zip(rule.nodes, rule.weights).reduce(0) {
        $0 + $1.1 / 2 * StandardNormal.distribution(middle + half * $1.0)
      }
    }
    func integral(_ z: Double) -> Double {
      z < -40 ? 0 : z * StandardNormal.distribution(z) + StandardNormal.density(z)
    }
    return (integral(end) - integral(start)) / (end - start)
  }

  /// By drawing coordinates, with an exact interval for the share that falls inside.
  func sampledMass(of spaces: [HalfSpace], _ options: MassOptions) -> UncertainMass {
    var generator = SeededGenerator(seed: options.seed)
    let count = Int(min(max(10 / (options.accuracy * options.accuracy), 1000), 1_000_000))
    var hits = 0
    for _ in 0..<count {
      let point = (0..<dimension).map {
        $0 < normalCount ? generator.normal() : 2 * generator.uniform() - 1
      }
      let isInside = spaces.allSatisfy { space in
        zip(space.normal, point).reduce(space.offset) { $0 + $1.0 * $1.1 } >= 0
      }
      if isInside { hits += 1 }
    }
    let interval = BinomialInterval(hits: hits, of: count, confidence: 0.999)
    let share = Double(hits) / Double(count)
    return UncertainMass(
      share, spread: max(interval.upper - share, share - interval.lower), status: .estimate)
  }
}
