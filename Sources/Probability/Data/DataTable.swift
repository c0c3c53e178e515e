/// A file of numbers, one point a row: CSV text, or an array of NumPy.
public struct DataTable: Sendable {
  /// The numbers, exactly as the file has them.
  public let matrix: ExactMatrix
  /// The names of the columns, where the file's first line has them.
  public let names: [String]

  /// The number of points.
  public var rows: Int { matrix.rows }
  /// The number of entries of each point.
  public var columns: Int { matrix.columns }

  init(_ matrix: ExactMatrix, names: [String] = []) {
    self.matrix = matrix
    self.names = names
  }

  /// Reads a file: NPZ, NPY or, where it is neither, CSV.
  ///
  /// An array of one dimension is a column; one of more than two has its later dimensions flattened,
  /// row-major.
  ///
  /// - Parameters:
  ///   - bytes: The file.
  ///   - array: Which array of an NPZ file; `nil` where it has only one.
  /// - Returns: The numbers.
  /// - Throws: ``DataError`` for a file that is none of these, and for numbers that are not finite.
  public static func read(_ bytes: [UInt8], array: String? = nil) throws(DataError) -> DataTable {
    if bytes.starts(with: ZipArchive.signature) {
      let archive = try ZipArchive(bytes)
      return try NumPyArray.table(in: archive.entry(named: array))
    }
    guard array == nil else {
      throw DataError("found no NPZ file, expected one, as an array of it is named")
    }
    if bytes.starts(with: NumPyArray.signature) { return try NumPyArray.table(in: bytes) }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw DataError("found bytes that are not UTF-8, expected CSV text, NPY or NPZ")
    }
    return try CommaSeparatedText.table(in: text)
  }
}

/// Why a file holds no table of numbers: one sentence.
public struct DataError: Error, Hashable, CustomStringConvertible {
  /// What was found and what was expected.
  public let description: String

  /// Creates an error with its sentence.
  public init(_ description: String) { self.description = description }
}
