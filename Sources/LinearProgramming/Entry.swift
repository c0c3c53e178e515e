/// One nonzero coefficient of a row or of a column.
public struct Entry: Hashable, Sendable {
  /// The column of a row's entry, or the row of a column's, counted from zero.
  public var index: Int
  /// The coefficient there.
  public var coefficient: Double

  /// Creates an entry.
  ///
  /// - Parameters:
  ///   - index: The column of a row's entry, or the row of a column's, counted from zero.
  ///   - coefficient: The coefficient there.
  public init(_ index: Int, _ coefficient: Double) {
    self.index = index
    self.coefficient = coefficient
  }
}
