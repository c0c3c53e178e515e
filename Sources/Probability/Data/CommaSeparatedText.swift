/// Numbers between commas, one point a line, perhaps below a line of names.
enum CommaSeparatedText {
  static func table(in text: String) throws(DataError) -> DataTable {
    var numerals: [Substring] = []
    var names: [String] = []
    var (rows, columns) = (0, 0)
    for (place, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
      .enumerated()
    {
      let fields = line.split(separator: ",", omittingEmptySubsequences: false).map(trimmed)
      guard fields.contains(where: { !$0.isEmpty }) else { continue }
      if rows == 0, names.isEmpty, fields.allSatisfy({ !looksLikeNumber($0) }) {
        names = fields.map(String.init)
        columns = names.count
        continue
      }
      if columns == 0 { columns = fields.count }
      guard fields.count == columns else {
        throw DataError(
          "line \(place + 1): found \(fields.count) fields, expected \(columns), as above")
      }
      for (column, field) in fields.enumerated() where !looksLikeNumber(field) {
        throw DataError(
          "line \(place + 1), field \(column + 1): found `\(field)`, expected a finite decimal number"
        )
      }
      numerals += fields
      rows += 1
    }
    guard rows > 0 else { throw DataError("found no numbers, expected some") }
    switch ExactNumbers.reading(numerals) {
    case .success(let numbers):
      return DataTable(ExactMatrix(rows: rows, columns: columns, numbers), names: names)
    case .failure(let unusable):
      throw DataError(
        "point \(unusable.place / columns + 1): found `\(numerals[unusable.place])`, expected a "
          + "finite decimal number within the range of binary64")
    }
  }

  private static func trimmed(_ field: Substring) -> Substring {
    let start = field.drop { $0.isWhitespace }
    let end = start.lastIndex { !$0.isWhitespace }
    return end.map { start[...$0] } ?? start
  }

  private static func looksLikeNumber(_ field: Substring) -> Bool {
    guard
      let first = field.utf8.first(where: { $0 != UInt8(ascii: "-") && $0 != UInt8(ascii: "+") })
    else { return false }
    return (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first) || first == UInt8(ascii: ".")
  }
}
