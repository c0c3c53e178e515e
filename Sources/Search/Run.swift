internal import Synchronization

/// The limits and counts of one search.
final class Run: Sendable {
  private let options: SearchOptions
  private let interrupt: Interrupt
  private let report: (@Sendable (Progress) -> Void)?
  private let clock = ContinuousClock()
  private let start: ContinuousClock.Instant
  private let counts = Mutex(Counts())
  private let memory: ResidentMemory

  private struct Counts {
    var nodes = 0
    var provedShare = 0.0
    var lastReport = 0.0
  }

  init(
    _ options: SearchOptions, _ interrupt: Interrupt, _ report: (@Sendable (Progress) -> Void)?
  ) {
    self.options = options
    self.interrupt = interrupt
    self.report = report
    memory = ResidentMemory(limit: options.memoryLimit)
    start = clock.now
  }

  /// Wall-clock seconds since the start.
  var seconds: Double { (clock.now - start) / .seconds(1) }

  /// How many nodes were bounded.
  var nodes: Int { counts.withLock { $0.nodes } }

  /// Why the search must stop now; nil while it may go on.
  func reasonToStop(open: Int = 0) -> StopReason? {
    if interrupt.isRaised { return .interrupted }
    if let limit = options.timeLimit, seconds >= limit { return .timeLimit }
    if open > options.nodeLimit { return .nodeLimit(options.nodeLimit) }
    if memory.isAboveLimit(at: seconds) { return .memoryLimit(options.memoryLimit) }
    return nil
  }

  /// Whether the search must stop now.
  var isOver: Bool { reasonToStop() != nil }

  /// Counts bounded nodes and tells the caller how far the search is, a few times a second.
  func advance(nodes: Int, proved share: Double, open: Int, lowestBound: Double) {
    let now = seconds
    let progress: Progress? = counts.withLock { counts in
      counts.nodes += nodes
      counts.provedShare += share
      guard now - counts.lastReport >= 0.1 else { return nil }
      counts.lastReport = now
      return Progress(
        seconds: now, nodes: counts.nodes, open: open, provedShare: min(1, counts.provedShare),
        lowestBound: lowestBound)
    }
    if let progress { report?(progress) }
  }
}
