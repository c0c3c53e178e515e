internal import Search
internal import Synchronization

/// One line on standard error that says how far a search is; nothing where nobody watches.
final class ProgressLine: Sendable {
  private let label: String
  private let lastWritten = Mutex(-Double.infinity)

  init(_ label: String) { self.label = label }

  /// What a search may tell; nil where it need not.
  var reporter: (@Sendable (Progress) -> Void)? {
    guard StandardError.isTerminal else { return nil }
    return { self.show($0) }
  }

  /// Removes the line.
  func clear() {
    guard StandardError.isTerminal else { return }
    StandardError.write("\r\u{1B}[K")
  }

  private func show(_ progress: Progress) {
    let isDue = lastWritten.withLock { last in
      guard progress.seconds - last >= 0.1 else { return false }
      last = progress.seconds
      return true
    }
    guard isDue else { return }
    StandardError.write(
      "\r\u{1B}[K\(label)  \(progress.nodes) nodes, \(progress.open) open, "
        + "\((100 * progress.provedShare).fixed(1)) % proved, "
        + "lowest bound \(progress.lowestBound.significant(3)), \(progress.seconds.fixed(0)) s")
  }
}
