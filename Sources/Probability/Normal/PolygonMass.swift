internal import Foundation

/// The standard normal mass of a convex polygon, to full relative accuracy.
///
/// The polygon is cut into strips perpendicular to the direction of its point nearest to the origin:
/// `P = ∫ φ(y) (Φ(right(y)) − Φ(left(y))) dy`. Between two corners the integrand is entire, and each
/// panel's rule has an error bound that was known before it was applied. The mass farther than nine
/// from the nearest point is below `exp(−40)` of the rest, since the polygon is convex.
struct PolygonMass {
  /// How far from the nearest point strips are taken.
  private static let reach = 9.0
  /// How many panels are looked at; polygons that are no slivers need some hundreds.
  private static let mostVisits = 20_000

  /// A line `x = intercept + slope·y` in the rotated plane.
  private struct Side {
    var intercept: Double
    var slope: Double

    func x(at y: Double) -> Double { intercept + slope * y }
  }

  private struct Panel {
    var lower: Double
    var upper: Double
    var left: Side?
    var right: Side?
  }

  /// `scaled · exp(−distance²/2)`.
  private(set) var scaled = 0.0
  /// What the error is at most, as a part of the mass: a bound of that of the quadrature, and how the
  /// mass responds to rounding of the half-planes.
  private(set) var relativeError = 0.0
  /// The distance of the nearest point.
  let distance: Double

  private let nearest: (x: Double, y: Double)

  /// The mass itself.
  var mass: Mass { Mass.gaussian(distance) * scaled }

  init(_ polygon: ConvexPolygon) {
    let point = polygon.nearestPoint
    distance = hypot(point.x, point.y)
    let direction = distance > 0 ? (x: point.x / distance, y: point.y / distance) : (x: 1, y: 0)
    nearest = (x: distance, y: 0)
    guard !polygon.isEmpty, distance.isFinite else { return }
    let panels = Self.panels(of: polygon, inner: direction)
    // The first pass finds the scale that the second one's tolerance refers to.
    let rough = integrate(panels, tolerance: 1e-3, scale: 0)
    let fine = integrate(panels, tolerance: 1e-17, scale: rough.sum)
    scaled = fine.sum
    relativeError =
      fine.sum > 0 ? (fine.error + sensitivity(of: polygon) * 4e-16) / fine.sum + 2e-15 : 1
  }

  private func integrate(
    _ panels: [Panel], tolerance: Double, scale: Double
  ) -> (sum: Double, error: Double) {
    var (sum, error, visits) = (0.0, 0.0, 0)
    var open = panels.map { (panel: $0, depth: 0) }
    while let (panel, depth) = open.popLast() {
      visits += 1
      // No point is nearer than the nearest one, so that the integrand is at most 1/√2π: also a sliver
      // whose sides are noise has an error bound, and an end.
      let bound = min(exp(logError(of: panel)), panel.upper - panel.lower)
      if bound <= tolerance * max(scale, sum) || depth > 40 || visits > Self.mostVisits {
        sum += value(of: panel)
        error += bound
      } else if scale == 0, depth > 6 {
        sum += value(of: panel)
      } else {
        let middle = panel.lower + (panel.upper - panel.lower) / 2
        var (low, high) = (panel, panel)
        low.upper = middle
        high.lower = middle
        open.append((high, depth + 1))
        open.append((low, depth + 1))
      }
    }
    return (sum, error)
  }

  /// How fast the mass changes when half-planes move by a part of their coordinates, over
  /// `exp(−distance²/2)`: an integral over the boundary.
  private func sensitivity(of polygon: ConvexPolygon) -> Double {
    polygon.edges.indices.reduce(0) { sum, edge in
      guard let line = polygon.halfPlane(ofEdge: edge) else { return sum }
      let (start, end) = polygon.extent(ofEdge: edge, on: line)
      guard start < end else { return sum }
      let (scaled, near) = StandardNormal.scaledProbability(start, end)
      let excess = max(0, (line.offset - distance) * (line.offset + distance) + near * near)
      let size = 1 + abs(line.offset) + min(max(abs(start), abs(end)), abs(near) + 9)
      return sum + size * scaled * exp(-excess / 2)
    }
  }

  /// The integral over a panel, over `exp(−distance²/2)`.
  private func value(of panel: Panel) -> Double {
    let half = (panel.upper - panel.lower) / 2
    let middle = panel.lower + half
    let rule = GaussLegendre.twenty
    // All of a convex set lies beyond its nearest point; sides of slivers may round to less.
    let least = nearest.x > 0 ? nearest.x : -Double.infinity
    var sum = 0.0
    for index in rule.nodes.indices {
      let y = middle + half * rule.nodes[index]
      let left = max(panel.left?.x(at: y) ?? -.infinity, least)
      let right = panel.right?.x(at: y) ?? .infinity
      guard left < right else { continue }
      let (scaled, near) = StandardNormal.scaledProbability(left, right)
      let excess = y * y + (near - nearest.x) * (near + nearest.x)
      sum += rule.weights[index] * scaled * exp(-excess / 2)
    }
    return sum * half * StandardNormal.inverseRootTwoPi
  }

  /// The logarithm of a bound of the rule's error on a panel, over `exp(−distance²/2)`.
  ///
  /// On the ellipse, `|φ(y+iv)| = φ(y) exp(v²/2)`, and the inner integral along a straight path is at
  /// most its length times the largest density there, or twice two tails.
  private func logError(of panel: Panel) -> Double {
    let half = (panel.upper - panel.lower) / 2
    let middle = panel.lower + half
    guard half > 0 else { return -.infinity }
    var best = Double.infinity
    for rho in [1.5, 2, 3, 4, 6, 9, 14, 24, 50, 200] {
      let reach = half * (rho + 1 / rho) / 2
      let height = half * (rho - 1 / rho) / 2
      let bound = logBound(of: panel, middle: middle, reach: reach, height: height)
      best = min(best, GaussLegendre.twenty.logError(logBound: bound, half: half, rho: rho))
    }
    return best
  }

  private func logBound(
    of panel: Panel, middle: Double, reach: Double, height: Double
  ) -> Double {
    let y = max(abs(middle) - reach, 0)
    var (low, high, width, steepest) = (-Double.infinity, Double.infinity, 5.02, 0.0)
    if let left = panel.left {
      low = left.x(at: middle) - abs(left.slope) * reach
      steepest = max(steepest, abs(left.slope))
    }
    if let right = panel.right {
      high = right.x(at: middle) + abs(right.slope) * reach
      steepest = max(steepest, abs(right.slope))
    }
    if let left = panel.left, let right = panel.right {
      let slope = abs(right.slope - left.slope)
      width = min(width, abs(right.x(at: middle) - left.x(at: middle)) + slope * reach)
    }
    let near = low > 0 ? low : high < 0 ? -high : 0
    let excess = y * y + (near - nearest.x) * (near + nearest.x)
    return -excess / 2 + (1 + steepest * steepest) * height * height / 2
      + log(width) - 1.8378770664093454836
  }
}

extension PolygonMass {
  /// The strips between neighbouring corners, in the plane whose first axis is `inner`.
  private static func panels(
    of polygon: ConvexPolygon, inner: (x: Double, y: Double)
  ) -> [Panel] {
    var heights: [Double] = [-reach, reach]
    for corner in polygon.corners where corner.weight > 0 {
      let y = (corner.y * inner.x - corner.x * inner.y) / corner.weight
      if abs(y) < reach { heights.append(y) }
    }
    heights.sort()
    return zip(heights, heights.dropFirst()).flatMap { low, high -> [Panel] in
      guard let strip = strip(of: polygon, from: low, to: high, inner: inner) else { return [] }
      let parts = max(1, Int(((high - low) / 1.5).rounded(.up)))
      return (0..<parts).map { part in
        let step = (high - low) / Double(parts)
        return Panel(
          lower: low + Double(part) * step,
          upper: part + 1 == parts ? high : low + Double(part + 1) * step,
          left: strip.left, right: strip.right)
      }
    }
  }

  /// Which sides bound the polygon between two heights; nothing where it is not there.
  private static func strip(
    of polygon: ConvexPolygon, from low: Double, to high: Double, inner: (x: Double, y: Double)
  ) -> Panel? {
    guard low < high else { return nil }
    let middle = low + (high - low) / 2
    var panel = Panel(lower: low, upper: high)
    for edge in polygon.edges.indices {
      guard let line = polygon.halfPlane(ofEdge: edge) else { continue }
      let along = line.normalX * inner.x + line.normalY * inner.y
      let across = line.normalY * inner.x - line.normalX * inner.y
      guard along != 0 else {
        if across * middle > line.offset { return nil }
        continue
      }
      let side = Side(intercept: line.offset / along, slope: -across / along)
      if along > 0 {
        if panel.right.map({ side.x(at: middle) < $0.x(at: middle) }) ?? true { panel.right = side }
      } else if panel.left.map({ side.x(at: middle) > $0.x(at: middle) }) ?? true {
        panel.left = side
      }
    }
    if let left = panel.left, let right = panel.right, left.x(at: middle) >= right.x(at: middle) {
      return nil
    }
    return panel
  }
}
