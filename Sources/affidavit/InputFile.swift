internal import Certificates
internal import ONNX

/// A file that was read once; its digest and all that is understood of it come from the same bytes.
struct InputFile {
  let path: String
  let bytes: [UInt8]
  let digest: Digest

  init(_ path: String) throws(Failure) {
    self.path = path
    do { bytes = try WholeFile.read(path) } catch { throw .badInput(error.description) }
    digest = Digest(of: bytes)
  }

  /// The bytes, decompressed where they are compressed with gzip.
  func uncompressed() throws(Failure) -> [UInt8] {
    do {
      return try ONNXReader.uncompressed(bytes)
    } catch { throw .badInput("\(path): \(error.description)") }
  }

  /// The bytes as text.
  func text() throws(Failure) -> String {
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw .badInput("\(path): found bytes that are not UTF-8, expected text")
    }
    return text
  }
}
