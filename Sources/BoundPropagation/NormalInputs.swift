internal import Glibc
internal import LinearAlgebra

/// Inputs of which some have independent normal laws; the others lie in a box.
///
/// A linear form of them has a mean and a deviation, which stand in for its minimum over a box: it hardly
/// ever lies many deviations below its mean, however many inputs there are.
public struct NormalInputs: Hashable, Sendable {
  /// The mean of each input; of those in the box any number.
  public let mean: [Double]
  /// The standard deviation of each input; zero of those in the box.
  public let deviation: [Double]

  /// States the laws.
  ///
  /// - Parameters:
  ///   - mean: The mean of each input.
  ///   - deviation: The standard deviation of each input; zero of those in the box.
  public init(mean: [Double], deviation: [Double]) {
    precondition(mean.count == deviation.count, "an input has a mean and a deviation")
    (self.mean, self.deviation) = (mean, deviation)
  }

  /// The mean of a form over the normal inputs, with the others where it is least, and its deviation.
  ///
  /// - Parameters:
  ///   - coefficients: One per input.
  ///   - constant: The constant.
  ///   - lower: The lower end of each input of the box.
  ///   - upper: The upper end.
  /// - Returns: Both; not a number where the arithmetic failed.
  public func spread(
    _ coefficients: [Double], constant: Double, lower: [Double], upper: [Double]
  ) -> (centre: Double, deviation: Double) {
    var (centre, square) = (constant, 0.0)
    for (entry, coefficient) in coefficients.enumerated() {
      if deviation[entry] > 0 {
        centre += coefficient * mean[entry]
        square += coefficient * deviation[entry] * coefficient * deviation[entry]
      } else {
        centre += coefficient * (coefficient < 0 ? upper[entry] : lower[entry])
      }
    }
    return (centre, square.squareRoot())
  }
}

extension Propagator {
  /// What an ascent makes as large as it can: the least value of a form on its box; where inputs are normal,
  /// the value so many deviations below the mean, or how many deviations the mean lies above zero.
  func height(
    _ coefficients: MatrixView?, constant: Double, row: Int, box: Int, deviations: Double?
  ) -> Double {
    guard let normal = normals[box], let coefficients else {
      return minimum(coefficients, constant: constant, row: row, box: box)
    }
    let (centre, deviation) = normal.spread(
      coefficients.array(ofRow: row), constant: constant, lower: lower.array(ofRow: box),
      upper: upper.array(ofRow: box))
    return Self.height(centre, deviation, deviations)
  }

  private static func height(_ centre: Double, _ deviation: Double, _ deviations: Double?) -> Double
  {
    let height =
      deviations.map { centre - $0 * deviation }
      ?? centre / max(deviation, centre.magnitude * 0x1p-40, .leastNormalMagnitude)
    return height < .infinity ? height : .nan
  }

  /// Writes the point that a row's height is found at: the gradient of its value there is that of the height.
  func placeLowest(
    _ coefficients: MatrixView, constant: Double, row: Int, box: Int, deviations: Double?,
    into points: MatrixView
  ) {
    guard let normal = normals[box] else {
      unsafe RowKernel.minimiser(
        coefficients.pointer(toRow: row), lower: lower.pointer(toRow: box),
        upper: upper.pointer(toRow: box), into: points.pointer(toRow: row), count: points.columns)
      return
    }
    let values = coefficients.array(ofRow: row)
    let (low, high) = (lower.array(ofRow: box), upper.array(ofRow: box))
    let (centre, deviation) = normal.spread(values, constant: constant, lower: low, upper: high)
    let distance = deviations ?? Self.height(centre, deviation, nil)
    for (entry, coefficient) in values.enumerated() {
      let spread = normal.deviation[entry]
      guard spread > 0 else {
        points[row, entry] = coefficient < 0 ? high[entry] : low[entry]
        continue
      }
      let step = deviation > 0 ? coefficient * spread / deviation : 0
      points[row, entry] = normal.mean[entry] - distance * spread * step
    }
  }
}
