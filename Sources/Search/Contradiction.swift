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
  /// What must not be positive because units are split, by ascending unit.
  var splits: [SplitFunction] = []

  /// The row that is closest to a contradiction.
  var strongest: LowerFunction? {
    functions.max { $0.minimum < $1.minimum || $0.minimum.isNaN }
  }

  /// The multipliers of a contradiction.
  ///
  /// - Parameter combined: The lower function of the combination of the rows with some weights and of
  ///   the splits with some multipliers, by a substitution of its own.
  /// - Returns: The derivation, or what is left to try: a point where the rows are closest to holding.
  func derivation(combined: Combination) -> Result<Closing, NotFound> {
    if let row = functions.indices.first(where: { isPositive(functions[$0]) }) {
      return .success(.disjunct(row == 0 ? .standard : Derivation(rows: [Term(row, .one)])))
    }
    let corner = NotFound(candidate: strongest?.minimiser(lower: lower, upper: upper))
    guard functions.allSatisfy({ $0.minimum.isFinite }) else { return .failure(corner) }
    if let ball = inputSet.ball {
      return ballDerivation(ball).map { .success(.disjunct($0)) } ?? .failure(corner)
    }
    guard functions.count > 1 || !inputSet.inputRows.isEmpty || !splits.isEmpty,
      let best = RowCombination(
        of: functions, lower: lower, upper: upper,
        inputRows: inputSet.inputRows + splits.map(\.function.row))
    else { return .failure(corner) }
    if let empty = emptiness(best, combined: combined) { return .success(.node(empty)) }
    let derivation = best.value > 0 ? confirmed(best, combined: combined) : nil
    return derivation.map { .success(.disjunct($0)) }
      ?? .failure(NotFound(candidate: best.minimiser, weights: best.weights))
  }

  /// A lower function of weighted rows and multiplied splits.
  typealias Combination = (_ weights: [Double], _ splits: [Term<Unit>]) -> LowerFunction

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
    /// The weights of the rows whose combination has the highest bound.
    var weights: [Double]?
  }

  private func confirmed(_ best: RowCombination, combined: Combination) -> Derivation? {
    let rows = Quantised.multipliers(best.weights)
    guard !rows.isEmpty else { return nil }
    var weights = best.weights.map { _ in 0.0 }
    for row in rows { weights[row.place] = row.value.nearestDouble }
    let others = Derivation.Others(best.inputRows, inputSet, splits)
    guard isPositive(combined(weights, others.units), and: others, weights) else { return nil }
    return Derivation(rows: rows, units: others.units, inputRows: others.inputRows)
  }

  /// The derivation of a contradiction among the input rows and the splits alone.
  func emptiness(_ best: RowCombination, combined: Combination) -> Derivation? {
    guard best.weights.allSatisfy({ $0 == 0 }), best.inputRows.contains(where: { $0 > 0 })
    else { return nil }
    let others = Derivation.Others(best.inputRows, inputSet, splits)
    guard isPositive(combined(best.weights, others.units), and: others, best.weights)
    else { return nil }
    return Derivation(units: others.units, inputRows: others.inputRows)
  }

  /// Whether a function, of weighted rows and multiplied splits, plus multiples of the input rows is
  /// worth a proof.
  ///
  /// What cancels counts with its size: large multipliers of nearly parallel functions leave a
  /// difference that the checker's rounding may swallow.
  private func isPositive(
    _ function: LowerFunction, and others: Derivation.Others, _ weights: [Double]
  ) -> Bool {
    var sum = function
    for (multiplier, addend) in others.inputRows.map(multiplied) {
      for entry in sum.coefficients.indices {
        sum.coefficients[entry] += multiplier * addend.coefficients[entry]
      }
      sum.constant += multiplier * addend.constant
    }
    sum.minimise(lower: lower, upper: upper)
    let addends =
      zip(weights, functions).map { ($0, $1) } + others.inputRows.map(multiplied)
      + others.units.compactMap(multiplied)
    let magnitude = addends.reduce(0) { $0 + $1.0 * $1.1.magnitude(lower: lower, upper: upper) }
    let weight = addends.reduce(1) { $0 + $1.0 }
    return Self.isWorthProving(sum.minimum, of: magnitude, noise: weight * noise)
  }

  private func multiplied(_ term: Term<Int>) -> (Double, LowerFunction) {
    let row = inputSet.inputRows[term.place]
    return (term.value.nearestDouble, row.function(inputs: lower.count))
  }

  private func multiplied(_ term: Term<Unit>) -> (Double, LowerFunction)? {
    splits.first { $0.unit == term.place }.map { (term.value.nearestDouble, $0.function) }
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
    bound > margin(of: magnitude, noise: noise)
  }

  /// What a bound must exceed to be worth a proof.
  static func margin(of magnitude: Double, noise: Double) -> Double { noise + margin * magnitude }

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

extension Derivation {
  /// The multipliers of a derivation that are not those of a disjunct's rows.
  struct Others {
    let inputRows: [Term<Int>]
    let units: [Term<Unit>]

    /// Quantises multipliers of the input rows and then of the splits.
    init(_ multipliers: [Double], _ inputSet: FloatProblem.Case, _ splits: [SplitFunction]) {
      let own = inputSet.inputRows.count
      inputRows = Quantised.multipliers(Array(multipliers.prefix(own)))
      units = Quantised.multipliers(
        zip(splits, multipliers.dropFirst(own)).map { (place: $0.unit, value: $1) })
    }
  }
}

extension LowerFunction {
  /// That the function is not positive.
  var row: FloatProblem.Row {
    FloatProblem.Row(
      inputs: coefficients.enumerated().map { ($0.offset, $0.element) }, bound: -constant)
  }
}

extension Subproblem {
  /// What rounding may have made of zero: a little of the largest number inside the network.
  var noise: Double { 1e-12 * largest }

  /// The largest number inside the network.
  var largest: Double {
    var largest = 0.0
    for bound in unitLower where bound.isFinite { largest = max(largest, bound.magnitude) }
    for bound in unitUpper where bound.isFinite { largest = max(largest, bound.magnitude) }
    return largest
  }
}
