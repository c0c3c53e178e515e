internal import Foundation
public import NetworkModel

/// The probability of a rare event under a normal law, from inputs drawn around where it happens.
///
/// With `x = mean + L z` the draws are `z ~ N(m, I)`, weighted by `w(z) = exp(|m|² / 2 − m·z)`; the shift
/// m comes from the cross-entropy method. On the half-space `H = {m·z ≥ c}` the weights are at most
/// `exp(|m|² / 2 − c)`, so that the bound of Maurer and Pontil holds for what the event has in H. What it has
/// outside is bounded by ordinary draws; no number of tilted ones could exclude it.
///
/// Source: Maurer and Pontil, *Empirical Bernstein bounds* (2009), theorem 4; Rubinstein, *The
/// cross-entropy method* (1999).
public struct TiltedSample: Sendable {
  /// How many tilted inputs were drawn, and as many ordinary ones.
  public let count: Int
  /// The average of the weights: the estimate of the probability of the event in the half-space.
  public let value: Double
  /// The probability is not below this.
  public let lower: Double
  /// The probability of the event in the half-space is not above this.
  public let upperInside: Double
  /// The probability of the event outside the half-space is not above this.
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
  /// - Throws: ``MassError``.
  public init?(
    of event: Event, of networks: [Network], under law: Distribution, count: Int,
    confidence: Double, seed: UInt64
  ) throws(MassError) {
    precondition(count > 1, "more than one input is drawn")
    guard case .gaussian(let gaussian) = law.form else { return nil }
    var draws = Draws(
      evaluation: try EventEvaluation(networks), event: event, gaussian: gaussian,
      generator: SeededGenerator(seed: seed))
    guard let (shift, limit) = try draws.shift() else { return nil }
    let square = shift.reduce(0) { $0 + $1 * $1 }
    var (sum, squares) = (0.0, 0.0)
    for _ in 0..<count {
      let z = draws.normals(around: shift)
      let along = zip(shift, z).reduce(0) { $0 + $1.0 * $1.1 }
      guard along >= limit, try draws.distance(z) <= 0 else { continue }
      let weight = exp(square / 2 - along)
      sum += weight
      squares += weight * weight
    }
    var outside = 0
    for _ in 0..<count {
      let z = draws.normals(around: shift.map { _ in 0 })
      let along = zip(shift, z).reduce(0) { $0 + $1.0 * $1.1 }
      if along < limit, try draws.distance(z) <= 0 { outside += 1 }
    }
    let n = Double(count)
    let mean = sum / n
    let variance = max(0, squares - n * mean * mean) / (n - 1)
    // Three one-sided statements, each wrong with a third of the chance.
    let logarithm = log(2 / ((1 - confidence) / 3))
    let slack =
      (2 * variance * logarithm / n).squareRoot()
      + 7 * exp(square / 2 - limit) * logarithm / (3 * (n - 1))
    self.count = count
    value = mean
    lower = max(0, mean - slack)
    upperInside = min(1, mean + slack)
    upperOutside =
      BinomialInterval(hits: outside, of: count, confidence: 1 - 2 * (1 - confidence) / 3).upper
  }
}

/// Draws normal numbers and looks at the event there.
private struct Draws {
  /// How many inputs are drawn for one step of the shift, and how many steps there are.
  private static let (size, mostSteps) = (2000, 40)

  let evaluation: EventEvaluation
  let event: Event
  let gaussian: Gaussian
  var generator: SeededGenerator

  private var dimension: Int { gaussian.factor.columns + gaussian.scales.count }

  mutating func normals(around shift: [Double]) -> [Double] {
    var z = shift
    for entry in z.indices { z[entry] += generator.normal() }
    return z
  }

  func distance(_ z: [Double]) throws(MassError) -> Double {
    let columns = gaussian.factor.columns
    var point = gaussian.mean.doubles
    for entry in point.indices {
      point[entry] += gaussian.scales[entry] * z[columns + entry]
      for column in 0..<columns {
        point[entry] += gaussian.factor.weights[entry * columns + column] * z[column]
      }
    }
    return try evaluation.distance(of: point, to: event)
  }

  /// Moves the draws towards the event, a tenth of them at a time.
  ///
  /// - Returns: The shift, and along it the least of its points of the event; nothing where none is
  ///   found.
  mutating func shift() throws(MassError) -> (shift: [Double], limit: Double)? {
    var shift = [Double](repeating: 0, count: dimension)
    for _ in 0..<Self.mostSteps {
      var drawn: [(z: [Double], distance: Double)] = []
      for _ in 0..<Self.size {
        let z = normals(around: shift)
        drawn.append((z, try distance(z)))
      }
      drawn.sort { $0.distance < $1.distance }
      let level = max(0, drawn[Self.size / 10].distance)
      let best = drawn.prefix { $0.distance <= level }
      // Weights relative to the largest, so that none of them overflows.
      let along = best.map { zip(shift, $0.z).reduce(0) { $0 + $1.0 * $1.1 } }
      let least = along.min() ?? 0
      let weights = along.map { exp(least - $0) }
      let total = weights.reduce(0, +)
      guard total > 0 else { return nil }
      if level == 0, shift.contains(where: { $0 != 0 }) { return (shift, least) }
      shift = shift.indices.map { entry in
        zip(best, weights).reduce(0) { $0 + $1.0.z[entry] * $1.1 } / total
      }
    }
    return nil
  }
}
