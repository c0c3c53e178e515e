internal import Foundation

/// Reading files, once and whole.
public enum WholeFile {
  /// All bytes of a file.
  ///
  /// - Parameter path: The file's path.
  /// - Returns: Its bytes.
  /// - Throws: ``CertificateError/file(path:problem:)`` when it cannot be read.
  public static func read(_ path: String) throws(CertificateError) -> [UInt8] {
    var bytes: [UInt8] = []
    try forEachPiece(of: path) { bytes += $0 }
    return bytes
  }

  /// All bytes of a file that only its owner may read.
  ///
  /// The permissions are those of the opened file, so that no other can take its place in between.
  ///
  /// - Parameter path: The file's path.
  /// - Returns: Its bytes.
  /// - Throws: ``CertificateError/file(path:problem:)`` when it cannot be read, or when its group
  ///   or others have any access to it.
  static func readPrivate(_ path: String) throws(CertificateError) -> [UInt8] {
    var bytes: [UInt8] = []
    try forEachPiece(of: path, privately: true) { bytes += $0 }
    return bytes
  }

  /// Hands the bytes of a file over in pieces of at most a mebibyte.
  static func forEachPiece(
    of path: String, privately: Bool = false, _ use: ([UInt8]) -> Void
  ) throws(CertificateError) {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .lastFailure(of: path) }
    defer { close(descriptor) }
    if privately { try demandPrivacy(of: descriptor, path: path) }
    var piece = [UInt8](repeating: 0, count: 1 << 20)
    while true {
      let count = unsafe piece.withUnsafeMutableBytes {
        unsafe Foundation.read(descriptor, $0.baseAddress, $0.count)
      }
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw .lastFailure(of: path) }
      guard count > 0 else { return }
      use(Array(piece[..<count]))
    }
  }

  private static func demandPrivacy(
    of descriptor: Int32, path: String
  ) throws(CertificateError) {
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else { throw .lastFailure(of: path) }
    guard status.st_mode & 0o077 == 0 else {
      throw .file(
        path: path, problem: "private key with mode \(octal(status.st_mode)), expected 600")
    }
  }

  private static func octal(_ mode: mode_t) -> String { String(mode & 0o777, radix: 8) }
}

extension CertificateError {
  /// What the system says about the last call that failed.
  static func lastFailure(of path: String) -> CertificateError {
    .file(path: path, problem: unsafe String(cString: strerror(errno)))
  }
}
