internal import Approximation
internal import BoundPropagation
internal import ExactArithmetic
internal import ProofFormat

/// The attempt to show that the rows of a disjunct cannot all hold on a box, from an affine lower
/// function of each row's excess.
struct Contradiction {
  /// Below this, relative to the numbers involved, a bound is not worth a proof: the checker rounds
  /// in other places than binary64 does.
  private static let margin = 1e-9

  /// What rounding may have made of zero where the numbers inside the network are the largest.
  let noise: Double
  let lower: [Double]
  let upper: [Double]
  let functions: [LowerFunction]
  let inputSet: FloatProblem.Case

  /// The row that is closest to a contradiction.
  var strongest: LowerFunction? {
    functions.max { $0.minimum < $1.minimum || $0.minimum.isNaN }
  }

  /// Adds, for each input, how much of the strongest row's bound its width costs.
  func addSplitScores(to scores: inout [Double]) {
    guard let strongest else { return }
    for entry in scores.indices {
      scores[entry] += strongest.coefficients[entry].magnitude * (upper[entry] - lower[entry])
    }
  }

  /// The multipliers of a contradiction.
  ///
  /// - Parameter combined: The lower function of the rows' combination with some weights, by a
  ///   substitution of its own.
  /// - Returns: The derivation, or what is left to try: a point where the rows are closest to holding.
  func derivation(combined: ([Double]) -> LowerFunction) -> Result<Closing, NotFound> {
    if let row = functions.indices.first(where: { isPositive(functions[$0]) }) {
      return .success(.disjunct(row == 0 ? .standard : Derivation(rows: [Term(row, .one)])))
    }
    let corner = NotFound(candidate: strongest?.minimiser(lower: lower, upper: upper))
    guard functions.allSatisfy({ $0.minimum.isFinite }) else { return .failure(corner) }
    if let ball = inputSet.ball {
      return ballDerivation(ball).map { .success(.disjunct($0)) } ?? .failure(corner)
    }
    guard functions.count > 1 || !inputSet.inputRows.isEmpty,
      let best = RowCombination(
        of: functions, lower: lower, upper: upper, inputRows: inputSet.inputRows)
    else { return .failure(corner) }
    if let empty = emptiness(best) { return .success(.node(empty)) }
    let derivation = best.value > 0 ? confirmed(best, combined: combined) : nil
    return derivation.map { .success(.disjunct($0)) }
      ?? .failure(NotFound(candidate: best.minimiser))
  }

  /// What a derivation closes.
  enum Closing {
    /// The disjunct.
    case disjunct(Derivation)
    /// The whole node: its input rows contradict the box.
    case node(Derivation)
  }

  /// The functions do not contradict each other.
  struct NotFound: Error {
    /// A point that may satisfy all rows.
    let candidate: [Double]?
  }

  private func confirmed(_ best: RowCombination, combined: ([Double]) -> LowerFunction)
    -> Derivation?
  {
    let rows = Quantised.multipliers(best.weights)
    guard !rows.isEmpty else { return nil }
    var weights = best.weights.map { _ in 0.0 }
    for row in rows { weights[row.place] = row.value.nearestDouble }
    let function = sum(of: combined(weights), and: best.inputRows)
    guard isPositive(function) else { return nil }
    return Derivation(rows: rows, inputRows: Quantised.multipliers(best.inputRows))
  }

  /// The derivation of a contradiction among the input rows alone.
  func emptiness(_ best: RowCombination) -> Derivation? {
    guard best.weights.allSatisfy({ $0 == 0 }), best.inputRows.contains(where: { $0 > 0 })
    else { return nil }
    let zero = LowerFunction(
      coefficients: [Double](repeating: 0, count: lower.count), constant: 0, minimum: 0)
    guard isPositive(sum(of: zero, and: best.inputRows)) else { return nil }
    return Derivation(inputRows: Quantised.multipliers(best.inputRows))
  }

  /// A function plus multiples of the input rows' excesses.
  private func sum(of function: LowerFunction, and multipliers: [Double]) -> LowerFunction {
    var sum = function
    for (multiplier, row) in zip(multipliers, inputSet.inputRows) where multiplier > 0 {
      for entry in row.inputs {
        sum.coefficients[entry.index] += multiplier * entry.coefficient
      }
      sum.constant -= multiplier * row.bound
    }
    sum.minimise(lower: lower, upper: upper)
    return sum
  }

  private func isPositive(_ function: LowerFunction) -> Bool {
    Self.isWorthProving(
      function.minimum, of: function.magnitude(lower: lower, upper: upper), noise: noise)
  }

  /// A bound less the margin; not a number becomes minus infinity.
  static func provable(_ bound: Double, of magnitude: Double, noise: Double) -> Double {
    let rest = bound - noise - margin * magnitude
    return rest.isNaN ? -.infinity : rest
  }

  /// Whether a bound is positive by more than the margin.
  static func isWorthProving(_ bound: Double, of magnitude: Double, noise: Double) -> Bool {
    bound > noise + margin * magnitude
  }

  /// The multiplier of a ball's row that lifts some function most, if that is enough.
  private func ballDerivation(_ ball: Ball) -> Derivation? {
    for (row, function) in functions.enumerated() {
      let (multiplier, bound) = ball.bestMultiplier(for: function, lower: lower, upper: upper)
      let magnitude = function.magnitude(lower: lower, upper: upper)
      guard Self.isWorthProving(bound, of: magnitude, noise: noise),
        let number = Quantised.multiplier(multiplier)
      else { continue }
      return Derivation(rows: [Term(row, .one)], inputRows: [Term(ball.inputRow, number)])
    }
    return nil
  }
}

extension Subproblem {
  /// What rounding may have made of zero: a little of the largest number inside the network.
  var noise: Double {
    var largest = 0.0
    for bound in unitLower where bound.isFinite { largest = max(largest, bound.magnitude) }
    for bound in unitUpper where bound.isFinite { largest = max(largest, bound.magnitude) }
    return 1e-12 * largest
  }
}
