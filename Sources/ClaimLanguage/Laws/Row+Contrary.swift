internal import ExactArithmetic

extension Row {
  /// What holds where this row, which has no curves, does not: `−row < −bound` of `row ≤ bound`, `≤` of `<`.
  public var contrary: Row {
    let negated = { (entry: Entry) in Entry(index: entry.index, coefficient: -entry.coefficient) }
    return Row(
      inputs: inputs.map(negated), outputs: outputs.map(negated),
      norm: norm.map { Norm(outputs: $0.outputs, isNegated: !$0.isNegated) }, bound: -bound,
      isStrict: !isStrict)
  }
}
