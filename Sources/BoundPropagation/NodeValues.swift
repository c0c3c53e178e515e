internal import LinearAlgebra

/// Values of the nodes for a batch, from the input on.
///
/// The `signed` first rows are multiplied by the weights and take the bias, the `radii` behind them are
/// multiplied by the weights' magnitudes.
struct NodeValues {
  let signed: Int
  let radii: Int
  let network: FloatNetwork
  private var matrices: [MatrixView]

  init(
    _ network: FloatNetwork, signed: Int, radii: Int = 0, _ compaction: Compaction,
    memory: [Buffer]
  ) {
    self.network = network
    self.signed = signed
    self.radii = radii
    matrices = network.nodes.indices.map {
      MatrixView(memory[$0], rows: signed + radii, columns: compaction.width($0))
    }
  }

  /// The values of a node.
  subscript(node: Int) -> MatrixView { matrices[node] }

  /// Computes an affine node from its sources, if anything depends on it.
  func computeAffine(_ node: Int, _ compaction: Compaction) {
    guard network.nodes[node].isUsed,
      case .affine(let terms, let stored) = network.nodes[node].operation
    else { return }
    let bias = compaction.bias(node, stored: stored)
    let all = matrices[node]
    let values = all.rows(0..<signed)
    let widths = all.rows(signed..<signed + radii)
    for row in 0..<signed {
      unsafe values.pointer(toRow: row).update(
        from: bias.pointer(toRow: 0), count: values.columns)
    }
    if terms.isEmpty { widths.fill(0) }
    for (position, term) in terms.enumerated() {
      let arguments = matrices[term.source]
      if let weights = compaction.passage(node, term: position) {
        values.setProduct(
          arguments.rows(0..<signed), transposed: weights, accumulating: true)
        continue
      }
      term.map.apply(
        .signed, to: arguments.rows(0..<signed), results: values, accumulating: true)
      guard radii > 0 else { continue }
      term.map.apply(
        .absolute, to: arguments.rows(signed..<signed + radii), results: widths,
        accumulating: position > 0)
    }
  }
}
