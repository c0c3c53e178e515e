internal import ExactArithmetic
public import NetworkModel

internal import Approximation

/// How often output events happened among drawn inputs: a cross-check, never more than an estimate.
public struct OutputSample: Sendable {
  /// The outputs of each drawn input.
  public let outputs: [[Double]]

  /// Draws inputs and evaluates the network in binary64.
  ///
  /// - Parameters:
  ///   - network: With one input.
  ///   - distribution: The law of its input.
  ///   - count: How many inputs, above zero.
  ///   - seed: The same seed draws the same inputs.
  /// - Throws: ``MassError``.
  public init(
    of network: Network, under distribution: Distribution, count: Int, seed: UInt64
  ) throws(MassError) {
    precondition(count > 0, "something is drawn")
    var generator = SeededGenerator(seed: seed)
    var outputs: [[Double]] = []
    outputs.reserveCapacity(count)
    for _ in 0..<count {
      let point: [Double]
      do { point = try distribution.sample(using: &generator) } catch { throw .distribution(error) }
      outputs.append(network.evaluate([point]).flatMap { $0 })
    }
    self.outputs = outputs
  }

  /// How many inputs were drawn.
  public var count: Int { outputs.count }

  /// The exact interval for the probability that conditions hold together.
  ///
  /// Rounding: outputs are those of an execution in binary64; at an atom they may fall on either side of
  /// a limit that equals it.
  ///
  /// - Parameters:
  ///   - conditions: On the outputs.
  ///   - confidence: The chance with which the interval is to hold the probability.
  /// - Returns: How many draws met the conditions, and the interval of Clopper and Pearson.
  public func interval(
    of conditions: [OutputCondition], confidence: Double = 0.99
  ) -> (hits: Int, interval: BinomialInterval) {
    let numeric = conditions.map { condition in
      (
        weights: condition.weights.map(\.nearestDouble), limit: condition.limit.nearestDouble,
        isStrict: condition.isStrict
      )
    }
    let hits = outputs.count { output in
      numeric.allSatisfy { condition in
        let value = zip(condition.weights, output).reduce(0) { $0 + $1.0 * $1.1 }
        return condition.isStrict ? value < condition.limit : value <= condition.limit
      }
    }
    return (hits, BinomialInterval(hits: hits, of: count, confidence: confidence))
  }
}
