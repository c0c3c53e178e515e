internal import NetworkModel

/// The networks of a query side by side over one joint input, and where its variables are in them.
struct JointNetwork {
  /// The networks; node 0 is the joint input.
  let network: Network
  /// The joint input entries, each by the first declared one.
  let inputs: [Entry]
  /// The declared variables.
  let variables: [Variable]

  /// Joins the files of a query's networks, each of which fits its declaration.
  init(query: Query, files: [Network]) throws(ClaimError) {
    var merging = InputMerging(query)
    var outputCount = 0
    variables = query.variables.enumerated().map { place, declaration in
      let entries = (0..<declaration.size).map { Entry(variable: place, index: $0) }
      defer { if declaration.role != .input { outputCount += entries.count } }
      return Variable(
        name: declaration.name, type: declaration.type, shape: declaration.shape,
        place: declaration.role == .input
          ? .input(entries.map { merging.place(of: $0) }) : .output(outputCount))
    }
    inputs = merging.inputs

    var nodes = [Node(name: "input", size: inputs.count, operation: .input)]
    var outputs: [Port] = []
    var rest = variables[...]
    var appended: [String: [NodeIndex]] = [:]
    for (declaration, file) in zip(query.networks, files) {
      let other = declaration.relation
      let point = other.flatMap { $0.kind == .derivative ? appended[$0.name] : nil }
      let declared = rest.prefix(declaration.variables.count)
      rest = rest.dropFirst(declared.count)
      let places = try Self.append(
        file, over: declared, at: point, to: &nodes,
        prefix: query.networks.count > 1 ? "\(declaration.name)." : "", at: declaration.position)
      appended[declaration.name] = places
      for (port, variable) in zip(declaration.ports(of: file), declared) {
        guard let port, case .output = variable.place else { continue }
        outputs.append(
          Port(
            name: variable.name, shape: port.shape, elementType: port.elementType,
            node: places[port.node.position]))
      }
    }
    let input = Port(
      name: "input", shape: [inputs.count], elementType: files[0].inputs[0].elementType,
      node: NodeIndex(0))
    network = Network(nodes: nodes, inputs: [input], outputs: outputs)
  }

  /// The joint input, or the output, that an entry is.
  func place(of entry: Entry) -> Int {
    switch variables[entry.variable].place {
    case .input(let places): places[entry.index]
    case .output(let first): first + entry.index
    }
  }

  /// Appends a network whose inputs are selections of node 0; with a `point`, where the network's own nodes
  /// are, its derivative there.
  ///
  /// - Returns: Where each of its nodes is now.
  private static func append(
    _ file: Network, over declared: ArraySlice<Variable>, at point: [NodeIndex]?,
    to nodes: inout [Node], prefix: String, at position: SourcePosition
  ) throws(ClaimError) -> [NodeIndex] {
    var places: [NodeIndex] = []
    for (index, node) in file.nodes.enumerated() {
      let operation: Operation
      switch node.operation {
      case .input:
        guard let input = zip(file.inputs, declared).first(where: { $0.0.node.position == index }),
          case .input(let selected) = input.1.place
        else { throw ClaimError(position, "the file's value `\(node.name)` has no source") }
        guard selected != Array(0..<nodes[0].size) else {
          places.append(NodeIndex(0))
          continue
        }
        let selection = SparseMatrix(selecting: selected, of: nodes[0].size)
        operation = .affine(
          Affine(
            terms: [.init(source: NodeIndex(0), map: .sparse(selection))], execution: .exact))
      case .affine, .relu, .gate:
        let applied = node.operation.replacingSources { places[$0.position] }
        operation = point.map { node.operation.derivative(applied, at: $0) } ?? applied
      }
      places.append(NodeIndex(nodes.count))
      nodes.append(Node(name: prefix + node.name, size: node.size, operation: operation))
    }
    return places
  }
}

/// The inputs of a query, those declared equal as one, in the order of their first entries.
private struct InputMerging {
  private(set) var inputs: [Entry] = []
  private var places: [Entry: Int] = [:]
  /// An earlier input that is declared equal to this one.
  private var earlier: [Entry: Entry] = [:]

  init(_ query: Query) {
    func type(_ entry: Entry) -> String { query.variables[entry.variable].type.lowercased() }
    for (left, right) in query.equalInputs where type(left) == type(right) {
      let (left, right) = (first(equalTo: left), first(equalTo: right))
      guard left != right else { continue }
      earlier[max(left, right)] = min(left, right)
    }
  }

  /// The place of an input; the next one where it is not asked for before.
  mutating func place(of entry: Entry) -> Int {
    let first = first(equalTo: entry)
    if let place = places[first] { return place }
    places[first] = inputs.count
    inputs.append(first)
    return inputs.count - 1
  }

  private mutating func first(equalTo entry: Entry) -> Entry {
    var entry = entry
    while let next = earlier[entry] {
      earlier[entry] = earlier[next] ?? next
      entry = next
    }
    return entry
  }
}
