internal import Certificates
internal import Gzip

/// A file that was read once; its digest and all that is understood of it come from the same bytes:
/// those that were compressed, where the file is compressed with gzip.
struct InputFile {
  let path: String
  let bytes: [UInt8]
  let digest: Digest

  init(_ path: String) throws(Failure) {
    self.path = path
    let file: [UInt8]
    do { file = try WholeFile.read(path) } catch { throw .badInput(error.description) }
    do { bytes = Gzip.isCompressed(file) ? try Gzip.contents(of: file) : file } catch {
      throw .badInput("\(path): \(error.description)")
    }
    digest = Digest(of: bytes)
  }

  /// The bytes as text.
  func text() throws(Failure) -> String {
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw .badInput("\(path): found bytes that are not UTF-8, expected text")
    }
    return text
  }
}
