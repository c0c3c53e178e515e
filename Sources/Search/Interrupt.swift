internal import Synchronization

/// Asks a search to stop from another thread or a signal handler.
public final class Interrupt: Sendable {
  private let flag = Atomic<Bool>(false)

  /// Creates an interrupt that is not raised.
  public init() {}

  /// Whether the search shall stop.
  public var isRaised: Bool { flag.load(ordering: .relaxed) }

  /// Asks the search to stop.
  public func raise() { flag.store(true, ordering: .relaxed) }
}
