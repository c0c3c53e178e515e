internal import ClaimLanguage
internal import NetworkModel

/// The networks and variables of a claim's query.
///
/// Every application of a network is a declared network: the first bears the network's name, further
/// ones are `equal-to` it. Where several are applied to one variable, their inputs are asserted equal.
struct QueryLayout {
  let declarations: [NetworkDeclaration]
  /// The names of the declarations that need a file.
  let files: [String]
  /// That all inputs of one quantified variable are equal.
  let equalities: [Condition]
  private let vocabulary: Vocabulary
  private let sizes: [Int]

  /// Lays a claim out.
  ///
  /// - Parameters:
  ///   - vocabulary: The claim's variables and the networks applied to them.
  ///   - networks: The networks.
  ///   - arithmetic: Which type is declared.
  ///   - place: Where the claim stands.
  init(
    _ vocabulary: Vocabulary, networks: [String: Network], arithmetic: Meaning,
    at place: YAMLValue
  ) {
    self.vocabulary = vocabulary
    sizes = vocabulary.variables.indices.map { vocabulary.size(of: $0) ?? 0 }
    var taken = Set(vocabulary.variables).union(networks.keys)
    func unused(_ name: String) -> String {
      var name = name
      while !taken.insert(name).inserted { name += "_" }
      return name
    }
    var declarations: [NetworkDeclaration] = []
    var files: [String] = []
    var equalities: [Condition] = []
    for (order, application) in vocabulary.applications.enumerated() {
      let (network, variable) = (application.network, application.variable)
      let name = vocabulary.variables[variable]
      let isFirst = !files.contains(network)
      let first = vocabulary.applications.firstIndex { $0.variable == variable } ?? order
      func declare(
        _ role: VariableDeclaration.Role, _ name: String, _ ports: [Port]?
      ) -> [VariableDeclaration] {
        (ports ?? []).map {
          VariableDeclaration(
            role: role, name: name, type: arithmetic.rawValue, shape: $0.shape,
            position: place.position)
        }
      }
      let input = first == order ? name : unused("\(name)_in_\(network)")
      declarations.append(
        NetworkDeclaration(
          name: isFirst ? network : unused("\(network)_on_\(name)"),
          relation: isFirst ? nil : .equal(to: network),
          variables: declare(.input, input, networks[network]?.inputs)
            + declare(.output, unused("\(network)_of_\(name)"), networks[network]?.outputs),
          position: place.position))
      if isFirst { files.append(network) }
      for index in 0..<sizes[variable] where first != order {
        equalities.append(
          .comparison(
            Comparison(
              .entry(Entry(variable: 2 * first, index: index)), .equal,
              .entry(Entry(variable: 2 * order, index: index)), position: place.position)))
      }
    }
    self.declarations = declarations
    self.files = files
    self.equalities = equalities
  }

  /// The entries of a quantified variable; nothing where no network is applied to it.
  func entries(of variable: Int) -> [Entry]? {
    guard let first = vocabulary.applications.firstIndex(where: { $0.variable == variable }) else {
      return nil
    }
    return (0..<sizes[variable]).map { Entry(variable: 2 * first, index: $0) }
  }

  /// Where a quantity is in the query: application k declares the variables 2k and 2k + 1.
  func entry(_ quantity: Quantity) -> Entry {
    switch quantity.source {
    case .application(let place): return Entry(variable: 2 * place + 1, index: quantity.index)
    case .variable(let variable):
      let first = vocabulary.applications.firstIndex { $0.variable == variable } ?? 0
      return Entry(variable: 2 * first, index: quantity.index)
    }
  }
}
