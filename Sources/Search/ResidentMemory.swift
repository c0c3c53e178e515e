internal import Glibc
internal import Synchronization

/// How much memory the process has, looked at a few times a second.
final class ResidentMemory: Sendable {
  /// Seconds between two looks.
  private static let interval = 0.1

  private struct Look {
    var seconds = -Double.infinity
    var isAbove = false
  }

  private let limit: Int
  private let last = Mutex(Look())

  /// Watches a limit.
  ///
  /// - Parameter limit: Bytes.
  init(limit: Int) { self.limit = limit }

  /// Whether the process holds more than the limit, at the last look or now.
  ///
  /// - Parameter seconds: The time, by any clock.
  /// - Returns: Whether it does; once it did, for good.
  func isAboveLimit(at seconds: Double) -> Bool {
    last.withLock { look in
      guard !look.isAbove, seconds - look.seconds >= Self.interval else { return look.isAbove }
      look.seconds = seconds
      // What was freed and is still held counts too.
      look.isAbove = (Self.size ?? 0) > limit
      return look.isAbove
    }
  }

  /// The resident set in bytes, from the second number of `/proc/self/statm`, which is in pages; nil where
  /// the system has no such file.
  private static var size: Int? {
    guard let file = unsafe fopen("/proc/self/statm", "r") else { return nil }
    defer { unsafe fclose(file) }
    var text: [UInt8] = []
    while text.count < 128, case let byte = unsafe fgetc(file), let digit = UInt8(exactly: byte) {
      text.append(digit)
    }
    let numbers = String(decoding: text, as: UTF8.self).split(separator: " ")
    guard numbers.count > 1, let pages = Int(numbers[1]) else { return nil }
    return pages * Int(sysconf(Int32(_SC_PAGESIZE)))
  }
}
