/// A decompressor for gzip (RFC 1952) and deflate (RFC 1951).
///
/// Written out here because a certificate's digest binds the compressed file: what the checker
/// reads from it must not depend on code outside the trusted part.
struct Inflate {
  /// No more is ever written, whatever the file promises.
  static let largestOutput = 1 << 31

  /// The file without the checksum and the length at its end.
  private let bytes: ArraySlice<UInt8>
  private let expectedSize: Int
  private var position = 0
  private var bitBuffer = 0
  private var bitCount = 0
  private var output: [UInt8] = []

  /// Whether a file starts as a gzip file does.
  static func isGzip(_ bytes: [UInt8]) -> Bool { bytes.starts(with: [0x1f, 0x8b]) }

  /// Decompresses a gzip file of one member and checks its length and its checksum.
  static func gunzip(_ bytes: [UInt8]) throws(ONNXError) -> [UInt8] {
    try require(bytes.count >= 18, "the file is shorter than its header")
    let trailer = bytes.suffix(8).words(ofSize: 4)
    var inflate = Inflate(bytes: bytes.dropLast(8), expectedSize: Int(trailer[1]))
    try require(inflate.expectedSize <= largestOutput, "the file expands to more than 2 GiB")
    try inflate.skipHeader()
    try inflate.readBlocks()
    try require(inflate.position == inflate.bytes.endIndex, "bytes follow the first member")
    try require(
      inflate.output.count == inflate.expectedSize && checksum(inflate.output) == trailer[0],
      "the length or the checksum is not that of the contents")
    return inflate.output
  }

  private init(bytes: ArraySlice<UInt8>, expectedSize: Int) {
    self.bytes = bytes
    self.expectedSize = expectedSize
  }

  private static func require(_ condition: Bool, _ failure: String) throws(ONNXError) {
    guard condition else { throw .malformed("gzip", failure) }
  }

  /// The CRC-32 of gzip (reflected polynomial 0xEDB88320).
  private static func checksum(_ bytes: [UInt8]) -> UInt64 {
    let table = (UInt32(0)..<256).map { index in
      (0..<8).reduce(index) { entry, _ in (entry >> 1) ^ (entry & 1 == 1 ? 0xEDB8_8320 : 0) }
    }
    var state = UInt32.max
    for byte in bytes { state = (state >> 8) ^ table[Int(UInt8(truncatingIfNeeded: state) ^ byte)] }
    return UInt64(~state)
  }

  private mutating func skipHeader() throws(ONNXError) {
    let flags = bytes[3]
    try Self.require(bytes[2] == 8 && flags < 0x20, "the header asks for an unknown method")
    position = 10
    if flags & 4 != 0 { for _ in 0..<(try bits(16)) { _ = try bits(8) } }
    // The original name and the comment, each ended by a zero byte.
    for flag: UInt8 in [8, 16] where flags & flag != 0 { while try bits(8) != 0 {} }
    if flags & 2 != 0 { _ = try bits(16) }
  }
}

/// Deflate.
extension Inflate {
  private mutating func readBlocks() throws(ONNXError) {
    var isLast = false
    while !isLast {
      isLast = try bits(1) == 1
      switch try bits(2) {
      case 0: try copyStoredBlock()
      case 1:
        let lengths = [(8, 144), (9, 112), (7, 24), (8, 8)].flatMap(Array.init(repeating:count:))
        try readCompressedBlock(
          literals: try PrefixCode(lengths: lengths),
          distances: try PrefixCode(lengths: [Int](repeating: 5, count: 30)))
      case 2:
        let (literals, distances) = try readCodes()
        try readCompressedBlock(literals: literals, distances: distances)
      default: try Self.require(false, "a block has the reserved type")
      }
    }
  }

  private mutating func bits(_ count: Int) throws(ONNXError) -> Int {
    while bitCount < count {
      try Self.require(position < bytes.endIndex, "the file ends early")
      bitBuffer |= Int(bytes[position]) << bitCount
      position += 1
      bitCount += 8
    }
    defer {
      bitBuffer >>= count
      bitCount -= count
    }
    return bitBuffer & (1 << count - 1)
  }

  private mutating func append(_ byte: UInt8) throws(ONNXError) {
    try Self.require(output.count < expectedSize, "the contents exceed their stated length")
    output.append(byte)
  }

  private mutating func copyStoredBlock() throws(ONNXError) {
    _ = try bits(bitCount)
    let count = try bits(16)
    try Self.require(try bits(16) == ~count & 0xffff, "a block contradicts its own length")
    for _ in 0..<count { try append(UInt8(try bits(8))) }
  }

  private mutating func readCompressedBlock(
    literals: PrefixCode, distances: PrefixCode
  ) throws(ONNXError) {
    while case let symbol = try next(literals), symbol != 256 {
      guard symbol > 256 else {
        try append(UInt8(symbol))
        continue
      }
      let code = symbol - 257
      try Self.require(code < 29, "a block has a reserved length")
      // Lengths and distances grow by powers of two, with four and two codes each.
      let lengthBits = code == 28 ? 0 : max(0, code / 4 - 1)
      let base = code == 28 ? 258 : code < 8 ? code + 3 : (4 + code % 4) << lengthBits + 3
      let length = base + (try bits(lengthBits))
      let step = try next(distances)
      try Self.require(step < 30, "a block has a reserved distance")
      let stepBits = max(0, step / 2 - 1)
      let distance = (step < 4 ? step : (2 + step % 2) << stepBits) + 1 + (try bits(stepBits))
      try Self.require(distance <= output.count, "a block refers to bytes before the start")
      for _ in 0..<length { try append(output[output.count - distance]) }
    }
  }

  private mutating func readCodes() throws(ONNXError) -> (PrefixCode, PrefixCode) {
    let literalCount = try bits(5) + 257
    let count = literalCount + (try bits(5)) + 1
    var orderedLengths = [Int](repeating: 0, count: 19)
    let order = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]
    for place in order.prefix(try bits(4) + 4) { orderedLengths[place] = try bits(3) }
    let lengthCode = try PrefixCode(lengths: orderedLengths)
    var lengths: [Int] = []
    while lengths.count < count {
      let symbol = try next(lengthCode)
      try Self.require(symbol != 16 || !lengths.isEmpty, "a block repeats nothing")
      let repetitions =
        switch symbol {
        case 16: 3 + (try bits(2))
        case 17: 3 + (try bits(3))
        case 18: 11 + (try bits(7))
        default: 1
        }
      let length = symbol < 16 ? symbol : symbol == 16 ? lengths[lengths.count - 1] : 0
      lengths += [Int](repeating: length, count: repetitions)
    }
    try Self.require(lengths.count == count, "a block repeats a length past the last")
    return (
      try PrefixCode(lengths: Array(lengths[..<literalCount])),
      try PrefixCode(lengths: Array(lengths[literalCount...]))
    )
  }

  /// Reads one symbol, a bit at a time: codes of one length are consecutive numbers.
  private mutating func next(_ prefixCode: PrefixCode) throws(ONNXError) -> Int {
    var (code, first, place) = (0, 0, 0)
    for count in prefixCode.counts {
      code |= try bits(1)
      if code - first < count { return prefixCode.symbols[place + code - first] }
      place += count
      first = (first + count) << 1
      code <<= 1
    }
    throw .malformed("gzip", "a block has an unassigned code")
  }

  /// A canonical prefix code: how many codes there are of each length, and their symbols in order.
  private struct PrefixCode {
    let counts: [Int]
    let symbols: [Int]

    init(lengths: [Int]) throws(ONNXError) {
      counts = (1..<16).map { length in lengths.count { $0 == length } }
      symbols = (1..<16).flatMap { length in lengths.indices.filter { lengths[$0] == length } }
      try Inflate.require(counts.reduce(1) { 2 * $0 - $1 } >= 0, "a block has too many codes")
    }
  }
}
