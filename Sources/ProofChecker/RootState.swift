internal import BigInt
internal import ClaimLanguage
internal import ExactArithmetic
internal import NetworkModel

/// A case as the checker starts with it.
struct RootState {
  let state: NodeState
  /// The rows that restrict the inputs.
  let inputRows: [PreparedRow]
  /// The rows of each disjunct.
  let disjuncts: [[PreparedRow]]

  /// Encloses the case's box and propagates it through the network.
  ///
  /// - Throws: ``Rejection`` where numbers leave the range of the arithmetic.
  init(of item: Case, problem: Problem, network: PreparedNetwork) throws(Rejection) {
    guard case .input? = network.nodes.first, network.sizes[0] == item.lower.count,
      item.lower.count == item.upper.count
    else { throw .unsupported("the box has not one entry for each joint input") }
    var bounds = [Self.box(of: item)]
    var errors: [Block?] = [nil]
    for position in network.nodes.indices.dropFirst() {
      switch network.nodes[position] {
      case .input:
        throw .unsupported("the network has more than one joint input")
      case .relu(let source):
        bounds.append(bounds[source].rectified)
        errors.append(nil)
      case .gate(let source, let sign):
        bounds.append(bounds[source].gated(by: bounds[sign]))
        errors.append(nil)
      case .affine(let node):
        let step = try IntervalStep(node, size: network.sizes[position]) { bounds[$0] }
        bounds.append(step.bounds)
        errors.append(step.error)
      }
    }
    let outputs = problem.outputs
    let prepare = { (rows: [Row]) throws(Rejection) in
      try rows.map { (row) throws(Rejection) in
        try PreparedRow(row, outputs: outputs, bounds: bounds)
      }
    }
    disjuncts = try item.disjuncts.map(prepare)
    inputRows = try prepare(item.inputRows)
    state = NodeState(
      bounds: bounds, errors: errors, open: Set(item.disjuncts.indices),
      isCrossed: zip(item.lower, item.upper).contains { $0 > $1 },
      lines: [Lines?](repeating: nil, count: bounds.count))
  }

  /// The box on a grid of ``Block/boundBits`` bits of its largest number.
  ///
  /// Where its ends cross it is empty, and any bounds hold: those of the upper end.
  private static func box(of item: Case) -> Bounds {
    let lower = zip(item.lower, item.upper).map { min($0, $1) }
    let top = (lower + item.upper).map(bits).max() ?? 0
    let fractional = Block.boundBits - 2 - top
    let floored = { (end: Rational) in
      Int64(narrowing: end.roundedDown(toFractionalBits: fractional).floor(scaledBy: fractional))
    }
    return Bounds(
      lower: lower.map(floored), upper: item.upper.map { -floored(-$0) }, exponent: -fractional)
  }

  /// At least the number of integer bits.
  private static func bits(_ value: Rational) -> Int {
    value.signum == 0
      ? -Block.boundBits : value.numerator.bitWidth - value.denominator.bitWidth + 1
  }
}
