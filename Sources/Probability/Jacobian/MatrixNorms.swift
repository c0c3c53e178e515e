internal import LinearAlgebra
public import Regions

/// Which norm of a matrix.
public enum MatrixNorm: String, Hashable, Sendable, CaseIterable {
  /// The greatest sum of magnitudes of a column: how much the norm 1 can grow.
  case one = "1"
  /// The greatest singular value: how much the Euclidean norm can grow.
  case two = "2"
  /// The greatest sum of magnitudes of a row: how much the greatest entry can grow.
  case infinity = "inf"
  /// The root of the sum of all squares.
  case frobenius
}

/// The singular values and norms of the linear part of a map.
public struct JacobianSize: Hashable, Sendable {
  /// The largest first; as many as the smaller side has.
  public let singularValues: [Double]
  private let sums: (column: Double, row: Double)

  /// Measures a Jacobian, in doubles; `nil` where entries are not finite.
  ///
  /// - Parameter map: Its linear part is the Jacobian.
  public init?(_ map: AffineMap) {
    guard
      let values = SingularValues.of(map.matrix, rows: map.rows, columns: map.columns)
    else { return nil }
    singularValues = values
    var columns = [Double](repeating: 0, count: map.columns)
    var largest = 0.0
    for row in 0..<map.rows {
      var sum = 0.0
      for (column, entry) in map.row(row).enumerated() {
        columns[column] += entry.magnitude
        sum += entry.magnitude
      }
      largest = max(largest, sum)
    }
    sums = (columns.max() ?? 0, largest)
  }

  /// A norm.
  public subscript(norm: MatrixNorm) -> Double {
    switch norm {
    case .one: sums.column
    case .two: singularValues.first ?? 0
    case .infinity: sums.row
    case .frobenius: singularValues.reduce(0) { $0 + $1 * $1 }.squareRoot()
    }
  }

  /// Compares the numbers.
  public static func == (left: JacobianSize, right: JacobianSize) -> Bool {
    left.singularValues == right.singularValues && left.sums == right.sums
  }

  /// Hashes the numbers.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(singularValues)
    hasher.combine(sums.column)
    hasher.combine(sums.row)
  }
}
