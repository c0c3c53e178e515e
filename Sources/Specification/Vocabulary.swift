internal import NetworkModel

/// What the names in a claim's sentences stand for.
struct Vocabulary {
  /// A network at a variable.
  struct Application: Hashable {
    let network: String
    let variable: Int
    /// Whether it is the derivative along the variable, at the point to which the network is applied.
    var isDerivative = false
  }

  /// How large a network is.
  struct Sizes {
    let inputs: Int
    let outputs: Int
    /// The number of units of each rectifier.
    let rectifiers: [Int]
    /// The value of the file that each rectifier is applied to; nil where it has no name that a query can give.
    let preactivations: [Port?]

    init(_ network: Network) {
      inputs = network.inputs[0].size
      outputs = network.outputs[0].size
      rectifiers = network.rectifiers.map { network[$0].size }
      preactivations = network.rectifiers.map { rectifier in
        network.values.values.filter { network[rectifier].operation.sources == [$0.node] }
          .filter { !$0.name.isEmpty && !$0.name.contains(where: { $0 == "\"" || $0.isNewline }) }
          .min { $0.name < $1.name }
      }
    }
  }

  /// The networks.
  let networks: [String: Sizes]
  /// The quantified variables.
  private(set) var variables: [String]
  /// Whether sentences may speak of Jacobians and activation patterns.
  let describesEvents: Bool
  /// The networks at variables, in the order in which the sentences name them.
  var applications: [Application] = []

  /// Where variables come from, for messages.
  var variablePhrase: String {
    describesEvents ? "; the variable is `\(variables.joined(separator: "`, `"))`" : " of `for-all`"
  }

  /// The place of the first network that is applied to a variable.
  func firstApplication(to variable: Int) -> Int? {
    applications.firstIndex { $0.variable == variable }
  }

  /// The size of a variable: the number of inputs of the networks that are applied to it.
  func size(of variable: Int) -> Int? {
    firstApplication(to: variable).flatMap { networks[applications[$0].network]?.inputs }
  }

  /// The claim's words and a direction, with the derivatives along it of all networks at the only
  /// variable.
  var withDerivatives: Vocabulary {
    var extended = self
    extended.addDirection()
    extended.applications += applications.map {
      Application(network: $0.network, variable: variables.count, isDerivative: true)
    }
    return extended
  }

  /// Adds a direction, and the derivative along it of an application's network.
  ///
  /// - Parameter application: The place of the application.
  /// - Returns: The place of the derivative.
  mutating func addDerivative(of application: Int) -> Int {
    addDirection()
    applications.append(
      Application(
        network: applications[application].network, variable: variables.count - 1,
        isDerivative: true))
    return applications.count - 1
  }

  private mutating func addDirection() {
    var name = "direction"
    while variables.contains(name) || networks[name] != nil { name += "_" }
    variables.append(name)
  }

  /// Notes which networks a sentence applies to which variables.
  ///
  /// - Throws: ``Sentence/Problem`` where networks of different input sizes meet.
  mutating func collect(_ words: [Sentence.Word]) throws(Sentence.Problem) {
    for place in words.indices {
      guard let (network, name) = Self.application(in: words[place...]),
        let sizes = networks[network], let variable = variables.firstIndex(of: name)
      else { continue }
      if let size = size(of: variable), size != sizes.inputs {
        throw Sentence.Problem(
          offset: words[place].offset,
          message: "`\(network)` has \(sizes.inputs) inputs, "
            + "but `\(name)` is the input of a network with \(size)")
      }
      let application = Application(network: network, variable: variable)
      if !applications.contains(application) { applications.append(application) }
    }
  }

  /// The network and the variable of `f(x)`, `jacobian(f, x)` and the like, where these words begin with
  /// one.
  static func application(
    in words: ArraySlice<Sentence.Word>
  ) -> (network: String, variable: String)? {
    let kinds = words.prefix(6).map(\.kind)
    guard kinds.count > 3, case .name(let first) = kinds[0], kinds[1] == .symbol("("),
      case .name(let second) = kinds[2]
    else { return nil }
    guard SentenceReader.eventWords.contains(first) else {
      return kinds[3] == .symbol(")") ? (first, second) : nil
    }
    guard kinds.count > 5, kinds[3] == .symbol(","), case .name(let variable) = kinds[4],
      kinds[5] == .symbol(")")
    else { return nil }
    return (second, variable)
  }
}
