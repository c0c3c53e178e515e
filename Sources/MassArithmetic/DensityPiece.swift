internal import BigInt
internal import ExactArithmetic

/// A part of a slice on which the density is a series.
struct DensityPiece {
  let low: Dyadic
  let high: Dyadic
  let mass: Interval
  var series: DensitySeries

  /// Into how many pieces a slice is cut, at most.
  private static let most = 8
  /// A part with less than this of the slice's mass, as a power of two, is left out.
  private static let grain = WideDyadic(1, exponent: -64)

  /// Cuts a slice by halves until all series converge; nil where there is no density, or too many pieces.
  static func pieces(of slice: Slice, _ measure: CoordinateMeasure) -> [DensityPiece]? {
    guard let support = measure.support(within: slice) else { return nil }
    var part = slice
    if part.low < support.lower {
      part = part.split(at: support.lower, measure.newTails(at: support.lower)).high
    }
    if support.upper < part.high {
      part = part.split(at: support.upper, measure.newTails(at: support.upper)).low
    }
    let least = part.mass.low.times(grain)
    var (pieces, waiting) = ([DensityPiece](), [part])
    while let part = waiting.popLast() {
      guard part.mass.high > least else { continue }
      let half = Dyadic(1, exponent: -1)
      let (centre, reach) = ((part.low + part.high) * half, (part.high - part.low) * half)
      if let series = DensitySeries.of(measure, around: centre, reach: reach) {
        pieces.append(
          DensityPiece(
            low: part.low, high: part.high, mass: part.mass, series: series))
      } else {
        let halves = part.split(at: centre, measure.newTails(at: centre))
        waiting += [halves.high, halves.low]
      }
      guard pieces.count + waiting.count <= most else { return nil }
    }
    return pieces
  }

  /// With a shorter series.
  func shortened(to bits: Int) -> DensityPiece {
    var piece = self
    piece.series = series.shortened(to: bits)
    return piece
  }
}
