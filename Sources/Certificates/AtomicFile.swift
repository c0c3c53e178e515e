internal import Foundation

/// Writing files so that a reader sees the old bytes or all of the new ones.
public enum AtomicFile {
  /// Writes a file: beside it first, then to disk, then in its place.
  ///
  /// - Parameters:
  ///   - bytes: What the file will hold.
  ///   - path: The file's path; a file already there is replaced.
  ///   - permissions: The mode of the file, before the process's mask.
  /// - Throws: ``CertificateError/file(path:problem:)``; nothing is left behind then.
  public static func write(
    _ bytes: [UInt8], to path: String, permissions: UInt32 = 0o644
  ) throws(CertificateError) {
    let beside = "\(path).\(UInt64.random(in: 0...(.max))).tmp"
    let descriptor = unsafe open(
      beside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode_t(permissions))
    guard descriptor >= 0 else { throw .lastFailure(of: beside) }
    do throws(CertificateError) {
      defer { close(descriptor) }
      try writeAll(bytes, to: descriptor, path: beside)
      guard fsync(descriptor) == 0 else { throw .lastFailure(of: beside) }
    } catch {
      unsafe unlink(beside)
      throw error
    }
    guard unsafe rename(beside, path) == 0 else {
      let failure = CertificateError.lastFailure(of: path)
      unsafe unlink(beside)
      throw failure
    }
    try synchronizeFolder(of: path)
  }

  private static func writeAll(
    _ bytes: [UInt8], to descriptor: Int32, path: String
  ) throws(CertificateError) {
    var written = 0
    while written < bytes.count {
      let count = unsafe bytes.withUnsafeBytes {
        unsafe Foundation.write(
          descriptor, $0.baseAddress?.advanced(by: written), $0.count - written)
      }
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw .lastFailure(of: path) }
      written += count
    }
  }

  /// Makes the new name last, not only the bytes.
  private static func synchronizeFolder(of path: String) throws(CertificateError) {
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
    let descriptor = unsafe open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .lastFailure(of: folder) }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw .lastFailure(of: folder) }
  }
}
