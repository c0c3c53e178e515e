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
  public var rows: Int {
    switch self {
    case .identity(let size): size
    case .dense(let matrix): matrix.rows
    case .sparse(let matrix): matrix.rows
    case .convolution(let convolution): convolution.outputSize
    }
  }

  /// The size of the argument.
  public var columns: Int {
    switch self {
    case .identity(let size): size
    case .dense(let matrix): matrix.columns
    case .sparse(let matrix): matrix.columns
    case .convolution(let convolution): convolution.inputSize
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

  /// Creates a matrix.
  ///
  /// - Parameters:
  ///   - rows: The size of the result.
  ///   - columns: The size of the argument.
  ///   - rowStarts: `rows + 1` offsets into the entries.
  ///   - columnIndices: The column of each entry, ascending within a row.
  ///   - weights: The value of each entry.
  public init(
    rows: Int, columns: Int, rowStarts: [Int], columnIndices: [Int], weights: [Double]
  ) {
    precondition(
      rowStarts.count == rows + 1 && rowStarts.first == 0, "one start per row, and the end")
    precondition(rowStarts.last == weights.count, "the last start is the number of entries")
    precondition(columnIndices.count == weights.count, "one column per entry")
    precondition(columnIndices.allSatisfy { $0 >= 0 && $0 < columns }, "columns lie in the matrix")
    self.rows = rows
    self.columns = columns
    self.rowStarts = rowStarts
    self.columnIndices = columnIndices
    self.weights = weights
  }

  /// The map that copies entry `indices[i]` of its argument to place `i`; −1 gives zero there.
  ///
  /// - Parameters:
  ///   - indices: One source place per result place.
  ///   - columns: The size of the argument.
  public init(selecting indices: [Int], of columns: Int) {
    var starts = [0]
    starts.reserveCapacity(indices.count + 1)
    for index in indices { starts.append(starts[starts.count - 1] + (index < 0 ? 0 : 1)) }
    let chosen = indices.filter { $0 >= 0 }
    self.init(
      rows: indices.count, columns: columns, rowStarts: starts, columnIndices: chosen,
      weights: [Double](repeating: 1, count: chosen.count))
  }
}

/// A two-dimensional cross-correlation over channels, as ONNX `Conv` defines it, batch of one.
///
/// Shapes: argument `[inputChannels][inputHeight][inputWidth]`, result
/// `[outputChannels][outputHeight][outputWidth]`, weights
/// `[outputChannels][inputChannels / groups][kernelHeight][kernelWidth]`, all row-major.
/// A one-dimensional convolution has height 1.
public struct Convolution: Sendable {
  /// The two spatial sizes of something.
  public struct Extent: Hashable, Sendable {
    /// Along the first spatial axis.
    public let height: Int
    /// Along the second spatial axis.
    public let width: Int

    /// Creates a pair of sizes.
    ///
    /// - Parameters:
    ///   - height: Along the first spatial axis.
    ///   - width: Along the second spatial axis.
    public init(height: Int, width: Int) {
      self.height = height
      self.width = width
    }
  }

  /// Channels of the argument.
  public let inputChannels: Int
  /// Spatial size of the argument.
  public let input: Extent
  /// Channels of the result.
  public let outputChannels: Int
  /// Spatial size of the result.
  public let output: Extent
  /// Spatial size of the kernel.
  public let kernel: Extent
  /// Step between windows.
  public let stride: Extent
  /// Zeros before the first row and the first column.
  public let padding: Extent
  /// Step between the kernel's taps.
  public let dilation: Extent
  /// How many independent groups of channels.
  public let groups: Int
  /// The kernel.
  public let weights: [Double]

  /// Creates a convolution.
  ///
  /// - Parameters:
  ///   - inputChannels: Channels of the argument.
  ///   - input: Spatial size of the argument.
  ///   - outputChannels: Channels of the result.
  ///   - output: Spatial size of the result.
  ///   - kernel: Spatial size of the kernel.
  ///   - stride: Step between windows.
  ///   - padding: Zeros before the first row and the first column.
  ///   - dilation: Step between the kernel's taps.
  ///   - groups: How many independent groups of channels.
  ///   - weights: The kernel, row-major.
  public init(
    inputChannels: Int, input: Extent, outputChannels: Int, output: Extent, kernel: Extent,
    stride: Extent, padding: Extent, dilation: Extent, groups: Int, weights: [Double]
  ) {
    precondition(groups > 0 && inputChannels % groups == 0 && outputChannels % groups == 0)
    precondition(
      weights.count == outputChannels * (inputChannels / groups) * kernel.height * kernel.width)
    self.inputChannels = inputChannels
    self.input = input
    self.outputChannels = outputChannels
    self.output = output
    self.kernel = kernel
    self.stride = stride
    self.padding = padding
    self.dilation = dilation
    self.groups = groups
    self.weights = weights
  }

  /// The number of entries of the argument.
  public var inputSize: Int { inputChannels * input.height * input.width }
  /// The number of entries of the result.
  public var outputSize: Int { outputChannels * output.height * output.width }
}
