internal import BigInt
internal import ClaimLanguage
internal import ExactArithmetic
internal import NetworkModel

/// A row `Σ coefficient · value + Σ curves ≤ bound` with integer coefficients on one grid.
struct PreparedRow {
  struct Entry {
    let node: Int
    let index: Int
    let coefficient: Int64
  }

  let entries: [Entry]
  /// The power of two the coefficients are scaled by.
  let exponent: Int
  let curves: [Row.Curve]
  /// Rounded up, with what rounding the coefficients down may cost.
  let bound: WideDyadic
  let isStrict: Bool

  /// Makes a row of a split's exact coefficients.
  init(plane entries: [Entry], exponent: Int, bound: WideDyadic) {
    self.entries = entries
    self.exponent = exponent
    curves = []
    self.bound = bound
    isStrict = false
  }

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
    guard row.curves.allSatisfy({ $0.coefficient.signum > 0 }) else {
      throw .unsupported("a row has a curve with a coefficient that is not positive")
    }
    let exact =
      row.inputs.map { (node: 0, index: $0.index, coefficient: $0.coefficient) }
      + row.outputs.map {
        (
          node: outputs[$0.index].node.position, index: outputs[$0.index].index,
          coefficient: $0.coefficient
        )
      }
    let top = exact.map { $0.coefficient.numerator.bitWidth - $0.coefficient.denominator.bitWidth }
    let exponent = (top.max() ?? 0) + 2 - Block.coefficientBits
    var slack = WideDyadic.zero
    entries = exact.map { node, index, coefficient in
      let rounded = coefficient.roundedDown(toFractionalBits: -exponent)
      if Rational(rounded) != coefficient {
        let below = max(0, -Int128(bounds[node].lower[index]))
        slack.addRoundingDown(
          WideDyadic(-below, exponent: bounds[node].exponent + exponent))
      }
      return Entry(
        node: node, index: index, coefficient: Int64(narrowing: rounded.floor(scaledBy: -exponent)))
    }
    self.exponent = exponent
    curves = row.curves
    var negated = WideDyadic(roundingDown: -row.bound)
    negated.addRoundingDown(slack)
    bound = WideDyadic(-negated.mantissa, exponent: negated.exponent)
    isStrict = row.isStrict
  }
}
