internal import CBLAS

extension MatrixView {
  /// `self = left · right`, or `self += left · right`.
  ///
  /// Shapes: `left` is `[rows][inner]`, `right` is `[inner][columns]`. Neither overlaps this matrix.
  ///
  /// - Parameters:
  ///   - left: The left factor.
  ///   - right: The right factor.
  ///   - accumulating: Whether to add to what is there.
  public func setProduct(_ left: MatrixView, _ right: MatrixView, accumulating: Bool) {
    precondition(
      left.rows == rows && left.columns == right.rows && right.columns == columns, "shapes agree")
    multiply(left, CblasNoTrans, right, CblasNoTrans, inner: left.columns, accumulating)
  }

  /// `self = left · rightᵀ`, or `self += left · rightᵀ`.
  ///
  /// Shapes: `left` is `[rows][inner]`, `right` is `[columns][inner]`. Neither overlaps this matrix.
  ///
  /// - Parameters:
  ///   - left: The left factor.
  ///   - right: The right factor before transposition.
  ///   - accumulating: Whether to add to what is there.
  public func setProduct(
    _ left: MatrixView, transposed right: MatrixView, accumulating: Bool
  ) {
    precondition(
      left.rows == rows && left.columns == right.columns && right.rows == columns, "shapes agree")
    multiply(left, CblasNoTrans, right, CblasTrans, inner: left.columns, accumulating)
  }

  /// `self = leftᵀ · right`, or `self += leftᵀ · right`.
  ///
  /// Shapes: `left` is `[inner][rows]`, `right` is `[inner][columns]`. Neither overlaps this matrix.
  ///
  /// - Parameters:
  ///   - left: The left factor before transposition.
  ///   - right: The right factor.
  ///   - accumulating: Whether to add to what is there.
  public func setProduct(
    transposed left: MatrixView, _ right: MatrixView, accumulating: Bool
  ) {
    precondition(
      left.columns == rows && left.rows == right.rows && right.columns == columns, "shapes agree")
    multiply(left, CblasTrans, right, CblasNoTrans, inner: left.rows, accumulating)
  }

  private func multiply(
    _ left: MatrixView, _ leftForm: CBLAS_TRANSPOSE,
    _ right: MatrixView, _ rightForm: CBLAS_TRANSPOSE, inner: Int, _ accumulating: Bool
  ) {
    Processor.prepare
    guard rows > 0, columns > 0 else { return }
    guard inner > 0 else {
      if !accumulating { fill(0) }
      return
    }
    unsafe cblas_dgemm(
      CblasRowMajor, leftForm, rightForm, CInt(rows), CInt(columns), CInt(inner), 1,
      left.start, CInt(left.stride), right.start, CInt(right.stride), accumulating ? 1 : 0,
      start, CInt(stride))
  }

  /// `result += self · vector`, for a one-row `vector` and a one-column or one-row `result`.
  ///
  /// - Parameters:
  ///   - vector: A matrix `[1][columns]`.
  ///   - result: A matrix `[1][rows]` that is added to.
  public func addProduct(withVector vector: MatrixView, to result: MatrixView) {
    precondition(vector.rows == 1 && vector.columns == columns, "one factor per column")
    precondition(result.rows == 1 && result.columns == rows, "one sum per row")
    Processor.prepare
    guard rows > 0, columns > 0 else { return }
    unsafe cblas_dgemv(
      CblasRowMajor, CblasNoTrans, CInt(rows), CInt(columns), 1, start, CInt(stride),
      vector.start, 1, 1, result.start, 1)
  }
}
