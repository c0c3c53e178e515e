internal import LinearAlgebra

/// Memory for coefficients that is handed out and taken back, so that it stays in the cache.
final class BufferPool {
  private let capacity: Int
  private var free: [Buffer] = []

  init(capacity: Int) { self.capacity = capacity }

  func take(rows: Int, columns: Int) -> MatrixView {
    MatrixView(free.popLast() ?? Buffer(count: capacity), rows: rows, columns: columns)
  }

  func give(_ matrix: MatrixView) { free.append(matrix.buffer) }
}

/// Rows of coefficients over the nodes, on their way from the outputs to the input.
///
/// The `signed` first rows are multiplied by the weights, the `radii` behind them by their magnitudes.
struct CoefficientRows {
  let signed: Int
  let radii: Int
  private let network: FloatNetwork
  private let pool: BufferPool
  private var matrices: [MatrixView?]

  init(_ network: FloatNetwork, signed: Int, radii: Int = 0, pool: BufferPool) {
    self.network = network
    self.signed = signed
    self.radii = radii
    self.pool = pool
    matrices = [MatrixView?](repeating: nil, count: network.nodes.count)
  }

  /// The coefficients of a node; none: all are zero.
  subscript(node: Int) -> MatrixView? { matrices[node] }

  /// The coefficients of a node, for adding to them.
  mutating func atNode(_ node: Int, _ compaction: Compaction) -> MatrixView {
    let (matrix, isNew) = matrixForWriting(node, compaction)
    if isNew { matrix.fill(0) }
    return matrix
  }

  private mutating func matrixForWriting(
    _ node: Int, _ compaction: Compaction
  ) -> (MatrixView, isNew: Bool) {
    if let present = matrices[node] { return (present, false) }
    let fresh = pool.take(rows: signed + radii, columns: compaction.width(node))
    matrices[node] = fresh
    return (fresh, true)
  }

  /// Starts each row with a multiple of one entry of a node.
  ///
  /// At an affine node the rows start with the entries' own affine forms, whose constants are added to
  /// `constants`.
  mutating func start(
    entries: ArraySlice<Int>, of node: Int, scaledBy scale: Double, constants: MatrixView,
    _ compaction: Compaction
  ) {
    guard case .affine(let terms, let bias) = network.nodes[node].operation else {
      let target = atNode(node, compaction)
      for (row, entry) in entries.enumerated() { target[row, entry] += scale }
      return
    }
    for (row, entry) in entries.enumerated() { constants[0, row] += scale * bias[0, entry] }
    for (position, term) in terms.enumerated() {
      let (target, isNew) = matrixForWriting(term.source, compaction)
      if let rows = compaction.seeds(node, term: position) ?? term.map.matrix {
        target.setRows(entries, of: rows, scaledBy: scale, accumulating: !isNew)
      } else {
        if isNew { target.fill(0) }
        term.map.addRows(entries, scaledBy: scale, to: target)
      }
    }
  }

  /// Adds a multiple of an entry of a node to one row.
  mutating func add(
    entry: Int, of node: Int, scaledBy scale: Double, to row: Int, constants: MatrixView,
    _ compaction: Compaction
  ) {
    guard case .affine(let terms, let bias) = network.nodes[node].operation else {
      atNode(node, compaction)[row, entry] += scale
      return
    }
    constants[0, row] += scale * bias[0, entry]
    for (position, term) in terms.enumerated() {
      let target = atNode(term.source, compaction).rows(row..<row + 1)
      if let seeds = compaction.seeds(node, term: position) {
        target.setRows([entry], of: seeds, scaledBy: scale, accumulating: true)
      } else {
        term.map.addRows([entry], scaledBy: scale, to: target)
      }
    }
  }

  /// Starts each row as a copy of one of other rows that have not moved since they started.
  mutating func copy(_ other: CoefficientRows, rows chosen: [Int], _ compaction: Compaction) {
    for (node, matrix) in other.matrices.enumerated() {
      guard let matrix else { continue }
      matrixForWriting(node, compaction).0.copyRows(chosen, of: matrix)
    }
  }

  /// Replaces the coefficients of an affine node by those of its sources.
  mutating func crossAffine(_ node: Int, _ compaction: Compaction) {
    guard let results = matrices[node],
      case .affine(let terms, _) = network.nodes[node].operation
    else { return }
    for (position, term) in terms.enumerated() {
      let (arguments, isNew) = matrixForWriting(term.source, compaction)
      if let weights = compaction.passage(node, term: position) {
        arguments.setProduct(results, weights, accumulating: !isNew)
        continue
      }
      term.map.applyTransposed(
        .signed, to: results.rows(0..<signed), arguments: arguments.rows(0..<signed),
        accumulating: !isNew)
      guard radii > 0 else { continue }
      term.map.applyTransposed(
        .absolute, to: results.rows(signed..<signed + radii),
        arguments: arguments.rows(signed..<signed + radii), accumulating: !isNew)
    }
    release(node)
  }

  /// Hands the coefficients of a rectifier, already made those of its argument, to its source.
  mutating func crossRectifier(_ node: Int, source: Int) {
    guard let results = matrices[node] else { return }
    guard let present = matrices[source] else {
      matrices[source] = results
      matrices[node] = nil
      return
    }
    present.take(results, accumulating: true)
    release(node)
  }

  /// Gives all memory back.
  mutating func finish() {
    for node in matrices.indices { release(node) }
  }

  private mutating func release(_ node: Int) {
    guard let matrix = matrices[node] else { return }
    pool.give(matrix)
    matrices[node] = nil
  }
}
