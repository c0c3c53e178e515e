internal import Certificates
internal import Foundation
internal import NetworkModel
internal import Probability

/// Mean and covariance of a network's outputs, with what they may be off.
struct OutputMoments {
  /// A number, and what it may be off.
  struct Number {
    let value: Double
    /// Nothing where the number is exact.
    let error: Double?
  }

  /// Mean and standard deviation of a combination of the outputs.
  struct Spread {
    let mean: Number
    let deviation: Number
  }

  private let moments: Distribution.Moments
  /// Of the means and of the covariances; nothing where they are exact.
  private let errors: (means: [Double], covariances: [Double])?

  /// In closed form.
  init(_ moments: Distribution.Moments) { (self.moments, errors) = (moments, nil) }

  /// Sampled.
  init(_ estimate: MomentEstimate) {
    moments = estimate.moments
    errors = (estimate.meanErrors, estimate.covarianceErrors)
  }

  /// Those of a combination of the outputs, and a constant; errors at most add up.
  func spread(of weights: [Double], shift: Double) -> Spread {
    let mean = zip(weights, moments.mean).reduce(shift) { $0 + $1.0 * $1.1 }
    let meanError = errors.map { zip(weights, $0.means).reduce(0) { $0 + abs($1.0) * $1.1 } }
    var (variance, varianceError) = (0.0, 0.0)
    for (row, weight) in weights.enumerated() {
      for (column, factor) in weights.enumerated() {
        let place = row * weights.count + column
        variance += weight * factor * moments.covariance.weights[place]
        varianceError += abs(weight * factor) * (errors?.covariances[place] ?? 0)
      }
    }
    let deviation = max(0, variance).squareRoot()
    // Where the variance is not known to be above zero, its root is off by the root of the error.
    let least = max(0, variance - varianceError).squareRoot()
    let greatest = max(0, variance + varianceError).squareRoot()
    return Spread(
      mean: Number(value: mean, error: meanError),
      deviation: Number(
        value: deviation,
        error: errors == nil ? nil : max(deviation - least, greatest - deviation)))
  }

  var json: JSON {
    let size = moments.mean.count
    func matrix(_ entries: [Double]) -> JSON {
      .array(of: Array(0..<size)) { row in
        .array(of: entries[row * size..<(row + 1) * size], \.json)
      }
    }
    return [
      "mean": .array(of: moments.mean, \.json),
      "covariance": matrix(moments.covariance.weights),
      "meanError": errors.map { .array(of: $0.means, \.json) } ?? .null,
      "covarianceError": errors.map { matrix($0.covariances) } ?? .null,
      "status": errors == nil ? "exact" : "estimate",
      "confidence": errors == nil ? .null : .number("0.999"),
    ]
  }
}

extension OutputMoments.Number {
  var text: String {
    guard let error else { return "\(value.significant(12)) (exact)" }
    return "\(value.significant(6)) ± \(error.significant(2)) (estimate, 99.9 %)"
  }
}
