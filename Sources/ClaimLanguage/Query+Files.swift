internal import NetworkModel

extension Query {
  /// The file of each declared network, which has the declared shapes and types.
  func files(from networks: [String: Network]) throws(ClaimError) -> [Network] {
    var networks = networks
    if version == .one {
      guard let file = networks.values.first, networks.count == 1 else {
        throw ClaimError(
          self.networks[0].position,
          "found \(networks.count) networks, expected the one that VNN-LIB 1 speaks of")
      }
      networks = [self.networks[0].name: file]
    }
    var files: [Network] = []
    var earlier: [String: Int] = [:]
    for declaration in self.networks {
      let name = declaration.name
      if case .equal(let other) = declaration.relation, let place = earlier[other] {
        if case .derivative = self.networks[place].relation {
          throw ClaimError(
            declaration.position, "`\(other)` is a derivative, which has no equal here")
        }
        files.append(files[place])
      } else if case .derivative(let other) = declaration.relation, let place = earlier[other] {
        try declaration.checkDerivative(of: self.networks[place], among: variables)
        files.append(files[place])
      } else if let file = networks.removeValue(forKey: name) {
        files.append(file)
      } else {
        throw ClaimError(declaration.position, "found no file for the network `\(name)`")
      }
      if case .isomorphic(let other) = declaration.relation, let place = earlier[other],
        declaration.signature != self.networks[place].signature
      {
        throw ClaimError(
          declaration.position,
          "`\(name)` is declared isomorphic to `\(other)`, but their inputs and outputs differ")
      }
      try declaration.check(against: files[files.count - 1], isFlat: version == .one)
      earlier[name] = files.count - 1
    }
    if let name = networks.keys.min() {
      throw ClaimError(
        self.networks[0].position, "found a file for `\(name)`, which needs none here")
    }
    return files
  }
}

extension NetworkDeclaration {
  /// What isomorphic networks have in common.
  fileprivate var signature: [String] {
    variables.map { "\($0.role) \($0.type.lowercased()) \($0.shape)" }
  }

  /// Refuses what has no derivative here: derivatives, and executions in binary32.
  fileprivate func checkDerivative(
    of other: NetworkDeclaration, among all: [VariableDeclaration]
  ) throws(ClaimError) {
    if case .derivative = other.relation {
      throw ClaimError(position, "`\(other.name)` is a derivative, which has none here")
    }
    guard all.allSatisfy({ $0.type.lowercased() == "real" }) else {
      throw ClaimError(position, "derivatives are those of functions over the reals")
    }
  }

  fileprivate func check(against file: Network, isFlat: Bool) throws(ClaimError) {
    let inputs = variables.filter { $0.role == .input }
    guard inputs.count == file.inputs.count,
      variables.count - inputs.count == file.outputs.count
    else {
      throw ClaimError(
        position,
        "the file of `\(name)` has \(file.inputs.count) inputs and \(file.outputs.count) outputs, "
          + "expected \(inputs.count) and \(variables.count - inputs.count) as declared")
    }
    for (variable, port) in zip(variables, file.inputs + file.outputs) {
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
      let type = variable.type.lowercased()
      guard type == "real" || type == "float32" else {
        throw ClaimError(
          variable.position,
          "`\(variable.name)` has type \(variable.type), expected real or float32: "
            + "no other arithmetic is supported")
      }
      guard type == "real" || port.elementType == .float32 else {
        throw ClaimError(
          variable.position,
          "`\(variable.name)` is declared float32, `\(port.name)` in the file is "
            + "\(port.elementType.rawValue)")
      }
    }
  }
}
