internal import BoundPropagation
internal import ProofFormat

/// A cell whose units are bounded on all of it but a little of its mass.
struct ConfinedCell: Sendable {
  /// The cell with its units' bounds.
  var subproblem: Subproblem
  /// What shows the bounds.
  var records: [Record] = []
  /// The share of the cell's mass for which the bounds are not shown.
  var givenUp = 0.0
  /// How many ends of units gave some up.
  var ends = 0
  /// What the mass of the coordinates that are cut on both sides is of that of the cell.
  var factor = 1.0
}

/// How far the mean of a form lies from where a row is decided.
struct Margin: Sendable {
  /// The share of the cell's mass that lies beyond.
  let share: Double
  let multipliers: Multipliers
  let units: [CostlyUnit]
  /// The share of each input in the variance of the form, or in what it would be over the box.
  let slopes: [Double]

  /// Reads a form.
  ///
  /// - Parameters:
  ///   - ascent: The form.
  ///   - subproblem: Where it bounds the row.
  ///   - factor: What the mass of the coordinates that are cut on both sides is of that of the cell.
  init(_ ascent: AscentResult, on subproblem: Subproblem, factor: Double) {
    let distance = ascent.bound.isNaN ? -.infinity : ascent.bound
    share = min(1, factor * StandardNormal.above(distance))
    (multipliers, units) = (ascent.multipliers, ascent.costliestUnits)
    let squares = ascent.coefficients.indices.map { entry in
      let normal = subproblem.normal?.deviation[entry] ?? 0
      let spread = normal > 0 ? normal : (subproblem.upper[entry] - subproblem.lower[entry]) / 2
      return ascent.coefficients[entry] * spread * ascent.coefficients[entry] * spread
    }
    let sum = squares.reduce(0, +)
    slopes = sum > 0 ? squares.map { $0 / sum } : squares
  }
}

extension Subproblem {
  /// The derivation of what multipliers give here.
  func derivation(_ multipliers: Multipliers, of network: FloatNetwork) -> Derivation {
    let codes = multipliers.slopes.indices.compactMap {
      isUnstable($0) ? multipliers.slopes[$0] : nil
    }
    let splits = zip(splits, multipliers.splits)
      .map { (place: network.unit($0.unit), value: $1) }
      .sorted { $0.place < $1.place }
    return Derivation(
      rows: multipliers.weights == [1] ? [] : Quantised.multipliers(multipliers.weights),
      slopes: .codes(codes), units: Quantised.multipliers(splits))
  }
}
