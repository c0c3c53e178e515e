internal import LinearAlgebra

/// Which entries of the nodes are carried through a batch, and the weights between those.
///
/// A unit that is inactive on every box of a batch has coefficient and value zero behind its
/// rectifier. Between dense layers such entries are left out, so that products shrink on both sides.
struct Compaction {
  private let network: FloatNetwork
  /// The carried entries of each node; none: all.
  private(set) var entries: [[Int]?]
  /// Per node and dense term, all rows and the carried columns; none: the stored weights.
  private var rowsOfSeeds: [[MatrixView?]]
  /// Per node and dense term, the carried rows and columns; none: the stored weights.
  private var weights: [[MatrixView?]]
  private var biases: [MatrixView?]

  /// Carries everything.
  init(_ network: FloatNetwork) {
    self.network = network
    entries = network.nodes.map { _ in nil }
    rowsOfSeeds = network.nodes.map { node in node.operation.sources.map { _ in nil } }
    weights = rowsOfSeeds
    biases = network.nodes.map { _ in nil }
  }

  /// How many entries of a node are carried.
  func width(_ node: Int) -> Int { entries[node]?.count ?? network.nodes[node].size }

  /// Carries only some units of a rectifier from here on.
  ///
  /// - Parameters:
  ///   - units: The units that are not inactive everywhere, ascending within the rectifier.
  ///   - rectifier: One whose node is compactible and precedes no node already prepared.
  mutating func carry(_ units: [Int], of rectifier: FloatNetwork.Rectifier) {
    // Copying the weights costs about as much as one row per entry: not worth it for a few.
    guard network.nodes[rectifier.node].isCompactible, units.count * 8 <= rectifier.size * 7 else {
      return
    }
    entries[rectifier.node] = units
    entries[rectifier.source] = units
  }

  /// Prepares the weights into an affine node for rows that start there.
  mutating func prepareSeeds(at node: Int) {
    guard network.nodes[node].isUsed,
      case .affine(let terms, _) = network.nodes[node].operation
    else { return }
    for (position, term) in terms.enumerated() {
      guard case .dense(let kernel) = term.map, let columns = entries[term.source] else { continue }
      let target = MatrixView(rows: kernel.weights.rows, columns: columns.count)
      target.gather(kernel.weights, columns: columns)
      rowsOfSeeds[node][position] = target
      weights[node][position] = target
    }
  }

  /// Prepares the weights into an affine node for rows that come from behind it.
  mutating func preparePassage(through node: Int) {
    guard let rows = entries[node],
      case .affine(let terms, let bias) = network.nodes[node].operation
    else { return }
    for (position, term) in terms.enumerated() {
      guard case .dense(let kernel) = term.map else { continue }
      let source = rowsOfSeeds[node][position] ?? kernel.weights
      let target = MatrixView(rows: rows.count, columns: source.columns)
      target.gather(source, rows: rows)
      weights[node][position] = target
    }
    let carried = MatrixView(rows: 1, columns: rows.count)
    carried.gather(bias, columns: rows)
    biases[node] = carried
  }

  /// The map of a term between carried entries.
  func passage(_ node: Int, term: Int) -> MatrixView? { weights[node][term] }

  /// The weights of a dense term whose rows rows start with.
  func seeds(_ node: Int, term: Int) -> MatrixView? { rowsOfSeeds[node][term] }

  /// The carried part of an affine node's bias.
  func bias(_ node: Int, stored: MatrixView) -> MatrixView { biases[node] ?? stored }
}

extension MatrixView {
  /// Takes some columns of another matrix.
  fileprivate func gather(_ other: MatrixView, columns: [Int]) {
    for row in 0..<rows {
      let source = unsafe other.pointer(toRow: row)
      let target = unsafe pointer(toRow: row)
      for (place, column) in columns.enumerated() { unsafe target[place] = source[column] }
    }
  }

  /// Takes some rows of another matrix.
  fileprivate func gather(_ other: MatrixView, rows chosen: [Int]) {
    for (place, row) in chosen.enumerated() {
      unsafe pointer(toRow: place).update(from: other.pointer(toRow: row), count: columns)
    }
  }
}
