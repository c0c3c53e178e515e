internal import CGLPK

/// Values of the basis that the last solve ended at, whatever it reported; zeros before the first.
/// Useful only until the next edit.
extension Problem {
  /// The value of every column.
  public var columnValues: [Double] {
    (0..<columnCount).map { unsafe glp_get_col_prim(handle, Int32($0) + 1) }
  }

  /// The value of every row.
  public var rowValues: [Double] {
    (0..<rowCount).map { unsafe glp_get_row_prim(handle, Int32($0) + 1) }
  }

  /// The multiplier of every row.
  ///
  /// Minimising, a positive one goes with the row's lower bound and a negative one with its upper
  /// bound; maximising, the other way round. The objective's gradient is the rows' combination by
  /// these multipliers plus ``reducedCosts``.
  public var rowDuals: [Double] {
    (0..<rowCount).map { unsafe glp_get_row_dual(handle, Int32($0) + 1) }
  }

  /// The multiplier of every column's bounds; signs as for ``rowDuals``.
  public var reducedCosts: [Double] {
    (0..<columnCount).map { unsafe glp_get_col_dual(handle, Int32($0) + 1) }
  }
}
