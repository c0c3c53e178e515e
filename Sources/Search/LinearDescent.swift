internal import BoundPropagation

/// Looks for a point that satisfies a disjunct by a linear program at each step: the rows are replaced
/// by their affine functions on the region of the last point, and the largest of them is made as small
/// as possible within a trusted part of the box.
///
/// Unlike a gradient it moves along the ridges where rows are equal, where witnesses of conjunctions are.
struct LinearDescent {
  private static let mostSteps = 40
  /// The trusted share of each side of the box where the descent ends.
  private static let lastTrust = 1e-4
  /// A step that fails is followed by shorter ones only where so many times what it promised would do.
  private static let reach = 4.0

  let problem: FloatProblem
  let caseIndex: Int
  let disjunct: Int
  let propagator: Propagator
  /// The trusted share of each side of the box to begin with.
  var firstTrust = 0.1

  private var inputSet: FloatProblem.Case { problem.cases[caseIndex] }
  private var rows: [FloatProblem.Row] { inputSet.disjuncts[disjunct] }

  /// Descends from the point of the box that comes closest to satisfying the disjunct.
  ///
  /// - Returns: A point that satisfies the disjunct in binary64.
  func point(fromBestOf points: [[Double]], until isOver: () -> Bool) -> [Double]? {
    guard points.count > 1 else { return points.first.flatMap { point(from: $0, until: isOver) } }
    let outputs = propagator.evaluate(points.flatMap { $0 })
    let width = outputs.count / points.count
    let excesses = points.enumerated().map { place, point in
      let values = Array(outputs[place * width..<(place + 1) * width])
      return rows.map { $0.excess(inputs: point, outputs: values) }.max() ?? 0
    }
    let best = points.indices.min { excesses[$0] < excesses[$1] }
    return best.flatMap { point(from: points[$0], until: isOver) }
  }

  /// Descends from a point of the box.
  ///
  /// - Returns: A point that satisfies the disjunct in binary64.
  func point(from start: [Double], until isOver: () -> Bool) -> [Double]? {
    guard !rows.isEmpty else { return inputSet.contains(start) ? start : nil }
    guard inputSet.ball == nil else { return nil }
    var point = start
    var functions = linearisation(at: point)
    var trust = firstTrust
    for _ in 0..<Self.mostSteps where trust > Self.lastTrust && !isOver() {
      guard let height = functions.map(\.minimum).max(), height.isFinite else { return nil }
      if height <= 0 && inputSet.contains(point) { return point }
      let (lower, upper) = neighbourhood(of: point, trust)
      guard
        let best = RowCombination(
          of: functions, lower: lower, upper: upper, inputRows: inputSet.inputRows),
        best.value.isFinite
      else { return nil }
      let next = linearisation(at: best.minimiser)
      if let reached = next.map(\.minimum).max(), reached < height {
        (point, functions) = (best.minimiser, next)
        trust = min(0.5, trust * 1.5)
      } else {
        guard Self.reach * (height - best.value) > height else { return nil }
        trust *= 0.4
      }
    }
    return nil
  }

  /// Each row's excess as an affine function, with its value at the point as minimum.
  private func linearisation(at point: [Double]) -> [LowerFunction] {
    let values = propagator.gradient(
      Array(repeating: point, count: rows.count).flatMap { $0 }, of: rows.map(\.linearRow))
    return rows.enumerated().map { place, row in
      let slopes = Array(values.gradients[place * point.count..<(place + 1) * point.count])
      let excess = values.values[place] - row.bound
      let constant = zip(slopes, point).reduce(excess) { $0 - $1.0 * $1.1 }
      return LowerFunction(coefficients: slopes, constant: constant, minimum: excess)
    }
  }

  private func neighbourhood(of point: [Double], _ trust: Double) -> ([Double], [Double]) {
    let (lower, upper) = (inputSet.lower, inputSet.upper)
    let reach = zip(lower, upper).map { trust * ($1 - $0) }
    return (
      point.indices.map { max(lower[$0], point[$0] - reach[$0]) },
      point.indices.map { min(upper[$0], point[$0] + reach[$0]) }
    )
  }
}
