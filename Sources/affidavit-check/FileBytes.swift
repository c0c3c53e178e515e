internal import Glibc

/// Files, as far as this program needs them.
enum FileBytes {
  /// Why a file could not be read.
  struct Failure: Error {
    let reason: String
  }

  /// All bytes of a file, read once.
  static func read(_ path: String) throws(Failure) -> [UInt8] {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw lastFailure }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 1 << 20)
    while true {
      let count = unsafe piece.withUnsafeMutableBytes {
        unsafe Glibc.read(descriptor, $0.baseAddress, $0.count)
      }
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw lastFailure }
      guard count > 0 else { return bytes }
      bytes += piece[..<count]
    }
  }

  /// Writes a text where it does not mix with the answer.
  static func writeToStandardError(_ text: String) {
    let bytes = Array(text.utf8)
    unsafe bytes.withUnsafeBytes { _ = unsafe write(STDERR_FILENO, $0.baseAddress, $0.count) }
  }

  private static var lastFailure: Failure {
    Failure(reason: unsafe String(cString: strerror(errno)))
  }
}
