public import NetworkModel

internal import Approximation
internal import Foundation
internal import LinearProgramming
internal import Regions

/// The mean and the covariance of a network's outputs, sampled: for laws of more than two coordinates.
///
/// Randomly shifted lattices in the coordinates of the noise, or drawn inputs where a law is truncated
/// or clipped; as ``SampledProbability`` has them, the spread of independent repetitions gives the
/// errors, by Student's law at a confidence of 99.9 % for each number.
public struct MomentEstimate: Sendable {
  /// How many independent repetitions there are, of how many points each, and the quantile 0.9995 of
  /// Student's law with one less degrees of freedom.
  private static let (repetitions, points, quantile) = (12, 4093, 4.437)

  /// The estimates.
  public let moments: Distribution.Moments
  /// What each mean may be off, `[outputs]`.
  public let meanErrors: [Double]
  /// What each covariance may be off, row-major `[outputs][outputs]`.
  public let covarianceErrors: [Double]

  /// Samples the outputs.
  ///
  /// - Parameters:
  ///   - network: With one input.
  ///   - distribution: The law of its input.
  ///   - components: The same law as the network sees it.
  ///   - seed: The same seed gives the same answer.
  /// - Throws: ``MassError`` for a law that cannot be drawn from.
  public init(
    of network: Network, under distribution: Distribution, _ components: [LatentComponent],
    seed: UInt64
  ) throws(MassError) {
    let latent = LatentPoints(components, count: Self.points)
    var generator = SeededGenerator(seed: seed)
    var sums: [Sums] = []
    // Products are taken around a point in the middle, so that little cancels.
    var centre: [Double]?
    for _ in 0..<Self.repetitions {
      var sum: Sums?
      func add(_ input: [Double], _ weight: Double) {
        let output = network.evaluate([input]).flatMap { $0 }
        let middle = centre ?? output
        centre = middle
        sum = sum ?? Sums(size: output.count)
        sum?.add(zip(output, middle).map { $0 - $1 }, weight)
      }
      if let latent {
        latent.forEach(using: &generator, add)
      } else {
        for _ in 0..<Self.points {
          let point: [Double]
          do { point = try distribution.sample(using: &generator) } catch {
            throw .distribution(error)
          }
          add(point, 1 / Double(Self.points))
        }
      }
      if let sum { sums.append(sum) }
    }
    self.init(sums, around: centre ?? [])
  }

  /// Puts the repetitions together.
  private init(_ sums: [Sums], around centre: [Double]) {
    let size = centre.count
    let (shift, meanErrors) = Self.average(sums.map(\.first), size)
    let products = sums.map { sum in
      (0..<size * size).map { place in
        let (row, column) = (place / size, place % size)
        // To first order, what the means of one repetition do to the product of means.
        return sum.second[place] - sum.first[row] * shift[column] - shift[row] * sum.first[column]
          + shift[row] * shift[column]
      }
    }
    let (covariance, errors) = Self.average(products, size * size)
    self.meanErrors = meanErrors
    covarianceErrors = errors.enumerated().map { place, error in
      error + meanErrors[place / size] * meanErrors[place % size]
    }
    moments = Distribution.Moments(
      mean: zip(centre, shift).map { $0 + $1 },
      covariance: DenseMatrix(rows: size, columns: size, weights: covariance))
  }

  private static func average(
    _ rows: [[Double]], _ size: Int
  ) -> (means: [Double], errors: [Double]) {
    let count = Double(rows.count)
    let means = (0..<size).map { place in rows.reduce(0) { $0 + $1[place] } / count }
    let errors = (0..<size).map { place -> Double in
      let spread = rows.reduce(0) { $0 + ($1[place] - means[place]) * ($1[place] - means[place]) }
      return quantile * (spread / (count * (count - 1))).squareRoot()
        + 1e-14 * means[place].magnitude
    }
    return (means, errors)
  }
}

/// Weighted sums of vectors and of their products.
private struct Sums {
  private(set) var first: [Double]
  /// Row-major.
  private(set) var second: [Double]

  init(size: Int) {
    first = Array(repeating: 0, count: size)
    second = Array(repeating: 0, count: size * size)
  }

  mutating func add(_ vector: [Double], _ weight: Double) {
    for (row, value) in vector.enumerated() {
      first[row] += weight * value
      for (column, other) in vector.enumerated() {
        second[row * vector.count + column] += weight * value * other
      }
    }
  }
}

/// Inputs at the points of a lattice in the coordinates of the noise.
private struct LatentPoints {
  private let components: [LatentComponent]
  private let count: Int

  /// Nothing where a component is truncated or clipped.
  init?(_ components: [LatentComponent], count: Int) {
    guard
      components.allSatisfy({ $0.clippingGroups == 0 && $0.scope.polytope.rowCount == 0 })
    else { return nil }
    self.components = components
    self.count = count
  }

  /// Visits all points of all components, with their weights, after a random shift.
  func forEach(using generator: inout SeededGenerator, _ visit: ([Double], Double) -> Void) {
    for component in components {
      let dimension = component.dimension
      let lattice = Lattice(count: count, dimensions: dimension)
      let shift = (0..<dimension).map { _ in generator.uniform() }
      for point in 0..<count {
        let places = (0..<dimension).map { entry -> Double in
          let place = Double(point * lattice.generator[entry] % count) / Double(count)
          // Folded at the middle, which makes the integrand periodic.
          return abs(2 * (place + shift[entry]).truncatingRemainder(dividingBy: 1) - 1)
        }
        visit(component.input(at: places), component.weight / Double(count))
      }
    }
  }
}

extension LatentComponent {
  /// The input whose coordinates have the quantiles of some levels.
  fileprivate func input(at levels: [Double]) -> [Double] {
    let chart = scope.chart
    var input = chart.origin
    for (place, level) in levels.enumerated() {
      let value = place < normalCount ? Self.normalQuantile(level) : 2 * level - 1
      for entry in input.indices {
        input[entry] += chart.basis[entry * chart.dimension + place] * value
      }
    }
    return input
  }

  private static func normalQuantile(_ level: Double) -> Double {
    let inside = min(max(level, 0x1p-53), 1 - 0x1p-53)
    return LaneNormal.draw(
      Lanes(repeating: inside), above: Lanes(repeating: -.infinity)
    ).value[0]
  }
}
