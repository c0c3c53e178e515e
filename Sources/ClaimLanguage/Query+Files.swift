internal import NetworkModel

extension Query {
  /// The file of each declared network, which has the declared shapes and types.
  func files(from networks: [String: Network]) throws(ClaimError) -> [Network] {
    let start = self.networks[0].position
    var networks = networks
    if version == .one {
      guard let file = networks.values.first, networks.count == 1 else {
        throw ClaimError(
          start, "found \(networks.count) networks, expected the one that VNN-LIB 1 speaks of")
      }
      networks = [self.networks[0].name: file]
    }
    var files: [Network] = []
    for declaration in self.networks {
      var shared: Network?
      if let relation = declaration.relation,
        let place = self.networks.firstIndex(where: { $0.name == relation.name })
      {
        try declaration.check(relation.kind, of: self.networks[place], among: variables)
        if relation.kind != .isomorphic { shared = files[place] }
      }
      guard let file = shared ?? networks.removeValue(forKey: declaration.name) else {
        throw ClaimError(
          declaration.position, "found no file for the network `\(declaration.name)`")
      }
      try declaration.check(against: file, isFlat: version == .one)
      files.append(file)
    }
    let rest = networks.keys.min()
    try expect(rest == nil, at: start, "found a file for `\(rest ?? "")`, which needs none here")
    return files
  }
}

extension NetworkDeclaration {
  /// What isomorphic networks have in common.
  private var signature: [String] {
    variables.map { "\($0.role) \($0.type.lowercased()) \($0.shape)" }
  }

  /// Refuses what is not isomorphic, and what has no derivative here: derivatives, and executions in
  /// binary32.
  fileprivate func check(
    _ kind: Relation.Kind, of other: NetworkDeclaration, among all: [VariableDeclaration]
  ) throws(ClaimError) {
    try expect(
      kind != .isomorphic || signature == other.signature, at: position,
      "`\(name)` is declared isomorphic to `\(other.name)`, but their inputs and outputs differ")
    try expect(
      kind == .isomorphic || other.relation?.kind != .derivative, at: position,
      "`\(other.name)` is a derivative, which has \(kind == .equal ? "no equal" : "none") here")
    try expect(
      kind != .derivative || all.allSatisfy { $0.type.lowercased() == "real" }, at: position,
      "derivatives are those of functions over the reals")
  }

  /// The file's value of each variable; nil where it has none.
  func ports(of file: Network) -> [Port?] {
    var (inputs, outputs) = (file.inputs[...], file.outputs[...])
    return variables.map {
      switch $0.role {
      case .input: inputs.popFirst()
      case .hidden(let name): file.values[name]
      case .output: outputs.popFirst()
      }
    }
  }

  fileprivate func check(against file: Network, isFlat: Bool) throws(ClaimError) {
    let inputs = variables.count { $0.role == .input }
    let outputs = variables.count { $0.role == .output }
    try expect(
      [inputs, outputs] == [file.inputs.count, file.outputs.count], at: position,
      "the file of `\(name)` has \(file.inputs.count) inputs and \(file.outputs.count) outputs, "
        + "expected \(inputs) and \(outputs) as declared")
    for (variable, port) in zip(variables, ports(of: file)) {
      guard let port else {
        throw ClaimError(
          variable.position,
          "found no value of the name given for `\(variable.name)` in the file of `\(name)`, expected "
            + "one that its outputs depend on")
      }
      let fits =
        isFlat
        ? variable.size == port.size
        : variable.shape.filter { $0 != 1 } == port.shape.filter { $0 != 1 }
      try expect(
        fits, at: variable.position,
        "`\(variable.name)` is declared with shape \(variable.shape), "
          + "`\(port.name)` in the file has \(port.shape)")
      let type = variable.type.lowercased()
      try expect(
        ["real", "float32"].contains(type), at: variable.position,
        "`\(variable.name)` has type \(variable.type), expected real or float32: "
          + "no other arithmetic is supported")
      try expect(
        type == "real" || port.elementType == .float32, at: variable.position,
        "`\(variable.name)` is declared float32, `\(port.name)` in the file is "
          + "\(port.elementType.rawValue)")
    }
  }
}
