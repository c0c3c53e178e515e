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

    init(_ network: Network) {
      inputs = network.inputs[0].size
      outputs = network.outputs[0].size
      rectifiers = network.rectifiers.map { network[$0].size }
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
    var name = "direction"
    while variables.contains(name) || networks[name] != nil { name += "_" }
    extended.variables.append(name)
    extended.applications += applications.map {
      Application(network: $0.network, variable: variables.count, isDerivative: true)
    }
    return extended
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
