internal import BigInt
internal import ClaimLanguage
internal import ExactArithmetic
internal import NetworkModel

/// A case as the checker starts with it.
struct RootState {
  let state: NodeState
  /// The rows of each disjunct.
  let disjuncts: [[PreparedRow]]

  /// Encloses the case's box and propagates it through the network.
  ///
  /// - Throws: ``Rejection`` where numbers leave the range of the arithmetic.
  static func make(of item: Case, problem: Problem, network: PreparedNetwork)
    throws(Rejection) -> RootState
  {
    guard case .input? = network.nodes.first, network.sizes[0] == item.lower.count,
      item.lower.count == item.upper.count
    else { throw .unsupported("the box has not one entry for each joint input") }
    let (box, isCrossed) = enclosure(of: item)
    var bounds: [Bounds] = [box]
    var errors: [Block?] = [nil]
    for position in network.nodes.indices.dropFirst() {
      switch network.nodes[position] {
      case .input:
        throw .unsupported("the network has more than one joint input")
      case .relu(let source):
        bounds.append(bounds[source].rectified)
        errors.append(nil)
      case .affine(let node):
        let step = try IntervalStep(node, size: network.sizes[position]) { bounds[$0] }
        bounds.append(step.bounds)
        errors.append(step.error)
      }
    }
    let outputs = problem.outputs
    let prepare = { (rows: [Row]) throws(Rejection) in
      var prepared: [PreparedRow] = []
      for row in rows { prepared.append(try PreparedRow(row, outputs: outputs, bounds: bounds)) }
      return prepared
    }
    let state = NodeState(
      bounds: bounds, errors: errors, inputRows: try prepare(item.inputRows),
      open: Set(item.disjuncts.indices), isCrossed: isCrossed)
    var disjuncts: [[PreparedRow]] = []
    for rows in item.disjuncts { disjuncts.append(try prepare(rows)) }
    return RootState(state: state, disjuncts: disjuncts)
  }

  /// The box on a grid of ``Block/boundBits`` bits of its largest number.
  private static func enclosure(of item: Case) -> (box: Bounds, isCrossed: Bool) {
    let ends = zip(item.lower, item.upper).map { low, high in
      // The set is empty where the ends cross, and then any bounds hold.
      (low: min(low, high), high: high, isCrossed: low > high)
    }
    let top = ends.map { max(bits($0.low), bits($0.high)) }.max() ?? 0
    let fractional = Block.boundBits - 2 - top
    let box = Bounds(
      lower: ends.map {
        Int64(
          narrowing: $0.low.roundedDown(toFractionalBits: fractional).floor(scaledBy: fractional))
      },
      upper: ends.map {
        Int64(
          narrowing: $0.high.roundedUp(toFractionalBits: fractional).floor(scaledBy: fractional))
      }, exponent: -fractional)
    return (box, ends.contains { $0.isCrossed })
  }

  /// At least the number of integer bits.
  private static func bits(_ value: Rational) -> Int {
    value.signum == 0
      ? -Block.boundBits : value.numerator.bitWidth - value.denominator.bitWidth + 1
  }
}
