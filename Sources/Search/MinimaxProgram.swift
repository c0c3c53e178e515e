/// Minimises over a box the largest of some affine functions, where further ones must not be positive:
/// the dual simplex method for bounded variables on a dense tableau.
///
/// For few functions of few inputs, where most of a general solver's time is the making of a problem.
/// What it finds is a candidate. See Maros, "Computational techniques of the simplex method" (2003),
/// chapter 10; without its long steps.
package struct MinimaxProgram {
  /// How it ended.
  package enum Solution {
    /// Weights of the functions, which sum to one, and multipliers of the conditions.
    case optimum(weights: [Double], multipliers: [Double], value: Double, point: [Double])
    /// Multipliers of conditions that contradict each other on the box.
    case contradiction(multipliers: [Double])
  }

  private static let tolerance = 1e-9
  private static let mostPivots = 100

  /// A variable's number: first the inputs, as shares of the box's sides, then the slacks of the
  /// functions and of the conditions.
  private typealias Variable = Int

  private let lower: [Double]
  private let widths: [Double]
  private let functionCount: Int
  /// What the rows of the tableau were divided by: the functions together, each condition for itself.
  private var scales: [Double] = []
  /// By row, the variable that it gives; the first row is the objective, which is none.
  private var basic: [Variable] = [-1]
  /// By column but the last.
  private var free: [Variable]
  /// Whether each variable, where it is not basic, is at its upper end.
  private var isAtUpperEnd: [Bool]
  /// `[rows][columns]`: `basic = Σ entry · free + last entry`.
  private var tableau: [Double] = []

  private var inputCount: Int { lower.count }
  private var stride: Int { free.count + 1 }

  /// Sets the program up; nil where a number is not finite, or nothing depends on the inputs.
  ///
  /// - Parameters:
  ///   - functions: What the largest is made small of; one at least.
  ///   - conditions: What must not be positive.
  ///   - lower: The box's lower ends.
  ///   - upper: Its upper ends.
  package init?(
    of functions: [LowerFunction], where conditions: [LowerFunction], lower: [Double],
    upper: [Double]
  ) {
    self.lower = lower
    widths = zip(lower, upper).map { $1 - $0 }
    functionCount = functions.count
    free = Array(lower.indices)
    isAtUpperEnd = [Bool](repeating: false, count: lower.count + functions.count + conditions.count)
    let rows = (functions + conditions).map(shares)
    let heights = rows.map { $0.dropLast().reduce(0) { max($0, $1.magnitude) } }
    let common = heights.prefix(functions.count).max() ?? 0
    scales = heights.enumerated().map { $0 < functions.count ? common : $1 }
    scales = scales.map { $0 > 0 ? $0 : 1 }
    let leader = functions.indices.max { functions[$0].minimum < functions[$1].minimum }
    guard common > 0, let leader, rows.allSatisfy({ $0.allSatisfy(\.isFinite) }) else { return nil }
    begin(rows, from: leader)
  }

  /// A function in the shares of the box's sides, its constant last.
  private func shares(_ function: LowerFunction) -> [Double] {
    var constant = function.constant
    var row = zip(function.coefficients, widths).map { $0 * $1 }
    for entry in lower.indices { constant += function.coefficients[entry] * lower[entry] }
    row.append(constant)
    return row
  }

  /// Makes the first tableau: the objective is a function and its slack, each slack what is left of the
  /// objective, and the inputs are where the function is least.
  private mutating func begin(_ rows: [[Double]], from leader: Int) {
    let inputs = inputCount
    free.append(inputs + leader)
    let leading = rows[leader].map { $0 / scales[leader] }
    tableau = leading[..<inputs] + [1, leading[inputs]]
    for entry in 0..<inputs where leading[entry] < 0 { isAtUpperEnd[entry] = true }
    for (place, row) in rows.enumerated() where place != leader {
      basic.append(inputs + place)
      let isFunction = place < functionCount
      for entry in 0...inputs {
        if entry == inputs { tableau.append(isFunction ? 1 : 0) }
        tableau.append((isFunction ? leading[entry] : 0) - row[entry] / scales[place])
      }
    }
  }

  /// Solves the program.
  ///
  /// - Returns: nil where it takes too many pivots.
  package mutating func solve() -> Solution? {
    for _ in 0..<Self.mostPivots {
      guard let (row, isAbove) = mostViolated() else { return optimum }
      guard let column = entering(against: row, isAbove) else {
        return contradiction(of: row, isAbove)
      }
      pivot(row, column, isAbove)
    }
    return nil
  }

  private func value(ofRow row: Int) -> Double {
    var sum = tableau[row * stride + free.count]
    for (column, variable) in free.enumerated() where isAtUpperEnd[variable] {
      sum += tableau[row * stride + column]
    }
    return sum
  }

  /// The row whose variable is farthest beyond an end, and whether that is the upper one.
  private func mostViolated() -> (row: Int, isAbove: Bool)? {
    var worst: (row: Int, isAbove: Bool)?
    var excess = Self.tolerance
    for row in basic.indices.dropFirst() {
      let value = value(ofRow: row)
      if -value > excess { (worst, excess) = ((row, false), -value) }
      if basic[row] < inputCount, value - 1 > excess { (worst, excess) = ((row, true), value - 1) }
    }
    return worst
  }

  /// The column that can move a row's variable back and costs the objective least.
  private func entering(against row: Int, _ isAbove: Bool) -> Int? {
    var best: (column: Int, ratio: Double, size: Double)?
    for (column, variable) in free.enumerated() {
      let entry = tableau[row * stride + column]
      let gain = isAbove == isAtUpperEnd[variable] ? entry : -entry
      guard gain > Self.tolerance else { continue }
      let ratio = tableau[column].magnitude / gain
      if let best, ratio > best.ratio || (ratio == best.ratio && gain <= best.size) { continue }
      best = (column, ratio, gain)
    }
    return best?.column
  }

  /// Exchanges a row's variable, which goes to the end that it was beyond, for a column's.
  private mutating func pivot(_ row: Int, _ column: Int, _ isAbove: Bool) {
    let (stride, first) = (stride, row * stride)
    let factor = 1 / tableau[first + column]
    for place in 0..<stride { tableau[first + place] *= -factor }
    tableau[first + column] = factor
    for other in basic.indices where other != row {
      let start = other * stride
      let entry = tableau[start + column]
      guard entry != 0 else { continue }
      tableau[start + column] = 0
      for place in 0..<stride { tableau[start + place] += entry * tableau[first + place] }
    }
    (basic[row], free[column]) = (free[column], basic[row])
    isAtUpperEnd[free[column]] = isAbove
  }

  /// Where every variable is between its ends.
  private var optimum: Solution {
    var (weights, multipliers) = empty
    for (column, variable) in free.enumerated() where variable >= inputCount {
      note(max(0, tableau[column]), of: variable, &weights, &multipliers)
    }
    var point = lower
    for variable in free where variable < inputCount && isAtUpperEnd[variable] {
      point[variable] += widths[variable]
    }
    for row in basic.indices.dropFirst() where basic[row] < inputCount {
      point[basic[row]] += widths[basic[row]] * min(1, max(0, value(ofRow: row)))
    }
    let scale = scales[0]
    return .optimum(
      weights: weights.map { $0 * scale }, multipliers: multipliers.map { $0 * scale },
      value: value(ofRow: 0) * scale, point: point)
  }

  /// The multipliers with which conditions say that a row's variable cannot be within its ends.
  ///
  /// - Returns: nil where functions take part, which rounding alone can bring about.
  private func contradiction(of row: Int, _ isAbove: Bool) -> Solution? {
    var (weights, multipliers) = empty
    for (column, variable) in free.enumerated() where variable >= inputCount {
      let entry = tableau[row * stride + column]
      note(max(0, isAbove ? entry : -entry), of: variable, &weights, &multipliers)
    }
    if basic[row] >= inputCount { note(1, of: basic[row], &weights, &multipliers) }
    let largest = multipliers.max() ?? 0
    guard weights.allSatisfy({ $0 <= Self.tolerance * largest }) else { return nil }
    return .contradiction(multipliers: multipliers)
  }

  private var empty: (weights: [Double], multipliers: [Double]) {
    (
      [Double](repeating: 0, count: functionCount),
      [Double](repeating: 0, count: scales.count - functionCount)
    )
  }

  /// Undoes the scale of a slack's multiplier.
  private func note(
    _ multiplier: Double, of variable: Variable, _ weights: inout [Double],
    _ multipliers: inout [Double]
  ) {
    let place = variable - inputCount
    if place < functionCount {
      weights[place] = multiplier / scales[place]
    } else {
      multipliers[place - functionCount] = multiplier / scales[place]
    }
  }
}
