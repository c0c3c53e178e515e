internal import ClaimLanguage
internal import ExactArithmetic

/// The minimum over a box of a linear form plus a multiple of a row's convex terms, one input at a
/// time: what a multiplier of a ball in the norm 1 or 2 buys.
enum CurvedRow {
  /// A lower bound of `Σ form · x + multiplier · Σ curves` over the box.
  ///
  /// - Parameters:
  ///   - form: The coefficient of each input.
  ///   - multiplier: Positive.
  ///   - curves: The convex terms, at most one an input.
  ///   - box: The enclosures of the inputs.
  /// - Returns: The bound, rounded down.
  static func minimum(form: Block, multiplier: Dyadic, curves: [Row.Curve], box: Bounds)
    -> WideDyadic
  {
    var curved: [Int: Row.Curve] = [:]
    for curve in curves { curved[curve.index] = curve }
    var sum = WideDyadic.zero
    for entry in form.entries.indices {
      let slope = Rational(Dyadic(WideDyadic(Int128(form.entries[entry]), exponent: form.exponent)))
      let low = Rational(Dyadic(WideDyadic(Int128(box.lower[entry]), exponent: box.exponent)))
      let high = Rational(Dyadic(WideDyadic(Int128(box.upper[entry]), exponent: box.exponent)))
      let least: Rational
      if let curve = curved[entry] {
        least = minimum(slope: slope, curve: curve, multiplier: Rational(multiplier), low, high)
      } else {
        least = slope * (slope.signum > 0 ? low : high)
      }
      sum.addRoundingDown(WideDyadic(roundingDown: least))
    }
    return sum
  }

  /// The minimum of `slope · x + multiplier · curve(x)` over `[low, high]`: at an end, or where the
  /// derivative changes sign.
  private static func minimum(
    slope: Rational, curve: Row.Curve, multiplier: Rational, _ low: Rational, _ high: Rational
  ) -> Rational {
    switch curve {
    case .square(_, let centre, let coefficient):
      let factor = multiplier * coefficient
      let vertex = centre - slope / (Rational(2) * factor)
      let point = max(low, min(high, vertex))
      return slope * point + factor * (point - centre) * (point - centre)
    case .absolute(_, let centre, let coefficient):
      let factor = multiplier * coefficient
      let kink = max(low, min(high, centre))
      let values = [low, kink, high].map { slope * $0 + factor * ($0 - centre).magnitude }
      return values.reduce(values[0], min)
    }
  }
}

extension Row.Curve {
  /// The input it is a function of.
  var index: Int {
    switch self {
    case .square(let index, _, _), .absolute(let index, _, _): index
    }
  }

  /// Its factor; it is convex where this is positive.
  var coefficient: Rational {
    switch self {
    case .square(_, _, let coefficient), .absolute(_, _, let coefficient): coefficient
    }
  }
}

extension Dyadic {
  fileprivate init(_ value: WideDyadic) { self = value.dyadic }
}
