/// A linear map in the form in which the file has it; never densified.
public enum LinearMap: Sendable {
  /// The identity.
  case identity(Int)
  /// A full matrix.
  case dense(DenseMatrix)
  /// A matrix given by its nonzero entries: selections, scalings, pooling, pruned layers.
  case sparse(SparseMatrix)
  /// A two-dimensional convolution.
  case convolution(Convolution)

  /// The size of the result.
  public var rows: Int { sizes.rows }

  /// The size of the argument.
  public var columns: Int { sizes.columns }

  private var sizes: (rows: Int, columns: Int) {
    switch self {
    case .identity(let size): (size, size)
    case .dense(let matrix): (matrix.rows, matrix.columns)
    case .sparse(let matrix): (matrix.rows, matrix.columns)
    case .convolution(let convolution): (convolution.outputSize, convolution.inputSize)
    }
  }

  /// The stored weights; one, the number 1, for the identity.
  public var weights: [Double] {
    switch self {
    case .identity: [1]
    case .dense(let matrix): matrix.weights
    case .sparse(let matrix): matrix.weights
    case .convolution(let convolution): convolution.weights
    }
  }

  /// Calls `body` with the column and the place in ``weights`` of every weight of a row.
  ///
  /// - Parameters:
  ///   - row: The row.
  ///   - body: Called by ascending place.
  @inlinable
  @inline(__always)
  public func forEachWeight(of row: Int, _ body: (_ column: Int, _ place: Int) -> Void) {
    switch self {
    case .identity: body(row, 0)
    case .dense(let matrix):
      for column in 0..<matrix.columns { body(column, row &* matrix.columns &+ column) }
    case .sparse(let matrix):
      for place in matrix.rowStarts[row]..<matrix.rowStarts[row + 1] {
        body(matrix.columnIndices[place], place)
      }
    case .convolution(let convolution): convolution.forEachTap(of: row, body)
    }
  }
}

/// A full matrix.
public struct DenseMatrix: Sendable {
  /// The size of the result.
  public let rows: Int
  /// The size of the argument.
  public let columns: Int
  /// Row-major `[rows][columns]`.
  public let weights: [Double]

  /// Creates a matrix.
  ///
  /// - Parameters:
  ///   - rows: The size of the result.
  ///   - columns: The size of the argument.
  ///   - weights: Row-major `[rows][columns]`.
  public init(rows: Int, columns: Int, weights: [Double]) {
    precondition(weights.count == rows * columns, "a matrix has rows × columns weights")
    self.rows = rows
    self.columns = columns
    self.weights = weights
  }
}

/// A matrix in compressed rows.
public struct SparseMatrix: Sendable {
  /// The size of the result.
  public let rows: Int
  /// The size of the argument.
  public let columns: Int
  /// Row `i` holds the entries `rowStarts[i] ..< rowStarts[i + 1]`; `rows + 1` numbers.
  public let rowStarts: [Int]
  /// The column of each entry, ascending within a row.
  public let columnIndices: [Int]
  /// The value of each entry.
  public let weights: [Double]

  /// Collects a matrix row by row, leaving out zeros.
  ///
  /// - Parameters:
  ///   - rows: The size of the result.
  ///   - columns: The size of the argument.
  ///   - entries: The entries of a row, their columns ascending.
  public init(
    rows: Int, columns: Int, _ entries: (_ row: Int) -> [(column: Int, weight: Double)]
  ) {
    var (starts, places, weights) = ([0], [Int](), [Double]())
    for row in 0..<rows {
      for (column, weight) in entries(row) where weight != 0 {
        places.append(column)
        weights.append(weight)
      }
      starts.append(places.count)
    }
    precondition(places.allSatisfy((0..<columns).contains), "columns lie in the matrix")
    self.rows = rows
    self.columns = columns
    rowStarts = starts
    columnIndices = places
    self.weights = weights
  }

  /// The map that copies entry `indices[i]` of its argument to place `i`; −1 gives zero there.
  ///
  /// - Parameters:
  ///   - indices: One source place per result place.
  ///   - columns: The size of the argument.
  public init(selecting indices: [Int], of columns: Int) {
    self.init(rows: indices.count, columns: columns) { row in
      indices[row] < 0 ? [] : [(indices[row], 1)]
    }
  }
}
