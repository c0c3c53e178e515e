internal import CZlib

/// Files compressed with gzip, as networks and queries are shipped.
///
/// Not trusted: what a digest binds and what the checker reads are the contents.
public enum Gzip {
  /// No more is ever decompressed, whatever the file promises.
  public static let largestContents = 1 << 31

  /// Why a file cannot be decompressed.
  public struct Failure: Error, Hashable, CustomStringConvertible {
    /// One sentence.
    public let description: String
  }

  /// Whether a file starts as a gzip file does.
  ///
  /// - Parameter bytes: The file.
  /// - Returns: Whether its first two bytes are those of gzip.
  public static func isCompressed(_ bytes: [UInt8]) -> Bool { bytes.starts(with: [0x1f, 0x8b]) }

  /// The contents of a gzip file.
  ///
  /// - Parameters:
  ///   - bytes: The file: one member, and nothing behind it.
  ///   - limit: The most bytes that are decompressed.
  /// - Returns: What was compressed; its length and its checksum are those of the file's end.
  /// - Throws: ``Failure`` for a file that is damaged, goes on after its first member or is too large.
  public static func contents(
    of bytes: [UInt8], limit: Int = largestContents
  ) throws(Failure) -> [UInt8] {
    guard bytes.count <= limit, bytes.count <= UInt32.max else { throw tooLarge(limit) }
    var stream = unsafe z_stream()
    // 15 bits of window, and 16 for the format of gzip alone.
    let opened = unsafe inflateInit2_(
      &stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    guard opened == Z_OK else { throw Failure(description: "zlib has no memory for gzip") }
    defer { unsafe inflateEnd(&stream) }
    var input = bytes
    var piece = [UInt8](repeating: 0, count: 1 << 18)
    var contents: [UInt8] = []
    var (status, rest) = (Z_OK, 0)
    unsafe input.withUnsafeMutableBufferPointer { input in
      unsafe stream.next_in = input.baseAddress
      unsafe stream.avail_in = UInt32(input.count)
      while status == Z_OK, contents.count <= limit {
        let count = unsafe piece.withUnsafeMutableBufferPointer { piece in
          unsafe stream.next_out = piece.baseAddress
          unsafe stream.avail_out = UInt32(piece.count)
          status = unsafe inflate(&stream, Z_NO_FLUSH)
          return unsafe piece.count - Int(stream.avail_out)
        }
        contents += piece[..<count]
      }
      rest = unsafe Int(stream.avail_in)
    }
    guard contents.count <= limit else { throw tooLarge(limit) }
    guard status == Z_STREAM_END else {
      throw Failure(description: "found a gzip file that is cut off or damaged")
    }
    guard rest == 0 else {
      throw Failure(description: "found \(rest) bytes after the first member of a gzip file")
    }
    return contents
  }

  private static func tooLarge(_ limit: Int) -> Failure {
    Failure(description: "found more than \(limit) bytes, expected less")
  }
}
