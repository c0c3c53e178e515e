internal import Foundation

/// A shift of each variable's law under which the weights of samples vary little: minimax tilting.
///
/// Botev, *The normal law under linear restrictions*, J. R. Statist. Soc. B 79 (2017). With x given,
/// the tilt that makes x the largest weight's point is found backwards, variable by variable; then
/// `P <= exp(ψ(x, μ(x)))` whatever x is, and x is improved until that bound is small.
struct Tilting: Sendable {
  /// The shift of each variable; that of the last is zero.
  private(set) var shifts: [Double]
  /// The logarithm of the largest weight, a bound of the probability (up to rounding).
  private(set) var logBound = Double.infinity
  /// The point with the largest weight.
  private(set) var point: [Double]

  private let factor: OrderedFactor

  /// Finds a tilt; nothing where no point inside the limits was found.
  init?(_ factor: OrderedFactor) {
    self.factor = factor
    shifts = Array(repeating: 0, count: factor.count)
    point = []
    guard let start = Self.greedyPoint(factor) ?? factor.interiorPoint() else { return nil }
    point = start
    improve()
    guard logBound < .infinity else { return nil }
  }

  /// What the limits and the tilt make of a point.
  private struct Response {
    /// The tilt that makes it the largest weight's.
    var shifts: [Double]
    /// The mean of each variable under that tilt, given the point's others.
    var means: [Double]
    var logBound: Double
  }

  /// The interval of a variable, and the rows that its ends come from.
  private struct Window {
    var lower = -Double.infinity
    var upper = Double.infinity
    var lowerRow = 0
    var upperRow = 0

    init(_ limits: [OrderedFactor.Limit], at point: [Double]) {
      for (index, limit) in limits.enumerated() {
        var shift = 0.0
        for (coefficient, value) in zip(limit.coefficients, point) { shift += coefficient * value }
        if limit.lower - shift > lower {
          lower = limit.lower - shift
          lowerRow = index
        }
        if limit.upper - shift < upper {
          upper = limit.upper - shift
          upperRow = index
        }
      }
    }
  }

  private func response(at point: [Double]) -> Response? {
    let count = factor.count
    var result = Response(
      shifts: Array(repeating: 0, count: count), means: Array(repeating: 0, count: count),
      logBound: 0)
    for variable in (0..<count).reversed() {
      let limits = factor.limits[variable]
      let window = Window(limits, at: point)
      guard window.lower < window.upper else { return nil }
      let shift = result.shifts[variable]
      let (low, high) = (window.lower - shift, window.upper - shift)
      let cut = TruncatedNormal(low, high)
      let (atLow, atHigh) = (cut.densityBelow, cut.densityAbove)
      result.means[variable] = shift + cut.mean
      result.logBound += shift * (shift / 2 - point[variable]) + cut.logProbability
      let (below, above) = (limits[window.lowerRow], limits[window.upperRow])
      for earlier in 0..<variable {
        result.shifts[earlier] +=
          atLow * below.coefficients[earlier] - atHigh * above.coefficients[earlier]
      }
    }
    return result.logBound.isNaN ? nil : result
  }

  /// Anderson's acceleration of `x ← mean of x`, with shorter steps where the bound grows.
  private mutating func improve() {
    guard var current = response(at: point) else { return }
    var mixing = AndersonMixing(depth: 6)
    logBound = current.logBound
    shifts = current.shifts
    var damping = 1.0
    for _ in 0..<200 {
      let residual = zip(current.means, point).map { $0 - $1 }
      let size = residual.reduce(0) { $0 + $1 * $1 }.squareRoot()
      if size < 1e-5 { break }
      var candidate = mixing.next(point, residual)
      var found = response(at: candidate)
      if (found?.logBound ?? .infinity) > logBound + 1e-12 {
        // The plain step, shortened until the bound does not grow.
        mixing.reset()
        repeat {
          candidate = zip(point, residual).map { $0 + damping * $1 }
          found = response(at: candidate)
          if (found?.logBound ?? .infinity) <= logBound + 1e-12 { break }
          damping /= 2
        } while damping > 1e-3
      }
      guard let found, found.logBound <= logBound + 1e-12 else { break }
      damping = min(1, damping * 1.5)
      point = candidate
      current = found
      logBound = found.logBound
      shifts = found.shifts
    }
  }

  /// Each variable at its mean given those before; nothing where an interval comes out empty.
  private static func greedyPoint(_ factor: OrderedFactor) -> [Double]? {
    var point: [Double] = []
    for limits in factor.limits {
      let window = Window(limits, at: point)
      guard window.lower < window.upper else { return nil }
      point.append(TruncatedNormal(window.lower, window.upper).mean)
    }
    return point
  }
}

/// Anderson's acceleration of a fixed-point iteration: the step whose residual, extrapolated linearly
/// from the last few, is smallest.
private struct AndersonMixing {
  private let depth: Int
  private var points: [[Double]] = []
  private var residuals: [[Double]] = []

  init(depth: Int) { self.depth = depth }

  mutating func reset() {
    points = []
    residuals = []
  }

  mutating func next(_ point: [Double], _ residual: [Double]) -> [Double] {
    points.append(point)
    residuals.append(residual)
    if points.count > depth {
      points.removeFirst()
      residuals.removeFirst()
    }
    let plain = zip(point, residual).map { $0 + $1 }
    let last = points.count - 1
    guard last > 0 else { return plain }
    let changes = (0..<last).map { index in zip(residual, residuals[index]).map { $0 - $1 } }
    guard let factors = Self.leastSquares(changes, residual) else { return plain }
    var result = plain
    for (index, factor) in factors.enumerated() {
      for entry in result.indices {
        result[entry] -=
          factor * (point[entry] - points[index][entry] + changes[index][entry])
      }
    }
    return result
  }

  /// The combination of columns nearest to a vector, by normal equations with a small ridge.
  private static func leastSquares(_ columns: [[Double]], _ target: [Double]) -> [Double]? {
    let count = columns.count
    func product(_ first: [Double], _ second: [Double]) -> Double {
      zip(first, second).reduce(0) { $0 + $1.0 * $1.1 }
    }
    var matrix = columns.map { first in columns.map { product(first, $0) } }
    var right = columns.map { product($0, target) }
    let ridge = 1e-10 * (0..<count).reduce(0) { max($0, matrix[$1][$1]) }
    for index in 0..<count { matrix[index][index] += ridge }
    for pivot in 0..<count {
      guard matrix[pivot][pivot] > 0 else { return nil }
      for row in (pivot + 1)..<max(count, pivot + 1) {
        let factor = matrix[row][pivot] / matrix[pivot][pivot]
        for column in pivot..<count { matrix[row][column] -= factor * matrix[pivot][column] }
        right[row] -= factor * right[pivot]
      }
    }
    for pivot in (0..<count).reversed() {
      for column in (pivot + 1)..<max(count, pivot + 1) {
        right[pivot] -= matrix[pivot][column] * right[column]
      }
      right[pivot] /= matrix[pivot][pivot]
    }
    return right.allSatisfy(\.isFinite) ? right : nil
  }
}
