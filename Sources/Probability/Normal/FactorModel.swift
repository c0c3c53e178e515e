internal import Foundation

/// Rows that are independent once a few common factors are known: `x = Σ loading·factor + noise`.
///
/// The probability is an integral over the factors of a product of interval probabilities, whose
/// logarithm is concave in each of them; it is taken factor by factor.
struct FactorModel {
  /// One row, in units of its noise; equal rows are counted.
  private struct Row: Hashable {
    var loadings: [Double]
    var lower: Double
    var upper: Double
  }

  /// Rows of one shape, one array a property, so that the loop over them is tight.
  private struct Group {
    var loadings: [[Double]] = []
    var lower: [Double] = []
    var upper: [Double] = []
    var halves: [Double] = []
    var counts: [Double] = []

    var count: Int { counts.count }

    mutating func append(_ row: Row, count: Int) {
      loadings.append(row.loadings)
      lower.append(row.lower)
      upper.append(row.upper)
      halves.append((row.upper - row.lower) / 2)
      counts.append(Double(count))
    }
  }

  private let factors: Int
  private let rowCount: Int
  /// Rows with a lower end only.
  private var tails = Group()
  private var intervals = Group()
  /// Intervals so narrow that a difference of two tails would cancel.
  private var narrow = Group()
  /// Where the only factor may lie, from rows without noise.
  private var domain: (lower: Double, upper: Double) = (-.infinity, .infinity)

  /// Collects rows with loadings `[rowCount][factors]` and variances of the noise; nothing where one
  /// has no noise and there is more than one factor.
  init?(loadings: [[Double]], noise: [Double], lower: [Double], upper: [Double]) {
    factors = loadings.first?.count ?? 0
    rowCount = loadings.count
    var counts: [Row: Int] = [:]
    var order: [Row] = []
    for index in loadings.indices {
      guard noise[index] > 0 else {
        guard factors == 1, loadings[index][0] != 0 else { return nil }
        restrict(by: loadings[index][0], lower[index], upper[index])
        continue
      }
      let scale = 1 / noise[index].squareRoot()
      var row = Row(
        loadings: loadings[index].map { $0 * scale }, lower: lower[index] * scale,
        upper: upper[index] * scale)
      if row.lower == -.infinity {
        row = Row(loadings: row.loadings.map { -$0 }, lower: -row.upper, upper: .infinity)
      }
      if counts[row] == nil { order.append(row) }
      counts[row, default: 0] += 1
    }
    for row in order {
      let count = counts[row] ?? 0
      if row.upper == .infinity {
        tails.append(row, count: count)
      } else if row.upper - row.lower < 0.05 {
        narrow.append(row, count: count)
      } else {
        intervals.append(row, count: count)
      }
    }
  }

  private mutating func restrict(by loading: Double, _ lower: Double, _ upper: Double) {
    let ends = [lower / loading, upper / loading]
    domain.lower = max(domain.lower, min(ends[0], ends[1]))
    domain.upper = min(domain.upper, max(ends[0], ends[1]))
  }

  /// The probability; impossible where the rows without noise contradict each other, nothing where the
  /// integral was not found.
  func probability() -> Answer? {
    guard domain.lower < domain.upper else { return .impossible }
    var guesses = [LineIntegral.Guess](repeating: LineIntegral.Guess(), count: factors)
    let integral = integrate(factor: 0, rows: [tails, intervals, narrow], &guesses)
    guard integral.value > 0, integral.value.isFinite else { return nil }
    let mass =
      integral.mass * pow(StandardNormal.inverseRootTwoPi, Double(factors))
    let rounding = 4e-15 + Double(rowCount) * 5e-16 + abs(integral.logScale) * 4e-16
    return Answer(
      mass: mass, relativeError: integral.relativeError * Double(factors) + rounding,
      status: .exact)
  }

  /// Integrates over a factor and those behind it.
  private func integrate(
    factor: Int, rows: [Group], _ guesses: inout [LineIntegral.Guess]
  ) -> LineIntegral {
    let domain = domain.lower...domain.upper
    var inner = guesses
    let isLast = factor == factors - 1
    let slopes = rows.map { group in group.loadings.map { $0[factor] } }
    let integral = LineIntegral(
      over: domain, guess: guesses[factor], tolerance: isLast ? 1e-14 : 1e-13
    ) { places in
      if isLast { return Self.logDensity(at: places, rows, slopes) }
      var result = -places * places / 2
      for lane in 0..<8 {
        let shifted = zip(rows, slopes).map { Self.shift($0, $1, by: places[lane]) }
        let part = integrate(factor: factor + 1, rows: shifted, &inner)
        result[lane] += part.value > 0 ? part.logarithm : -.infinity
      }
      return result
    }
    guesses = inner
    guesses[factor] = integral.found
    return integral
  }

  private static func shift(_ group: Group, _ slopes: [Double], by place: Double) -> Group {
    var group = group
    for row in 0..<group.count {
      group.lower[row] -= slopes[row] * place
      group.upper[row] -= slopes[row] * place
    }
    return group
  }

  /// The logarithm of the density of a factor times the probability of all rows.
  private static func logDensity(
    at places: Lanes, _ rows: [Group], _ slopes: [[Double]]
  ) -> Lanes {
    var sum = LogProduct(exponent: -places * places * 0.5)
    for row in 0..<rows[0].count {
      sum.multiply(
        LaneNormal.scaledUpperTail(rows[0].lower[row] - slopes[0][row] * places),
        count: rows[0].counts[row])
    }
    for row in 0..<rows[1].count {
      let shift = slopes[1][row] * places
      sum.multiply(
        LaneNormal.scaledProbability(rows[1].lower[row] - shift, rows[1].upper[row] - shift),
        count: rows[1].counts[row])
    }
    for row in 0..<rows[2].count {
      // Shifted limits have lost the width's digits: the first ones are kept.
      let middle = rows[2].lower[row] + rows[2].halves[row] - slopes[2][row] * places
      sum.multiply(
        LaneNormal.scaledNarrow(around: middle, half: rows[2].halves[row]),
        count: rows[2].counts[row])
    }
    return sum.logarithm
  }
}

/// The logarithm of a product of probabilities in lanes, with few logarithms taken.
///
/// A scaled probability below 1e-70 counts as that.
struct LogProduct {
  private var exponent: Lanes
  private var product = Lanes(repeating: 1)
  private var pending = 0

  init(exponent: Lanes) { self.exponent = exponent }

  @inline(__always)
  mutating func multiply(_ factor: (scaled: Lanes, nearest: Lanes), count: Double) {
    let scaled = LaneMath.maximum(factor.scaled, Lanes(repeating: 1e-70))
    exponent -= factor.nearest * factor.nearest * (0.5 * count)
    if count == 1 {
      product *= scaled
      pending += 1
      if pending == 4 { flush() }
    } else {
      exponent += count * LaneMath.log(scaled)
    }
  }

  private mutating func flush() {
    exponent += LaneMath.log(product)
    product = Lanes(repeating: 1)
    pending = 0
  }

  var logarithm: Lanes { exponent + LaneMath.log(product) }
}
