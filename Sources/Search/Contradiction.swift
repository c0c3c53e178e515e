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
  func derivation(combined: ([Double]) -> LowerFunction) -> Result<Derivation, NotFound> {
    if let row = functions.indices.first(where: { isPositive(functions[$0]) }) {
      return .success(row == 0 ? .standard : Derivation(rows: [Term(row, .one)]))
    }
    let corner = NotFound(candidate: strongest?.minimiser(lower: lower, upper: upper))
    guard functions.allSatisfy({ $0.minimum.isFinite }) else { return .failure(corner) }
    if let ball = inputSet.ball {
      return ballDerivation(ball).map(Result.success) ?? .failure(corner)
    }
    guard functions.count > 1 || !inputSet.inputRows.isEmpty,
      let best = RowCombination(
        of: functions, lower: lower, upper: upper, inputRows: inputSet.inputRows)
    else { return .failure(corner) }
    let derivation = best.value > 0 ? confirmed(best, combined: combined) : nil
    return derivation.map(Result.success) ?? .failure(NotFound(candidate: best.minimiser))
  }

  /// The functions do not contradict each other.
  struct NotFound: Error {
    /// A point that may satisfy all rows.
    let candidate: [Double]?
  }

  private func confirmed(_ best: RowCombination, combined: ([Double]) -> LowerFunction)
    -> Derivation?
  {
    let rows = Quantised.multipliers(best.weights.enumerated().map { ($0.offset, $0.element) })
    guard !rows.isEmpty else { return nil }
    var weights = best.weights.map { _ in 0.0 }
    for row in rows { weights[row.place] = row.value.nearestDouble }
    var function = combined(weights)
    for (multiplier, row) in zip(best.inputRows, inputSet.inputRows) where multiplier > 0 {
      for entry in row.inputs {
        function.coefficients[entry.index] += multiplier * entry.coefficient
      }
      function.constant -= multiplier * row.bound
    }
    function.minimise(lower: lower, upper: upper)
    guard isPositive(function) else { return nil }
    let inputRows = best.inputRows.enumerated().map { (place: $0.offset, value: $0.element) }
    return Derivation(rows: rows, inputRows: Quantised.multipliers(inputRows))
  }

  private func isPositive(_ function: LowerFunction) -> Bool {
    Self.isWorthProving(
      function.minimum, of: function.magnitude(lower: lower, upper: upper), noise: noise)
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
