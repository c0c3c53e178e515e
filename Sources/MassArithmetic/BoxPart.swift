internal import BigInt
internal import ExactArithmetic

/// The part of a product of pieces where a sum of terms is positive: exact but for rounding and for what
/// the pieces' series leave out.
///
/// A coordinate counts by its distance `y`, by how much its term is below its greatest value; `w` is the
/// greatest distance, `q(y)` the density. Where distances add up to less than `ρ`, the mass is a series in
/// `ρ`. By parts, `∫ q(y) (ρ − y)^m / m! dy` over the `y < ρ` is `Σ q⁽ʲ⁾(0) ρ^(m+1+j) / (m+1+j)!`; where `ρ > w`,
/// the same with `q⁽ʲ⁾(w)` and `ρ − w` is subtracted. Once all that is left is within reach, it counts by
/// its moments. With the widest term first, `ρ` is never large beside the next `w`: nothing cancels.
struct BoxPart {
  private let sides: [Side]
  /// What the widths of a side and of those after it add up to.
  private let totals: [Dyadic]
  private let pieces: [DensityPiece]

  init(_ terms: [(coefficient: Dyadic, piece: DensityPiece)]) {
    pieces = terms.map(\.piece)
    let sides = terms.map { Side($0.piece, coefficient: $0.coefficient) }
      .sorted { $0.width > $1.width }
    self.sides = sides
    totals = (0...sides.count).map { sides[$0...].reduce(.zero) { $0 + $1.width } }
  }

  /// A number not above the mass of the points whose distances add up to less than some positive number.
  func mass(within reach: Dyadic) -> WideDyadic {
    mass(from: 0, within: reach, [.one]).low.plus(-left)
  }

  /// Of the coordinates from one on; the series is by divided powers `ρ^m / m!`.
  private func mass(from index: Int, within reach: Dyadic, _ series: [Interval]) -> Interval {
    guard reach.signum > 0 else { return .zero }
    guard reach < totals[index] else { return mean(from: index, within: reach, series) }
    let side = sides[index]
    let near = mass(from: index + 1, within: reach, series.integrated(by: side.first))
    guard side.width < reach else { return near }
    let far = mass(
      from: index + 1, within: reach - side.width, series.integrated(by: side.last))
    return near - far
  }

  /// A series' mean over all distances of the coordinates from one on.
  private func mean(from index: Int, within reach: Dyadic, _ series: [Interval]) -> Interval {
    let middle = Interval(reach - totals[index] * Dyadic(1, exponent: -1))
    var powers = [Interval.one]
    for order in series.indices.dropFirst() {
      powers.append(powers[order - 1] * middle / Interval(order))
    }
    // The derivatives at the middle.
    var values = series.indices.prefix(index < sides.count ? series.count : 1).map { order in
      zip(series[order...], powers).reduce(.zero) { $0 + $1.0 * $1.1 }
    }
    for side in sides[index...] {
      let moments = side.moments(values.count)
      values = values.indices.map { order in
        zip(values[order...], moments).reduce(.zero) { $0 + $1.0 * $1.1 }
      }
    }
    return values[0]
  }

  /// At least the mass that the series leave out.
  private var left: WideDyadic {
    let most = pieces.reduce(Interval.one) { $0 * $1.series.magnitude }
    let known = pieces.reduce(Interval.one) {
      $0 * ($1.series.magnitude - Interval($1.series.rest, $1.series.rest))
    }
    return pieces.reduce(most - known) { $0 * Interval($1.high - $1.low) }.high
  }
}

/// A coordinate, by distance from the greatest value of its term.
private struct Side {
  let width: Dyadic
  /// The derivatives `q⁽ʲ⁾` of its density at distance zero and at its width.
  let (first, last): ([Interval], [Interval])
  /// The density in `t = 2 y / w − 1`, over the scale.
  private let series: [Interval]
  private let scale: Interval
  private let half: Interval

  init(_ piece: DensityPiece, coefficient: Dyadic) {
    width = coefficient.magnitude * (piece.high - piece.low)
    (half, scale) = (Interval(width).halved, Interval(coefficient.magnitude))
    let isRising = coefficient.signum > 0
    let series = piece.series.coefficients.enumerated().map {
      isRising && $0 % 2 == 1 ? -$1 : $1
    }
    self.series = series
    var factors = [Interval.one / scale]
    for order in series.indices.dropFirst() {
      factors.append(factors[order - 1] * Interval(order) / half)
    }
    (first, last) = (
      zip(series.moved(to: -.one), factors).map { $0 * $1 },
      zip(series.moved(to: .one), factors).map { $0 * $1 }
    )
  }

  /// The mean of `(w / 2 − y)^j / j!`, times its mass.
  func moments(_ count: Int) -> [Interval] {
    var factor = half / scale
    return (0..<count).map { order in
      if order > 0 { factor = -factor * half / Interval(order) }
      let sum = series.enumerated().reduce(Interval.zero) {
        let power = $1.offset + order
        return power % 2 == 0 ? $0 + $1.element / Interval(power + 1) : $0
      }
      return factor * (sum + sum)
    }
  }
}

extension [Interval] {
  /// A polynomial's coefficients around another place.
  fileprivate func moved(to place: Interval) -> [Interval] {
    var moved = self
    for order in indices {
      for index in (order..<count - 1).reversed() {
        moved[index] = moved[index] + place * moved[index + 1]
      }
    }
    return moved
  }

  /// With `Σ q⁽ʲ⁾ ρ^(m+1+j) / (m+1+j)!` in place of each `ρ^m / m!`.
  fileprivate func integrated(by derivatives: [Interval]) -> [Interval] {
    var integral = [Interval](repeating: .zero, count: count + derivatives.count)
    for (power, factor) in enumerated() {
      for (order, derivative) in derivatives.enumerated() {
        integral[power + order + 1] = integral[power + order + 1] + factor * derivative
      }
    }
    return integral
  }
}
