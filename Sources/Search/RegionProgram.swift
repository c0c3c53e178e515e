internal import BoundPropagation
internal import ClaimLanguage
internal import ExactArithmetic
internal import NetworkModel
internal import ProofFormat

/// The exact question that is left where every unit has a phase: a linear program over the inputs.
struct RegionProgram {
  /// Above so many coefficients of units, composing the affine maps costs more than it brings.
  private static let mostCoefficients = 20_000_000

  /// Whether a region of a network is worth a program.
  static func isAffordable(_ network: FloatNetwork, inputs: Int) -> Bool {
    network.unitCount * inputs <= mostCoefficients
  }

  /// What a linear program says about a region.
  enum Answer {
    /// The rows of the disjunct, or the region itself, contradict each other.
    case contradiction(Derivation, isEmpty: Bool)
    /// The rows seem to hold here.
    case point([Double])
    /// GLPK found nothing to go by.
    case nothing
  }

  let network: Network
  let floats: FloatNetwork
  let rows: [FloatProblem.Row]
  let inputSet: FloatProblem.Case

  /// Solves the program of a subproblem whose units are all stable.
  func solve(_ subproblem: Subproblem) -> Answer {
    let map = PatternMap(network) { rectifier, index in
      let unit = floats.rectifiers[rectifier].firstUnit + index
      return subproblem.unitLower[unit] >= 0 && subproblem.unitUpper[unit] > 0
    }
    let outputs = network.outputs.flatMap { port in
      (0..<port.size).map { (node: port.node.position, entry: $0) }
    }
    let functions = rows.map { row in
      var function = LowerFunction(
        coefficients: [Double](repeating: 0, count: subproblem.lower.count), constant: -row.bound,
        minimum: 0)
      for entry in row.inputs { function.coefficients[entry.index] += entry.coefficient }
      for entry in row.outputs {
        let form = map.form(node: outputs[entry.index].node, entry: outputs[entry.index].entry)
        for place in form.coefficients.indices {
          function.coefficients[place] += entry.coefficient * form.coefficients[place]
        }
        function.constant += entry.coefficient * form.constant
      }
      return function
    }
    let splits = subproblem.splits.map { split in (split, row(of: split, in: map)) }
    guard
      let best = RowCombination(
        of: functions, lower: subproblem.lower, upper: subproblem.upper,
        inputRows: inputSet.inputRows + splits.map(\.1))
    else { return .nothing }
    guard best.value > 0 else { return .point(best.minimiser) }
    return contradiction(best, splits: splits.map(\.0))
  }

  private func contradiction(_ best: RowCombination, splits: [UnitSplit]) -> Answer {
    let own = inputSet.inputRows.count
    let largest = max(best.weights.max() ?? 0, best.inputRows.max() ?? 0)
    guard largest > 0 else { return .nothing }
    let units = zip(splits, best.inputRows[own...]).map { (unit($0.unit), $1) }
      .sorted { ($0.0.rectifier, $0.0.index) < ($1.0.rectifier, $1.0.index) }
    let rows = Quantised.multipliers(best.weights)
    let derivation = Derivation(
      rows: rows, units: Quantised.multipliers(units),
      inputRows: Quantised.multipliers(Array(best.inputRows[..<own])))
    return .contradiction(derivation, isEmpty: rows.isEmpty)
  }

  /// A split as a row over the inputs.
  private func row(of split: UnitSplit, in map: PatternMap) -> FloatProblem.Row {
    let unit = unit(split.unit)
    let form = map.form(node: floats.rectifiers[unit.rectifier].source, entry: unit.index)
    let sign: Double = split.isActive ? -1 : 1
    return FloatProblem.Row(
      inputs: form.coefficients.enumerated().map { ($0.offset, sign * $0.element) },
      bound: -sign * form.constant)
  }

  private func unit(_ number: Int) -> Unit { floats.unit(number) }
}

extension FloatNetwork {
  /// The name of a unit in a proof.
  func unit(_ number: Int) -> Unit {
    let ordinal = rectifiers.lastIndex { $0.firstUnit <= number } ?? 0
    return Unit(rectifier: ordinal, index: number - rectifiers[ordinal].firstUnit)
  }
}
