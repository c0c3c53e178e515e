internal import CBLAS

/// The eigenvalues and eigenvectors of a symmetric matrix.
public struct SymmetricSpectrum: Sendable {
  /// The eigenvalues, the largest first.
  public let values: [Double]
  /// An orthonormal eigenvector for each, `[size]`.
  public let vectors: [[Double]]

  /// Decomposes a matrix; `nil` where it is not finite or LAPACK finds no eigenvalues.
  ///
  /// Rounding: eigenvalues are off by a few unit roundoffs of the largest magnitude.
  ///
  /// - Parameters:
  ///   - entries: Row-major `[size][size]`; the upper triangle is read.
  ///   - size: The number of rows.
  public init?(_ entries: [Double], size: Int) {
    precondition(entries.count == size * size, "a matrix has rows × columns entries")
    guard entries.allSatisfy(\.isFinite) else { return nil }
    Processor.prepare
    var matrix = entries
    var values = [Double](repeating: 0, count: size)
    let code = unsafe LAPACKE_dsyevd(
      LAPACK_ROW_MAJOR, CChar(UInt8(ascii: "V")), CChar(UInt8(ascii: "U")), CInt(size), &matrix,
      CInt(size), &values)
    guard code == 0 else { return nil }
    // LAPACK gives them from the smallest up, one vector a column.
    self.values = values.reversed()
    vectors = (0..<size).reversed().map { column in
      (0..<size).map { matrix[$0 * size + column] }
    }
  }
}
