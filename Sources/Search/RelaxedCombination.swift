internal import Approximation
internal import BoundPropagation
internal import ExactArithmetic
internal import ProofFormat

/// What a linear program's multipliers are worth as a derivation: the checker's substitution, in
/// binary64, over the columns of ``RelaxedForms``.
struct RelaxedCombination {
  /// A lower bound of the quantity, or of the combination of rows where there is none.
  let bound: Double
  /// The size of the numbers that are added up.
  let magnitude: Double
  let derivation: Derivation
  /// The most that the line above each unit with a column loses.
  let losses: [Double]

  /// What a program found.
  struct Multipliers {
    /// A factor at least zero for each row of the disjunct.
    var rows: [Double]
    /// The factor at least zero of `z ≤ relu(z)`, for each unit with a column.
    var below: [Double]
    /// The factor at least zero of the line above, for each unit with a column.
    var above: [Double]
    /// A factor at least zero for each input row.
    var inputRows: [Double]
  }

  /// Substitutes from the last unit to the inputs.
  ///
  /// - Parameters:
  ///   - multipliers: What the program found; quantised here as the proof will have it.
  ///   - quantity: The place of a unit with a column and the sign with which its pre-activation is
  ///     bounded; nil to refute the rows alone.
  ///   - forms: The columns.
  ///   - subproblem: The bounds.
  ///   - splits: The split units, with whether they are active.
  ///   - inputRows: The case's input rows.
  ///   - network: Whose units they are.
  init(
    _ multipliers: Multipliers, quantity: (place: Int, sign: Double)?, _ forms: RelaxedForms,
    on subproblem: Subproblem, splits: [Int: Bool], inputRows: [FloatProblem.Row],
    network: FloatNetwork
  ) {
    let rows = Quantised.multipliers(multipliers.rows)
    let inputs = Quantised.multipliers(multipliers.inputRows)
    var sum = RelaxedForms.Form(columns: forms.columnCount)
    if let quantity { sum.add(forms.preactivations[quantity.place], times: quantity.sign) }
    for row in rows { sum.add(forms.rows[row.place], times: row.value.nearestDouble) }
    for row in inputs {
      let factor = row.value.nearestDouble
      for entry in inputRows[row.place].inputs {
        sum.coefficients[entry.index] += factor * entry.coefficient
      }
      sum.constant -= factor * inputRows[row.place].bound
    }
    var codes = [UInt8](repeating: 0, count: forms.units.count)
    var losses = [Double](repeating: 0, count: forms.units.count)
    var splitTerms: [Term<Unit>] = []
    var magnitude = sum.constant.magnitude
    for place in forms.units.indices.reversed() {
      let unit = forms.units[place]
      let (low, high) = (subproblem.unitLower[unit], subproblem.unitUpper[unit])
      let coefficient = sum.coefficients[forms.inputCount + place]
      sum.coefficients[forms.inputCount + place] = 0
      var passed = 0.0
      if high <= 0 {
        passed = 0
      } else if low >= 0 {
        passed = coefficient
      } else if coefficient >= 0 {
        codes[place] = Quantised.slope(
          coefficient > 0 ? multipliers.below[place] / coefficient : 0)
        passed = coefficient * Double(codes[place]) / 255
      } else {
        passed = coefficient * high / (high - low)
        sum.constant += -passed * low
        magnitude += (passed * low).magnitude
        losses[place] = passed * low
      }
      if let isActive = splits[unit] {
        let wanted =
          isActive
          ? coefficient - (multipliers.below[place] - multipliers.above[place])
          : multipliers.below[place]
        if let number = Quantised.multiplier(wanted), wanted > 1e-9 * (1 + coefficient.magnitude) {
          splitTerms.append(Term(network.unit(unit), number))
          passed += (isActive ? -1 : 1) * number.nearestDouble
        }
      }
      magnitude += (passed * forms.preactivations[place].constant).magnitude
      sum.add(forms.preactivations[place], times: passed)
    }
    var function = LowerFunction(
      coefficients: Array(sum.coefficients[..<forms.inputCount]), constant: sum.constant,
      minimum: 0)
    function.minimise(lower: subproblem.lower, upper: subproblem.upper)
    bound = function.minimum
    self.magnitude =
      magnitude + function.magnitude(lower: subproblem.lower, upper: subproblem.upper)
    self.losses = losses
    let unstable = forms.units.indices.filter { subproblem.isUnstable(forms.units[$0]) }
    derivation = Derivation(
      rows: rows, slopes: .codes(unstable.map { codes[$0] }), units: splitTerms.reversed(),
      inputRows: inputs)
  }
}
