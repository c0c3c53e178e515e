/// One array in NumPy's NPY format.
///
/// Source: NumPy Enhancement Proposal 1 and its later versions of the header.
enum NumPyArray {
  static let signature: [UInt8] = [0x93] + Array("NUMPY".utf8)

  static func table(in bytes: [UInt8]) throws(DataError) -> DataTable {
    let (header, start) = try header(of: bytes)
    let type = try field("descr", in: header)
    let shape = try shape(in: header)
    let isFortran = try field("fortran_order", in: header) == "True"
    guard let kind = ElementKind(type) else {
      throw DataError(
        "found an array of the type \(type), expected binary32, binary64 or integers")
    }
    var count = 1
    for size in shape {
      let (product, overflow) = count.multipliedReportingOverflow(by: size)
      guard !overflow else { throw DataError("found an array that is too large to read") }
      count = product
    }
    guard count > 0, count <= (bytes.count - start) / kind.size,
      bytes.count - start == count * kind.size
    else {
      throw DataError(
        "found an array of \(bytes.count - start) bytes, expected \(count) numbers of \(kind.size)")
    }
    var values = try kind.numbers(in: bytes[start...], count)
    if isFortran, shape.count > 1 { values = rowMajor(values, shape) }
    let rows = shape.first ?? 1
    guard let numbers = ExactNumbers(values) else {
      throw DataError("found a number that is infinite or none at all, expected finite numbers")
    }
    return DataTable(ExactMatrix(rows: rows, columns: count / rows, numbers))
  }

  private static func header(
    of bytes: [UInt8]
  ) throws(DataError) -> (text: String, end: Int) {
    let lengthSize = bytes.count > 6 && bytes[6] >= 2 ? 4 : 2
    guard bytes.starts(with: signature), bytes.count >= 8 + lengthSize else {
      throw DataError("found a damaged NPY header, expected NumPy's")
    }
    var length = 0
    for place in 0..<lengthSize { length |= Int(bytes[8 + place]) << (8 * place) }
    let start = 8 + lengthSize
    guard length <= bytes.count - start,
      let text = String(validating: bytes[start..<start + length], as: UTF8.self)
    else { throw DataError("found a damaged NPY header, expected NumPy's") }
    return (text, start + length)
  }

  /// The value of a key of the header, which is the text of a Python dictionary.
  private static func field(_ key: String, in header: String) throws(DataError) -> String {
    guard let place = header.firstRange(of: "'\(key)':") else {
      throw DataError("found an NPY header without `\(key)`, expected NumPy's")
    }
    let rest = header[place.upperBound...].drop { $0 == " " }
    if rest.first == "'" { return String(rest.dropFirst().prefix { $0 != "'" }) }
    return String(rest.prefix { $0 != "," && $0 != "}" })
  }

  private static func shape(in header: String) throws(DataError) -> [Int] {
    guard let place = header.firstRange(of: "'shape':"),
      let open = header[place.upperBound...].firstIndex(of: "("),
      let close = header[open...].firstIndex(of: ")")
    else { throw DataError("found an NPY header without `shape`, expected NumPy's") }
    var shape: [Int] = []
    for part in header[header.index(after: open)..<close].split(separator: ",") {
      guard let size = Int(part.filter { $0 != " " }), size >= 0 else {
        throw DataError("found the size `\(part)` in an NPY header, expected whole numbers")
      }
      shape.append(size)
    }
    return shape
  }

  private static func rowMajor(_ values: [Double], _ shape: [Int]) -> [Double] {
    var result: [Double] = []
    result.reserveCapacity(values.count)
    var index = [Int](repeating: 0, count: shape.count)
    for _ in values {
      var (place, stride) = (0, 1)
      for (position, size) in zip(index, shape) {
        place += position * stride
        stride *= size
      }
      result.append(values[place])
      for axis in shape.indices.reversed() {
        index[axis] += 1
        if index[axis] < shape[axis] { break }
        index[axis] = 0
      }
    }
    return result
  }

  /// A type of stored numbers.
  private struct ElementKind {
    let code: Character
    let size: Int
    let isBigEndian: Bool

    init?(_ type: String) {
      let name = type.drop { "<>|=".contains($0) }
      guard let code = name.first, let size = Int(name.dropFirst()) else { return nil }
      let sizes: [Character: [Int]] = [
        "f": [4, 8], "i": [1, 2, 4, 8], "u": [1, 2, 4, 8], "b": [1],
      ]
      guard sizes[code]?.contains(size) == true else { return nil }
      self.code = code
      self.size = size
      isBigEndian = type.first == ">"
    }

    func numbers(in bytes: ArraySlice<UInt8>, _ count: Int) throws(DataError) -> [Double] {
      var numbers: [Double] = []
      numbers.reserveCapacity(count)
      for place in 0..<count {
        var word: UInt64 = 0
        let start = bytes.startIndex + place * size
        for byte in 0..<size {
          let shift = 8 * (isBigEndian ? size - 1 - byte : byte)
          word |= UInt64(bytes[start + byte]) << UInt64(shift)
        }
        numbers.append(try number(word))
      }
      return numbers
    }

    private func number(_ word: UInt64) throws(DataError) -> Double {
      switch code {
      case "f":
        return size == 4
          ? Double(Float(bitPattern: UInt32(truncatingIfNeeded: word))) : Double(bitPattern: word)
      case "i":
        let shift = UInt64(64 - 8 * size)
        let value = Int64(bitPattern: word << shift) >> Int64(shift)
        guard let exact = Double(exactly: value) else { throw Self.inexact(value) }
        return exact
      default:
        guard let exact = Double(exactly: word) else { throw Self.inexact(word) }
        return exact
      }
    }

    private static func inexact(_ value: some BinaryInteger) -> DataError {
      DataError("found the whole number \(value), expected one that binary64 holds exactly")
    }
  }
}
