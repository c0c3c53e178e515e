public import NetworkModel
public import Regions

/// How often patterns occurred among drawn inputs: a cross-check, never more than an estimate.
public struct PatternSample: Sendable {
  /// How many inputs were drawn.
  public let count: Int
  /// How often each pattern occurred.
  public let hits: [ActivationPattern: Int]

  /// Draws inputs and looks at their patterns.
  ///
  /// - Parameters:
  ///   - network: The network.
  ///   - distribution: The law of its input.
  ///   - count: How many inputs, above zero.
  ///   - seed: The same seed draws the same inputs.
  /// - Throws: ``MassError``.
  public init(
    of network: Network, under distribution: Distribution, count: Int, seed: UInt64
  ) throws(MassError) {
    precondition(count > 0, "something is drawn")
    var generator = SeededGenerator(seed: seed)
    var hits: [ActivationPattern: Int] = [:]
    let prepared: RegionNetwork
    do { prepared = try RegionNetwork(network) } catch { throw .regions(error) }
    for _ in 0..<count {
      let point: [Double]
      do { point = try distribution.sample(using: &generator) } catch { throw .distribution(error) }
      do { hits[try prepared.pattern(at: point), default: 0] += 1 } catch { throw .regions(error) }
    }
    self.count = count
    self.hits = hits
  }

  /// The exact interval for the probability of a pattern.
  ///
  /// - Parameters:
  ///   - pattern: Any pattern of the network.
  ///   - confidence: The chance with which the interval is to hold the probability.
  /// - Returns: The interval of Clopper and Pearson; for each pattern alone, not for all together.
  public func interval(
    of pattern: ActivationPattern, confidence: Double = 0.99
  ) -> BinomialInterval {
    BinomialInterval(hits: hits[pattern] ?? 0, of: count, confidence: confidence)
  }
}
