internal import ProofFormat

extension NodeState {
  /// The enclosures by which gates are open or shut in a substitution.
  ///
  /// Where kinks count, an end of zero says nothing, so that it is moved beyond: at zero a gate may be open, and
  /// may be shut. Not so the end of a split: both branches have the kink, one with the gate open, one with it shut, and what
  /// counts is shown in both.
  func signs(of node: Int) -> Bounds {
    let old = bounds[node]
    guard countsKinks else { return old }
    func step(_ entry: Int, _ isUpper: Bool) -> Int64 {
      splits.contains { $0.value == (node, isUpper) && $0.key.index == entry } ? 0 : 1
    }
    return Bounds(
      lower: old.lower.enumerated().map { $1 - step($0, false) },
      upper: old.upper.enumerated().map { $1 + step($0, true) }, exponent: old.exponent)
  }
}
