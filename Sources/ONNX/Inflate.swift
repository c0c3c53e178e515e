/// A decompressor for gzip (RFC 1952) and deflate (RFC 1951).
///
/// Written out here because a certificate's digest binds the compressed file: what the checker
/// reads from it must not depend on code outside the trusted part.
struct Inflate {
  /// No more is ever written, whatever the file promises.
  static let largestOutput = 1 << 31

  private let bytes: [UInt8]
  private var position: Int
  private var bitBuffer: UInt32 = 0
  private var bitCount = 0
  private var output: [UInt8] = []
  private let expectedSize: Int

  /// Whether a file starts as a gzip file does.
  static func isGzip(_ bytes: [UInt8]) -> Bool { bytes.starts(with: [0x1f, 0x8b]) }

  /// Decompresses a gzip file of one member and checks its length and its checksum.
  static func gunzip(_ bytes: [UInt8]) throws(ONNXError) -> [UInt8] {
    let trailer = bytes.count - 8
    guard trailer >= 10 else { throw failure("the gzip file is shorter than its header") }
    let word = { (start: Int) in
      (0..<4).reduce(UInt32(0)) { $0 | UInt32(bytes[start + $1]) << UInt32(8 * $1) }
    }
    var inflate = Inflate(
      bytes: bytes, position: try endOfHeader(bytes, before: trailer),
      expectedSize: Int(word(trailer + 4)))
    guard inflate.expectedSize <= largestOutput else {
      throw failure("the gzip file expands to more than 2 GiB")
    }
    try inflate.readBlocks()
    guard inflate.position == trailer else {
      throw failure("the gzip file has bytes after its first member")
    }
    guard inflate.output.count == inflate.expectedSize, checksum(inflate.output) == word(trailer)
    else { throw failure("the gzip file's length or checksum is not that of its contents") }
    return inflate.output
  }

  private init(bytes: [UInt8], position: Int, expectedSize: Int) {
    self.bytes = bytes
    self.position = position
    self.expectedSize = expectedSize
  }

  private static func failure(_ reason: String) -> ONNXError { .malformed("compression", reason) }

  private static func endOfHeader(_ bytes: [UInt8], before end: Int) throws(ONNXError) -> Int {
    let flags = bytes[3]
    guard bytes[2] == 8, flags & 0b1110_0000 == 0 else {
      throw failure("the gzip header asks for an unknown method")
    }
    var position = 10
    if flags & 4 != 0 {
      guard position + 2 <= end else { throw failure("the gzip header is truncated") }
      position += 2 + Int(bytes[position]) + Int(bytes[position + 1]) << 8
    }
    // The original name and the comment, each ended by a zero byte.
    for flag: UInt8 in [8, 16] where flags & flag != 0 {
      while position < end, bytes[position] != 0 { position += 1 }
      position += 1
    }
    if flags & 2 != 0 { position += 2 }
    guard position < end else { throw failure("the gzip header is truncated") }
    return position
  }

  /// The CRC-32 of gzip (reflected polynomial 0xEDB88320).
  private static func checksum(_ bytes: [UInt8]) -> UInt32 {
    let table = (UInt32(0)..<256).map { index in
      var entry = index
      for _ in 0..<8 { entry = entry & 1 == 1 ? (entry >> 1) ^ 0xEDB8_8320 : entry >> 1 }
      return entry
    }
    var state = UInt32.max
    for byte in bytes { state = (state >> 8) ^ table[Int(UInt8(truncatingIfNeeded: state) ^ byte)] }
    return ~state
  }
}

extension Inflate {
  private mutating func readBlocks() throws(ONNXError) {
    var isLast = false
    while !isLast {
      isLast = try bits(1) == 1
      switch try bits(2) {
      case 0: try copyStoredBlock()
      case 1: try readCompressedBlock(literals: .fixedLiterals, distances: .fixedDistances)
      case 2:
        let (literals, distances) = try readCodes()
        try readCompressedBlock(literals: literals, distances: distances)
      default: throw Inflate.failure("a deflate block has the reserved type")
      }
    }
  }

  private mutating func bits(_ count: Int) throws(ONNXError) -> Int {
    while bitCount < count {
      guard position < bytes.count - 8 else { throw Inflate.failure("the deflate data end early") }
      bitBuffer |= UInt32(bytes[position]) << UInt32(bitCount)
      position += 1
      bitCount += 8
    }
    let value = bitBuffer & (1 << UInt32(count) - 1)
    bitBuffer >>= UInt32(count)
    bitCount -= count
    return Int(value)
  }

  private mutating func append(_ byte: UInt8) throws(ONNXError) {
    guard output.count < expectedSize else {
      throw Inflate.failure("the gzip file expands to more than its stated length")
    }
    output.append(byte)
  }

  private mutating func copyStoredBlock() throws(ONNXError) {
    bitBuffer = 0
    bitCount = 0
    let count = try bits(16)
    guard try bits(16) == ~count & 0xffff else {
      throw Inflate.failure("a stored deflate block contradicts its own length")
    }
    for _ in 0..<count { try append(UInt8(try bits(8))) }
  }

  private mutating func readCompressedBlock(
    literals: PrefixCode, distances: PrefixCode
  ) throws(ONNXError) {
    while true {
      let symbol = try next(literals)
      switch symbol {
      case 0..<256: try append(UInt8(symbol))
      case 256: return
      case 257..<286:
        let length =
          Inflate.lengthBases[symbol - 257] + (try bits(Inflate.lengthBits[symbol - 257]))
        let code = try next(distances)
        guard code < 30 else { throw Inflate.failure("a deflate block has a reserved distance") }
        let distance = Inflate.distanceBases[code] + (try bits(Inflate.distanceBits[code]))
        guard distance <= output.count else {
          throw Inflate.failure("a deflate block refers to bytes before the start")
        }
        for _ in 0..<length { try append(output[output.count - distance]) }
      default: throw Inflate.failure("a deflate block has a reserved length")
      }
    }
  }

  private mutating func readCodes() throws(ONNXError) -> (PrefixCode, PrefixCode) {
    let literalCount = try bits(5) + 257
    let distanceCount = try bits(5) + 1
    var orderedLengths = [Int](repeating: 0, count: 19)
    let order = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]
    for place in order.prefix(try bits(4) + 4) { orderedLengths[place] = try bits(3) }
    let lengthCode = try PrefixCode(lengths: orderedLengths)
    var lengths: [Int] = []
    while lengths.count < literalCount + distanceCount {
      let symbol = try next(lengthCode)
      switch symbol {
      case 0..<16: lengths.append(symbol)
      case 16:
        guard let last = lengths.last else {
          throw Inflate.failure("a deflate block repeats a length before the first")
        }
        lengths += [Int](repeating: last, count: 3 + (try bits(2)))
      case 17: lengths += [Int](repeating: 0, count: 3 + (try bits(3)))
      default: lengths += [Int](repeating: 0, count: 11 + (try bits(7)))
      }
    }
    guard lengths.count == literalCount + distanceCount else {
      throw Inflate.failure("a deflate block repeats a length past the last")
    }
    return (
      try PrefixCode(lengths: Array(lengths[..<literalCount])),
      try PrefixCode(lengths: Array(lengths[literalCount...]))
    )
  }

  /// Reads one symbol, a bit at a time: codes of one length are consecutive numbers.
  private mutating func next(_ prefixCode: PrefixCode) throws(ONNXError) -> Int {
    var code = 0
    var first = 0
    var place = 0
    for count in prefixCode.counts.dropFirst() {
      code |= try bits(1)
      if code - first < count { return prefixCode.symbols[place + code - first] }
      place += count
      first = (first + count) << 1
      code <<= 1
    }
    throw Inflate.failure("a deflate block has an unassigned code")
  }

  private static let lengthBits = [
    0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0,
  ]
  private static let lengthBases = [
    3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131,
    163, 195, 227, 258,
  ]
  private static let distanceBits = (0..<30).map { max(0, $0 / 2 - 1) }
  private static let distanceBases = (0..<30).map { code in
    code < 4 ? code + 1 : (2 + code % 2) << (code / 2 - 1) + 1
  }

  /// A canonical prefix code: how many codes there are of each length, and their symbols in order.
  private struct PrefixCode {
    let counts: [Int]
    let symbols: [Int]

    static let fixedLiterals = PrefixCode(
      unchecked: [8, 9, 7, 8].enumerated().flatMap {
        [Int](repeating: $1, count: [144, 112, 24, 8][$0])
      })
    static let fixedDistances = PrefixCode(unchecked: [Int](repeating: 5, count: 30))

    init(unchecked lengths: [Int]) {
      var counts = [Int](repeating: 0, count: 16)
      for length in lengths where length > 0 { counts[length] += 1 }
      self.counts = counts
      symbols = (1..<16).flatMap { length in lengths.indices.filter { lengths[$0] == length } }
    }

    init(lengths: [Int]) throws(ONNXError) {
      self.init(unchecked: lengths)
      var free = 1
      for count in counts.dropFirst() {
        free = 2 * free - count
        guard free >= 0 else { throw Inflate.failure("a deflate block has too many codes") }
      }
    }
  }
}
