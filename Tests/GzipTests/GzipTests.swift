import CZlib
import Gzip
import Testing

/// Compressed files.
@Suite struct GzipTests {
  private static let text = Array(String(repeating: "weights and biases, ", count: 400).utf8)

  /// A stored block: the contents as they are, in a gzip member.
  private func stored(_ bytes: [UInt8], checksum: UInt32? = nil, flags: UInt8 = 0) -> [UInt8] {
    let littleEndian = { (value: UInt32) in (0..<4).map { UInt8(value >> ($0 * 8) & 0xff) } }
    let length = littleEndian(UInt32(bytes.count))
    let complement = length.prefix(2).map { ~$0 }
    let extras: [UInt8] = flags == 0 ? [] : [2, 0, 9, 9] + Array("n.onnx".utf8) + [0, 0]
    return [0x1f, 0x8b, 8, flags, 0, 0, 0, 0, 0, 3] + extras + [1] + length.prefix(2) + complement
      + bytes + littleEndian(checksum ?? crc32(bytes)) + length
  }

  /// Bit by bit, as RFC 1952 defines it.
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

  /// A gzip file of compressed blocks.
  private func deflated(_ bytes: [UInt8], strategy: Int32) throws -> [UInt8] {
    var stream = unsafe z_stream()
    let opened = unsafe deflateInit2_(
      &stream, 9, Z_DEFLATED, 15 + 16, 9, strategy, ZLIB_VERSION,
      Int32(MemoryLayout<z_stream>.size))
    try #require(opened == Z_OK)
    defer { unsafe deflateEnd(&stream) }
    var input = bytes
    var output = [UInt8](repeating: 0, count: bytes.count + 1000)
    let count = unsafe input.withUnsafeMutableBufferPointer { input in
      unsafe output.withUnsafeMutableBufferPointer { output in
        unsafe stream.next_in = input.baseAddress
        unsafe stream.avail_in = UInt32(input.count)
        unsafe stream.next_out = output.baseAddress
        unsafe stream.avail_out = UInt32(output.count)
        let status = unsafe deflate(&stream, Z_FINISH)
        return unsafe status == Z_STREAM_END ? output.count - Int(stream.avail_out) : 0
      }
    }
    try #require(count > 0)
    return Array(output[..<count])
  }

  @Test func storedBlocksAreRead() throws {
    #expect(Gzip.isCompressed(stored(Self.text)))
    #expect(!Gzip.isCompressed(Self.text))
    #expect(try Gzip.contents(of: stored(Self.text)) == Self.text)
    #expect(try Gzip.contents(of: stored(Self.text, flags: 0b1_1100)) == Self.text)
    #expect(try Gzip.contents(of: stored([])) == [])
  }

  @Test(arguments: [Z_FIXED, Z_DEFAULT_STRATEGY])
  func compressedBlocksAreRead(_ strategy: Int32) throws {
    #expect(try Gzip.contents(of: try deflated(Self.text, strategy: strategy)) == Self.text)
    let large = [UInt8](repeating: 7, count: 1_000_000)
    #expect(try Gzip.contents(of: try deflated(large, strategy: strategy)) == large)
  }

  @Test func contentsThatDoNotMatchAreRefused() throws {
    let good = stored(Self.text)
    var wrongLength = good
    wrongLength[good.count - 4] ^= 1
    for bad in [stored(Self.text, checksum: 0), wrongLength, good + [0], good + good, [], [0x1f]] {
      #expect(throws: Gzip.Failure.self) { try Gzip.contents(of: bad) }
    }
    for length in 0..<good.count {
      #expect(throws: Gzip.Failure.self) { try Gzip.contents(of: Array(good[..<length])) }
    }
  }

  @Test(arguments: [Z_FIXED, Z_DEFAULT_STRATEGY])
  func alteredCompressedFilesAreRefused(_ strategy: Int32) throws {
    let bytes = try deflated(Self.text, strategy: strategy)
    // Not the header's time and system, and not the last byte of the deflate data, whose upper
    // bits are unused: they say nothing about the contents.
    for place in bytes.indices where !(4..<10).contains(place) && place != bytes.count - 9 {
      var altered = bytes
      altered[place] ^= 0x10
      #expect(throws: Gzip.Failure.self, "byte \(place)") { try Gzip.contents(of: altered) }
    }
  }

  @Test func whatExpandsBeyondTheLimitIsRefused() throws {
    let bytes = try deflated([UInt8](repeating: 0, count: 10_000), strategy: Z_DEFAULT_STRATEGY)
    #expect(try Gzip.contents(of: bytes, limit: 10_000).count == 10_000)
    let error = try #require(throws: Gzip.Failure.self) {
      try Gzip.contents(of: bytes, limit: 9_999)
    }
    #expect(error.description == "found more than 9999 bytes, expected less")
  }
}
