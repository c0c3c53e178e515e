internal import Dispatch
internal import Foundation
internal import Search

/// Ctrl-C and requests to terminate.
enum Interruption {
  /// Runs `body` with an interrupt that such a signal raises; a second one ends the program at once.
  static func listening<Value>(
    _ body: (Interrupt) throws(Failure) -> Value
  ) throws(Failure) -> Value {
    let interrupt = Interrupt()
    let sources = [SIGINT, SIGTERM].map { number in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler {
        if interrupt.isRaised { _exit(128 + number) }
        interrupt.raise()
      }
      source.resume()
      return source
    }
    defer { for source in sources { source.cancel() } }
    return try body(interrupt)
  }
}
