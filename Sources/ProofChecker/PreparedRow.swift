internal import BigInt
internal import ClaimLanguage
internal import ExactArithmetic
internal import NetworkModel

/// A row `Σ coefficient · value + Σ curves + norm ≤ bound` with integer coefficients on one grid.
struct PreparedRow {
  /// The coefficients of one node's entries.
  struct Part {
    let node: Int
    var entries: [Int] = []
    var coefficients: [Int128] = []
  }

  /// By ascending node.
  let parts: [Part]
  /// The power of two the coefficients are scaled by.
  let exponent: Int
  var curves: [Row.Curve] = []
  var norm: PreparedNorm?
  /// Rounded up, with what rounding the coefficients down may cost; of at most 90 bits.
  let bound: WideDyadic
  var isStrict = false
}

extension PreparedRow {
  /// Puts a claim's row on a grid.
  ///
  /// Rounding: coefficients down, the bound up, so that the row admits no less.
  ///
  /// - Parameters:
  ///   - row: The row.
  ///   - outputs: The place of each output.
  ///   - bounds: The enclosures at the root, by node.
  /// - Throws: ``Rejection/unsupported(_:)`` where a curve is not convex.
  init(_ row: Row, outputs: [OutputEntry], bounds: [Bounds]) throws(Rejection) {
    guard row.curves.allSatisfy({ $0.parts.coefficient.signum > 0 }) else {
      throw .unsupported("a row has a curve with a coefficient that is not positive")
    }
    let terms =
      row.inputs.map { (node: 0, entry: $0.index, coefficient: $0.coefficient) }
      + row.outputs.map {
        let place = outputs[$0.index]
        return (node: place.node.position, entry: place.index, coefficient: $0.coefficient)
      }
    let top = terms.map { $0.coefficient.numerator.bitWidth - $0.coefficient.denominator.bitWidth }
    exponent = (top.max() ?? 0) + 2 - Block.coefficientBits
    var sums: [Int: [Int: Int128]] = [:]
    var negatedBound = WideDyadic(roundingDown: -row.bound)
    for (node, entry, coefficient) in terms {
      let rounded = coefficient.roundedDown(toFractionalBits: -exponent)
      // Two outputs may be the same entry.
      sums[node, default: [:]][entry, default: 0] += Int128(
        narrowing: rounded.floor(scaledBy: -exponent))
      guard Rational(rounded) != coefficient else { continue }
      let below = max(0, -Int128(bounds[node].lower[entry]))
      negatedBound.addRoundingDown(
        WideDyadic(-below, exponent: bounds[node].exponent + exponent))
    }
    parts = sums.sorted { $0.key < $1.key }.map { node, coefficients in
      let sorted = coefficients.sorted { $0.key < $1.key }
      return Part(node: node, entries: sorted.map(\.key), coefficients: sorted.map(\.value))
    }
    curves = row.curves
    norm = row.norm.map { PreparedNorm($0, outputs: outputs) }
    // 90 bits, so that its product with a multiplier fits.
    let excess = max(0, negatedBound.mantissa.significantBits - 90)
    bound = WideDyadic(
      -negatedBound.mantissa.shifted(by: -excess), exponent: negatedBound.exponent + excess)
    isStrict = row.isStrict
  }
}
