/// `y = matrix · u + offset`, what a network is on a region.
///
/// Rounding: computed in doubles.
public struct AffineMap: Hashable, Sendable {
  /// The size of the result.
  public let rows: Int
  /// The size of the argument.
  public let columns: Int
  /// The linear part, row-major `[rows][columns]`.
  public let matrix: [Double]
  /// The constant part, `[rows]`.
  public let offset: [Double]

  /// Creates a map.
  ///
  /// - Parameters:
  ///   - rows: The size of the result.
  ///   - columns: The size of the argument.
  ///   - matrix: The linear part, row-major `[rows][columns]`.
  ///   - offset: The constant part, `[rows]`.
  public init(rows: Int, columns: Int, matrix: [Double], offset: [Double]) {
    precondition(matrix.count == rows * columns && offset.count == rows, "shapes agree")
    self.rows = rows
    self.columns = columns
    self.matrix = matrix
    self.offset = offset
  }

  init(_ forms: Forms) {
    let columns = forms.width - 1
    var (matrix, offset): ([Double], [Double]) = ([], [])
    matrix.reserveCapacity(forms.count * columns)
    for row in 0..<forms.count {
      matrix += forms.row(row).dropLast()
      offset.append(forms.values[row * forms.width + columns])
    }
    self.init(rows: forms.count, columns: columns, matrix: matrix, offset: offset)
  }

  /// One row of the linear part.
  ///
  /// - Parameter row: Which.
  /// - Returns: `[columns]`.
  public func row(_ row: Int) -> ArraySlice<Double> { matrix[row * columns..<(row + 1) * columns] }

  /// The image of a point.
  ///
  /// - Parameter point: `[columns]`.
  /// - Returns: `[rows]`.
  public func image(of point: [Double]) -> [Double] {
    precondition(point.count == columns, "one number per column")
    return (0..<rows).map { row in
      zip(self.row(row), point).reduce(offset[row]) { $0 + $1.0 * $1.1 }
    }
  }
}
