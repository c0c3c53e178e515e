internal import Dispatch
internal import Foundation
internal import Search

/// Turns Ctrl-C and a request to terminate into an ``Interrupt``; a second one ends at once.
final class Interruption {
  let interrupt = Interrupt()
  private let sources: [any DispatchSourceSignal]

  init() {
    let interrupt = interrupt
    sources = [SIGINT, SIGTERM].map { number in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler {
        if interrupt.isRaised { _exit(128 + number) }
        interrupt.raise()
      }
      source.resume()
      return source
    }
  }

  deinit {
    for source in sources { source.cancel() }
  }
}
