internal import Foundation

/// The mass, the mean and the products of a component's coordinates over a set, not divided by its mass.
struct LatentMoments {
  /// P(u in K).
  var mass: Double
  /// E[u; K].
  var first: [Double]
  /// E[u uᵀ; K], row-major.
  var second: [Double]

  static func nothing(_ dimension: Int) -> LatentMoments {
    LatentMoments(
      mass: 0, first: [Double](repeating: 0, count: dimension),
      second: [Double](repeating: 0, count: dimension * dimension))
  }
}

extension LatentComponent {
  /// The moments of the coordinates within half-spaces, the component's own ones included; nil in more
  /// than two dimensions.
  func moments(of halfSpaces: [HalfSpace]) throws(NormalError) -> LatentMoments? {
    let spaces = halfSpaces + ownHalfSpaces
    switch (dimension, normalCount) {
    case (0, _):
      let mass = try mass(of: halfSpaces)
      return LatentMoments(mass: mass.value, first: [], second: [])
    case (1, 1), (2, 2): return try normalMoments(of: spaces)
    case (1, 0):
      let (low, high) = Self.interval(spaces, along: 0, from: -1, to: 1)
      guard low < high else { return .nothing(1) }
      let integrals = PolynomialIntegrals.uniform(low, high)
      return LatentMoments(mass: integrals.0, first: [integrals.1], second: [integrals.2])
    case (2, _): return strips(of: spaces)
    default: return nil
    }
  }

  private func normalMoments(of spaces: [HalfSpace]) throws(NormalError) -> LatentMoments? {
    let rectangle = try Self.rectangle(spaces.map(\.normalised), dimension)
    guard let moments = rectangle.moments() else { return nil }
    guard rectangle.dimension < dimension else {
      return LatentMoments(
        mass: moments.mass.probability, first: moments.first, second: moments.second)
    }
    // A strip: along its normal as computed, across it a whole standard normal.
    guard let normal = spaces.first(where: { $0.normal != [0, 0] })?.normalised.normal else {
      return nil
    }
    let (mass, mean, square) =
      (moments.mass.probability, moments.first[0], moments.second[0])
    let across = [-normal[1], normal[0]]
    return LatentMoments(
      mass: mass, first: normal.map { $0 * mean },
      second: (0..<4).map {
        square * normal[$0 / 2] * normal[$0 % 2] + mass * across[$0 / 2] * across[$0 % 2]
      })
  }

  /// What half-spaces leave of an interval of one coordinate, the only one.
  private static func interval(
    _ spaces: [HalfSpace], along place: Int, from start: Double, to end: Double
  ) -> (Double, Double) {
    var (low, high) = (start, end)
    for space in spaces {
      let slope = space.normal[place]
      if slope == 0 {
        if space.offset < 0 { return (0, 0) }
      } else if slope > 0 {
        low = max(low, -space.offset / slope)
      } else {
        high = min(high, -space.offset / slope)
      }
    }
    return (low, high)
  }

  /// Two coordinates, the second one uniform: for each value of it the first one's interval in closed
  /// form, and a quadrature over the second, halved until it agrees with its halves.
  private func strips(of spaces: [HalfSpace]) -> LatentMoments {
    func integrand(_ u: Double) -> [Double] {
      let lines = spaces.map {
        HalfSpace(normal: [$0.normal[0]], offset: $0.offset + $0.normal[1] * u)
      }
      let (low, high) = Self.interval(lines, along: 0, from: -.infinity, to: .infinity)
      guard low < high else { return [Double](repeating: 0, count: 6) }
      let (m0, m1, m2) =
        normalCount == 1
        ? PolynomialIntegrals.normal(low, high)
        : PolynomialIntegrals.uniform(max(low, -1), min(high, 1))
      return [m0, m1, m2, u * m0, u * m1, u * u * m0].map { $0 / 2 }
    }
    var ends: Set<Double> = [-1, 1]
    for (place, one) in spaces.enumerated() {
      for other in spaces[..<place] {
        // Where two boundaries meet.
        let determinant = one.normal[0] * other.normal[1] - other.normal[0] * one.normal[1]
        let u = (other.normal[0] * one.offset - one.normal[0] * other.offset) / determinant
        if u.magnitude < 1 { ends.insert(u) }
      }
    }
    let corners = ends.sorted()
    var sums = [Double](repeating: 0, count: 6)
    for (start, end) in zip(corners, corners.dropFirst()) {
      let part = AdaptiveQuadrature.integral(integrand, from: start, to: end)
      for place in sums.indices { sums[place] += part[place] }
    }
    return LatentMoments(
      mass: sums[0], first: [sums[1], sums[3]], second: [sums[2], sums[4], sums[4], sums[5]])
  }
}

extension HalfSpace {
  /// The same set, with a normal of length one where there is any.
  fileprivate var normalised: HalfSpace {
    let length = normal.reduce(0) { $0 + $1 * $1 }.squareRoot()
    return length > 0
      ? HalfSpace(normal: normal.map { $0 / length }, offset: offset / length) : self
  }
}

/// The integrals of 1, t and t² over an interval under a density.
private enum PolynomialIntegrals {
  static func normal(_ low: Double, _ high: Double) -> (Double, Double, Double) {
    func times(_ x: Double) -> Double { x.isFinite ? x * StandardNormal.density(x) : 0 }
    let mass = StandardNormal.probability(low, high)
    return (
      mass, StandardNormal.density(low) - StandardNormal.density(high),
      mass + times(low) - times(high)
    )
  }

  static func uniform(_ low: Double, _ high: Double) -> (Double, Double, Double) {
    guard low < high else { return (0, 0, 0) }
    let width = (high - low) / 2
    return (
      width, width * (high + low) / 2, width * (low * low + low * high + high * high) / 3
    )
  }
}

/// Gauss and Legendre's rule, with intervals halved where it does not agree with its halves.
private enum AdaptiveQuadrature {
  static func integral(
    _ function: (Double) -> [Double], from start: Double, to end: Double
  ) -> [Double] {
    func rule(_ low: Double, _ high: Double) -> [Double] {
      let (middle, half) = (low / 2 + high / 2, (high - low) / 2)
      var sum: [Double] = []
      for (node, weight) in zip(GaussLegendre.twenty.nodes, GaussLegendre.twenty.weights) {
        let values = function(middle + half * node)
        if sum.isEmpty { sum = [Double](repeating: 0, count: values.count) }
        for place in values.indices { sum[place] += weight * half * values[place] }
      }
      return sum
    }
    var total: [Double] = []
    var open = [(start, end, rule(start, end), 0)]
    while let (low, high, whole, depth) = open.popLast() {
      let middle = low / 2 + high / 2
      let (left, right) = (rule(low, middle), rule(middle, high))
      let halves = zip(left, right).map { $0 + $1 }
      let agrees = zip(whole, halves).allSatisfy { abs($0 - $1) <= 1e-17 + 1e-15 * abs($1) }
      if agrees || depth >= 40 {
        total = total.isEmpty ? halves : zip(total, halves).map { $0 + $1 }
      } else {
        open += [(low, middle, left, depth + 1), (middle, high, right, depth + 1)]
      }
    }
    return total
  }
}
