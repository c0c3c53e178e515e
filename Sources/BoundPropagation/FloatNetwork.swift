internal import LinearAlgebra
public import NetworkModel

/// Why a network cannot be bounded.
public enum BoundPropagationError: Error, Hashable, CustomStringConvertible {
  /// A weight or a bias is infinite or not a number.
  case notFinite(node: String)
  /// There is not exactly one input, the first node.
  case notOneInput(found: Int)
  /// A gate follows no rectifier.
  case strayGate(node: String)

  /// One sentence for a person.
  public var description: String {
    switch self {
    case .notFinite(let node):
      "node \(node): found a weight that is infinite or not a number, expected finite numbers"
    case .notOneInput(let found):
      "found \(found) input nodes, expected one joint input as the first node"
    case .strayGate(let node): "node \(node): found a gate whose sign no rectifier has"
    }
  }
}

/// A network prepared for fast arithmetic in doubles: weights in the layouts that the kernels want.
///
/// Nothing here decides anything: what is found with it is proved elsewhere in exact arithmetic.
///
/// The units of all rectifiers are numbered through in topological order: unit `i` of the rectifier
/// with ordinal `r` is number `rectifiers[r].firstUnit + i`.
public struct FloatNetwork: @unchecked Sendable {
  // Sendable because the matrices, shared memory, are never written after `init`.

  /// One rectifier node.
  public struct Rectifier: Sendable {
    /// Where it stands in the network.
    public let node: Int
    /// The node that it rectifies.
    public let source: Int
    /// The number of its units.
    public let size: Int
    /// The number of its first unit among all units.
    public let firstUnit: Int
    /// The ordinal of the rectifier whose signs open and shut it, where it is a gate: a derivative's
    /// units pass on their argument or zero.
    public let gate: Int?
    /// Its units' numbers.
    public var units: Range<Int> { firstUnit..<firstUnit + size }
  }

  /// The number of input entries.
  public let inputSize: Int
  /// The number of entries of all outputs together.
  public let outputSize: Int
  /// The number of units of all rectifiers together.
  public let unitCount: Int
  /// The rectifiers in topological order.
  public let rectifiers: [Rectifier]

  let nodes: [FloatNode]
  /// Node and entry of each output, in the order that ``LinearRow`` indexes.
  let outputs: [(node: Int, entry: Int)]
  /// The largest size of a node.
  let widest: Int

  /// Prepares a network.
  ///
  /// - Parameter network: One with a single input node, the first.
  /// - Throws: ``BoundPropagationError`` when a weight is not finite or there are other inputs.
  public init(_ network: Network) throws(BoundPropagationError) {
    let inputs = network.nodes.filter { if case .input = $0.operation { true } else { false } }
    guard inputs.count == 1, case .input? = network.nodes.first?.operation else {
      throw .notOneInput(found: inputs.count)
    }
    var nodes: [FloatNode] = []
    var rectifiers: [Rectifier] = []
    var copies = CopyRemoval(network)
    for node in network.nodes {
      let operation = copies.simplify(
        try FloatOperation(node, ordinal: rectifiers.count), earlier: nodes)
      if case .rectifier(_, let source, let sign) = operation {
        let first = rectifiers.last.map(\.units.upperBound) ?? 0
        let gate = sign.map { sign in rectifiers.firstIndex { $0.source == sign && $0.gate == nil }
        }
        if case .some(nil) = gate { throw .strayGate(node: node.name) }
        rectifiers.append(
          Rectifier(
            node: nodes.count, source: source, size: node.size, firstUnit: first, gate: gate ?? nil)
        )
      }
      nodes.append(FloatNode(size: node.size, operation: operation))
    }
    let outputs = network.outputs.flatMap { port in
      let node = copies.originals[port.node.position]
      return (0..<port.size).map { (node: node, entry: $0) }
    }
    FloatNode.describeUse(of: &nodes, outputs: Set(outputs.map(\.node)))
    self.nodes = nodes
    self.rectifiers = rectifiers
    self.outputs = outputs
    inputSize = nodes[0].size
    outputSize = outputs.count
    unitCount = rectifiers.last?.units.upperBound ?? 0
    widest = nodes.map(\.size).max() ?? 0
  }

  /// The unit that an output is.
  ///
  /// - Parameter index: The output's place among those of all output nodes.
  /// - Returns: The unit's number; nil where the output is no unit, or a gate.
  public func unit(ofOutput index: Int) -> Int? {
    let output = outputs[index]
    guard case .rectifier(let ordinal, _, nil) = nodes[output.node].operation else { return nil }
    return rectifiers[ordinal].firstUnit + output.entry
  }

  /// Whether some outputs are derivatives.
  public var hasGates: Bool { rectifiers.contains { $0.gate != nil } }

  /// The inputs that some gate's sign depends on, by entry.
  public var inputsOfGates: [Bool] {
    var isNeeded = [Bool](repeating: false, count: nodes.count)
    for rectifier in rectifiers {
      if let gate = rectifier.gate { isNeeded[rectifiers[gate].source] = true }
    }
    var entries = [Bool](repeating: false, count: inputSize)
    for (position, node) in nodes.enumerated().reversed() where isNeeded[position] {
      for source in node.operation.sources where source != 0 { isNeeded[source] = true }
      guard case .affine(let terms, _) = node.operation else { continue }
      for term in terms where term.source == 0 {
        let results = MatrixView(rows: 1, columns: node.size)
        let arguments = MatrixView(rows: 1, columns: inputSize)
        results.fill(1)
        term.map.applyTransposed(.absolute, to: results, arguments: arguments, accumulating: false)
        for entry in entries.indices where arguments[0, entry] > 0 { entries[entry] = true }
      }
    }
    return entries
  }

  /// The rectifier that a unit belongs to.
  ///
  /// - Parameter unit: The unit's number.
  /// - Returns: The rectifier.
  public func rectifier(of unit: Int) -> Rectifier { rectifiers[ordinal(of: unit)] }

  /// Whether interval arithmetic gives the best bounds of a rectifier's units.
  ///
  /// - Parameter ordinal: The rectifier.
  /// - Returns: Whether no other rectifier stands before it, nor a sum over shared entries.
  public func hasExactIntervals(_ ordinal: Int) -> Bool {
    nodes[rectifiers[ordinal].source].intervalsAreExact
  }

  /// The ordinal of the rectifier that a unit belongs to.
  ///
  /// - Parameter unit: The unit's number.
  /// - Returns: The ordinal.
  public func ordinal(of unit: Int) -> Int {
    precondition(unit >= 0 && unit < unitCount, "the network has the unit")
    return rectifiers.lastIndex { $0.firstUnit <= unit } ?? 0
  }
}

/// A node and what its place in the graph allows.
struct FloatNode {
  let size: Int
  let operation: FloatOperation
  /// Whether its values on a box of inputs are a box: every entry is its own.
  var keepsBoxes = false
  /// Whether interval bounds of it are exact.
  var intervalsAreExact = false
  /// Whether anything depends on it.
  var isUsed = false
  /// Whether some rectifier depends on it.
  var feedsRectifier = false
  /// Whether only the entries that can be nonzero behind its rectifier need be carried.
  var isCompactible = false

  init(size: Int, operation: FloatOperation) {
    self.size = size
    self.operation = operation
  }

  static func describeUse(of nodes: inout [FloatNode], outputs: Set<Int>) {
    for position in nodes.indices { describeIntervals(at: position, in: &nodes) }
    var users: [[Int]] = nodes.map { _ in [] }
    for position in nodes.indices.reversed() {
      let isRectifier = nodes[position].operation.isRectifier
      nodes[position].isUsed =
        isRectifier || outputs.contains(position) || !users[position].isEmpty
      guard nodes[position].isUsed else { continue }
      for source in nodes[position].operation.sources { users[source].append(position) }
      nodes[position].feedsRectifier = users[position].contains { user in
        nodes[user].operation.isRectifier || nodes[user].feedsRectifier
      }
    }
    for position in nodes.indices {
      guard case .rectifier(_, let source, let sign) = nodes[position].operation else { continue }
      let isCompactible =
        sign == nil && users[source] == [position] && nodes[source].operation.isDense
        && users[position].allSatisfy { nodes[$0].operation.isDense }
        && !outputs.contains(position) && !outputs.contains(source)
      nodes[position].isCompactible = isCompactible
      nodes[source].isCompactible = isCompactible
    }
  }

  private static func describeIntervals(at position: Int, in nodes: inout [FloatNode]) {
    switch nodes[position].operation {
    case .input:
      nodes[position].keepsBoxes = true
      nodes[position].intervalsAreExact = true
    case .affine(let terms, _):
      // With one term every entry is one form over independent entries.
      let one = terms.count <= 1 && terms.allSatisfy { nodes[$0.source].keepsBoxes }
      nodes[position].intervalsAreExact = one
      nodes[position].keepsBoxes = one && terms.allSatisfy { $0.map.keepsEntriesApart }
    case .rectifier(_, let source, let sign):
      nodes[position].keepsBoxes = sign == nil && nodes[source].keepsBoxes
      nodes[position].intervalsAreExact = sign == nil && nodes[source].intervalsAreExact
    }
  }
}

/// What a node computes, with prepared maps.
enum FloatOperation {
  case input
  /// The bias is one row.
  case affine([FloatTerm], bias: MatrixView)
  /// `max(0, source)`; or the source where the node `sign` is positive, else 0.
  case rectifier(ordinal: Int, source: Int, sign: Int? = nil)

  init(_ node: Node, ordinal: Int) throws(BoundPropagationError) {
    switch node.operation {
    case .input: self = .input
    case .relu(let source): self = .rectifier(ordinal: ordinal, source: source.position)
    case .gate(let source, let sign):
      self = .rectifier(ordinal: ordinal, source: source.position, sign: sign.position)
    case .affine(let affine):
      var terms: [FloatTerm] = []
      for term in affine.terms {
        let map = LinearKernel(term.map)
        guard map.isFinite else { throw .notFinite(node: node.name) }
        terms.append(FloatTerm(source: term.source.position, map: map))
      }
      guard affine.bias.allSatisfy(\.isFinite) else { throw .notFinite(node: node.name) }
      self = .affine(
        terms, bias: MatrixView(rows: 1, columns: node.size, entries: affine.bias))
    }
  }

  var sources: [Int] {
    switch self {
    case .input: []
    case .affine(let terms, _): terms.map(\.source)
    case .rectifier(_, let source, let sign): [source] + (sign.map { [$0] } ?? [])
    }
  }

  var isRectifier: Bool {
    if case .rectifier = self { true } else { false }
  }

  var isDense: Bool {
    guard case .affine(let terms, _) = self else { return false }
    return terms.allSatisfy { if case .dense = $0.map { true } else { false } }
  }
}

/// One prepared map of one earlier node.
struct FloatTerm {
  let source: Int
  let map: LinearKernel
}
