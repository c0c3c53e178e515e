internal import Glibc

/// Rows `a_i · z ≤ u_i` of independent standard normal numbers, and where tilting bounds their joint mass well.
///
/// Botev, *The normal law under linear restrictions*, JRSS B 79 (2017). The bound holds at any place, and the order
/// of the rows matters.
struct TiltedRows {
  /// Which rows take part, in this order; those that depend on others before them are left out.
  private(set) var order: [Int] = []
  /// A point of all rows' triangular coordinates but the last one.
  private(set) var place: [Double] = []
  /// The bound of the probability.
  private(set) var mass = 1.0

  /// The triangular factor's rows, each divided by its last entry, and the limits so divided.
  private var factor: [[Double]] = []
  private var limits: [Double] = []

  /// A row whose part that is not in those before has less than this share of its variance is left out.
  private static let leastShare = 1e-6
  /// A row that is so far from its limit, in deviations, is left out.
  private static let farthest = 4.0
  private static let mostSteps = 100

  /// A row that may be next.
  private struct Candidate {
    let row: Int
    /// What of it lies along those before, and its part that does not, both in units of the latter.
    let factor: [Double]
    let direction: [Double]
    /// Its limit, those before at their means; and as it is.
    let limit: Double
    let own: Double
  }

  /// Orders rows, the least probable first given those before at their means, and finds a place.
  init(_ rows: [[Double]], limits: [Double]) {
    order(rows, limits, first: nil, most: rows.count)
    improve(steps: Self.mostSteps, until: 1e-6)
  }

  /// The same, roughly, with a row that comes first in any case, and few others.
  init(_ rows: [[Double]], limits: [Double], startingWith first: Int) {
    order(rows, limits, first: first, most: Self.few.rows)
    improve(steps: Self.few.steps, until: 1e-3)
  }

  private static let few = (rows: 5, steps: 16)

  private mutating func order(
    _ rows: [[Double]], _ bounds: [Double], first: Int?, most: Int
  ) {
    var rest = Set(rows.indices)
    var basis: [[Double]] = []
    var means: [Double] = []
    while !rest.isEmpty, order.count < most {
      var best: Candidate?
      for row in order.isEmpty ? first.map({ [$0] }) ?? rest.sorted() : rest.sorted() {
        var direction = rows[row]
        var entries: [Double] = []
        for unit in basis {
          let entry = Self.product(unit, direction)
          entries.append(entry)
          for place in direction.indices { direction[place] -= entry * unit[place] }
        }
        let square = Self.product(direction, direction)
        guard square > Self.leastShare * Self.product(rows[row], rows[row]) else {
          rest.remove(row)
          continue
        }
        let size = square.squareRoot()
        let limit = (bounds[row] - Self.product(entries, means)) / size
        guard limit < best?.limit ?? .infinity else { continue }
        best = Candidate(
          row: row, factor: entries.map { $0 / size }, direction: direction.map { $0 / size },
          limit: limit, own: bounds[row] / size)
      }
      guard let best, best.limit < Self.farthest || best.row == first else { break }
      rest.remove(best.row)
      order.append(best.row)
      basis.append(best.direction)
      factor.append(best.factor)
      limits.append(best.own)
      means.append(-Self.pull(at: best.limit))
    }
    place = means
  }

  /// `x ← E x` under the tilt that makes `x` the place of the largest weight, with shorter steps where the
  /// bound grows.
  private mutating func improve(steps: Int, until change: Double) {
    guard var (mass, means) = response(at: place) else { return }
    var damping = 1.0
    for _ in 0..<steps where damping > 1e-3 {
      let step = damping
      let candidate = zip(place, means).map { $0 + step * ($1 - $0) }
      guard let found = response(at: candidate), found.mass < mass else {
        damping /= 2
        continue
      }
      let isNearlyEqual = found.mass > mass * (1 - change)
      (mass, means) = found
      place = candidate
      if isNearlyEqual { break }
      damping = min(1, damping * 1.5)
    }
    self.mass = min(1, mass)
  }

  /// The bound at a point, and each coordinate's mean under its tilt; nil where a number underflows.
  private func response(at point: [Double]) -> (mass: Double, means: [Double])? {
    var tilts = point.map { _ in 0.0 }
    var means = tilts
    var logarithm = 0.0
    for row in point.indices.reversed() {
      let tilt = tilts[row]
      let limit = limits[row] - Self.product(factor[row], point) - tilt
      let share = Self.share(below: limit)
      guard share > 0 else { return nil }
      let pull = Self.pull(at: limit)
      for earlier in 0..<row { tilts[earlier] -= factor[row][earlier] * pull }
      logarithm += log(share) + tilt * (tilt / 2 - point[row])
      means[row] = tilt - pull
    }
    return logarithm.isFinite ? (exp(logarithm), means) : nil
  }

  static func share(below limit: Double) -> Double { erfc(-limit / 2.0.squareRoot()) / 2 }

  /// `φ(x) / Φ(x)`.
  static func pull(at limit: Double) -> Double {
    guard limit > -37 else { return -limit }
    return exp(-limit * limit / 2) / (2 * Double.pi).squareRoot() / share(below: limit)
  }

  static func product(_ first: some Collection<Double>, _ second: [Double]) -> Double {
    zip(first, second).reduce(0) { $0 + $1.0 * $1.1 }
  }
}
