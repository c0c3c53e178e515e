internal import Foundation

/// Rows that only compare independent equal numbers: the chance that they come in one of some orders.
///
/// Each row says that one number is above another. The chance is the number of linear extensions of
/// the relation, over n!: a path count in the lattice of its down-sets, in which every sum has positive
/// terms only.
struct OrderCount {
  /// How many down-sets are visited at most.
  private static let mostSets = 1_500_000

  /// The numbers below each number.
  private var below: [[Int]]
  private var above: [[Int]]

  /// Reads the relation off the rows; nothing where a row is not a difference that must have a sign.
  init?(_ rows: [[GaussianRows.Loading]], lower: [Double], upper: [Double]) {
    let places = GaussianRows.renumbered(rows)
    below = Array(repeating: [], count: places.count)
    above = below
    for (index, row) in rows.enumerated() {
      guard row.count == 2, row[0].value == -row[1].value, row[0].value != 0,
        let first = places[row[0].column], let second = places[row[1].column]
      else { return nil }
      let isPositive = lower[index] == 0 && upper[index] == .infinity
      guard isPositive || (lower[index] == -.infinity && upper[index] == 0) else { return nil }
      let firstIsGreater = (row[0].value > 0) == isPositive
      let (low, high) = firstIsGreater ? (second, first) : (first, second)
      if !below[high].contains(low) {
        below[high].append(low)
        above[low].append(high)
      }
    }
  }

  /// The chance; nothing where there are too many down-sets and the relation is no forest.
  mutating func probability() -> Answer? {
    guard let order = topologicalOrder() else { return .impossible }
    removeImplied(order)
    guard let mass = massByForest(order) ?? massByDownSets() else { return nil }
    return Answer(mass: mass, relativeError: Double(order.count) * 3e-15 + 1e-15, status: .exact)
  }

  /// The numbers with each after those below it; nothing where they are above themselves.
  private func topologicalOrder() -> [Int]? {
    var waiting = below.map(\.count)
    var order = waiting.indices.filter { waiting[$0] == 0 }
    var next = 0
    while next < order.count {
      for high in above[order[next]] {
        waiting[high] -= 1
        if waiting[high] == 0 { order.append(high) }
      }
      next += 1
    }
    return order.count == below.count ? order : nil
  }

  /// Removes comparisons that follow from others.
  private mutating func removeImplied(_ order: [Int]) {
    // All numbers below each, as bits.
    let words = (below.count + 63) / 64
    var reach = Array(repeating: [UInt64](repeating: 0, count: words), count: below.count)
    for high in order {
      for low in below[high] {
        for word in 0..<words { reach[high][word] |= reach[low][word] }
        reach[high][low >> 6] |= 1 << UInt64(low & 63)
      }
    }
    for high in order {
      let all = below[high]
      below[high].removeAll { low in
        all.contains { $0 != low && Self.contains(reach[$0], low) }
      }
    }
    above = Array(repeating: [], count: below.count)
    for high in order { for low in below[high] { above[low].append(high) } }
  }

  // MARK: Down-sets

  /// Counts paths from the empty set to the full one: each step adds a number whose lower ones are in.
  private func massByDownSets() -> Mass? {
    let count = below.count
    let words = (count + 63) / 64
    var layer: [[UInt64]: Double] = [Array(repeating: 0, count: words): 1]
    var mass = Mass.one
    var visited = 0
    for size in 0..<count {
      var next: [[UInt64]: Double] = [:]
      var largest = 0.0
      for (set, paths) in layer {
        for element in 0..<count where !Self.contains(set, element) {
          guard below[element].allSatisfy({ Self.contains(set, $0) }) else { continue }
          var grown = set
          grown[element >> 6] |= 1 << UInt64(element & 63)
          let sum = next[grown, default: 0] + paths
          next[grown] = sum
          largest = max(largest, sum)
        }
      }
      visited += next.count
      guard visited <= Self.mostSets else { return nil }
      // Divided by the factorial and scaled on the way.
      layer = next.mapValues { $0 / largest }
      mass = mass * (largest / Double(size + 1))
    }
    return mass * (layer.values.first ?? 0)
  }

  private static func contains(_ set: [UInt64], _ element: Int) -> Bool {
    set[element >> 6] >> UInt64(element & 63) & 1 == 1
  }

  // MARK: Forests

  /// The chance where no cycle of comparisons exists even without their directions.
  ///
  /// The numbers are made uniform; what a subtree makes of its root's value u is a polynomial with
  /// nonnegative coefficients in Bernstein's basis, in which integrals and products are positive sums.
  private func massByForest(_ order: [Int]) -> Mass? {
    let edges = below.map { Set($0) }
    let edgeCount = edges.reduce(0) { $0 + $1.count }
    guard edgeCount == below.count - 1 else { return nil }
    // Connected and with one edge less than numbers: a tree. It is walked from one of its leaves.
    let leaf = below.indices.first { below[$0].count + above[$0].count == 1 } ?? 0
    var parents = Array(repeating: -1, count: below.count)
    var walk = [leaf]
    var next = 0
    while next < walk.count {
      let current = walk[next]
      for other in Set(below[current]).union(above[current]) where other != parents[current] {
        guard parents[other] < 0, other != leaf else { return nil }
        parents[other] = current
        walk.append(other)
      }
      next += 1
    }
    guard walk.count == below.count else { return nil }
    var scale = Mass.one
    var polynomials = Array(repeating: BernsteinPolynomial.one, count: below.count)
    for current in walk.dropFirst().reversed() {
      let parent = parents[current]
      let isBelow = edges[parent].contains(current)
      let message = polynomials[current].integrated(isBelow ? .upToPoint : .fromPoint)
      polynomials[parent] = polynomials[parent] * message
      let size = polynomials[parent].normalise()
      guard size > 0 else { return nil }
      scale = scale * size
    }
    return scale * polynomials[leaf].integral
  }
}

/// A polynomial on [0, 1] with nonnegative coefficients in Bernstein's basis.
private struct BernsteinPolynomial {
  enum Side { case upToPoint, fromPoint }

  private var coefficients: [Double]

  static let one = BernsteinPolynomial(coefficients: [1])

  private var degree: Int { coefficients.count - 1 }

  /// The integral from 0 to 1.
  var integral: Double { coefficients.reduce(0, +) / Double(degree + 1) }

  /// The integral up to a point, or from a point on, as a function of the point.
  func integrated(_ side: Side) -> BernsteinPolynomial {
    var sums = [Double](repeating: 0, count: degree + 2)
    switch side {
    case .upToPoint:
      for index in 0...degree { sums[index + 1] = sums[index] + coefficients[index] }
    case .fromPoint:
      for index in (0...degree).reversed() { sums[index] = sums[index + 1] + coefficients[index] }
    }
    return BernsteinPolynomial(coefficients: sums.map { $0 / Double(degree + 1) })
  }

  /// Divides by the largest coefficient, and returns it.
  mutating func normalise() -> Double {
    let largest = coefficients.max() ?? 0
    if largest > 0 { coefficients = coefficients.map { $0 / largest } }
    return largest
  }

  static func * (left: BernsteinPolynomial, right: BernsteinPolynomial) -> BernsteinPolynomial {
    if left.degree == 0 || right.degree == 0 {
      let (constant, other) = left.degree == 0 ? (left, right) : (right, left)
      return BernsteinPolynomial(
        coefficients: other.coefficients.map { $0 * constant.coefficients[0] })
    }
    // B(i, m) B(j, n) = C(m, i) C(n, j) / C(m + n, i + j) · B(i + j, m + n).
    let (m, n) = (left.degree, right.degree)
    let table = factorials(upTo: m + n)
    func inverse(_ degree: Int, _ index: Int) -> Mass {
      Mass.one / (table[index] * table[degree - index])
    }
    let both = (0...(m + n)).map { table[$0] * table[m + n - $0] }
    let constant = table[m] * table[n] / table[m + n]
    let second = (0...n).map { constant * inverse(n, $0) * right.coefficients[$0] }
    var result = [Double](repeating: 0, count: m + n + 1)
    for i in 0...m where left.coefficients[i] > 0 {
      let first = inverse(m, i) * left.coefficients[i]
      for j in 0...n where right.coefficients[j] > 0 {
        result[i + j] += (first * second[j] * both[i + j]).value
      }
    }
    return BernsteinPolynomial(coefficients: result)
  }

  private static func factorials(upTo last: Int) -> [Mass] {
    var table = [Mass.one]
    for index in 1...max(last, 1) { table.append(table[index - 1] * Double(index)) }
    return table
  }
}
