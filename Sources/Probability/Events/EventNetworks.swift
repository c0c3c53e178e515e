internal import NetworkModel
internal import Regions

/// The networks of an event side by side, with what is needed to look at each alone.
struct EventNetworks {
  /// One input; outputs are the entries of the input that the event speaks of, then those of each network.
  let joint: Network
  /// Each network, and the same with the magnitudes of its weights, by which rounding is judged.
  let single: [(network: RegionNetwork, magnitudes: RegionNetwork)]
  /// The place of each network's first rectifier among all.
  let firstRectifier: [Int]
  /// The place of each quantity among the joint outputs.
  private let inputs: [Int: Int]
  private let firstOutput: [Int]

  init(_ networks: [Network], of event: Event) throws(RegionsError) {
    guard let first = networks.first, first.inputs.count == 1, let port = first.inputs.first else {
      throw .notOneInput(found: networks.first?.inputs.count ?? 0)
    }
    let entries = event.inputs.sorted()
    var builder = JointBuilder(port)
    var outputs: [Port] = []
    if !entries.isEmpty { outputs.append(builder.select(entries)) }
    var single: [(RegionNetwork, RegionNetwork)] = []
    var (rectifiers, starts): ([Int], [Int]) = ([], [])
    var (rectifierCount, outputCount) = (0, entries.count)
    for network in networks {
      guard network.inputs.count == 1, network.inputs[0].size == port.size else {
        throw .wrongCount(
          of: "inputs of the networks of an event", found: network.inputs.first?.size ?? 0,
          expected: port.size)
      }
      outputs += builder.add(network)
      single.append((try RegionNetwork(network), try RegionNetwork(network.withMagnitudes)))
      rectifiers.append(rectifierCount)
      starts.append(outputCount)
      rectifierCount += network.rectifiers.count
      outputCount += network.outputs.reduce(0) { $0 + $1.size }
    }
    joint = Network(nodes: builder.nodes, inputs: [builder.input], outputs: outputs)
    self.single = single
    firstRectifier = rectifiers
    firstOutput = starts
    inputs = Dictionary(uniqueKeysWithValues: entries.enumerated().map { ($1, $0) })
  }

  /// The place of a quantity among the outputs of ``joint``; nothing for a derivative.
  func output(of quantity: EventQuantity) -> Int? {
    switch quantity {
    case .input(let entry): inputs[entry]
    case .output(let network, let entry): firstOutput[network] + entry
    case .jacobian: nil
    }
  }

  /// The pattern of one network within the joint one's.
  ///
  /// - Parameters:
  ///   - network: Which.
  ///   - pattern: Of the joint network, behind `skipped` rectifiers of a clipping.
  ///   - skipped: How many these are.
  /// - Returns: The pattern.
  func pattern(of network: Int, in pattern: ActivationPattern, skipping skipped: Int)
    -> ActivationPattern
  {
    var own = ActivationPattern(groupSizes: single[network].network.groupSizes)
    let first = pattern.groupSizes[..<(skipped + firstRectifier[network])].reduce(0, +)
    for unit in 0..<own.unitCount { own[unit] = pattern[first + unit] }
    return own
  }
}

/// Puts networks beside one another, over one input.
private struct JointBuilder {
  private(set) var nodes: [Node]
  let input: Port

  init(_ port: Port) {
    nodes = [Node(name: port.name, size: port.size, operation: .input)]
    input = Port(
      name: port.name, shape: port.shape, elementType: port.elementType, node: NodeIndex(0))
  }

  /// Adds an output of some entries of the input.
  mutating func select(_ entries: [Int]) -> Port {
    let selection = Affine(
      terms: [
        .init(source: NodeIndex(0), map: .sparse(.init(selecting: entries, of: input.size)))
      ], bias: Array(repeating: 0, count: entries.count))
    nodes.append(
      Node(name: "entries of the input", size: entries.count, operation: .affine(selection)))
    return Port(
      name: "entries of the input", shape: [entries.count], elementType: input.elementType,
      node: NodeIndex(nodes.count - 1))
  }

  /// Adds a network.
  mutating func add(_ network: Network) -> [Port] {
    var places: [Int] = []
    for node in network.nodes {
      if case .input = node.operation {
        places.append(0)
        continue
      }
      places.append(nodes.count)
      let operation = node.operation.replacingSources { [places] in
        NodeIndex(places[$0.position])
      }
      nodes.append(Node(name: node.name, size: node.size, operation: operation))
    }
    return network.outputs.map {
      Port(
        name: $0.name, shape: $0.shape, elementType: $0.elementType,
        node: NodeIndex(places[$0.node.position]))
    }
  }
}

extension Network {
  /// The network with the magnitudes of all weights and biases: with a pattern's units active, its map
  /// has as entries what the entries of this network's map were summed from.
  fileprivate var withMagnitudes: Network {
    let nodes = self.nodes.map { node -> Node in
      guard case .affine(let affine) = node.operation else { return node }
      let terms = affine.terms.map { Affine.Term(source: $0.source, map: $0.map.withMagnitudes) }
      return Node(
        name: node.name, size: node.size,
        operation: .affine(Affine(terms: terms, bias: affine.bias.map(\.magnitude))))
    }
    return Network(nodes: nodes, inputs: inputs, outputs: outputs)
  }
}

extension LinearMap {
  fileprivate var withMagnitudes: LinearMap {
    switch self {
    case .identity: return self
    case .dense(let matrix):
      return .dense(
        DenseMatrix(
          rows: matrix.rows, columns: matrix.columns, weights: matrix.weights.map(\.magnitude)))
    case .sparse(let matrix):
      return .sparse(
        SparseMatrix(rows: matrix.rows, columns: matrix.columns) { row in
          (matrix.rowStarts[row]..<matrix.rowStarts[row + 1]).map {
            (matrix.columnIndices[$0], matrix.weights[$0].magnitude)
          }
        })
    case .convolution(let convolution):
      return .convolution(
        Convolution(
          inputChannels: convolution.inputChannels, outputChannels: convolution.outputChannels,
          groups: convolution.groups, rows: convolution.rows, columns: convolution.columns,
          weights: convolution.weights.map(\.magnitude)))
    }
  }
}

extension Event {
  /// The entries of the input that it speaks of.
  fileprivate var inputs: Set<Int> {
    switch self {
    case .comparison(let form, _):
      Set(
        form.coefficients.keys.compactMap { if case .input(let entry) = $0 { entry } else { nil } })
    case .norm, .unit: []
    case .all(let parts), .any(let parts): parts.reduce(into: []) { $0.formUnion($1.inputs) }
    }
  }
}
