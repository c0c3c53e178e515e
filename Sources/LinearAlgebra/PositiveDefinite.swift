internal import CBLAS

extension MatrixView {
  /// Replaces a symmetric positive definite matrix, of which only the lower triangle is read, by its
  /// inverse.
  ///
  /// - Returns: Whether it could be: false where a pivot was not positive, and the matrix is then spoilt.
  public func invertPositiveDefinite() -> Bool {
    precondition(rows == columns, "a square matrix")
    Processor.prepare
    guard rows > 0 else { return true }
    // LAPACK counts columns first: the lower triangle of rows is its upper one. It is called by its
    // Fortran names, which OpenBLAS has: no further library is loaded.
    var (triangle, size, leading) = (CChar(UInt8(ascii: "U")), Int32(rows), Int32(stride))
    var status: Int32 = 0
    unsafe dpotrf_(&triangle, &size, start, &leading, &status, 1)
    guard status == 0 else { return false }
    unsafe dpotri_(&triangle, &size, start, &leading, &status, 1)
    guard status == 0 else { return false }
    for row in 0..<rows {
      for column in 0..<row { self[column, row] = self[row, column] }
    }
    return true
  }
}
