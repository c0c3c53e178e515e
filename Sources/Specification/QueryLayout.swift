internal import ClaimLanguage
internal import NetworkModel

/// The networks and variables of a claim's query.
///
/// Every application of a network is a declared network: the first bears the network's name, further
/// ones are `equal-to` it, or its derivatives. Where several are applied to one variable, their inputs are
/// asserted equal.
struct QueryLayout: Sendable {
  /// The declarations of the networks, as text.
  let declarations: [String]
  /// The names of the declarations that need a file.
  let files: [String]
  /// That all inputs of one quantified variable are equal.
  let equalities: [Condition]
  private let vocabulary: Vocabulary
  /// The names of each application's inputs and outputs.
  private let inputs: [[String]]
  private let outputs: [[String]]
  /// The names of the pre-activations of some rectifiers of each application.
  private let preactivations: [[Int: [String]]]

  /// Lays a claim out.
  ///
  /// - Parameters:
  ///   - vocabulary: The claim's variables and the networks applied to them.
  ///   - networks: The networks.
  ///   - arithmetic: Which type is declared.
  ///   - rectifiers: Those of each application whose pre-activations are declared, as hidden values of the file.
  init(
    _ vocabulary: Vocabulary, networks: [String: Network], arithmetic: Meaning,
    rectifiers: [Int: Set<Int>] = [:]
  ) {
    self.vocabulary = vocabulary
    var taken = Set(vocabulary.variables).union(networks.keys)
    func unused(_ name: String) -> String {
      var name = name
      while !taken.insert(name).inserted { name += "_" }
      return name
    }
    var declarations: [String] = []
    var files: [String] = []
    var equalities: [Condition] = []
    var (inputs, outputs): ([[String]], [[String]]) = ([], [])
    var preactivations: [[Int: [String]]] = []
    for (order, application) in vocabulary.applications.enumerated() {
      guard let network = networks[application.network] else { continue }
      let variable = vocabulary.variables[application.variable]
      let isNew = !application.isDerivative && !files.contains(application.network)
      let first = vocabulary.firstApplication(to: application.variable) ?? order
      let input = first == order ? variable : unused("\(variable)_in_\(application.network)")
      let relation = application.isDerivative ? "derivative-of" : "equal-to"
      let name = isNew ? application.network : unused("\(application.network)_on_\(variable)")
      let output = unused("\(application.network)_of_\(variable)")
      func declaration(
        _ role: String, _ name: String, _ port: Port, of value: String = ""
      ) -> String {
        let shape = port.shape.map(String.init).joined(separator: ",")
        return "\n  (declare-\(role) \(name) \(arithmetic.rawValue) [\(shape)]\(value))"
      }
      var (hidden, entries): (String, [Int: [String]]) = ("", [:])
      for rectifier in (rectifiers[order] ?? []).sorted() {
        guard let port = vocabulary.networks[application.network]?.preactivations[rectifier] else {
          continue
        }
        let name = unused("preactivation_\(rectifier)_of_\(application.network)")
        hidden += declaration("hidden", name, port, of: " \"\(port.name)\"")
        entries[rectifier] = Self.entries(of: name, port.shape)
      }
      preactivations.append(entries)
      declarations.append(
        "(declare-network \(name)" + (isNew ? "" : "\n  (\(relation) \(application.network))")
          + declaration("input", input, network.inputs[0]) + hidden
          + declaration("output", output, network.outputs[0]) + "\n)\n")
      if isNew { files.append(application.network) }
      inputs.append(Self.entries(of: input, network.inputs[0].shape))
      outputs.append(Self.entries(of: output, network.outputs[0].shape))
      guard first != order else { continue }
      equalities += zip(inputs[first], inputs[order]).map { .comparison("(== \($0) \($1))") }
    }
    self.declarations = declarations
    self.files = files
    self.equalities = equalities
    self.inputs = inputs
    self.outputs = outputs
    self.preactivations = preactivations
  }

  /// The names of a tensor's entries, row-major: `x[0,3]`, or `x` for a scalar.
  private static func entries(of name: String, _ shape: [Int]) -> [String] {
    var indices = [""]
    for dimension in shape {
      indices = indices.flatMap { prefix in
        (0..<dimension).map { prefix.isEmpty ? "\($0)" : "\(prefix),\($0)" }
      }
    }
    return indices.map { $0.isEmpty ? name : "\(name)[\($0)]" }
  }

  /// The entries of a quantified variable; nothing where no network is applied to it.
  func entries(of variable: Int) -> [String]? {
    vocabulary.firstApplication(to: variable).map { inputs[$0] }
  }

  /// The name of a quantity in the query.
  func name(of quantity: Quantity) -> String {
    switch quantity.source {
    case .application(let place): outputs[place][quantity.index]
    case .jacobian:
      preconditionFailure("in queries, Jacobians are values of derivatives")
    case .preactivation(let place, let rectifier):
      preactivations[place][rectifier]?[quantity.index] ?? ""
    case .variable(let variable):
      inputs[vocabulary.firstApplication(to: variable) ?? 0][quantity.index]
    }
  }
}
