public import ExactArithmetic

/// A probability law of the inputs of a network, exactly as it is written.
///
/// `specs/format/distribution.md` gives the language. Laws are built from normal, uniform and discrete
/// ones by mixing, by putting independent ones side by side, by truncation and by clipping; degenerate
/// ones are as good as any.
public struct Distribution: Sendable {
  /// How a law is made.
  public indirect enum Form: Sendable {
    /// A normal law.
    case gaussian(Gaussian)
    /// One of several laws, chosen by weight.
    case mixture([(weight: Rational, law: Distribution)])
    /// Uniform on a box; an entry whose ends are equal is that number.
    case uniform(Box)
    /// Independent laws of consecutive entries.
    case product([Distribution])
    /// Finitely many points.
    case discrete(DiscreteLaw)
    /// The points of a discrete law, each with normal noise around it.
    case kernel(DiscreteLaw, Gaussian.Spread)
    /// A law given that its point lies in a box.
    case truncated(Distribution, to: Box)
    /// A law whose entries are moved to the nearest end of a box where they lie outside.
    case clipped(Distribution, to: Box)
  }

  /// How the law is made.
  public let form: Form
  /// How many entries a point has.
  public let dimension: Int

  /// A normal law.
  ///
  /// - Parameter gaussian: The law.
  public init(_ gaussian: Gaussian) {
    form = .gaussian(gaussian)
    dimension = gaussian.dimension
  }

  /// A mixture.
  ///
  /// - Parameter parts: Laws of the same number of entries, with positive weights of sum 1.
  /// - Throws: ``DistributionError`` for anything else.
  public init(mixing parts: [(weight: Rational, law: Distribution)]) throws(DistributionError) {
    guard let first = parts.first else {
      throw DistributionError(.whole, "found no laws, expected a mixture of some")
    }
    for (place, part) in parts.enumerated() where part.law.dimension != first.law.dimension {
      throw DistributionError(
        .values, entry: place,
        "found a law of \(part.law.dimension) entries, expected \(first.law.dimension), as the "
          + "first one has")
    }
    try ProbabilityList.check(parts.map(\.weight), noun: "weight", allowsZero: false)
    form = .mixture(parts)
    dimension = first.law.dimension
  }

  /// A uniform law.
  ///
  /// - Parameter box: Where; bounded.
  /// - Throws: ``DistributionError`` where an end is infinite.
  public init(uniformOn box: Box) throws(DistributionError) {
    if let entry = box.firstUnbounded {
      throw DistributionError(
        .values, entry: entry, "found an infinite end, expected a bounded box for a uniform law")
    }
    form = .uniform(box)
    dimension = box.dimension
  }

  /// Independent laws side by side.
  ///
  /// - Parameter parts: At least one.
  /// - Throws: ``DistributionError`` for none.
  public init(product parts: [Distribution]) throws(DistributionError) {
    guard !parts.isEmpty else {
      throw DistributionError(.whole, "found no laws, expected a product of some")
    }
    form = .product(parts)
    dimension = parts.reduce(0) { $0 + $1.dimension }
  }

  /// A law on finitely many points.
  ///
  /// - Parameter law: The law.
  public init(_ law: DiscreteLaw) {
    form = .discrete(law)
    dimension = law.points.columns
  }

  /// A kernel density: normal noise around each point of a discrete law.
  ///
  /// - Parameters:
  ///   - law: The points, with their probabilities.
  ///   - spread: Of the noise.
  /// - Throws: ``DistributionError`` for a spread that is none, or of another number of entries.
  public init(
    kernelAround law: DiscreteLaw, spread: Gaussian.Spread
  ) throws(DistributionError) {
    _ = try Gaussian(mean: law.point(0), spread: spread)
    form = .kernel(law, spread)
    dimension = law.points.columns
  }

  /// This law, given that its point lies in a box.
  ///
  /// - Parameter box: Of as many entries; its probability is not looked at here.
  /// - Returns: The truncated law.
  /// - Throws: ``DistributionError`` for a box of another number of entries.
  public func truncated(to box: Box) throws(DistributionError) -> Distribution {
    try check(box)
    return Distribution(form: .truncated(self, to: box), dimension: dimension)
  }

  /// This law with its entries moved into a box.
  ///
  /// - Parameter box: Of as many entries.
  /// - Returns: The clipped law.
  /// - Throws: ``DistributionError`` for a box of another number of entries.
  public func clipped(to box: Box) throws(DistributionError) -> Distribution {
    try check(box)
    return Distribution(form: .clipped(self, to: box), dimension: dimension)
  }

  private init(form: Form, dimension: Int) {
    self.form = form
    self.dimension = dimension
  }

  private func check(_ box: Box) throws(DistributionError) {
    guard box.dimension == dimension else {
      throw DistributionError(
        .whole, "found a box of \(box.dimension) entries, expected \(dimension), as the law has")
    }
  }
}

/// Probabilities that a person wrote.
enum ProbabilityList {
  /// Holds numbers to what probabilities are.
  static func check(
    _ numbers: [Rational], noun: String, allowsZero: Bool
  ) throws(DistributionError) {
    for (entry, number) in numbers.enumerated()
    where number.signum < 0 || (number.signum == 0 && !allowsZero) {
      throw DistributionError(
        .spread, entry: entry,
        "found the \(noun) \(number.shortText), expected "
          + (allowsZero ? "none below zero" : "a positive number"))
    }
    let sum = numbers.reduce(.zero, +)
    guard sum == .one else {
      let plural = noun.hasSuffix("y") ? "\(noun.dropLast())ies" : "\(noun)s"
      throw DistributionError(
        .spread, "found \(plural) that sum to \(sum.shortText), expected 1 exactly")
    }
  }
}

extension Rational {
  /// The numeral where it is short, else the fraction, for messages.
  var shortText: String {
    guard let numeral = decimalNumeral, numeral.utf8.count <= 24 else {
      return "\(numerator)/\(denominator)"
    }
    return numeral.hasSuffix(".0") ? String(numeral.dropLast(2)) : numeral
  }
}
