internal import Foundation

/// The integral of a function of one number whose logarithm is concave.
///
/// Its peak is found by probing, then the stretch outside which it is below `exp(−drop)` of the peak. On
/// that, the trapezoidal rule converges faster than any power where the function is smooth; else
/// Gauss-Legendre panels are halved until the halves agree with the whole.
struct LineIntegral {
  /// How far below the peak, in natural logarithms, the function is neglected.
  private static let drop = 42.0

  /// Where to look for the peak first, and how wide the function may be.
  struct Guess {
    var peak = 0.0
    var width = 1.0
  }

  /// The integral over `exp(logScale)`.
  private(set) var value = 0.0
  /// The logarithm of the function at its peak.
  private(set) var logScale = -Double.infinity
  /// An estimate of the error as a part of the integral, from rules that are much coarser.
  private(set) var relativeError = 0.0
  /// Where the peak is and how wide: a guess for a similar function.
  private(set) var found: Guess

  private let domain: ClosedRange<Double>
  private let tolerance: Double

  /// The integral as a mass.
  var mass: Mass { Mass.exp(logScale) * value }

  /// The logarithm of the integral.
  var logarithm: Double { logScale + log(value) }

  /// Integrates.
  ///
  /// - Parameters:
  ///   - domain: Where; perhaps infinite ends.
  ///   - guess: Where the peak may be.
  ///   - breaks: Ascending places where the function is not smooth.
  ///   - tolerance: The relative error to aim at.
  ///   - logDensity: The logarithm of the function at eight points; `-infinity` is fine.
  init(
    over domain: ClosedRange<Double>, guess: Guess = Guess(), breaks: [Double] = [],
    tolerance: Double = 1e-14,
    _ logDensity: (Lanes) -> Lanes
  ) {
    self.domain = domain
    self.tolerance = tolerance
    found = guess
    guard domain.lowerBound < domain.upperBound else { return }
    let bracket = peak(from: guess, logDensity)
    guard logScale > -.infinity else { return }
    found.peak = bracket.best
    let (left, hardLeft) = end(from: bracket, direction: -1, logDensity)
    let (right, hardRight) = end(from: bracket, direction: 1, logDensity)
    found.width = (right - left) / 16
    let inner = breaks.filter { left < $0 && $0 < right }
    let isSmooth = !hardLeft && !hardRight && inner.isEmpty
    if !isSmooth || !sumByTrapezoids(left, right, logDensity) {
      sumByPanels(cuts: cuts(left, inner, right), logDensity)
    }
  }

  // MARK: The peak

  private struct Bracket {
    var low: Double
    var best: Double
    var high: Double
  }

  /// Narrows the peak down until the function varies by less than e² around it.
  private mutating func peak(from guess: Guess, _ logDensity: (Lanes) -> Lanes) -> Bracket {
    let steps = Lanes(-64, -8, -2, -0.5, 0.5, 2, 8, 64)
    var centre = min(max(guess.peak, domain.lowerBound), domain.upperBound)
    if !centre.isFinite { centre = 0 }
    var points = clipped(centre + guess.width * steps)
    var bracket = Bracket(low: centre, best: centre, high: centre)
    for round in 0..<200 {
      let values = logDensity(points)
      let best = (0..<8).reduce(0) { values[$1] > values[$0] ? $1 : $0 }
      // The nearest other points: clipped ones may be equal.
      let before = (0..<8).last { points[$0] < points[best] }
      let behind = (0..<8).first { points[$0] > points[best] }
      let low = before.map { points[$0] } ?? points[best]
      let high = behind.map { points[$0] } ?? points[best]
      bracket = Bracket(low: low, best: points[best], high: high)
      logScale = max(logScale, values[best])
      let edge =
        (before == nil && low > domain.lowerBound) || (behind == nil && high < domain.upperBound)
      if edge, round < 60 {
        // The peak lies outside: go there in leaps.
        centre = points[best]
        points = clipped(
          centre + (points[7] - points[0]) * Lanes(-2, -1, -0.5, -0.1, 0.1, 0.5, 1, 2))
        continue
      }
      let left = before.map { values[$0] } ?? values[best]
      let right = behind.map { values[$0] } ?? values[best]
      if values[best] - min(left, right) < 2 || high - low <= 4e-16 * max(abs(low), abs(high)) {
        break
      }
      points = low + (high - low) * Lanes(0.02, 0.16, 0.3, 0.44, 0.56, 0.7, 0.84, 0.98)
    }
    return bracket
  }

  private func clipped(_ points: Lanes) -> Lanes {
    LaneMath.clamp(points, domain.lowerBound, domain.upperBound)
  }

  /// Where the function has dropped far enough, or the domain ends.
  private func end(
    from bracket: Bracket, direction: Double, _ logDensity: (Lanes) -> Lanes
  ) -> (place: Double, isHard: Bool) {
    let limit = direction < 0 ? domain.lowerBound : domain.upperBound
    let threshold = logScale - Self.drop
    var near = bracket.best
    var step = max(bracket.high - bracket.low, 1e-15 * max(abs(near), 1e-300))
    for _ in 0..<64 {
      let points = clipped(near + direction * step * Lanes(1, 2, 4, 8, 16, 32, 64, 128))
      let values = logDensity(points)
      guard let first = (0..<8).first(where: { values[$0] < threshold }) else {
        if points[7] == limit { return (limit, true) }
        near = points[7]
        step *= 128
        continue
      }
      return refined(
        first > 0 ? points[first - 1] : near, points[first], below: threshold, logDensity)
    }
    return (near, true)
  }

  private func refined(
    _ near: Double, _ far: Double, below threshold: Double, _ logDensity: (Lanes) -> Lanes
  ) -> (place: Double, isHard: Bool) {
    let points = near + (far - near) * Lanes(0.125, 0.25, 0.375, 0.5, 0.625, 0.75, 0.875, 1)
    let values = logDensity(points)
    let first = (0..<8).first { values[$0] < threshold } ?? 7
    return (points[first], false)
  }

  // MARK: The sum

  /// Halves the step until the sum stands; false where it does not soon.
  private mutating func sumByTrapezoids(
    _ left: Double, _ right: Double, _ logDensity: (Lanes) -> Lanes
  ) -> Bool {
    var count = 16
    var sum = 0.0
    var previous = 0.0
    while count <= 256 {
      // At first all points, then only those between.
      let step = (right - left) / Double(count)
      let (stride, offset): (Double, Double) = count == 16 ? (1, 0) : (2, 1)
      var index = offset
      while index < Double(count) {
        let places = (Lanes(0, 1, 2, 3, 4, 5, 6, 7) * stride + index) * step + left
        sum += LaneMath.exp(logDensity(places) - logScale).sum()
        index += 8 * stride
      }
      value = sum * step
      if count > 16 {
        let change = abs(value - previous) / value
        // The error falls at least with the square when the step is halved.
        relativeError = min(change, 100 * change * change) + 1e-16
        if relativeError <= tolerance { return true }
        if count > 64, change > 1e-4 { return false }
      }
      previous = value
      count *= 2
    }
    return false
  }

  /// Where panels begin and end at first: at breaks, the peak, and not too far apart.
  private func cuts(_ left: Double, _ breaks: [Double], _ right: Double) -> [Double] {
    let middle = min(max(found.peak, left), right)
    let fixed = breaks.isEmpty ? [left, middle, right] : [left] + breaks + [right]
    let widest = (right - left) / 4
    return zip(fixed, fixed.dropFirst()).flatMap { low, high -> [Double] in
      let parts = max(1, Int(((high - low) / widest).rounded(.up)))
      return (0..<parts).map { low + (high - low) * Double($0) / Double(parts) }
    } + [right]
  }

  private mutating func sumByPanels(cuts: [Double], _ logDensity: (Lanes) -> Lanes) {
    func sum(_ low: Double, _ high: Double) -> Double {
      let half = (high - low) / 2
      let rule = LaneRule.sixteen
      var total = 0.0
      for part in 0..<2 {
        let places = low + half + half * rule.nodes[part]
        total += (rule.weights[part] * LaneMath.exp(logDensity(places) - logScale)).sum()
      }
      return total * half
    }
    var open = zip(cuts, cuts.dropFirst()).filter { $0 < $1 }.map {
      (low: $0, high: $1, whole: sum($0, $1), depth: 0)
    }
    let rough = open.reduce(0) { $0 + $1.whole }
    value = 0
    var error = 0.0
    while let panel = open.popLast() {
      let middle = panel.low + (panel.high - panel.low) / 2
      let (first, second) = (sum(panel.low, middle), sum(middle, panel.high))
      let change = abs(first + second - panel.whole)
      if change <= tolerance * max(rough, value + first + second) || panel.depth > 50 {
        value += first + second
        error += change
      } else {
        open.append((middle, panel.high, second, panel.depth + 1))
        open.append((panel.low, middle, first, panel.depth + 1))
      }
    }
    relativeError = value > 0 ? error / value : 0
  }
}

/// The sixteen-point Gauss-Legendre rule, in lanes.
struct LaneRule: Sendable {
  let nodes: [Lanes]
  let weights: [Lanes]

  static let sixteen = LaneRule()

  private init() {
    let rule = GaussLegendre.sixteen
    nodes = [Lanes(rule.nodes[0..<8]), Lanes(rule.nodes[8..<16])]
    weights = [Lanes(rule.weights[0..<8]), Lanes(rule.weights[8..<16])]
  }
}
