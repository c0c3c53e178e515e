internal import Approximation
internal import ExactArithmetic
internal import NetworkModel

extension Component {
  init(_ gaussian: Gaussian) {
    weight = 1
    centre = gaussian.mean.doubles
    factor = gaussian.factor
    noise = gaussian.scales.map { $0 == 0 ? .none : .normal($0) }
    hasBinaryNumbers = gaussian.mean.areBinary
  }

  init(_ box: Box) {
    weight = 1
    let ends = zip(box.lowerEnds, box.upperEnds)
    // Halves are summed, so that no sum overflows.
    centre = ends.map { $0 == $1 ? $0 : 0.5 * $0 + 0.5 * $1 }
    noise = ends.map { $0 == $1 ? .none : .uniform(0.5 * $1 - 0.5 * $0) }
    factor = DenseMatrix(rows: box.dimension, columns: 0, weights: [])
    hasBinaryNumbers = box.isBinary
  }

  /// The points of a discrete law that have weight.
  static func atoms(of law: DiscreteLaw) -> [Component] {
    (0..<law.count).compactMap { place in
      let probability = law.probability(place)
      guard probability.signum > 0 else { return nil }
      return Component(
        weight: probability.nearestDouble, centre: law.point(place).doubles,
        factor: DenseMatrix(rows: law.points.columns, columns: 0, weights: []),
        noise: [Noise](repeating: .none, count: law.points.columns),
        hasBinaryNumbers: law.point(place).areBinary)
    }
  }

  /// The same noise around each point of a discrete law that has weight.
  static func kernels(
    of law: DiscreteLaw, _ spread: Gaussian.Spread
  ) throws(DistributionError) -> [Component] {
    var kernel = Component(try Gaussian(mean: law.point(0), spread: spread))
    return (0..<law.count).compactMap { place in
      let probability = law.probability(place)
      guard probability.signum > 0 else { return nil }
      kernel.weight = probability.nearestDouble
      kernel.centre = law.point(place).doubles
      kernel.hasBinaryNumbers = law.point(place).areBinary
      return kernel
    }
  }

  func scaled(by factor: Double) -> Component {
    var component = self
    component.weight *= factor
    return component
  }

  /// Two independent components side by side.
  func beside(_ other: Component) -> Component {
    func joined(_ first: Ends?, _ second: Ends?) -> Ends? {
      guard first != nil || second != nil else { return nil }
      return (first ?? .everywhere(dimension)) + (second ?? .everywhere(other.dimension))
    }
    return Component(
      weight: weight * other.weight, centre: centre + other.centre,
      factor: .blocks(factor, other.factor), noise: noise + other.noise,
      truncation: joined(truncation, other.truncation),
      clipping: joined(clipping, other.clipping),
      hasBinaryNumbers: hasBinaryNumbers && other.hasBinaryNumbers)
  }

  /// Clips what is there already: two clippings of one entry are one.
  func clipped(to box: Box) -> Component {
    var component = self
    component.hasBinaryNumbers = hasBinaryNumbers && box.isBinary
    guard let earlier = clipping else {
      component.clipping = Ends(lower: box.lowerEnds, upper: box.upperEnds)
      return component
    }
    func moved(_ ends: [Double]) -> [Double] {
      ends.indices.map { min(max(ends[$0], box.lowerEnds[$0]), box.upperEnds[$0]) }
    }
    component.clipping = Ends(lower: moved(earlier.lower), upper: moved(earlier.upper))
    return component
  }

  /// Cuts at a box; `nil` where a constant entry lies outside, or nothing is left.
  func truncated(to box: Box) -> Component? {
    var ends = truncation ?? .everywhere(dimension)
    for entry in 0..<dimension {
      var (low, high) = (box.lowerEnds[entry], box.upperEnds[entry])
      if let clipping {
        // The clipped entry is compared with the box; only a bound inside the clipping cuts.
        guard clipping.upper[entry] >= low, clipping.lower[entry] <= high else { return nil }
        if low <= clipping.lower[entry] { low = -.infinity }
        if high >= clipping.upper[entry] { high = .infinity }
      }
      if isConstant(entry) {
        guard low <= centre[entry], centre[entry] <= high else { return nil }
      } else {
        ends.lower[entry] = max(ends.lower[entry], low)
        ends.upper[entry] = min(ends.upper[entry], high)
        guard ends.lower[entry] < ends.upper[entry] else { return nil }
      }
    }
    var component = self
    component.truncation = ends == .everywhere(dimension) ? nil : ends
    return component
  }

  /// The probability of the truncation box: entries without shared noise are done here.
  func truncationProbability(_ boxProbability: (Component) -> Double) -> Double {
    guard let truncation else { return 1 }
    var (rest, probability, isCut) = (self, 1.0, false)
    for entry in 0..<dimension {
      let (low, high) = (truncation.lower[entry], truncation.upper[entry])
      guard low > -.infinity || high < .infinity else { continue }
      guard factor.row(entry).allSatisfy({ $0 == 0 }) else {
        isCut = true
        continue
      }
      probability *= noise[entry].probability(from: low - centre[entry], to: high - centre[entry])
      rest.truncation?.lower[entry] = -.infinity
      rest.truncation?.upper[entry] = .infinity
    }
    return isCut && probability > 0 ? probability * boxProbability(rest) : probability
  }
}

extension Component.Noise {
  /// The probability of an interval.
  func probability(from low: Double, to high: Double) -> Double {
    switch self {
    case .none: return low <= 0 && 0 <= high ? 1 : 0
    case .normal(let deviation):
      return StandardNormal.probability(low / deviation, high / deviation)
    case .uniform(let halfWidth):
      let (low, high) = (max(low, -halfWidth), min(high, halfWidth))
      return max(0, high - low) / (2 * halfWidth)
    }
  }
}
