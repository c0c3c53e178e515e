internal import ExactArithmetic
internal import ProofFormat

extension NodeState {
  /// The enclosures by which gates are open or shut in a substitution.
  ///
  /// Where kinks count, an end of zero says nothing, so that it is moved beyond: at zero a gate may be open, and
  /// may be shut. Not so the end of a split: both branches have the kink, one with the gate open, one with it shut, and what
  /// counts is shown in both.
  func signs(of node: Int) -> Bounds {
    guard countsKinks else { return bounds[node] }
    let branches = splits.filter { $0.value.node == node }
    func moved(_ end: Int64, of entry: Int, isUpper: Bool) -> Int64 {
      let isSplit = branches.contains { $0.key.index == entry && $0.value.isNegative == isUpper }
      return isSplit ? end : isUpper ? end + 1 : end - 1
    }
    return Bounds(
      lower: bounds[node].lower.enumerated().map { moved($1, of: $0, isUpper: false) },
      upper: bounds[node].upper.enumerated().map { moved($1, of: $0, isUpper: true) },
      exponent: bounds[node].exponent)
  }
}
