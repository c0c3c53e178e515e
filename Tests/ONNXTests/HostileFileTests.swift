import NetworkModel
import ONNX
import Testing

/// Numbers from a seed (SplitMix64), so that a failure can be repeated.
private struct SeededGenerator: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}

/// Files that are cut, altered or made to mislead: they are refused, nothing traps.
@Suite struct HostileFileTests {
  private func kind(_ bytes: [UInt8]) -> ONNXError.Kind? {
    do throws(ONNXError) {
      _ = try ONNXReader.read(bytes)
      return nil
    } catch {
      return error.kind
    }
  }

  @Test(arguments: ["layers", "Conv odd", "shape arithmetic"])
  func everyTruncationIsRefused(_ name: String) throws {
    let bytes = try OperatorCase.named(name).bytes
    for length in 0..<bytes.count {
      #expect(kind(Array(bytes[..<length])) != nil, "the first \(length) bytes")
    }
  }

  @Test func alteredFilesNeverTrap() throws {
    var generator = SeededGenerator(state: 7)
    var refused = 0
    let files = OperatorCase.all.filter { $0.points != nil }.map(\.bytes)
    try #require(!files.isEmpty)
    for round in 0..<4000 {
      var bytes = files[round % files.count]
      for _ in 0..<Int.random(in: 1...3, using: &generator) {
        let place = Int.random(in: bytes.indices, using: &generator)
        switch Int.random(in: 0..<4, using: &generator) {
        case 0: bytes.remove(at: place)
        case 1: bytes.insert(.random(in: .min ... .max, using: &generator), at: place)
        case 2: bytes[place] = [0, 1, 0x7f, 0x80, 0xff][Int.random(in: 0..<5, using: &generator)]
        default: bytes[place] = .random(in: .min ... .max, using: &generator)
        }
      }
      if kind(bytes) != nil { refused += 1 }
    }
    // Most alterations hit the structure; those that hit a weight give another network.
    #expect(refused > 1000)
    #expect(refused < 4000)
  }

  @Test func malformedBytesAreSaidToBeMalformed() {
    let files: [[UInt8]] = [
      [],  // no graph
      [0x08],  // a field without a value
      [0x08, 0x80],  // an unfinished number
      [0x08] + [UInt8](repeating: 0x80, count: 10) + [0x01],  // 71 bits
      [0x08] + [UInt8](repeating: 0xff, count: 9) + [0x02],  // 65 bits
      [0x3a, 0x05, 0x00],  // a message longer than the file
      [0x3a] + [UInt8](repeating: 0xff, count: 9) + [0x01],  // a negative length
      [0x00, 0x00],  // field number 0
      [0x0b],  // a group
      [0x0f],  // wire type 7
      [0x0d, 0, 0, 0, 0],  // the IR version as a 32-bit number
      [0x08, 0x08, 0x3a, 0x00, 0x3a, 0x00],  // two graphs
      [0x3a, 0x03, 0x12, 0x01, 0xff],  // a name that is not UTF-8, and no version
    ]
    for bytes in files.dropLast() { #expect(kind(bytes) == .malformed, "\(bytes)") }
    #expect(kind(files[files.count - 1]) == .unsupported)
  }
}

/// Compressed files.
@Suite struct GzipTests {
  /// A stored block: the network as it is, in a gzip member.
  private func stored(_ bytes: [UInt8], checksum: UInt32? = nil, flags: UInt8 = 0) -> [UInt8] {
    let littleEndian = { (value: UInt32) in (0..<4).map { UInt8(value >> ($0 * 8) & 0xff) } }
    let length = littleEndian(UInt32(bytes.count))
    let complement = length.prefix(2).map { ~$0 }
    let extras: [UInt8] = flags == 0 ? [] : [2, 0, 9, 9] + Array("n.onnx".utf8) + [0, 0, 1, 2]
    return [0x1f, 0x8b, 8, flags, 0, 0, 0, 0, 0, 3] + extras + [1] + length.prefix(2) + complement
      + bytes + littleEndian(checksum ?? crc32(bytes)) + length
  }

  /// Bit by bit, unlike the reader's table.
  private func crc32(_ bytes: [UInt8]) -> UInt32 {
    var remainder = UInt32.max
    for byte in bytes {
      for bit in 0..<8 {
        let feedback = (remainder ^ (UInt32(byte) >> UInt32(bit))) & 1
        remainder = (remainder >> 1) ^ (feedback == 1 ? 0xEDB8_8320 : 0)
      }
    }
    return ~remainder
  }

  @Test func storedBlocksAreRead() throws {
    let bytes = try OperatorCase.named("layers").bytes
    let expected = try ONNXReader.readModel(bytes).parameterCount
    #expect(try ONNXReader.readModel(stored(bytes)).parameterCount == expected)
    #expect(try ONNXReader.readModel(stored(bytes, flags: 0b1_1110)).parameterCount == expected)
  }

  @Test func contentsThatDoNotMatchAreRefused() throws {
    let bytes = try OperatorCase.named("layers").bytes
    let good = stored(bytes)
    var wrongLength = good
    wrongLength[good.count - 4] ^= 1
    for bad in [stored(bytes, checksum: 0), wrongLength, good + [0], good + good] {
      #expect(throws: ONNXError.self) { try ONNXReader.read(bad) }
    }
    for length in 0..<good.count {
      #expect(throws: ONNXError.self) { try ONNXReader.read(Array(good[..<length])) }
    }
  }

  /// The same network compressed with fixed and with dynamic codes.
  @Test(arguments: ["gzip fixed codes", "gzip dynamic codes"])
  func compressedBlocksAreRead(_ name: String) throws {
    let item = try OperatorCase.named(name)
    #expect(item.bytes.starts(with: [0x1f, 0x8b]))
    let point = try #require(item.points?.first)
    let outputs = try ONNXReader.read(item.bytes).evaluate(point.inputs)
    #expect(outputs.map(\.count) == point.outputs.map(\.count))
  }

  @Test(arguments: ["gzip fixed codes", "gzip dynamic codes"])
  func alteredCompressedFilesAreRefused(_ name: String) throws {
    let bytes = try OperatorCase.named(name).bytes
    // Not the header's time and system, and not the last byte of the deflate data, whose upper
    // bits are unused: they say nothing about the contents.
    for place in bytes.indices where !(4..<10).contains(place) && place != bytes.count - 9 {
      var altered = bytes
      altered[place] ^= 0x10
      #expect(throws: ONNXError.self, "byte \(place)") { try ONNXReader.read(altered) }
    }
  }
}
