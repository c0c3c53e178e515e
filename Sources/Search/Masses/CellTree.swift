internal import ExactArithmetic
internal import ProofFormat

/// The trees of a proof about a probability while they grow.
struct CellTree {
  private enum End {
    /// Nothing is shown of the cell, so far.
    case left
    /// The event is excluded or certain, on all of the cell or on parts.
    case decided([Record])
    /// Two neighbouring children.
    case split([Record], firstChild: Int)
  }

  private var ends: [End] = []

  /// How many cells end with records.
  private(set) var decided = 0

  /// Adds the root of a tree.
  mutating func addRoot() -> Int {
    ends.append(.left)
    return ends.count - 1
  }

  /// Ends a cell with records that decide it or parts of it; it may still be cut.
  mutating func decide(_ node: Int, by records: [Record]) {
    ends[node] = .decided(records)
    decided += 1
  }

  /// Takes back what was decided of a cell.
  mutating func leave(_ node: Int) {
    ends[node] = .left
    decided -= 1
  }

  /// The cell that ends with a record of these bytes; nil where that belongs to none.
  func cell(of record: Int, roots: [Int], leaving ignored: Set<Int>) -> Int? {
    var (count, found) = (0, Int?.none)
    visit(roots, leaving: ignored) { records in
      count += records.count
    } cell: { node, records in
      if count < record, record <= count + records.count { found = node }
      count += records.count
    }
    return found
  }

  /// Cuts a cell in two.
  ///
  /// - Parameters:
  ///   - node: The cell.
  ///   - records: What comes before the cut.
  ///   - entry: The coordinate.
  ///   - value: Where.
  /// - Returns: The children, the lower one first.
  mutating func split(_ node: Int, after records: [Record] = [], _ entry: Int, at value: Dyadic)
    -> (low: Int, high: Int)
  {
    if case .decided = ends[node] { decided -= 1 }
    ends[node] = .split(
      records + [.splitInput(entry: entry, value: value)], firstChild: ends.count)
    ends += [.left, .left]
    return (ends.count - 2, ends.count - 1)
  }

  /// The bytes of the trees under `roots`; a subtree that decides nothing is one cell that is left.
  ///
  /// - Parameters:
  ///   - roots: The roots.
  ///   - ignored: Cells that end with records and are left all the same.
  /// - Returns: The bytes.
  func bytes(roots: [Int], leaving ignored: Set<Int>) -> [UInt8] {
    var writer = ProofWriter()
    visit(roots, leaving: ignored) { records in
      for record in records { writer.append(record) }
    } cell: { _, records in
      for record in records { writer.append(record) }
    }
    return writer.bytes
  }

  /// The cells that are not cut in these bytes, in their order: the nodes, nil for a cell that is left.
  func cells(roots: [Int], leaving ignored: Set<Int>) -> [Int?] {
    var cells: [Int?] = []
    visit(roots, leaving: ignored) { _ in
    } cell: { node, _ in
      cells.append(node)
    }
    return cells
  }

  private func visit(
    _ roots: [Int], leaving ignored: Set<Int>, cut: ([Record]) -> Void,
    cell: (Int?, [Record]) -> Void
  ) {
    var decides = [Bool](repeating: false, count: ends.count)
    for node in ends.indices.reversed() {
      switch ends[node] {
      case .left: break
      case .decided: decides[node] = !ignored.contains(node)
      // Children come after their parents.
      case .split(_, let child): decides[node] = decides[child] || decides[child + 1]
      }
    }
    var path = Array(roots.reversed())
    while let node = path.popLast() {
      switch ends[node] {
      case .decided(let records) where decides[node]: cell(node, records)
      case .split(let records, let child) where decides[node]:
        cut(records)
        path += [child + 1, child]
      case .left, .decided, .split: cell(nil, [.leave])
      }
    }
  }
}
