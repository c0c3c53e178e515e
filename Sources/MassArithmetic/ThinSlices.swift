internal import BigInt
internal import ExactArithmetic

/// A slice cut at the multiples of a power of two.
struct ThinSlices {
  struct Key: Hashable {
    let low: Dyadic
    let high: Dyadic
    let grid: Int
  }

  /// The power of two that ``masses`` count in.
  let scale: Int
  private let grid: Int
  /// The masses in units of 2^scale, rounded down, by ascending place.
  private let masses: [UInt64]
  /// The widths of the first one and the last one.
  private let ends: (first: Dyadic, last: Dyadic)

  init(_ slice: Slice, grid: Int, _ measure: CoordinateMeasure) {
    self.grid = grid
    let scale = slice.mass.high.exponent + slice.mass.high.mantissa.significantBits - 62
    self.scale = scale
    var cuts = [slice.low]
    var next = slice.low.floor(scaledBy: -grid) + 1
    while Dyadic(next, exponent: grid) < slice.high {
      cuts.append(Dyadic(next, exponent: grid))
      next += 1
    }
    cuts.append(slice.high)
    ends = (cuts[1] - cuts[0], cuts[cuts.count - 1] - cuts[cuts.count - 2])
    masses = Self.masses(cuts, slice, measure).map {
      UInt64(max($0, .zero).mantissa.shifted(by: $0.exponent - scale))
    }
  }

  /// Lower bounds of the masses between cuts, by a series of the density; where it does not converge, or
  /// there is none, by halves.
  private static func masses(_ cuts: [Dyadic], _ slice: Slice, _ measure: CoordinateMeasure)
    -> [WideDyadic]
  {
    let half = Dyadic(1, exponent: -1)
    let (centre, reach) = ((slice.low + slice.high) * half, (slice.high - slice.low) * half)
    guard cuts.count > 4 else {
      let tails =
        [slice.lowTails] + cuts.dropFirst().dropLast().map { measure.newTails(at: $0) }
        + [slice.highTails]
      return zip(tails, tails.dropFirst()).map { CoordinateLaw.mass(above: $0, upTo: $1).low }
    }
    guard measure.support(within: slice).map({ $0 == (slice.low, slice.high) }) ?? false,
      let series = DensitySeries.of(measure, around: centre, reach: reach)
    else {
      let middle = cuts.count / 2
      let halves = slice.split(at: cuts[middle], measure.newTails(at: cuts[middle]))
      return masses(Array(cuts[...middle]), halves.low, measure)
        + masses(Array(cuts[middle...]), halves.high, measure)
    }
    let coefficients = series.coefficients.enumerated().map { $1 / Interval($0 + 1) }
    let distances = cuts.map { Interval($0 - centre) }
    let places = distances.map { $0 / Interval(reach) }
    let integrals = zip(distances, places).map { distance, place in
      distance
        * coefficients.dropLast().reversed().reduce(coefficients[coefficients.count - 1]) {
          $0 * place + $1
        }
    }
    return integrals.indices.dropLast().map { index in
      let width = Interval(cuts[index + 1] - cuts[index])
      let rest = width * Interval(series.rest, series.rest)
      return (integrals[index + 1] - integrals[index] - rest).low
    }
  }

  /// The masses by the least number of steps of 2^stepExponent that the coordinate's term is above its
  /// least value.
  func counts(for coefficient: Dyadic, stepExponent: Int) -> [UInt64] {
    let size = coefficient.magnitude
    // In 2^40ths of a step, rounded down.
    let units = { (width: Dyadic) in
      Int(Int64(narrowing: (size * width).floor(scaledBy: 40 - stepExponent)))
    }
    let (start, step) = (
      units(coefficient.signum > 0 ? ends.first : ends.last), units(Dyadic(1, exponent: grid))
    )
    var counts = [UInt64](repeating: 0, count: ((start + masses.count * step) >> 40) + 1)
    for (order, mass) in (coefficient.signum > 0 ? masses : masses.reversed()).enumerated() {
      counts[order == 0 ? 0 : (start + (order - 1) * step) >> 40] += mass
    }
    return counts
  }
}
