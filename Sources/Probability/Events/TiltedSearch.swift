internal import Foundation

/// Looks for the places where a rare event happens.
///
/// Each descent moves normal draws towards the event by the cross-entropy method. They start in the middle,
/// where ordinary draws met the event or came near to it, in random directions, and at
/// reflections of what was found: a descent finds one place, and from the middle none of two that are as far
/// on either side.
struct TiltedSearch {
  private static let (mostSteps, mostIdleSteps, settlingSteps) = (40, 5, 4)
  private static let (mostDescents, mostCentres) = (48, 16)
  /// How many starts of each kind there are at most, among how many of the best draws, and how far out.
  private static let (mostStarts, candidates, radius) = (8, 200, 4.0)

  private typealias Drawn = (z: [Double], distance: Double)

  private let event: NormalEvent
  private var generator: SeededGenerator
  private var centres: [[Double]] = []
  private var descents = 0

  /// On a line there are two sides.
  private var starts: Int { min(Self.mostStarts, 2 * event.dimension) }

  /// The same seed finds the same places.
  init(for event: NormalEvent, seed: UInt64) {
    self.event = event
    generator = SeededGenerator(seed: seed)
  }

  /// Looks for places, with a number of ordinary draws first.
  ///
  /// - Returns: Points amid the event's likeliest ones; none where it was met nowhere.
  mutating func places(ordinaryDraws count: Int) throws(MassError) -> [[Double]] {
    let origin = [Double](repeating: 0, count: event.dimension)
    let best = try bestOrdinary(of: count)
    let hits = spreadOut(best.filter { $0.distance <= 0 })
    for hit in hits where !isKnown(hit) { add(try descend(from: hit) ?? hit) }
    for start in [origin] + spreadOut(best.filter { $0.distance > 0 }) + directions() {
      add(try descend(from: start))
    }
    var next = 0
    while next < centres.count, descents < Self.mostDescents {
      for start in reflections(of: centres[next]) where !isKnown(start) {
        add(try descend(from: start))
      }
      next += 1
    }
    return centres
  }

  private mutating func add(_ centre: [Double]?) {
    guard let centre, centres.count < Self.mostCentres, !isKnown(centre) else { return }
    centres.append(centre)
  }

  /// Whether a centre is so near that the difference may be chance.
  private func isKnown(_ place: [Double]) -> Bool {
    centres.contains { squaredDistance($0, place) < 1 + Double(event.dimension) / 4 }
  }

  private func squaredDistance(_ left: [Double], _ right: [Double]) -> Double {
    zip(left, right).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
  }

  /// The ordinary draws that come nearest to the event.
  private mutating func bestOrdinary(of count: Int) throws(MassError) -> [Drawn] {
    let origin = [Double](repeating: 0, count: event.dimension)
    var best: [Drawn] = []
    for _ in 0..<count {
      let z = generator.normals(around: origin)
      best.append((z, try event.distance(z)))
      guard best.count == 2 * Self.candidates else { continue }
      best.sort { $0.distance < $1.distance }
      best.removeLast(Self.candidates)
    }
    return best.sorted { $0.distance < $1.distance }
  }

  /// Some points that are far from each other.
  private func spreadOut(_ points: [Drawn]) -> [[Double]] {
    guard var latest = points.first?.z else { return [] }
    var chosen = [latest]
    var gaps = points.map { _ in Double.infinity }
    while chosen.count < min(starts, points.count) {
      for (place, point) in points.enumerated() {
        gaps[place] = min(gaps[place], squaredDistance(point.z, latest))
      }
      guard let farthest = gaps.indices.max(by: { gaps[$0] < gaps[$1] }) else { break }
      latest = points[farthest].z
      chosen.append(latest)
    }
    return chosen
  }

  private mutating func directions() -> [[Double]] {
    let origin = [Double](repeating: 0, count: event.dimension)
    return (0..<starts).map { _ in
      let z = generator.normals(around: origin)
      let length = product(z, z).squareRoot()
      return length > 0 ? z.map { $0 * Self.radius / length } : z
    }
  }

  /// The opposite of a point, and the point with one of its largest entries negated.
  private func reflections(of point: [Double]) -> [[Double]] {
    let largest = point.indices.sorted { point[$0].magnitude > point[$1].magnitude }
    return [point.map { -$0 }]
      + largest.prefix(starts).map { entry in
        var flipped = point
        flipped[entry].negate()
        return flipped
      }
  }

  /// Moves draws towards the event, a tenth of them at a time.
  ///
  /// - Returns: A point amid points of the event; nothing where none was met.
  private mutating func descend(from start: [Double]) throws(MassError) -> [Double]? {
    guard descents < Self.mostDescents else { return nil }
    descents += 1
    var centre = start
    var (least, idle, settled) = (Double.infinity, 0, 0)
    for _ in 0..<Self.mostSteps {
      let drawn = try draws(around: centre)
      let hits = drawn.prefix { $0.distance <= 0 }
      let level = max(0, drawn[drawn.count / 10].distance)
      let isFlat = level > 0 && level == drawn[drawn.count - 1].distance
      (least, idle) = level < least ? (level, 0) : (least, idle + 1)
      if level == 0 {
        if isKnown(centre) { return nil }
        settled += 1
      } else if isFlat || idle == Self.mostIdleSteps {
        return hits.isEmpty ? nil : mean(of: hits, drawnAround: centre)
      }
      centre = mean(of: drawn.prefix { $0.distance <= level }, drawnAround: centre)
      if settled == Self.settlingSteps { return centre }
    }
    return nil
  }

  private mutating func draws(around centre: [Double]) throws(MassError) -> [Drawn] {
    var drawn: [Drawn] = []
    for _ in 0..<(100 + 4 * event.dimension) {
      let z = generator.normals(around: centre)
      drawn.append((z, try event.distance(z)))
    }
    return drawn.sorted { $0.distance < $1.distance }
  }

  /// The mean of points, weighted by how likely they are under the law itself.
  private func mean(of points: ArraySlice<Drawn>, drawnAround centre: [Double]) -> [Double] {
    // Weights relative to the largest, so that none of them overflows.
    let along = points.map { product(centre, $0.z) }
    let least = along.min() ?? 0
    let weights = along.map { exp(least - $0) }
    let total = weights.reduce(0, +)
    return centre.indices.map { entry in
      zip(points, weights).reduce(0) { $0 + $1.0.z[entry] * $1.1 } / total
    }
  }
}
