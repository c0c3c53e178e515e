internal import Approximation
internal import ClaimLanguage
internal import ExactArithmetic

/// A ball in the norm 1 or 2 that an input row states.
struct Ball {
  enum Norm { case one, two }

  let norm: Norm
  /// Its place among the case's input rows.
  let inputRow: Int
  let centre: [Int: (centre: Double, coefficient: Double)]
  /// The right-hand side of the row.
  let bound: Double

  /// Reads an input row; nil where it has no curves.
  init?(_ row: ClaimLanguage.Row, at place: Int) {
    guard !row.curves.isEmpty else { return nil }
    var norm = Norm.two
    var centre: [Int: (centre: Double, coefficient: Double)] = [:]
    for curve in row.curves {
      switch curve {
      case .square(let entry, let middle, let coefficient):
        norm = .two
        centre[entry] = (middle.nearestDouble, coefficient.nearestDouble)
      case .absolute(let entry, let middle, let coefficient):
        norm = .one
        centre[entry] = (middle.nearestDouble, coefficient.nearestDouble)
      }
    }
    self.norm = norm
    inputRow = place
    self.centre = centre
    bound = row.bound.nearestDouble
  }

  /// The left side of the row.
  func size(at point: [Double]) -> Double {
    var sum = 0.0
    for (entry, curve) in centre {
      let distance = (point[entry] - curve.centre).magnitude
      sum += curve.coefficient * (norm == .one ? distance : distance * distance)
    }
    return sum
  }

  /// Whether a box has no point in it, by more than rounding explains.
  func misses(lower: [Double], upper: [Double]) -> Bool {
    var nearest = lower
    for (entry, curve) in centre {
      nearest[entry] = min(upper[entry], max(lower[entry], curve.centre))
    }
    return size(at: nearest) > bound * (1 + 1e-9)
  }

  /// The nearest point towards the centre that lies in the ball.
  func pulledInside(_ point: [Double]) -> [Double] {
    let size = size(at: point)
    guard size > bound, size > 0 else { return point }
    let factor = norm == .one ? bound / size : (bound / size).squareRoot()
    var inside = point
    for (entry, curve) in centre {
      inside[entry] = curve.centre + (point[entry] - curve.centre) * factor * (1 - 1e-7)
    }
    return inside
  }

  /// The multiplier of the row that lifts the minimum of a function over the box most.
  ///
  /// The dual bound is concave in the multiplier: golden sections.
  func bestMultiplier(for function: LowerFunction, lower: [Double], upper: [Double])
    -> (multiplier: Double, bound: Double)
  {
    let smallest = centre.values.map(\.coefficient).min() ?? 1
    let scale: Double
    switch norm {
    case .one:
      scale = (function.coefficients.map(\.magnitude).max() ?? 0) / smallest
    case .two:
      let length = function.coefficients.reduce(0) { $0 + $1 * $1 }
      scale = (length / (smallest * max(bound, .leastNormalMagnitude))).squareRoot()
    }
    guard scale > 0, scale.isFinite else { return (0, -.infinity) }
    var (low, high) = (0.0, 2 * scale)
    let ratio = 0.6180339887498949
    for _ in 0..<60 {
      let (left, right) = (high - ratio * (high - low), low + ratio * (high - low))
      let rises =
        dual(left, function, lower, upper) < dual(right, function, lower, upper)
      if rises { low = left } else { high = right }
    }
    let multiplier = (low + high) / 2
    return (multiplier, dual(multiplier, function, lower, upper))
  }

  private func dual(
    _ multiplier: Double, _ function: LowerFunction, _ lower: [Double], _ upper: [Double]
  ) -> Double {
    var sum = function.constant - multiplier * bound
    for (entry, slope) in function.coefficients.enumerated() {
      let (low, high) = (lower[entry], upper[entry])
      guard let curve = centre[entry] else {
        sum += slope * (slope > 0 ? low : high)
        continue
      }
      let factor = multiplier * curve.coefficient
      switch norm {
      case .one:
        let values = [low, min(high, max(low, curve.centre)), high].map {
          slope * $0 + factor * ($0 - curve.centre).magnitude
        }
        sum += values.min() ?? -.infinity
      case .two:
        let vertex = factor > 0 ? curve.centre - slope / (2 * factor) : (slope > 0 ? low : high)
        let point = min(high, max(low, vertex))
        sum += slope * point + factor * (point - curve.centre) * (point - curve.centre)
      }
    }
    return sum
  }
}
