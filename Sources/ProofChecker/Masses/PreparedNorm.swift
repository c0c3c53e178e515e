internal import ClaimLanguage
internal import ExactArithmetic
internal import MassArithmetic
internal import NetworkModel

/// The spectral norm of a matrix of entries of nodes, or its negative.
struct PreparedNorm {
  private let places: [[OutputEntry]]
  private let isNegated: Bool

  init(_ norm: Row.Norm, outputs: [OutputEntry]) {
    places = norm.outputs.map { $0.map { outputs[$0] } }
    isNegated = norm.isNegated
  }

  /// A lower bound at all points of a node, of at most 90 bits.
  func minimum(in network: PreparedNetwork, _ state: NodeState) -> WideDyadic {
    let matrix = places.map { $0.map { Self.enclosure(of: $0, in: network, state) } }
    let norm = Interval.spectralNorm(matrix)
    let minimum = WideDyadic(roundingDown: isNegated ? -norm.upper : norm.lower)
    let excess = max(0, minimum.mantissa.significantBits - 90)
    return WideDyadic(
      minimum.mantissa.shifted(by: -excess), exponent: minimum.exponent + excess)
  }

  private static func enclosure(
    of entry: OutputEntry, in network: PreparedNetwork, _ state: NodeState
  ) -> Interval {
    var substitution = BackSubstitution(network, state, count: 2)
    substitution.start(at: entry.node.position, [(entry.index, false), (entry.index, true)])
    substitution.substitute(slopes: nil)
    substitution.minimiseOverBox()
    let ends = (substitution.bounds[0].dyadic, (-substitution.bounds[1]).dyadic)
    // They cross where there is no point: then any bound is right.
    return Interval(min(ends.0, ends.1), max(ends.0, ends.1))
  }
}
