public import NetworkModel

/// How often events happened among drawn inputs: a cross-check, never more than an estimate.
public struct EventSample: Sendable {
  /// How many inputs were drawn.
  public let count: Int
  /// How often each event happened among them.
  public let hits: [Int]

  /// Draws inputs and looks at the events in binary64.
  ///
  /// - Parameters:
  ///   - events: Their networks are numbered as in `networks`.
  ///   - networks: Each with one input of the law's size.
  ///   - law: The law of the input.
  ///   - count: How many inputs, above zero.
  ///   - seed: The same seed draws the same inputs.
  ///   - isCancelled: Asked at each draw; `true` ends with ``MassError/cancelled``.
  /// - Throws: ``MassError``.
  public init(
    of events: [Event], of networks: [Network], under law: Distribution, count: Int, seed: UInt64,
    isCancelled: () -> Bool = { false }
  ) throws(MassError) {
    precondition(count > 0, "something is drawn")
    let evaluation = try EventEvaluation(networks)
    var generator = SeededGenerator(seed: seed)
    var hits = events.map { _ in 0 }
    for _ in 0..<count {
      guard !isCancelled() else { throw .cancelled }
      let point: [Double]
      do { point = try law.sample(using: &generator) } catch { throw .distribution(error) }
      for (place, event) in events.enumerated()
      where try evaluation.happens(event, at: point) {
        hits[place] += 1
      }
    }
    self.count = count
    self.hits = hits
  }

  /// The exact intervals for the probabilities of all events.
  ///
  /// - Parameter confidence: The chance with which all of them hold at once, at least.
  /// - Returns: The intervals of Clopper and Pearson.
  public func intervals(confidence: Double) -> [BinomialInterval] {
    let each = 1 - (1 - confidence) / Double(hits.count)
    return hits.map { BinomialInterval(hits: $0, of: count, confidence: each) }
  }
}
