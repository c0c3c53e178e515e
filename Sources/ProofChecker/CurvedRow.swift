internal import BigInt
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
    for curve in curves { curved[curve.parts.index] = curve }
    let factor = Rational(multiplier)
    var sum = WideDyadic.zero
    for entry in form.entries.indices {
      let slope = Rational(Dyadic(BigInt(form.entries[entry]), exponent: form.exponent))
      let range = box.range(of: entry)
      // The least value is at an end, or where the derivative changes sign.
      var points = [range.lowerBound, range.upperBound]
      if let turn = curved[entry]?.turn(of: slope / factor), range.contains(turn) {
        points.append(turn)
      }
      let values = points.map { point in
        slope * point + factor * (curved[entry]?.value(at: point) ?? .zero)
      }
      sum.addRoundingDown(WideDyadic(roundingDown: values.reduce(values[0], min)))
    }
    return sum
  }
}

extension Row.Curve {
  /// The input it is a function of, where it is zero, and its factor: convex where that is positive.
  var parts: (index: Int, centre: Rational, coefficient: Rational) {
    switch self {
    case .square(let index, let centre, let coefficient),
      .absolute(let index, let centre, let coefficient):
      (index, centre, coefficient)
    }
  }

  /// Its value.
  func value(at point: Rational) -> Rational {
    let distance = point - parts.centre
    return switch self {
    case .square: parts.coefficient * distance * distance
    case .absolute: parts.coefficient * distance.magnitude
    }
  }

  /// Where the derivative of `slope · x` and itself may change sign.
  fileprivate func turn(of slope: Rational) -> Rational {
    switch self {
    case .square(_, let centre, let coefficient): centre - slope / (Rational(2) * coefficient)
    case .absolute(_, let centre, _): centre
    }
  }
}
