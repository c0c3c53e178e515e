/// A part of a slice on which the density is a series, about as the checker cuts it, in binary64.
struct FloatPiece {
  let low: Double
  let high: Double
  /// The density times half the width, by the place from −1 to 1.
  let series: [Double]

  /// Into how many pieces a slice is cut, at most.
  private static let most = 8
  /// A part with less than this of the slice's mass is left out.
  private static let grain = 0x1p-64
  /// The highest power of a series, and what may follow it, beside the density.
  private static let (degree, rest) = (20, 0x1p-40)
  /// Terms smaller than this beside the density do not matter to a choice.
  private static let least = 1e-10

  /// Cuts a slice by halves until all series converge; nil where there is no density, or too many pieces.
  static func pieces(of low: Double, _ high: Double, _ law: FloatLaw) -> [FloatPiece]? {
    guard law.isSpread(low, high) else { return nil }
    let least = law.mass(low, high) * grain
    var (pieces, waiting) = ([FloatPiece](), [(low, high)])
    while let (low, high) = waiting.popLast() {
      guard law.mass(low, high) > least else { continue }
      if let piece = FloatPiece(low, high, law) {
        pieces.append(piece)
      } else {
        let centre = low / 2 + high / 2
        // So far out that densities are no ordinary numbers.
        guard low < centre, centre < high else { return nil }
        waiting += [(centre, high), (low, centre)]
      }
      guard pieces.count + waiting.count <= most else { return nil }
    }
    return pieces
  }

  private init?(_ low: Double, _ high: Double, _ law: FloatLaw) {
    let (centre, half) = (low / 2 + high / 2, (high - low) / 2)
    guard let density = law.density(centre) else { return nil }
    (self.low, self.high) = (low, high)
    var series = [density * half]
    if let normal = law.normal {
      let (x, w) = ((centre - normal.mean) / normal.deviation, half / normal.deviation)
      guard 4 * (w * x).magnitude + 16 * w * w <= Double(Self.degree + 1) else { return nil }
      var (last, next) = (0.0, series[0])
      for order in 1...Self.degree {
        (last, next) = (next, -(w * x * next + w * w * last) / Double(order))
        series.append(next)
      }
      guard max(last.magnitude, next.magnitude) < Self.rest * series[0] else { return nil }
      while let term = series.last, term.magnitude < Self.least * series[0] { series.removeLast() }
    }
    self.series = series
  }

  /// At least the mass, by the terms of the series, and how much of that is left out where the last
  /// terms that add up to less than 2^-bits of the density are.
  func bounds(bits: Int) -> (most: Double, left: Double) {
    let most = Double(sign: .plus, exponent: -bits, significand: series[0])
    var rest = 0.0
    for term in series.dropFirst().reversed() {
      guard rest + term.magnitude < most else { break }
      rest += term.magnitude
    }
    return (2 * series.reduce(0) { $0 + $1.magnitude }, 2 * rest)
  }
}
