/// Memory for doubles, aligned to cache lines, zero at first.
@safe public final class Buffer {
  /// How many doubles there are.
  public let count: Int
  let base: UnsafeMutablePointer<Double>

  /// Allocates zeros.
  ///
  /// - Parameter count: How many.
  public init(count: Int) {
    precondition(count >= 0, "a buffer has a size")
    self.count = count
    let memory = UnsafeMutableRawPointer.allocate(
      byteCount: max(count, 1) * MemoryLayout<Double>.stride, alignment: 64)
    unsafe base = memory.bindMemory(to: Double.self, capacity: max(count, 1))
    unsafe base.initialize(repeating: 0, count: max(count, 1))
  }

  deinit { unsafe base.deallocate() }
}

/// A row-major matrix in a ``Buffer``; copies of the value share the numbers.
///
/// It keeps its buffer alive, and everything that makes a view checks that it lies inside, so only
/// ``pointer(toRow:)`` is unsafe.
@safe public struct MatrixView {
  /// The number of rows.
  public let rows: Int
  /// The number of columns.
  public let columns: Int
  /// The distance between the starts of neighbouring rows.
  public let stride: Int
  /// The memory that it lies in.
  public let buffer: Buffer
  @usableFromInline let base: UnsafeMutablePointer<Double>

  /// Views the start of a buffer as a matrix without gaps.
  ///
  /// - Parameters:
  ///   - buffer: The memory.
  ///   - rows: The number of rows.
  ///   - columns: The number of columns.
  public init(_ buffer: Buffer, rows: Int, columns: Int) {
    precondition(rows >= 0 && columns >= 0 && rows * columns <= buffer.count, "it lies inside")
    self.rows = rows
    self.columns = columns
    self.stride = columns
    self.buffer = buffer
    unsafe self.base = buffer.base
  }

  /// Allocates a matrix of zeros.
  ///
  /// - Parameters:
  ///   - rows: The number of rows.
  ///   - columns: The number of columns.
  public init(rows: Int, columns: Int) {
    self.init(Buffer(count: rows * columns), rows: rows, columns: columns)
  }

  /// Allocates a matrix with given entries.
  ///
  /// - Parameters:
  ///   - rows: The number of rows.
  ///   - columns: The number of columns.
  ///   - entries: Row-major.
  public init(rows: Int, columns: Int, entries: [Double]) {
    precondition(entries.count == rows * columns, "a matrix has rows × columns entries")
    self.init(rows: rows, columns: columns)
    unsafe entries.withUnsafeBufferPointer { source in
      guard let start = source.baseAddress else { return }
      unsafe base.update(from: start, count: source.count)
    }
  }

  private init(
    of other: MatrixView, at base: UnsafeMutablePointer<Double>, rows: Int, columns: Int
  ) {
    self.rows = rows
    self.columns = columns
    self.stride = other.stride
    self.buffer = other.buffer
    unsafe self.base = base
  }

  /// Some neighbouring rows.
  ///
  /// - Parameter range: Which.
  /// - Returns: A view of the same numbers.
  public func rows(_ range: Range<Int>) -> MatrixView {
    precondition(range.lowerBound >= 0 && range.upperBound <= rows, "the rows lie inside")
    return unsafe MatrixView(
      of: self, at: base + range.lowerBound * stride, rows: range.count, columns: columns)
  }

  /// Some neighbouring columns.
  ///
  /// - Parameter range: Which.
  /// - Returns: A view of the same numbers.
  public func columns(_ range: Range<Int>) -> MatrixView {
    precondition(range.lowerBound >= 0 && range.upperBound <= columns, "the columns lie inside")
    return unsafe MatrixView(
      of: self, at: base + range.lowerBound, rows: rows, columns: range.count)
  }

  /// One entry, checked.
  @inlinable public subscript(row: Int, column: Int) -> Double {
    get {
      precondition(row >= 0 && row < rows && column >= 0 && column < columns, "it lies inside")
      return unsafe base[row * stride + column]
    }
    nonmutating set {
      precondition(row >= 0 && row < rows && column >= 0 && column < columns, "it lies inside")
      unsafe base[row * stride + column] = newValue
    }
  }

  /// The start of a row, for kernels; valid while the view or another of its buffer lives.
  ///
  /// - Parameter row: Which row.
  /// - Returns: The address of its first entry; ``columns`` entries follow.
  @unsafe @inlinable public func pointer(toRow row: Int) -> UnsafeMutablePointer<Double> {
    precondition(row >= 0 && row < max(rows, 1), "the row lies inside")
    return unsafe start + row * stride
  }

  /// The address of the first entry.
  @unsafe @inlinable public var start: UnsafeMutablePointer<Double> { unsafe base }

  /// Sets every entry.
  ///
  /// - Parameter value: The new value of each.
  public func fill(_ value: Double) {
    for row in 0..<rows { unsafe pointer(toRow: row).update(repeating: value, count: columns) }
  }

  /// Copies the entries of another matrix of the same shape, which does not overlap this one.
  ///
  /// - Parameter other: Where from.
  public func copy(_ other: MatrixView) {
    precondition(other.rows == rows && other.columns == columns, "shapes agree")
    for row in 0..<rows {
      unsafe pointer(toRow: row).update(from: other.pointer(toRow: row), count: columns)
    }
  }

  /// The entries of one row.
  ///
  /// - Parameter row: Which row.
  /// - Returns: A copy.
  public func array(ofRow row: Int) -> [Double] {
    unsafe Array(UnsafeBufferPointer(start: pointer(toRow: row), count: columns))
  }

  /// Sets one row.
  ///
  /// - Parameters:
  ///   - row: Which row.
  ///   - entries: One per column.
  public func setRow(_ row: Int, to entries: [Double]) {
    precondition(entries.count == columns, "one entry per column")
    unsafe entries.withUnsafeBufferPointer { source in
      guard let first = source.baseAddress else { return }
      unsafe pointer(toRow: row).update(from: first, count: columns)
    }
  }
}
