internal import Probability

/// Files of numbers: CSV, NPY, and NPZ as `FILE.npz:ARRAY`.
enum DataFile {
  /// Reads the numbers of a file.
  static func table(at path: String) throws(Failure) -> DataTable {
    var (file, array): (Substring, String?) = (path[...], nil)
    if let mark = path.firstRange(of: ".npz:") {
      file = path[..<mark.upperBound].dropLast()
      array = String(path[mark.upperBound...])
    }
    let input = try InputFile(String(file))
    do { return try DataTable.read(input.bytes, array: array) } catch {
      throw .badInput("\(path): \(error.description)")
    }
  }
}
