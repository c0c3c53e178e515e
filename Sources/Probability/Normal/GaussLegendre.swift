internal import Foundation

/// The Gauss-Legendre rule on [−1, 1].
struct GaussLegendre: Sendable {
  let nodes: [Double]
  let weights: [Double]

  static let ten = GaussLegendre(count: 10)
  static let sixteen = GaussLegendre(count: 16)
  static let twenty = GaussLegendre(count: 20)
  /// `tabulated[k]` has `4·k` nodes, from one k on.
  static let tabulated = (0...30).map { GaussLegendre(count: max(4 * $0, 1)) }

  /// Computes the rule with `count` nodes by Newton's method on the Legendre polynomial.
  init(count: Int) {
    var nodes = [Double](repeating: 0, count: count)
    var weights = nodes
    for index in 0..<((count + 1) / 2) {
      var x = cos(.pi * (Double(index) + 0.75) / (Double(count) + 0.5))
      var slope = 1.0
      for _ in 0..<10 {
        let (value, derivative) = Self.legendre(count, x)
        slope = derivative
        let step = value / derivative
        x -= step
        if abs(step) < 1e-16 { break }
      }
      nodes[index] = -x
      nodes[count - 1 - index] = x
      weights[index] = 2 / ((1 - x * x) * slope * slope)
      weights[count - 1 - index] = weights[index]
    }
    if count % 2 == 1 { nodes[count / 2] = 0 }
    self.nodes = nodes
    self.weights = weights
  }

  private static func legendre(_ degree: Int, _ x: Double) -> (value: Double, derivative: Double) {
    var (previous, current) = (1.0, x)
    for k in 2...max(degree, 2) where k <= degree {
      let k = Double(k)
      (previous, current) = (current, ((2 * k - 1) * x * current - (k - 1) * previous) / k)
    }
    return (current, Double(degree) * (x * current - previous) / (x * x - 1))
  }

  /// The logarithm of what the rule with these many nodes may err on an interval of half-width
  /// `half`, for a function of modulus at most `exp(logBound)` inside the Bernstein ellipse of
  /// parameter `rho`: Trefethen, *Approximation Theory and Approximation Practice*, theorem 19.3.
  func logError(logBound: Double, half: Double, rho: Double) -> Double {
    log(64.0 / 15 * half / (1 - 1 / (rho * rho))) + logBound
      - 2 * Double(nodes.count - 1) * log(rho)
  }
}
