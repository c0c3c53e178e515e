internal import ExactArithmetic
internal import NetworkModel

/// The networks of a query side by side over one joint input, and where its variables are in them.
struct JointNetwork {
  /// Node 0 is the joint input.
  let network: Network
  /// The first name of each joint input entry.
  let inputNames: [String]
  /// The declared variables.
  let variables: [Variable]
  /// Where each joint input entry is declared first.
  let inputPositions: [SourcePosition]
  /// Which arithmetic the declared types speak of.
  let meaning: Meaning

  /// Binds each declared network to its file and joins them.
  ///
  /// - Parameters:
  ///   - query: The query.
  ///   - networks: The files, by declared name; of version 1 the only one, by any name.
  /// - Throws: ``ClaimError`` at the declaration that does not fit the file.
  init(query: Query, networks: [String: Network]) throws(ClaimError) {
    let files = try Self.files(for: query, from: networks)
    var types: Set<String> = []
    for (declaration, file) in zip(query.networks, files) {
      try Self.check(declaration, against: file, isFlat: query.version == .one)
      types.formUnion(declaration.variables.map { $0.type.lowercased() })
    }
    meaning = types.contains("float32") ? .float32 : .real

    let merging = InputMerging(query)
    inputNames = merging.representatives.map(query.name(of:))
    inputPositions = merging.representatives.map { query.variables[$0.variable].position }

    var builder = Builder(inputSize: inputNames.count)
    var variables: [Variable] = []
    var outputs: [Port] = []
    var outputCount = 0
    for (declaration, file) in zip(query.networks, files) {
      let first = variables.count
      for (offset, variable) in declaration.variables.enumerated() {
        let place: Variable.Place
        switch variable.role {
        case .input: place = .input(merging.places[first + offset])
        case .hidden, .output:
          place = .output(outputCount)
          outputCount += variable.size
        }
        variables.append(
          Variable(name: variable.name, type: variable.type, shape: variable.shape, place: place))
      }
      let inputs = zip(file.inputs, merging.places[first...]).map { ($0.node, $1) }
      let nodes = try builder.append(
        file, inputs: Dictionary(uniqueKeysWithValues: inputs), at: declaration.position,
        prefix: query.networks.count > 1 ? "\(declaration.name)." : "")
      let declaredOutputs = declaration.variables.suffix(file.outputs.count)
      for (port, variable) in zip(file.outputs, declaredOutputs) {
        outputs.append(
          Port(
            name: variable.name, shape: port.shape, elementType: port.elementType,
            node: nodes[port.node.position]))
      }
    }
    self.variables = variables
    let type = files.first?.inputs.first?.elementType ?? .float32
    let input = Port(
      name: "input", shape: [inputNames.count], elementType: type, node: NodeIndex(0))
    network = Network(nodes: builder.nodes, inputs: [input], outputs: outputs)
  }

  /// The file of each declared network.
  private static func files(
    for query: Query, from networks: [String: Network]
  ) throws(ClaimError) -> [Network] {
    if query.version == .one {
      guard let file = networks.values.first, networks.count == 1 else {
        throw ClaimError(
          SourcePosition(line: 1, column: 1),
          "found \(networks.count) networks, expected the one that VNN-LIB 1 speaks of")
      }
      return [file]
    }
    var files: [Network] = []
    var declared: [String: Int] = [:]
    var unused = Set(networks.keys)
    for declaration in query.networks {
      if case .equal(let name) = declaration.relation, let other = declared[name] {
        files.append(files[other])
      } else if let file = networks[declaration.name] {
        unused.remove(declaration.name)
        files.append(file)
      } else {
        throw ClaimError(
          declaration.position, "found no file for the network `\(declaration.name)`")
      }
      if case .isomorphic(let name) = declaration.relation, let other = declared[name] {
        try check(declaration, isLike: query.networks[other])
      }
      declared[declaration.name] = files.count - 1
    }
    if let name = unused.min() {
      throw ClaimError(
        query.networks[0].position, "found a file for `\(name)`, which needs none here")
    }
    return files
  }

  private static func check(
    _ declaration: NetworkDeclaration, isLike other: NetworkDeclaration
  ) throws(ClaimError) {
    func signature(_ declaration: NetworkDeclaration) -> [String] {
      declaration.variables.filter { $0.role == .input || $0.role == .output }
        .map { "\($0.role) \($0.type.lowercased()) \($0.shape)" }
    }
    guard signature(declaration) == signature(other) else {
      throw ClaimError(
        declaration.position,
        "`\(declaration.name)` is declared isomorphic to `\(other.name)`, "
          + "but their inputs and outputs differ")
    }
  }

  /// Checks that a file has the declared inputs and outputs.
  private static func check(
    _ declaration: NetworkDeclaration, against file: Network, isFlat: Bool
  ) throws(ClaimError) {
    for variable in declaration.variables {
      guard variable.role == .input || variable.role == .output else {
        throw ClaimError(
          variable.position, "conditions on hidden values as `\(variable.name)` are not supported")
      }
    }
    for (role, ports) in [(VariableDeclaration.Role.input, file.inputs), (.output, file.outputs)] {
      let declared = declaration.variables.filter { $0.role == role }
      guard declared.count == ports.count else {
        throw ClaimError(
          declaration.position,
          "found \(role)s in the file of `\(declaration.name)`: \(ports.count), "
            + "expected \(declared.count) as declared")
      }
      for (variable, port) in zip(declared, ports) {
        try check(variable, against: port, isFlat: isFlat)
      }
    }
  }

  private static func check(
    _ variable: VariableDeclaration, against port: Port, isFlat: Bool
  ) throws(ClaimError) {
    let fits =
      isFlat
      ? variable.size == port.size
      : variable.shape.filter { $0 != 1 } == port.shape.filter { $0 != 1 }
    guard fits else {
      throw ClaimError(
        variable.position,
        "`\(variable.name)` is declared with shape \(variable.shape), "
          + "`\(port.name)` in the file has \(port.shape)")
    }
    switch variable.type.lowercased() {
    case "real": break
    case "float32":
      guard port.elementType == .float32 else {
        throw ClaimError(
          variable.position,
          "`\(variable.name)` is declared float32, `\(port.name)` in the file is "
            + "\(port.elementType.rawValue)")
      }
    default:
      throw ClaimError(
        variable.position,
        "`\(variable.name)` has type \(variable.type), expected real or float32: "
          + "no other arithmetic is supported")
    }
  }
}

/// Appends networks to one another, behind the joint input.
private struct Builder {
  var nodes: [Node]

  init(inputSize: Int) { nodes = [Node(name: "input", size: inputSize, operation: .input)] }

  /// Appends a network whose inputs are selections of the joint input.
  ///
  /// - Returns: Where each of its nodes is now.
  mutating func append(
    _ network: Network, inputs: [NodeIndex: [Int]], at position: SourcePosition, prefix: String
  ) throws(ClaimError) -> [NodeIndex] {
    var places: [NodeIndex] = []
    for (index, node) in network.nodes.enumerated() {
      let operation: Operation
      switch node.operation {
      case .input:
        guard let selected = inputs[NodeIndex(index)] else {
          throw ClaimError(position, "the file's value `\(node.name)` has no source")
        }
        guard selected != Array(0..<nodes[0].size) else {
          places.append(NodeIndex(0))
          continue
        }
        let selection = SparseMatrix(selecting: selected, of: nodes[0].size)
        operation = .affine(
          Affine(
            terms: [Affine.Term(source: NodeIndex(0), map: .sparse(selection))],
            bias: [Double](repeating: 0, count: selected.count), execution: .exact))
      case .relu(let source): operation = .relu(places[source.position])
      case .affine(let affine):
        operation = .affine(
          Affine(
            terms: affine.terms.map {
              Affine.Term(source: places[$0.source.position], map: $0.map)
            }, bias: affine.bias, relativeWeightError: affine.relativeWeightError,
            execution: affine.execution))
      }
      places.append(NodeIndex(nodes.count))
      nodes.append(Node(name: prefix + node.name, size: node.size, operation: operation))
    }
    return places
  }
}

/// The joint input: all entries of all inputs, those declared equal merged.
private struct InputMerging {
  /// The first declared entry of each joint one.
  let representatives: [Entry]
  /// The joint entries of each variable; none for outputs.
  let places: [[Int]]

  init(_ query: Query) {
    var starts: [Int] = []
    var entries: [Entry] = []
    for (place, variable) in query.variables.enumerated() {
      starts.append(entries.count)
      guard variable.role == .input else { continue }
      entries += (0..<variable.size).map { Entry(variable: place, index: $0) }
    }
    var parents = Array(entries.indices)
    func root(_ place: Int) -> Int {
      var place = place
      while parents[place] != place {
        parents[place] = parents[parents[place]]
        place = parents[place]
      }
      return place
    }
    var pending = query.assertions
    while let condition = pending.popLast() {
      switch condition {
      case .any: break
      case .all(let parts): pending += parts
      case .comparison(let comparison):
        guard comparison.relation == .equal, case .entry(let left) = comparison.left,
          case .entry(let right) = comparison.right
        else { continue }
        let variables = (query.variables[left.variable], query.variables[right.variable])
        guard variables.0.role == .input, variables.1.role == .input,
          variables.0.type.lowercased() == variables.1.type.lowercased()
        else { continue }
        let first = root(starts[left.variable] + left.index)
        let second = root(starts[right.variable] + right.index)
        parents[max(first, second)] = min(first, second)
      }
    }
    // A root precedes its class, so it has its joint place when the others ask for theirs.
    var representatives: [Entry] = []
    var joint: [Int] = []
    for place in entries.indices {
      if root(place) == place {
        joint.append(representatives.count)
        representatives.append(entries[place])
      } else {
        joint.append(joint[root(place)])
      }
    }
    self.representatives = representatives
    places = query.variables.enumerated().map { place, variable in
      variable.role == .input
        ? Array(joint[starts[place]..<(starts[place] + variable.size)]) : []
    }
  }
}
