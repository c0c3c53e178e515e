internal import ClaimLanguage
internal import ExactArithmetic
internal import NetworkModel

/// A network with integer weights.
struct PreparedNetwork {
  struct Term {
    let source: Int
    let map: IntegerMap
  }

  struct AffineNode {
    let terms: [Term]
    /// Rounded down to its grid.
    let bias: Block
    let biasIsExact: Bool
    /// The weights' relative error is at most `2^-relativeErrorBits`; nil where there is none.
    let relativeErrorBits: Int?
    /// The roundings that binary32 adds to one per addend; nil where the claim or the operator has none.
    let extraRoundings: Int?

    /// Whether an execution may differ from the integer maps.
    var isRounded: Bool {
      extraRoundings != nil || relativeErrorBits != nil || !biasIsExact
        || terms.contains { !$0.map.isExact }
    }
  }

  enum Node {
    case input
    case affine(AffineNode)
    case relu(source: Int)
    case gate(source: Int, sign: Int)
  }

  let nodes: [Node]
  let sizes: [Int]
  /// The largest of the sizes.
  var largestSize: Int { sizes.max() ?? 1 }
  /// The node of each rectifier's pre-activation, by ordinal.
  let preactivations: [Int]
  /// For each rectifier, the affine nodes between it and the rectifiers before it, in order.
  let chains: [[Int]]

  init(_ network: Network, meaning: Meaning) throws(Rejection) {
    var prepared: [Node] = []
    for node in network.nodes {
      guard node.size <= Block.largestSize else {
        throw .unsupported(
          "\(node.name) has \(node.size) entries, expected at most \(Block.largestSize)")
      }
      switch node.operation {
      case .input: prepared.append(.input)
      case .affine(let affine):
        prepared.append(.affine(try Self.prepare(affine, named: node.name, meaning)))
      case .relu(let source): prepared.append(.relu(source: source.position))
      case .gate(let source, let sign):
        prepared.append(.gate(source: source.position, sign: sign.position))
      }
    }
    nodes = prepared
    sizes = network.nodes.map(\.size)
    preactivations = prepared.compactMap {
      switch $0 {
      case .relu(let source), .gate(let source, _): source
      case .input, .affine: nil
      }
    }
    chains = preactivations.map { Self.chain(to: $0, in: prepared) }
  }

  private static func prepare(_ affine: Affine, named name: String, _ meaning: Meaning)
    throws(Rejection) -> AffineNode
  {
    var terms: [Term] = []
    for term in affine.terms {
      terms.append(Term(source: term.source.position, map: try IntegerMap(term.map)))
    }
    guard terms.reduce(0, { $0 + $1.map.fanIn }) <= Block.largestFanIn else {
      throw .unsupported(
        "an output of \(name) has more than \(Block.largestFanIn) addends, which the checker's"
          + " integers cannot sum")
    }
    let (bias, isExact) = try Block.quantised(affine.bias, bits: Block.boundBits)
    guard affine.relativeWeightError >= 0, affine.relativeWeightError < 1 else {
      throw .unsupported(
        "\(name) has a relative weight error of \(affine.relativeWeightError), expected 0 to 1")
    }
    var errorBits: Int?
    if affine.relativeWeightError > 0 {
      errorBits = -(Int(affine.relativeWeightError.exponent) + 1)
    }
    var extraRoundings: Int?
    if meaning == .float32, case .rounded(let extra) = affine.execution {
      guard 0...Block.largestFanIn ~= extra else {
        throw .unsupported(
          "\(name) has \(extra) extra roundings, expected 0 to \(Block.largestFanIn)")
      }
      extraRoundings = extra
    }
    return AffineNode(
      terms: terms, bias: bias, biasIsExact: isExact, relativeErrorBits: errorBits,
      extraRoundings: extraRoundings)
  }

  /// The affine nodes that `target` needs from the last rectifiers on, in topological order.
  private static func chain(to target: Int, in nodes: [Node]) -> [Int] {
    var needed: Set<Int> = [target]
    var chain: [Int] = []
    for position in stride(from: target, through: 0, by: -1) where needed.contains(position) {
      guard case .affine(let node) = nodes[position] else { continue }
      chain.append(position)
      for term in node.terms { needed.insert(term.source) }
    }
    return chain.reversed()
  }
}
