/// The part of a box of coordinates with densities where a sum of terms is positive, by the series that
/// the checker uses, in binary64.
struct IntegratedPart {
  /// A coordinate by distance from the greatest value of its term, the range of the sum being one.
  fileprivate struct Side {
    let width: Double
    /// The density's derivatives at distance zero and at its width.
    let (first, last): ([Double], [Double])
    /// The density in `t = 2 y / w − 1`.
    let series: [Double]
  }

  private let sides: [Side]
  private let totals: [Double]
  /// The greatest value of the sum.
  private let reach: Double
  private let whole: Double

  init(_ terms: [(coefficient: Double, piece: FloatPiece)], constant: Double) {
    let spreads = terms.map { $0.coefficient.magnitude * ($0.piece.high - $0.piece.low) }
    let range = spreads.reduce(0, +)
    let sides = zip(terms, spreads).map {
      Side($0.piece.series, width: $1 / range, isRising: $0.coefficient > 0)
    }.sorted { $0.width > $1.width }
    self.sides = sides
    totals = (0...sides.count).map { sides[$0...].reduce(0) { $0 + $1.width } }
    whole = sides.reduce(1) { $0 * $1.moments(1)[0] }
    let greatest = terms.reduce(constant) { sum, term in
      sum + term.coefficient * (term.coefficient > 0 ? term.piece.high : term.piece.low)
    }
    reach = greatest / range
  }

  /// The mass.
  var mass: Double {
    guard reach > 0 else { return 0 }
    return reach < totals[0] ? max(0, min(whole, mass(from: 0, within: reach, [1]))) : whole
  }

  /// Of the coordinates from one on; the series is by divided powers of the reach.
  private func mass(from index: Int, within reach: Double, _ series: [Double]) -> Double {
    guard reach > 0 else { return 0 }
    guard reach < totals[index] else { return mean(from: index, within: reach, series) }
    let side = sides[index]
    let near = mass(from: index + 1, within: reach, Self.integral(series, side.first))
    guard side.width < reach else { return near }
    return near
      - mass(from: index + 1, within: reach - side.width, Self.integral(series, side.last))
  }

  /// A series' mean over all distances of the coordinates from one on.
  private func mean(from index: Int, within reach: Double, _ series: [Double]) -> Double {
    let middle = reach - totals[index] / 2
    var powers = [1.0]
    for order in series.indices.dropFirst() {
      powers.append(powers[order - 1] * middle / Double(order))
    }
    var values = (0..<(index < sides.count ? series.count : 1)).map { order in
      (order..<series.count).reduce(0) { $0 + series[$1] * powers[$1 - order] }
    }
    for side in sides[index...] {
      let moments = side.moments(values.count)
      values = values.indices.map { order in
        (order..<values.count).reduce(0) { $0 + values[$1] * moments[$1 - order] }
      }
    }
    return values[0]
  }

  private static func integral(_ series: [Double], _ derivatives: [Double]) -> [Double] {
    var integral = [Double](repeating: 0, count: series.count + derivatives.count)
    for (power, factor) in series.enumerated() {
      for (order, derivative) in derivatives.enumerated() {
        integral[power + order + 1] += factor * derivative
      }
    }
    return integral
  }
}

extension IntegratedPart.Side {
  /// Of a density by the place from −1 to 1.
  fileprivate init(_ series: [Double], width: Double, isRising: Bool) {
    let series = series.enumerated().map { isRising && $0 % 2 == 1 ? -$1 : $1 }
    func derivatives(at place: Double) -> [Double] {
      var moved = series
      for order in series.indices {
        for index in (order..<series.count - 1).reversed() {
          moved[index] += place * moved[index + 1]
        }
      }
      var factor = 2 / width
      for order in series.indices {
        moved[order] *= factor
        factor *= Double(order + 1) * 2 / width
      }
      return moved
    }
    self.init(
      width: width, first: derivatives(at: -1), last: derivatives(at: 1), series: series)
  }

  /// The mean of `(w / 2 − y)^j / j!`, times its mass.
  fileprivate func moments(_ count: Int) -> [Double] {
    var factor = 2.0
    return (0..<count).map { order in
      if order > 0 { factor *= -width / 2 / Double(order) }
      return factor
        * series.indices.reduce(0) {
          ($1 + order) % 2 == 0 ? $0 + series[$1] / Double($1 + order + 1) : $0
        }
    }
  }
}
