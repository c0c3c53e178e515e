internal import NetworkModel
internal import Regions

extension OutputLaw {
  /// The mean and the covariance of all outputs, in floating point: exact up to rounding.
  ///
  /// - Returns: The moments; `nil` where more than two coordinates matter, or regions are missing.
  /// - Throws: ``MassError`` for numbers that are out of range.
  public func moments() throws(MassError) -> Distribution.Moments? {
    guard missing == 0 else { return nil }
    var parts: [(piece: Piece, moments: LatentMoments)] = []
    for piece in pieces.reversed() {
      do throws(NormalError) {
        let moments = try piece.region.component.moments(of: piece.region.halfSpaces)
        guard let moments else { return nil }
        parts.append((piece, moments))
      } catch { throw .normal(error) }
    }
    var mean = [Double](repeating: 0, count: outputSize)
    for (piece, moments) in parts {
      let values = piece.region.map.first(moments, shift: [Double](repeating: 0, count: outputSize))
      for output in mean.indices { mean[output] += piece.region.component.weight * values[output] }
    }
    // Around the mean, so that little cancels.
    var covariance = [Double](repeating: 0, count: outputSize * outputSize)
    for (piece, moments) in parts {
      let products = piece.region.map.second(moments, shift: mean)
      for place in covariance.indices {
        covariance[place] += piece.region.component.weight * products[place]
      }
    }
    return Distribution.Moments(
      mean: mean,
      covariance: DenseMatrix(rows: outputSize, columns: outputSize, weights: covariance))
  }
}

extension AffineMap {
  /// The integral of the image less a shift.
  fileprivate func first(_ moments: LatentMoments, shift: [Double]) -> [Double] {
    (0..<rows).map { output in
      zip(row(output), moments.first).reduce((offset[output] - shift[output]) * moments.mass) {
        $0 + $1.0 * $1.1
      }
    }
  }

  /// The integral of the products of the image less a shift.
  fileprivate func second(_ moments: LatentMoments, shift: [Double]) -> [Double] {
    let constants = (0..<rows).map { offset[$0] - shift[$0] }
    let linear = (0..<rows).map { output in
      zip(row(output), moments.first).reduce(0) { $0 + $1.0 * $1.1 }
    }
    return (0..<rows * rows).map { place in
      let (one, other) = (place / rows, place % rows)
      var sum = constants[one] * constants[other] * moments.mass
      sum += constants[one] * linear[other] + constants[other] * linear[one]
      for (left, weight) in row(one).enumerated() {
        for (right, factor) in row(other).enumerated() {
          sum += weight * factor * moments.second[left * columns + right]
        }
      }
      return sum
    }
  }
}
