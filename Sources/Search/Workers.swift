internal import BoundPropagation
internal import Dispatch
internal import Synchronization

/// A fixed number of threads, each with its own work space over one network.
final class Workers: Sendable {
  /// How many parts a round has, whatever the number of threads: runs stay alike.
  static let parts = 2

  private let lanes: [Lane]
  private let threads: Int

  /// One thread's work space.
  private final class Lane: Sendable {
    private struct WorkSpace: ~Copyable {
      let propagator: Propagator
    }

    private let workSpace: Mutex<WorkSpace>

    init(_ network: FloatNetwork, batchSize: Int) {
      workSpace = Mutex(WorkSpace(propagator: Propagator(network, batchSize: batchSize)))
    }

    func use<Result: Sendable>(_ body: (Propagator) -> Result) -> Result {
      workSpace.withLock { body($0.propagator) }
    }
  }

  init(_ network: FloatNetwork, threads: Int, batchSize: Int) {
    self.threads = max(1, threads)
    lanes = (0..<Self.parts).map { _ in Lane(network, batchSize: batchSize) }
  }

  /// Does work for each of a number of parts, on one thread or on as many as the machine has.
  static func perform(_ parts: Int, threads: Int, _ work: @Sendable (Int) -> Void) {
    if threads == 1 {
      for part in 0..<parts { work(part) }
    } else {
      DispatchQueue.concurrentPerform(iterations: parts, execute: work)
    }
  }

  /// Processes the parts of `items`, on as many threads as there are.
  ///
  /// - Returns: The results in the order of the items.
  func map<Item: Sendable, Result: Sendable>(
    _ items: [Item], _ process: @escaping @Sendable (ArraySlice<Item>, Propagator) -> [Result]
  ) -> [Result] {
    let middle = (items.count + 1) / Self.parts
    let slices = [items[..<middle], items[middle...]].filter { !$0.isEmpty }
    let results = Mutex([[Result]](repeating: [], count: slices.count))
    let work = { @Sendable (part: Int) in
      let found = self.lanes[part].use { process(slices[part], $0) }
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
