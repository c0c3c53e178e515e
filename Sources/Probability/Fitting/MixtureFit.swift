internal import Foundation
internal import NetworkModel

/// A mixture of normal laws that fits points, by expectation and maximisation.
///
/// Source: Dempster, Laird and Rubin (1977); started by k-means++ of Arthur and Vassilvitskii (2007).
public struct MixtureFit: Sendable {
  /// What the covariance of a part may be.
  public enum Shape: String, Sendable, CaseIterable {
    /// Any.
    case full
    /// Independent entries.
    case diagonal
  }

  /// How the search is done.
  public struct Options: Sendable {
    /// What the covariance of a part may be.
    public var shape: Shape
    /// How often the search is started; the best result counts.
    public var restarts: Int
    /// What is added to every variance, so that no part shrinks to a point.
    public var floor: Double
    /// What the starts are drawn with.
    public var seed: UInt64
    /// The most steps of one search.
    public var steps: Int
    /// The gain of the mean log-likelihood below which a search ends.
    public var tolerance: Double

    /// Options, each with a default.
    ///
    /// - Parameters:
    ///   - shape: What the covariance of a part may be.
    ///   - restarts: How often the search is started.
    ///   - floor: What is added to every variance.
    ///   - seed: What the starts are drawn with.
    ///   - steps: The most steps of one search.
    ///   - tolerance: The gain below which a search ends.
    public init(
      shape: Shape = .full, restarts: Int = 5, floor: Double = 1e-6, seed: UInt64 = 0,
      steps: Int = 1000, tolerance: Double = 1e-9
    ) {
      self.shape = shape
      self.restarts = restarts
      self.floor = floor
      self.seed = seed
      self.steps = steps
      self.tolerance = tolerance
    }
  }

  /// One normal law of the mixture.
  public struct Part: Sendable {
    /// Its weight; those of all parts sum to one up to rounding.
    public var weight: Double
    /// Its mean.
    public var mean: [Double]
    /// Its covariance `[entries][entries]`, the ``Options/floor`` included.
    public var covariance: [Double]
  }

  /// The parts, the heaviest one first.
  public private(set) var parts: [Part]
  /// The mean over the points of the logarithm of the density.
  public private(set) var logLikelihood: Double
  /// Whether the last step gained less than the tolerance.
  public private(set) var hasConverged: Bool

  /// Fits a mixture.
  ///
  /// - Parameters:
  ///   - points: At least as many as parts, in one list, point after point.
  ///   - dimension: How many entries a point has.
  ///   - count: How many parts.
  ///   - options: How the search is done.
  /// - Throws: ``DataError`` for fewer points than parts and for options that make no sense.
  public init(
    _ points: [Double], dimension: Int, parts count: Int, options: Options = Options()
  ) throws(DataError) {
    precondition(dimension > 0 && points.count.isMultiple(of: dimension), "whole points are given")
    let rows = points.count / dimension
    guard count > 0, rows >= count else {
      throw DataError("found \(rows) points, expected at least \(max(1, count)), one for each part")
    }
    guard options.restarts > 0, options.steps > 0, options.floor >= 0, options.floor.isFinite else {
      throw DataError("found options without a start, a step or a floor of at least zero")
    }
    var generator = SeededGenerator(seed: options.seed)
    var best: MixtureFit?
    for _ in 0..<options.restarts {
      var search = MixtureSearch(points, dimension: dimension, options)
      guard search.start(count, &generator) else { continue }
      let fit = search.run()
      if fit.logLikelihood > best?.logLikelihood ?? -.infinity { best = fit }
    }
    guard let best else {
      throw DataError(
        "found points that no \(count) normal laws fit: parts shrink to nothing; a greater floor helps"
      )
    }
    self = best
  }

  init(_ parts: [Part], logLikelihood: Double, hasConverged: Bool) {
    self.parts = parts.sorted { $0.weight > $1.weight }
    self.logLikelihood = logLikelihood
    self.hasConverged = hasConverged
  }
}

/// One search from one start.
private struct MixtureSearch {
  private let points: [Double]
  private let dimension: Int
  private let rows: Int
  private let options: MixtureFit.Options
  private var parts: [MixtureFit.Part] = []
  /// `[points][parts]`: how much of a point belongs to a part.
  private var shares: [Double] = []

  init(_ points: [Double], dimension: Int, _ options: MixtureFit.Options) {
    self.points = points
    self.dimension = dimension
    self.options = options
    rows = points.count / dimension
  }

  private func point(_ row: Int) -> ArraySlice<Double> {
    points[row * dimension..<(row + 1) * dimension]
  }

  /// Divides the points among centres; false where the first parts cannot be made.
  mutating func start(_ count: Int, _ generator: inout SeededGenerator) -> Bool {
    var centres = [Array(point(Int.random(in: 0..<rows, using: &generator)))]
    var distances = [Double](repeating: .infinity, count: rows)
    while centres.count < count {
      for row in 0..<rows {
        distances[row] = min(distances[row], squaredDistance(row, centres[centres.count - 1]))
      }
      var rest = generator.uniform() * distances.reduce(0, +)
      let chosen = distances.firstIndex { distance in
        rest -= distance
        return rest < 0
      }
      centres.append(Array(point(chosen ?? rows - 1)))
    }
    var nearest = [Int](repeating: -1, count: rows)
    for _ in 0..<100 {
      let next = (0..<rows).map { row in
        centres.indices.min {
          squaredDistance(row, centres[$0]) < squaredDistance(row, centres[$1])
        } ?? 0
      }
      guard next != nearest else { break }
      nearest = next
      move(&centres, to: nearest)
    }
    shares = [Double](repeating: 0, count: rows * count)
    for row in 0..<rows { shares[row * count + nearest[row]] = 1 }
    parts = centres.map { MixtureFit.Part(weight: 0, mean: $0, covariance: []) }
    return maximise()
  }

  private func squaredDistance(_ row: Int, _ centre: [Double]) -> Double {
    var sum = 0.0
    for (value, middle) in zip(point(row), centre) { sum += (value - middle) * (value - middle) }
    return sum
  }

  private func move(_ centres: inout [[Double]], to nearest: [Int]) {
    var counts = [Double](repeating: 0, count: centres.count)
    var sums = centres.map { [Double](repeating: 0, count: $0.count) }
    for row in 0..<rows {
      counts[nearest[row]] += 1
      for (entry, value) in point(row).enumerated() { sums[nearest[row]][entry] += value }
    }
    for place in centres.indices where counts[place] > 0 {
      centres[place] = sums[place].map { $0 / counts[place] }
    }
  }

  /// Alternates until nothing is gained.
  mutating func run() -> MixtureFit {
    var best = MixtureFit(parts, logLikelihood: -.infinity, hasConverged: false)
    for _ in 0..<options.steps {
      guard let likelihood = expect() else { return best }
      let gain = likelihood - best.logLikelihood
      best = MixtureFit(
        parts, logLikelihood: likelihood, hasConverged: abs(gain) < options.tolerance)
      guard !best.hasConverged, maximise() else { return best }
    }
    return best
  }

  /// Divides each point among the parts; gives the mean log-likelihood, nil where a part is degenerate.
  private mutating func expect() -> Double? {
    let densities = parts.map { NormalDensity($0, isDiagonal: options.shape == .diagonal) }
    var total = 0.0
    for row in 0..<rows {
      var logs: [Double] = []
      for density in densities {
        guard let density else { return nil }
        logs.append(density.logarithm(at: point(row)))
      }
      let largest = logs.max() ?? 0
      let sum = logs.reduce(0) { $0 + exp($1 - largest) }
      total += largest + log(sum)
      for (place, value) in logs.enumerated() {
        shares[row * parts.count + place] = exp(value - largest) / sum
      }
    }
    let mean = total / Double(rows)
    return mean.isFinite ? mean : nil
  }

  /// Makes the parts fit their shares; false where one has no share left.
  private mutating func maximise() -> Bool {
    for place in parts.indices {
      var (weight, mean) = (0.0, [Double](repeating: 0, count: dimension))
      for row in 0..<rows {
        let share = shares[row * parts.count + place]
        guard share > 0 else { continue }
        weight += share
        for (entry, value) in point(row).enumerated() { mean[entry] += share * value }
      }
      guard weight > 1e-10 * Double(rows) else { return false }
      for entry in 0..<dimension { mean[entry] /= weight }
      parts[place] = MixtureFit.Part(
        weight: weight / Double(rows), mean: mean, covariance: covariance(place, mean, weight))
    }
    return true
  }

  private func covariance(_ place: Int, _ mean: [Double], _ weight: Double) -> [Double] {
    var sum = [Double](repeating: 0, count: dimension * dimension)
    for row in 0..<rows {
      let share = shares[row * parts.count + place]
      guard share > 0 else { continue }
      let shift = zip(point(row), mean).map { $0 - $1 }
      for entry in 0..<dimension {
        let first = options.shape == .full ? 0 : entry
        for other in first...entry {
          sum[entry * dimension + other] += share * shift[entry] * shift[other]
        }
      }
    }
    for entry in 0..<dimension {
      for other in 0...entry {
        let value = sum[entry * dimension + other] / weight + (entry == other ? options.floor : 0)
        sum[entry * dimension + other] = value
        sum[other * dimension + entry] = value
      }
    }
    return sum
  }
}

/// The logarithm of a weighted normal density.
private struct NormalDensity {
  private let mean: [Double]
  /// The lower triangle of Cholesky's factor, or its diagonal.
  private let factor: [Double]
  private let isDiagonal: Bool
  private let constant: Double

  /// Nil where the covariance is not positive definite.
  init?(_ part: MixtureFit.Part, isDiagonal: Bool) {
    let size = part.mean.count
    mean = part.mean
    self.isDiagonal = isDiagonal
    var factor = part.covariance
    for row in 0..<size {
      for column in (isDiagonal ? row : 0)...row {
        var sum = factor[row * size + column]
        if !isDiagonal {
          for inner in 0..<column {
            sum -= factor[row * size + inner] * factor[column * size + inner]
          }
        }
        if row == column {
          guard sum > 0 else { return nil }
          factor[row * size + row] = sum.squareRoot()
        } else {
          factor[row * size + column] = sum / factor[column * size + column]
        }
      }
    }
    self.factor = factor
    let logRoot = (0..<size).reduce(0) { $0 + log(factor[$1 * (size + 1)]) }
    constant = log(part.weight) - logRoot - 0.918938533204672742 * Double(size)
  }

  func logarithm(at point: ArraySlice<Double>) -> Double {
    let size = mean.count
    var solution = [Double](repeating: 0, count: size)
    var square = 0.0
    for row in 0..<size {
      var value = point[point.startIndex + row] - mean[row]
      if !isDiagonal {
        for column in 0..<row { value -= factor[row * size + column] * solution[column] }
      }
      value /= factor[row * (size + 1)]
      solution[row] = value
      square += value * value
    }
    return constant - 0.5 * square
  }
}
