internal import BoundPropagation
internal import Dispatch
internal import Synchronization

/// A fixed number of threads, each with its own work space over one network.
final class Workers: Sendable {
  /// How many parts a round has, whatever the number of threads: runs stay alike.
  static let parts = 2

  private let propagators: [Mutex<PropagatorBox>]
  private let threads: Int

  init(_ network: FloatNetwork, threads: Int, batchSize: Int) {
    self.threads = max(1, threads)
    propagators = (0..<Self.parts).map { _ in
      Mutex(PropagatorBox(Propagator(network, batchSize: batchSize)))
    }
  }

  /// Processes the parts of `items`, on as many threads as there are, and returns the results in the
  /// order of the items.
  func map<Item: Sendable, Result: Sendable>(
    _ items: [Item],
    _ process: @Sendable (ArraySlice<Item>, Propagator) -> [Result]
  ) -> [Result] {
    let half = (items.count + 1) / Self.parts
    let slices = [items[..<min(half, items.count)], items[min(half, items.count)...]]
      .filter { !$0.isEmpty }
    let results = Mutex<[[Result]]>([[Result]](repeating: [], count: slices.count))
    let work: @Sendable (Int) -> Void = { part in
      let found = self.propagators[part].withLock { process(slices[part], $0.propagator) }
      results.withLock { $0[part] = found }
    }
    if threads == 1 || slices.count < 2 {
      for part in slices.indices { work(part) }
    } else {
      DispatchQueue.concurrentPerform(iterations: slices.count, execute: work)
    }
    return results.withLock { $0.flatMap { $0 } }
  }
}
