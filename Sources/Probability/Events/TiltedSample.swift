internal import Foundation
public import NetworkModel

/// The probability of a rare event under a normal law, from inputs drawn around where it happens.
///
/// With `x = mean + L z` the draws z come from standard normal laws moved to places where the event was met,
/// and some from the law itself; each is weighted by the density of z over that of the whole
/// mixture. Among the points whose weight is at most a limit, the bound of Maurer and Pontil holds for what
/// the event has there. What it has elsewhere is counted in as many ordinary draws; no number of tilted
/// ones could exclude it. Places, mixture and limit are chosen by draws of their own.
///
/// Source: Maurer and Pontil, *Empirical Bernstein bounds* (2009), theorem 4; Rubinstein, *The
/// cross-entropy method* (1999); Veach and Guibas, *Optimally combining sampling techniques* (1995).
public struct TiltedSample: Sendable {
  /// Draws of one step of the mixture, and how many steps there are.
  private static let (pilots, steps) = (4000, 3)

  /// How many tilted inputs were drawn, and as many ordinary ones.
  public let count: Int
  /// Around how many places.
  public let centres: Int
  /// The estimate of the probability: the average of the weights up to the limit, and the frequency
  /// elsewhere.
  public let value: Double
  /// The probability is not below this.
  public let lower: Double
  /// The probability of what the event has up to the limit is not above this.
  public let upperInside: Double
  /// The probability of what the event has elsewhere is not above this.
  public let upperOutside: Double

  /// The probability is not above this.
  public var upper: Double { min(1, upperInside + upperOutside) }

  /// Draws inputs; nothing where the law is not normal, or no input was found where the event happens.
  ///
  /// - Parameters:
  ///   - event: Its networks are numbered as in `networks`.
  ///   - networks: Each with one input of the law's size.
  ///   - law: The law of the input.
  ///   - count: How many inputs, above one.
  ///   - confidence: The chance with which the bounds hold, at least.
  ///   - seed: The same seed draws the same inputs.
  ///   - isCancelled: Asked at each draw; `true` ends with ``MassError/cancelled``.
  /// - Throws: ``MassError``.
  public init?(
    of event: Event, of networks: [Network], under law: Distribution, count: Int,
    confidence: Double, seed: UInt64, isCancelled: @escaping () -> Bool = { false }
  ) throws(MassError) {
    precondition(count > 1, "more than one input is drawn")
    guard case .gaussian(let gaussian) = law.form else { return nil }
    let event = NormalEvent(
      event, of: try EventEvaluation(networks), under: gaussian, isCancelled: isCancelled)
    var generator = SeededGenerator(seed: seed)
    // Four one-sided statements, each wrong with a quarter of the chance.
    let (n, logarithm) = (Double(count), log(8 / (1 - confidence)))
    let range = 7 * logarithm / (3 * (n - 1))
    guard
      let mixture = try Self.mixture(for: event, ordinaryDraws: count, using: &generator),
      let limit = Self.limit(
        try mixture.hits(of: event, among: Self.pilots, using: &generator), range: range)
    else { return nil }

    let weights = try mixture.hits(of: event, among: count, using: &generator)
      .filter { $0.logWeight <= limit }.map { exp($0.logWeight) }
    let mean = weights.reduce(0, +) / n
    let squares = weights.reduce(0) { $0 + $1 * $1 }
    let variance = max(0, squares - n * mean * mean) / (n - 1)
    let slack = (2 * variance * logarithm / n).squareRoot() + exp(limit) * range
    var outside = 0
    for _ in 0..<count {
      let z = generator.normals(around: mixture.origin)
      if mixture.logWeight(of: z) > limit, try event.distance(z) <= 0 { outside += 1 }
    }
    let elsewhere = BinomialInterval(
      hits: outside, of: count, confidence: 1 - (1 - confidence) / 2)
    self.count = count
    centres = mixture.centres.count
    value = mean + Double(outside) / n
    lower = max(0, mean - slack) + elsewhere.lower
    // What is too small for a number is not zero.
    upperInside = min(1, max(mean + slack, .leastNonzeroMagnitude))
    upperOutside = elsewhere.upper
  }

  /// Draws around the places where the event was met; nothing where it was met nowhere.
  private static func mixture(
    for event: NormalEvent, ordinaryDraws count: Int, using generator: inout SeededGenerator
  ) throws(MassError) -> TiltedMixture? {
    var search = TiltedSearch(for: event, seed: generator.next())
    let places = try search.places(ordinaryDraws: count)
    guard !places.isEmpty else { return nil }
    var mixture = TiltedMixture(around: places)
    for _ in 0..<steps {
      mixture = mixture.fitted(to: try mixture.hits(of: event, among: pilots, using: &generator))
    }
    return mixture
  }

  /// The limit of the weights with which the bound may be expected to be best: it costs its range, and
  /// what lies beyond it is missed.
  ///
  /// - Parameters:
  ///   - hits: The points of the event among ``pilots`` draws.
  ///   - range: What the bound loses, times the largest weight.
  /// - Returns: The logarithm of the limit; nothing without points.
  private static func limit(_ hits: [TiltedMixture.Hit], range: Double) -> Double? {
    let weights = hits.map(\.logWeight).sorted(by: >)
    guard let largest = weights.first else { return nil }
    var (limit, least, missed) = (largest, Double.infinity, 0.0)
    for weight in weights {
      let relative = exp(weight - largest)
      if missed + range * relative < least {
        (limit, least) = (weight, missed + range * relative)
      }
      missed += relative / Double(pilots)
    }
    return limit
  }
}
