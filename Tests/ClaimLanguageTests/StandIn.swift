import ClaimLanguage
import ExactArithmetic
import NetworkModel

/// Networks that have a query's declared shapes and whose outputs are all zero.
func standIns(for query: Query) -> [String: Network] {
  var networks: [String: Network] = [:]
  for declaration in query.networks {
    if declaration.relation?.kind == .equal { continue }
    networks[declaration.name] = standIn(for: declaration)
  }
  return networks
}

private func standIn(for declaration: NetworkDeclaration) -> Network {
  var nodes: [Node] = []
  func port(_ variable: VariableDeclaration) -> Port {
    Port(
      name: variable.name, shape: variable.shape, elementType: .float32,
      node: NodeIndex(nodes.count - 1))
  }
  let inputs = declaration.variables.filter { $0.role == .input }.map { variable in
    nodes.append(Node(name: variable.name, size: variable.size, operation: .input))
    return port(variable)
  }
  var (outputs, values): ([Port], [String: Port]) = ([], [:])
  for variable in declaration.variables where variable.role != .input {
    let zero = Affine(terms: [], bias: [Double](repeating: 0, count: variable.size))
    nodes.append(Node(name: variable.name, size: variable.size, operation: .affine(zero)))
    if case .hidden(let name) = variable.role {
      values[name] = port(variable)
    } else {
      outputs.append(port(variable))
    }
  }
  var network = Network(nodes: nodes, inputs: inputs, outputs: outputs)
  network.values = values
  return network
}

/// A query's problem over stand-ins.
func problem(_ text: String) throws -> Problem {
  let query = try Query(parsing: text)
  return try Problem(query: query, networks: standIns(for: query))
}

/// A query of one network with inputs `X` and outputs `Y`, both vectors.
func query(
  _ assertions: String, inputs: Int = 2, outputs: Int = 2, type: String = "real"
) -> String {
  """
  (vnnlib-version <2.0>)
  (declare-network N (declare-input X \(type) [\(inputs)]) (declare-output Y \(type) [\(outputs)]))
  \(assertions)
  """
}

/// Bounds −1 ≤ X[i] ≤ 1.
func unitBox(_ size: Int = 2, _ name: String = "X") -> String {
  (0..<size).map { "(assert (<= -1.0 \(name)[\($0)])) (assert (<= \(name)[\($0)] 1.0))" }
    .joined(separator: "\n")
}

/// A decimal number.
func decimal(_ text: String) -> Rational { Rational(decimal: text) ?? Rational(-999_999_999) }
