internal import ClaimLanguage
internal import ExactArithmetic

extension RootState {
  /// For each row of each disjunct the contrary: `−row < −bound` of `row ≤ bound`, `≤` of `<`.
  ///
  /// Rounding: the contrary admits no less, so that a row whose contrary is empty holds.
  ///
  /// - Throws: ``Rejection/unsupported(_:)`` where a row is curved.
  func contraries(of problem: Problem) throws(Rejection) -> [[PreparedRow]] {
    let outputs = problem.outputs
    return try problem.cases[0].disjuncts.map { (rows) throws(Rejection) in
      try rows.map { (row) throws(Rejection) in
        guard row.curves.isEmpty else { throw .unsupported("a row of the event is curved") }
        return try PreparedRow(row.contrary, outputs: outputs, bounds: state.bounds)
      }
    }
  }
}
