internal import LinearAlgebra
internal import NetworkModel

/// Removes identity maps, which files are full of (a bias added by its own node, a reshape), so that
/// dense layers stand next to their rectifiers.
///
/// Nodes keep their places; those that nobody uses any more cost nothing.
struct CopyRemoval {
  /// For each node so far, the earlier node that it equals, or itself.
  private(set) var originals: [Int] = []
  private let useCounts: [Int]

  init(_ network: Network) {
    var useCounts = network.nodes.map { _ in 0 }
    for node in network.nodes {
      switch node.operation {
      case .input: break
      case .affine(let affine): for term in affine.terms { useCounts[term.source.position] += 1 }
      case .relu, .gate: for source in node.operation.sources { useCounts[source.position] += 1 }
      }
    }
    for port in network.outputs { useCounts[port.node.position] += 1 }
    self.useCounts = useCounts
  }

  /// The next node's operation without copies.
  ///
  /// - Parameters:
  ///   - operation: As it was read.
  ///   - earlier: The simplified nodes before it.
  /// - Returns: The same function of the same inputs, up to the rounding of sums of biases.
  mutating func simplify(_ operation: FloatOperation, earlier: [FloatNode]) -> FloatOperation {
    switch operation {
    case .input:
      originals.append(originals.count)
      return operation
    case .rectifier(let ordinal, let source, let sign):
      originals.append(originals.count)
      return .rectifier(
        ordinal: ordinal, source: originals[source], sign: sign.map { originals[$0] })
    case .affine(let terms, let bias):
      let (inlined, sum) = inline(terms, bias, earlier: earlier)
      originals.append(Self.copied(by: inlined, sum) ?? originals.count)
      return .affine(inlined, bias: sum)
    }
  }

  /// Puts an affine source that only one identity uses in that identity's place.
  private func inline(
    _ terms: [FloatTerm], _ bias: MatrixView, earlier: [FloatNode]
  ) -> ([FloatTerm], MatrixView) {
    var result: [FloatTerm] = []
    for term in terms {
      let source = originals[term.source]
      if case .identity = term.map, useCounts[term.source] == 1, source == term.source,
        case .affine(let others, let summand) = earlier[source].operation
      {
        result += others
        bias.setRows([0], of: summand, scaledBy: 1, accumulating: true)
      } else {
        result.append(FloatTerm(source: source, map: term.map))
      }
    }
    return (result, bias)
  }

  private static func copied(by terms: [FloatTerm], _ bias: MatrixView) -> Int? {
    guard terms.count == 1, case .identity = terms[0].map,
      bias.array(ofRow: 0).allSatisfy({ $0 == 0 })
    else { return nil }
    return terms[0].source
  }
}
