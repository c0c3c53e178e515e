internal import Gzip

/// The files in a ZIP archive, as NumPy's NPZ files are.
///
/// Source: PKWARE's APPNOTE 6.3; stored and deflated entries, also with 64-bit sizes, no encryption.
struct ZipArchive {
  static let signature: [UInt8] = [0x50, 0x4B, 3, 4]

  private struct Entry {
    let name: String
    let method: Int
    let checksum: [UInt8]
    let compressedSize: Int
    let size: Int
    let offset: Int
  }

  private let bytes: [UInt8]
  private var entries: [Entry] = []

  init(_ bytes: [UInt8]) throws(DataError) {
    self.bytes = bytes
    let latest = max(0, bytes.count - 22 - 65_535)
    var place = bytes.count - 22
    while place >= latest, !matches([0x50, 0x4B, 5, 6], at: place) { place -= 1 }
    guard place >= latest else { throw Self.damaged }
    var count = try number(at: place + 10, 2)
    var start = try number(at: place + 16, 4)
    if count == 0xFFFF || start == 0xFFFF_FFFF, matches([0x50, 0x4B, 6, 7], at: place - 20) {
      let end = try number(at: place - 20 + 8, 8)
      guard matches([0x50, 0x4B, 6, 6], at: end) else { throw Self.damaged }
      count = try number(at: end + 32, 8)
      start = try number(at: end + 48, 8)
    }
    for _ in 0..<count {
      guard matches([0x50, 0x4B, 1, 2], at: start) else { throw Self.damaged }
      let nameSize = try number(at: start + 28, 2)
      let extraSize = try number(at: start + 30, 2)
      let commentSize = try number(at: start + 32, 2)
      entries.append(try entry(at: start, nameSize, extraSize))
      start += 46 + nameSize + extraSize + commentSize
    }
  }

  private static let damaged = DataError("found a damaged ZIP archive, expected NPZ")

  private func matches(_ mark: [UInt8], at place: Int) -> Bool {
    place >= 0 && place <= bytes.count - mark.count
      && Array(bytes[place..<place + mark.count]) == mark
  }

  private func number(at place: Int, _ size: Int) throws(DataError) -> Int {
    guard place >= 0, place <= bytes.count - size else { throw Self.damaged }
    var value: UInt64 = 0
    for byte in 0..<size { value |= UInt64(bytes[place + byte]) << UInt64(8 * byte) }
    guard let number = Int(exactly: value) else { throw Self.damaged }
    return number
  }

  private func entry(
    at start: Int, _ nameSize: Int, _ extraSize: Int
  ) throws(DataError) -> Entry {
    let nameStart = start + 46
    guard nameStart + nameSize + extraSize <= bytes.count,
      let name = String(validating: bytes[nameStart..<nameStart + nameSize], as: UTF8.self)
    else { throw Self.damaged }
    var sizes = [
      try number(at: start + 24, 4), try number(at: start + 20, 4), try number(at: start + 42, 4),
    ]
    var extra = nameStart + nameSize
    while extra + 4 <= nameStart + nameSize + extraSize {
      let length = try number(at: extra + 2, 2)
      if try number(at: extra, 2) == 1 {
        var place = extra + 4
        for index in sizes.indices where sizes[index] == 0xFFFF_FFFF {
          sizes[index] = try number(at: place, 8)
          place += 8
        }
      }
      extra += 4 + length
    }
    return Entry(
      name: name, method: try number(at: start + 10, 2),
      checksum: Array(bytes[start + 16..<start + 20]), compressedSize: sizes[1], size: sizes[0],
      offset: sizes[2])
  }

  /// The bytes of an entry, named without `.npy`; of the only one where no name is given.
  func entry(named name: String?) throws(DataError) -> [UInt8] {
    let arrays = entries.map { $0.name.hasSuffix(".npy") ? String($0.name.dropLast(4)) : $0.name }
    guard
      let place = name == nil && entries.count == 1 ? 0 : arrays.firstIndex(where: { $0 == name })
    else {
      let found = arrays.joined(separator: ", ")
      throw DataError(
        name.map { "found no array `\($0)`, expected one of \(found)" }
          ?? "found several arrays, expected to be told which of \(found)")
    }
    let entry = entries[place]
    let start =
      try entry.offset + 30 + number(at: entry.offset + 26, 2) + number(at: entry.offset + 28, 2)
    guard matches(Self.signature, at: entry.offset), start <= bytes.count,
      entry.compressedSize <= bytes.count - start
    else { throw Self.damaged }
    let content = bytes[start..<start + entry.compressedSize]
    switch entry.method {
    case 0: return Array(content)
    case 8: return try inflated(content, of: entry)
    default: throw DataError("found an NPZ file with a compression other than deflate")
    }
  }

  /// Decompresses by way of the reader of gzip, which wraps the same stream and the same checksum.
  private func inflated(
    _ content: ArraySlice<UInt8>, of entry: Entry
  ) throws(DataError) -> [UInt8] {
    let head: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255]
    let size = (0..<4).map { UInt8(truncatingIfNeeded: entry.size >> (8 * $0)) }
    do { return try Gzip.contents(of: head + content + entry.checksum + size) } catch {
      throw DataError("found a damaged ZIP archive: \(error.description)")
    }
  }
}
