internal import BigInt
internal import ExactArithmetic
internal import MassArithmetic
internal import NetworkModel
internal import Probability

/// Why a law has no proofs yet.
public struct LawWithoutProof: Error, Hashable, Sendable {
  /// One phrase: what is not supported.
  public let reason: String
}

/// A law in the form that proofs know: a mixture of maps of independent coordinates.
struct LatentLaw {
  struct Component {
    var weight: Rational
    var laws: [CoordinateLaw]
    /// An offset and factors for each input; nil where the inputs are the coordinates.
    var map: [[Rational]]?
  }

  /// The most components that are listed.
  static let limit = 4096

  let components: [Component]

  /// Brings a distribution to this form, with the exact numbers of its text.
  init(_ law: Distribution) throws(LawWithoutProof) {
    components = try Self.components(of: law)
    guard components.count <= Self.limit else {
      throw LawWithoutProof(reason: "a mixture of more than \(Self.limit) laws")
    }
  }

  private static func components(
    of law: Distribution
  ) throws(LawWithoutProof) -> [Component] {
    switch law.form {
    case .gaussian(let gaussian): return [try normal(gaussian.mean.fractions, gaussian)]
    case .mixture(let parts):
      var all: [Component] = []
      for part in parts {
        all += try components(of: part.law).map {
          Component(weight: part.weight * $0.weight, laws: $0.laws, map: $0.map)
        }
      }
      return all
    case .uniform(let box):
      var laws: [CoordinateLaw] = []
      for (lower, upper) in zip(box.lower, box.upper) {
        guard let lower, let upper else {
          throw LawWithoutProof(reason: "a uniform law without bounds")
        }
        laws.append(lower == upper ? point(lower) : .uniform(lower: lower, upper: upper))
      }
      return [Component(weight: .one, laws: laws)]
    case .product(let parts):
      var products = [Component(weight: .one, laws: [])]
      for part in parts {
        let factors = try components(of: part)
        guard products.count * factors.count <= limit else {
          throw LawWithoutProof(reason: "a product of more than \(limit) laws")
        }
        products = products.flatMap { left in factors.map { left.beside($0) } }
      }
      return products
    case .discrete(let law): return discrete(law)
    case .kernel(let law, let spread):
      var all: [Component] = []
      for place in 0..<law.count where law.probability(place).signum > 0 {
        guard let noise = try? Gaussian(mean: law.point(place), spread: spread) else {
          throw LawWithoutProof(reason: "the spread of a kernel")
        }
        var part = try normal(noise.mean.fractions, noise)
        part.weight = law.probability(place)
        all.append(part)
      }
      return all
    case .truncated(let law, let box):
      let parts = try components(of: law)
      guard parts.count == 1 else { throw LawWithoutProof(reason: "a truncated mixture") }
      return [
        try parts[0].changed("truncated") { (law, place) throws(LawWithoutProof) in
          try truncated(law, box.lower[place], box.upper[place])
        }
      ]
    case .clipped(let law, let box):
      return try components(of: law).map { (part) throws(LawWithoutProof) in
        try part.changed("clipped") { (law, place) throws(LawWithoutProof) in
          try clipped(law, box.lower[place], box.upper[place])
        }
      }
    }
  }

  // MARK: Laws of one coordinate

  private static func point(_ value: Rational) -> CoordinateLaw {
    .points([.init(value: value, probability: .one)])
  }

  private static func normal(
    _ mean: [Rational], _ gaussian: Gaussian
  ) throws(LawWithoutProof) -> Component {
    let size = mean.count
    if gaussian.isDiagonal {
      return Component(
        weight: .one,
        laws: (0..<size).map { entry in
          let variance = gaussian.covariance(entry, entry)
          return variance == .zero
            ? point(mean[entry]) : .normal(mean: mean[entry], variance: variance)
        })
    }
    let standard = CoordinateLaw.normal(mean: .zero, variance: .one)
    switch gaussian.spread {
    case .lowRank(let factor, let diagonal):
      // The entries' own noise has its exact variance, no factor.
      let noisy = (0..<size).filter { diagonal[$0].signum > 0 }
      let map = (0..<size).map { row in
        [mean[row]] + (0..<factor.columns).map { factor.numbers[row * factor.columns + $0] }
          + noisy.map { $0 == row ? Rational.one : .zero }
      }
      let own = noisy.map { CoordinateLaw.normal(mean: .zero, variance: diagonal[$0]) }
      return Component(
        weight: .one, laws: (0..<factor.columns).map { _ in standard } + own, map: map)
    case .covariance, .standardDeviations, .variances:
      let parts = try ExactFactor(of: gaussian).parts
      let map = (0..<size).map { row in [mean[row]] + parts.map { $0.column[row] } }
      return Component(
        weight: .one, laws: parts.map { .normal(mean: .zero, variance: $0.variance) }, map: map)
    }
  }

  private static func discrete(_ law: DiscreteLaw) -> [Component] {
    if law.points.columns == 1 {
      var sums: [Rational: Rational] = [:]
      for place in 0..<law.count where law.probability(place).signum > 0 {
        let value = law.point(place)[0]
        sums[value] = (sums[value] ?? .zero) + law.probability(place)
      }
      let points = sums.sorted { $0.key < $1.key }
        .map { CoordinateLaw.Point(value: $0.key, probability: $0.value) }
      return [Component(weight: .one, laws: [.points(points)])]
    }
    return (0..<law.count).filter { law.probability($0).signum > 0 }.map { place in
      Component(
        weight: law.probability(place), laws: law.point(place).fractions.map { point($0) })
    }
  }

  private static func truncated(
    _ law: CoordinateLaw, _ lower: Rational?, _ upper: Rational?
  ) throws(LawWithoutProof) -> CoordinateLaw {
    if lower == nil, upper == nil { return law }
    let impossible = LawWithoutProof(reason: "a law truncated to where it has no mass")
    switch law {
    case .normal(let mean, let variance):
      if let lower, let upper, lower == upper { throw impossible }
      return .truncatedNormal(mean: mean, variance: variance, lower: lower, upper: upper)
    case .uniform(let first, let last):
      let (low, high) = (max(first, lower ?? first), min(last, upper ?? last))
      guard low < high else { throw impossible }
      return .uniform(lower: low, upper: high)
    case .points(let points):
      let kept = points.filter { $0.value >= lower ?? $0.value && $0.value <= upper ?? $0.value }
      let total = kept.reduce(Rational.zero) { $0 + $1.probability }
      guard total.signum > 0 else { throw impossible }
      return .points(kept.map { .init(value: $0.value, probability: $0.probability / total) })
    case .truncatedNormal, .clipped:
      throw LawWithoutProof(reason: "a law truncated twice, or clipped and then truncated")
    }
  }

  private static func clipped(
    _ law: CoordinateLaw, _ lower: Rational?, _ upper: Rational?
  ) throws(LawWithoutProof) -> CoordinateLaw {
    if lower == nil, upper == nil { return law }
    if case .clipped = law { throw LawWithoutProof(reason: "a law clipped twice") }
    guard let lower, let upper else {
      throw LawWithoutProof(reason: "a law clipped on one side only")
    }
    return lower == upper ? point(lower) : .clipped(law, lower: lower, upper: upper)
  }
}

extension LatentLaw.Component {
  fileprivate init(weight: Rational, laws: [CoordinateLaw]) {
    self.init(weight: weight, laws: laws, map: nil)
  }

  /// This law and another one of further inputs, independent.
  fileprivate func beside(_ other: LatentLaw.Component) -> LatentLaw.Component {
    var joined = LatentLaw.Component(
      weight: weight * other.weight, laws: laws + other.laws, map: nil)
    guard map != nil || other.map != nil else { return joined }
    let (left, right) = (rows, other.rows)
    joined.map =
      left.map { $0 + other.laws.map { _ in Rational.zero } }
      + right.map { [$0[0]] + laws.map { _ in Rational.zero } + $0.dropFirst() }
    return joined
  }

  /// This law and further inputs that are constant: offsets of a map, which cells need not cut.
  func beside(constants: [Rational]) -> LatentLaw.Component {
    guard !constants.isEmpty else { return self }
    return beside(
      LatentLaw.Component(weight: .one, laws: [], map: constants.map { [$0] }))
  }

  private var rows: [[Rational]] {
    map
      ?? laws.indices.map { row in
        [.zero] + laws.indices.map { $0 == row ? Rational.one : .zero }
      }
  }

  /// The same with other laws of its coordinates, which must be the inputs.
  fileprivate func changed(
    _ word: String, _ change: (CoordinateLaw, Int) throws(LawWithoutProof) -> CoordinateLaw
  ) throws(LawWithoutProof) -> LatentLaw.Component {
    guard map == nil else { throw LawWithoutProof(reason: "a \(word) law of dependent inputs") }
    var laws: [CoordinateLaw] = []
    for (place, law) in self.laws.enumerated() { laws.append(try change(law, place)) }
    return LatentLaw.Component(weight: weight, laws: laws)
  }
}
