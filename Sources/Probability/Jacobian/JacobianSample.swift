public import NetworkModel
public import Regions

/// The Jacobians at drawn inputs: where regions cannot be enumerated, and as a cross-check.
public struct JacobianSample: Sendable {
  /// How many inputs were drawn.
  public let count: Int
  /// The sizes of the Jacobians that occurred, with how often each did; one for each pattern.
  public let sizes: [(size: JacobianSize, hits: Int)]
  /// The average of the maps at the drawn inputs.
  public let meanMap: AffineMap

  /// Draws inputs and measures the maps of their regions.
  ///
  /// - Parameters:
  ///   - network: With one input.
  ///   - distribution: The law of its input.
  ///   - count: How many inputs, above zero.
  ///   - seed: The same seed draws the same inputs.
  /// - Throws: ``MassError``, also for maps that overflow.
  public init(
    of network: Network, under distribution: Distribution, count: Int, seed: UInt64
  ) throws(MassError) {
    let sample = try PatternSample(of: network, under: distribution, count: count, seed: seed)
    self.count = count
    do throws(RegionsError) {
      let prepared = try RegionNetwork(network)
      var sizes: [(size: JacobianSize, hits: Int)] = []
      var matrix = [Double](repeating: 0, count: prepared.outputSize * prepared.inputSize)
      var offset = [Double](repeating: 0, count: prepared.outputSize)
      for (pattern, hits) in sample.hits.sorted(by: { $0.key < $1.key }) {
        let map = prepared.map(under: pattern)
        guard let size = JacobianSize(map) else {
          throw .notFinite(node: "the Jacobian of \(pattern)")
        }
        sizes.append((size, hits))
        let share = Double(hits) / Double(count)
        for place in matrix.indices { matrix[place] += share * map.matrix[place] }
        for place in offset.indices { offset[place] += share * map.offset[place] }
      }
      self.sizes = sizes
      meanMap = AffineMap(
        rows: prepared.outputSize, columns: prepared.inputSize, matrix: matrix, offset: offset)
    } catch { throw .regions(error) }
  }

  /// How often a norm exceeded a number, with the exact interval for the probability.
  ///
  /// - Parameters:
  ///   - norm: Which.
  ///   - limit: The number.
  ///   - confidence: The chance with which the interval is to hold the probability.
  /// - Returns: How many draws exceeded it, and the interval of Clopper and Pearson.
  public func interval(
    of norm: MatrixNorm, above limit: Double, confidence: Double
  ) -> (hits: Int, interval: BinomialInterval) {
    let hits = sizes.reduce(0) { $0 + ($1.size[norm] > limit ? $1.hits : 0) }
    return (hits, BinomialInterval(hits: hits, of: count, confidence: confidence))
  }

  /// Between which numbers the quantiles of a norm lie, all together with one confidence.
  ///
  /// - Parameters:
  ///   - norm: Which.
  ///   - levels: Between 0 and 1.
  ///   - confidence: The chance with which all intervals hold at once.
  /// - Returns: For each level where the band around the sampled distribution function passes it; 0
  ///   and infinity where it does not.
  public func quantiles(
    of norm: MatrixNorm, at levels: [Double], confidence: Double
  ) -> [(lower: Double, upper: Double)] {
    let halfWidth = EmpiricalBand(of: count, confidence: confidence).halfWidth
    let sorted = sizes.map { (value: $0.size[norm], hits: $0.hits) }
      .sorted { $0.value < $1.value }
    func passing(_ level: Double) -> Double {
      guard level > 0 else { return 0 }
      var hits = 0
      for (value, count) in sorted {
        hits += count
        if Double(hits) >= level * Double(self.count) { return value }
      }
      return .infinity
    }
    return levels.map { (passing($0 - halfWidth), passing($0 + halfWidth)) }
  }
}
