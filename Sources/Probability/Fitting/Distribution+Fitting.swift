internal import ExactArithmetic
internal import LinearAlgebra
internal import NetworkModel

extension Distribution {
  /// How the spread of a fitted normal law is kept.
  public enum FittedSpread: Hashable, Sendable {
    /// The covariance.
    case full
    /// The variances.
    case diagonal
    /// The leading principal directions, and variances of their own for what they leave.
    case rank(Int)
  }

  /// The normal law with the mean and the sample covariance of points.
  ///
  /// The numbers are the shortest decimals that stand for the computed binary64 numbers.
  ///
  /// - Parameters:
  ///   - points: At least two, in one list, point after point.
  ///   - dimension: How many entries a point has.
  ///   - spread: How the spread is kept.
  /// - Returns: The law.
  /// - Throws: ``DataError`` for too few points, or numbers so large that sums overflow.
  public static func fitted(
    to points: [Double], dimension: Int, spread: FittedSpread
  ) throws(DataError) -> Distribution {
    precondition(dimension > 0 && points.count.isMultiple(of: dimension), "whole points are given")
    var accumulator = MomentAccumulator(dimension: dimension, isDiagonal: spread == .diagonal)
    for start in stride(from: 0, to: points.count, by: dimension) {
      accumulator.add(points[start..<start + dimension])
    }
    guard let moments = accumulator.moments(unbiased: true) else {
      throw DataError("found \(accumulator.count) points, expected at least 2")
    }
    let covariance = moments.covariance.weights
    let variances = (0..<dimension).map { covariance[$0 * (dimension + 1)] }
    switch spread {
    case .full:
      return try normal(moments.mean, .covariance(try matrix(covariance, dimension)))
    case .diagonal: return try normal(moments.mean, .variances(try shortest(variances)))
    case .rank(let rank):
      guard rank > 0, rank <= dimension else {
        throw DataError("found the rank \(rank), expected one from 1 to \(dimension)")
      }
      guard let spectrum = SymmetricSpectrum(covariance, size: dimension) else {
        throw DataError("found a covariance without eigenvalues, as its numbers are too large")
      }
      var factor: [Double] = []
      for row in 0..<dimension {
        for place in 0..<rank {
          factor.append(
            spectrum.vectors[place][row] * max(0, spectrum.values[place]).squareRoot())
        }
      }
      let rest = (0..<dimension).map { row in
        max(0, variances[row] - factor[row * rank..<(row + 1) * rank].reduce(0) { $0 + $1 * $1 })
      }
      return try normal(
        moments.mean,
        .lowRank(factor: try matrix(factor, dimension), diagonal: try shortest(rest)))
    }
  }

  /// The mixture of a fit.
  ///
  /// Weights are rounded to twelve decimal places, the heaviest one so that they sum to 1 exactly.
  ///
  /// - Parameters:
  ///   - fit: The fit.
  ///   - shape: The shape that it was made with.
  /// - Throws: ``DataError`` for numbers that are not finite.
  public init(_ fit: MixtureFit, shape: MixtureFit.Shape) throws(DataError) {
    let unit = Rational(1_000_000_000_000)
    var weights = fit.parts.map { Rational(Int(($0.weight * 1e12).rounded())) / unit }
    weights[0] = weights.dropFirst().reduce(.one, -)
    var parts: [(weight: Rational, law: Distribution)] = []
    for (weight, part) in zip(weights, fit.parts) where weight.signum > 0 {
      let size = part.mean.count
      let spread: Gaussian.Spread =
        switch shape {
        case .full: .covariance(try Self.matrix(part.covariance, size))
        case .diagonal:
          .variances(try Self.shortest((0..<size).map { part.covariance[$0 * (size + 1)] }))
        }
      parts.append((weight, try Self.normal(part.mean, spread)))
    }
    do { self = try Distribution(mixing: parts) } catch { throw DataError(error.message) }
  }

  private static func normal(
    _ mean: [Double], _ spread: Gaussian.Spread
  ) throws(DataError) -> Distribution {
    do {
      return Distribution(try Gaussian(mean: shortest(mean), spread: spread))
    } catch let error as DistributionError {
      throw DataError(error.message)
    } catch { throw DataError("\(error)") }
  }

  private static func matrix(_ entries: [Double], _ rows: Int) throws(DataError) -> ExactMatrix {
    ExactMatrix(rows: rows, columns: entries.count / rows, try shortest(entries))
  }

  /// The shortest decimals that stand for some doubles.
  private static func shortest(_ doubles: [Double]) throws(DataError) -> ExactNumbers {
    switch ExactNumbers.reading(doubles.map { Substring("\($0)") }) {
    case .success(let numbers): return numbers
    case .failure:
      throw DataError("found points so large that their moments are beyond the range of binary64")
    }
  }
}
