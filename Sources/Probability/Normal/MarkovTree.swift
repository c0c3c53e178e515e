internal import Foundation

/// Rows of unit variance whose correlations are products along the paths of a tree.
///
/// Given a row, its neighbours in the tree are independent: chains such as autoregressions and random
/// walks, whatever the order of their rows.
struct MarkovTree {
  /// How far a correlation may be from the product along its path.
  private static let tolerance = 1e-13

  /// Rows in an order in which each comes after its parent.
  let order: [Int]
  /// The parent of each row; the root is its own.
  let parents: [Int]
  /// The correlation of each row with its parent.
  let correlations: [Double]
  /// The largest deviation of a correlation from the product along its path.
  let deviation: Double

  /// Finds the tree that joins the rows by the largest correlations; nothing where they are not
  /// products along it.
  init?(_ correlations: SymmetricMatrix) {
    let count = correlations.count
    var parents = Array(repeating: 0, count: count)
    var nearness = (0..<count).map { abs(correlations[0, $0]) }
    var isJoined = [Bool](repeating: false, count: count)
    isJoined[0] = true
    var order = [0]
    var deviation = 0.0
    for _ in 1..<count {
      var best = -1
      for row in 0..<count where !isJoined[row] {
        if best < 0 || nearness[row] > nearness[best] { best = row }
      }
      let parent = parents[best]
      // The correlations with all rows joined so far must be the parent's times this edge's.
      let edge = correlations[best, parent]
      for other in order {
        let product = edge * correlations[parent, other]
        deviation = max(deviation, abs(correlations[best, other] - product))
      }
      guard deviation <= Self.tolerance else { return nil }
      isJoined[best] = true
      order.append(best)
      for row in 0..<count where !isJoined[row] && abs(correlations[row, best]) > nearness[row] {
        nearness[row] = abs(correlations[row, best])
        parents[row] = best
      }
    }
    guard (1..<count).allSatisfy({ abs(correlations[order[$0], parents[order[$0]]]) < 1 - 1e-10 })
    else { return nil }
    self.order = order
    self.parents = parents
    self.correlations = (0..<count).map { correlations[$0, parents[$0]] }
    self.deviation = deviation
  }

  /// The probability that all rows keep their limits.
  func probability(lower: [Double], upper: [Double]) -> Answer? {
    let centres = mode(lower: lower, upper: upper)
    let grids = order.indices.map { row -> Grid in
      Grid(
        from: max(lower[row], centres[row] - 10), to: min(upper[row], centres[row] + 11),
        spacing: spacing(of: row))
    }
    // The logarithm of what the rows below make of each value of a row, from the leaves to the root.
    var messages = grids.map { [Lanes](repeating: .zero, count: $0.nodes.count) }
    for row in order.dropFirst().reversed() {
      let message = Message(
        from: grids[row], messages[row], to: grids[parents[row]], correlation: correlations[row])
      for index in message.values.indices {
        messages[parents[row]][index] += message.values[index]
      }
    }
    let root = order[0]
    for (index, nodes) in grids[root].nodes.enumerated() {
      messages[root][index] -= nodes * nodes * 0.5
    }
    let peak = messages[root].reduce(-Double.infinity) { max($0, $1.max()) }
    guard peak > -.infinity else { return nil }
    var sum = 0.0
    for (index, weights) in grids[root].weights.enumerated() {
      sum += (weights * LaneMath.exp(messages[root][index] - peak)).sum()
    }
    let count = Double(order.count)
    return Answer(
      mass: Mass.exp(peak) * (sum * StandardNormal.inverseRootTwoPi),
      relativeError: 1e-14 + count * (4e-15 + 20 * deviation) + abs(peak) * 4e-16,
      status: .exact)
  }

  /// How wide the panels of a row's grid may be: four standard deviations given a neighbour.
  private func spacing(of row: Int) -> Double {
    var least = row == order[0] ? 1 : deviationGivenParent(of: row)
    for other in order.dropFirst() where parents[other] == row {
      least = min(least, deviationGivenParent(of: other) / abs(correlations[other]))
    }
    return 4 * least
  }

  private func deviationGivenParent(of row: Int) -> Double {
    ((1 - correlations[row]) * (1 + correlations[row])).squareRoot()
  }

  /// The most likely values within the limits, roughly: coordinate descent on the tree.
  private func mode(lower: [Double], upper: [Double]) -> [Double] {
    var x = order.indices.map { min(max(0, lower[$0]), upper[$0]) }
    var children = [[Int]](repeating: [], count: order.count)
    for row in order.dropFirst() { children[parents[row]].append(row) }
    for sweep in 0..<400 {
      var change = 0.0
      for row in sweep % 2 == 0 ? order : order.reversed() {
        // The stationary point of Σ (x_c − ρ x_p)²/(1 − ρ²) in this coordinate.
        var (pull, stiffness) = (0.0, 1.0)
        if row != order[0] {
          let variance = (1 - correlations[row]) * (1 + correlations[row])
          pull = correlations[row] * x[parents[row]] / variance
          stiffness = 1 / variance
        }
        for child in children[row] {
          let variance = (1 - correlations[child]) * (1 + correlations[child])
          pull += correlations[child] * x[child] / variance
          stiffness += correlations[child] * correlations[child] / variance
        }
        let relaxed = x[row] + 1.5 * (pull / stiffness - x[row])
        let value = min(max(relaxed, lower[row]), upper[row])
        change = max(change, abs(value - x[row]))
        x[row] = value
      }
      if change < 1e-3 { break }
    }
    return x
  }
}

/// Gauss-Legendre panels of sixteen nodes over an interval.
private struct Grid {
  private(set) var nodes: [Lanes] = []
  private(set) var weights: [Lanes] = []

  init(from lower: Double, to upper: Double, spacing: Double) {
    let rule = LaneRule.sixteen
    let panels = max(1, Int(((upper - lower) / spacing).rounded(.up)))
    let half = (upper - lower) / Double(2 * panels)
    for panel in 0..<panels {
      let middle = lower + Double(2 * panel + 1) * half
      for part in 0..<2 {
        nodes.append(middle + half * rule.nodes[part])
        weights.append(half * rule.weights[part])
      }
    }
  }

  var count: Int { 8 * nodes.count }

  func node(_ index: Int) -> Double { nodes[index >> 3][index & 7] }
}

/// What a subtree makes of its parent's values.
private struct Message {
  /// How far from its peak the integrand is followed, in standard deviations.
  private static let reach = 9.5

  /// The logarithms at the nodes of the parent.
  private(set) var values: [Lanes]

  private let child: Grid
  private let logDensities: [Lanes]
  /// With the weights of the rule and the density's constant.
  private let logWeighted: [Lanes]
  private let deviation: Double

  init(from child: Grid, _ logDensities: [Lanes], to parent: Grid, correlation: Double) {
    self.child = child
    self.logDensities = logDensities
    deviation = ((1 - correlation) * (1 + correlation)).squareRoot()
    let factor = StandardNormal.inverseRootTwoPi / deviation
    logWeighted = zip(logDensities, child.weights).map { $0 + LaneMath.log($1 * factor) }
    values = []
    values = parent.nodes.map { places in
      var result = Lanes.zero
      for lane in 0..<8 { result[lane] = logIntegral(around: correlation * places[lane]) }
      return result
    }
  }

  /// The logarithm of the integral of the normal density around a centre times the child's function.
  private func logIntegral(around centre: Double) -> Double {
    let top = peak(around: centre)
    let height = logIntegrand(top, centre)
    let place = child.node(top)
    let (low, high) = (place - Self.reach * deviation, place + Self.reach * deviation)
    var (first, last) = (top >> 3, top >> 3)
    while first > 0, child.nodes[first][0] > low { first -= 1 }
    while last + 1 < child.nodes.count, child.nodes[last][7] < high { last += 1 }
    var sum = Lanes.zero
    let inverse = 1 / deviation
    for block in first...last {
      let distance = (child.nodes[block] - centre) * inverse
      sum += LaneMath.exp(logWeighted[block] - distance * distance * 0.5 - height)
    }
    return height + log(sum.sum())
  }

  private func logIntegrand(_ index: Int, _ centre: Double) -> Double {
    let distance = (child.node(index) - centre) / deviation
    return logDensities[index >> 3][index & 7] - distance * distance / 2
  }

  /// The node where the integrand is largest: its logarithm is concave.
  private func peak(around centre: Double) -> Int {
    var (low, high) = (0, child.count - 1)
    while low < high {
      let middle = (low + high) / 2
      if logIntegrand(middle + 1, centre) > logIntegrand(middle, centre) {
        low = middle + 1
      } else {
        high = middle
      }
    }
    return low
  }
}
