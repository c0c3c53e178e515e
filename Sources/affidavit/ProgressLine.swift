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

  /// What a search for a probability may tell; nil where it need not.
  var massReporter: ((ProbabilityProgress) -> Void)? {
    guard StandardError.isTerminal else { return nil }
    return { progress in
      StandardError.write(
        "\r\u{1B}[K\(self.label)  \(progress.cells) cells, from "
          + "\(progress.lower.significant(6)) to \(progress.upper.significant(6)), "
          + "\(progress.seconds.fixed(0)) s")
    }
  }

  /// Removes the line.
  func clear() {
    guard StandardError.isTerminal else { return }
    StandardError.write("\r\u{1B}[K")
  }

  private func show(_ progress: Progress) {
    show(
      "\(progress.nodes) nodes, \(progress.open) open, "
        + "\((100 * progress.provedShare).fixed(1)) % proved, "
        + "lowest bound \(progress.lowestBound.significant(3))", at: progress.seconds)
  }

  /// Writes how far something is, where somebody watches and enough time has passed since the last time.
  func show(_ words: @autoclosure () -> String, at seconds: Double) {
    guard StandardError.isTerminal else { return }
    let isDue = lastWritten.withLock { last in
      guard seconds - last >= 0.1 else { return false }
      last = seconds
      return true
    }
    guard isDue else { return }
    StandardError.write("\r\u{1B}[K\(label)  \(words()), \(seconds.fixed(0)) s")
  }
}
