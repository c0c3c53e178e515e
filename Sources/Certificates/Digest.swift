internal import Crypto

/// A SHA-256 digest, written as 64 lowercase hexadecimal digits.
public struct Digest: Hashable, Sendable, CustomStringConvertible {
  /// The 32 bytes of the digest.
  public let bytes: [UInt8]

  /// The digest of some bytes.
  ///
  /// - Parameter bytes: What is hashed.
  public init(of bytes: [UInt8]) {
    self.bytes = Array(SHA256.hash(data: bytes))
  }

  /// The digest of a file, read in pieces, so that a proof need not fit into memory.
  ///
  /// - Parameter path: The file's path.
  /// - Throws: ``CertificateError/file(path:problem:)`` when it cannot be read.
  public init(ofFile path: String) throws(CertificateError) {
    var hash = SHA256()
    try WholeFile.forEachPiece(of: path) { hash.update(data: $0) }
    bytes = Array(hash.finalize())
  }

  /// Reads a digest.
  ///
  /// - Parameter hexadecimal: 64 lowercase hexadecimal digits; anything else gives `nil`.
  public init?(hexadecimal: String) {
    let digits = Array(hexadecimal.utf8)
    guard digits.count == 64 else { return nil }
    var bytes: [UInt8] = []
    for index in stride(from: 0, to: 64, by: 2) {
      guard let high = Self.value(of: digits[index]), let low = Self.value(of: digits[index + 1])
      else { return nil }
      bytes.append(high << 4 | low)
    }
    self.bytes = bytes
  }

  /// The digest as 64 lowercase hexadecimal digits.
  public var description: String { hexadecimalText(bytes) }

  private static func value(of digit: UInt8) -> UInt8? {
    switch digit {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
    default: nil
    }
  }
}

/// Lowercase hexadecimal digits, two for each byte.
func hexadecimalText(_ bytes: some Sequence<UInt8>) -> String {
  let digits = Array("0123456789abcdef")
  return String(bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
}
