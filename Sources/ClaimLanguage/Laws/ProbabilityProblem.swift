internal import BigInt
public import ExactArithmetic
public import MassArithmetic
public import NetworkModel

/// What is to be shown of a probability, derived from the claim's and the networks' bytes alone.
///
/// The probability of an event is the sum, over the components, of the weight times the probability that
/// the component's latent coordinates are a point of its problem's case: a *point* satisfies all rows of
/// some disjunct.
public struct ProbabilityProblem: Sendable {
  /// A part of a mixture.
  public struct Component: Sendable {
    /// Positive; those of all components sum to one.
    public let weight: Rational
    /// The laws of the latent coordinates, the inputs of the problem's network.
    public let laws: [CoordinateLaw]
    /// The event in one case, whose box is the laws' ``CoordinateLaw/range``.
    public let problem: Problem
  }

  /// What the number is made of the events' probabilities.
  public let quantity: ProbabilityQuantity
  /// What is claimed: the number is not below this.
  public let lower: Rational
  /// What is claimed: the number is not above this.
  public let upper: Rational
  /// The names of the inputs, of which the law is.
  public let inputNames: [String]
  /// Of each event, the parts of the mixture.
  public let events: [[Component]]

  /// Derives what is to be shown; `specs/format/probability.md` says how.
  ///
  /// - Parameters:
  ///   - query: The claim.
  ///   - networks: As for ``Problem``.
  /// - Throws: ``ClaimError`` where the claim does not fit the networks.
  public init(query: ProbabilityQuery, networks: [String: Network]) throws(ClaimError) {
    var problems: [Problem] = []
    for event in query.events { problems.append(try Problem(event: event, networks: networks)) }
    (quantity, lower, upper) = (query.quantity, query.lower, query.upper)
    inputNames = problems[0].inputNames
    for problem in problems where problem.variables != problems[0].variables {
      throw ClaimError(
        query.components[0].position, "the law's inputs are not the same for all events")
    }
    events = try problems.map { (problem) throws(ClaimError) in
      try query.components.map { (item) throws(ClaimError) in
        Component(weight: item.weight, laws: item.laws, problem: try problem.problem(under: item))
      }
    }
  }
}

extension Problem {
  /// The event as one case over the latent coordinates of a component.
  fileprivate func problem(under component: ProbabilityQuery.Component) throws(ClaimError)
    -> Problem
  {
    let (laws, position) = (component.laws, component.position)
    guard (component.map?.count ?? laws.count) == inputNames.count else {
      throw ClaimError(
        position,
        "the component has \(component.map?.count ?? laws.count) inputs, expected "
          + "\(inputNames.count)")
    }
    var (network, disjuncts) = (network, cases[0].disjuncts)
    if let map = component.map {
      let place = outputs.count
      network = try network.behind(map, at: position)
      disjuncts = disjuncts.map { $0.map { $0.movingInputs(toOutputsFrom: place) } }
    }
    let ranges = laws.map(\.range)
    let box = Case(
      lower: ranges.map { Rational($0.lower) }, upper: ranges.map { Rational($0.upper) },
      inputRows: [], disjuncts: disjuncts)
    return Problem(
      network: network,
      inputNames: component.map == nil ? inputNames : laws.indices.map { "Z[\($0)]" },
      variables: variables,
      cases: [box], meaning: meaning)
  }
}

extension Row {
  /// The same row where the inputs stand behind the outputs.
  fileprivate func movingInputs(toOutputsFrom place: Int) -> Row {
    Row(
      inputs: [],
      outputs: outputs
        + inputs.map { Entry(index: place + $0.index, coefficient: $0.coefficient) },
      curves: curves, norm: norm, bound: bound, isStrict: isStrict)
  }
}

extension Network {
  /// The network of other inputs, from which an affine map makes this one's; a last output holds these.
  ///
  /// - Parameters:
  ///   - map: A row for each input: an offset, then a factor for each of the other inputs.
  ///   - position: Where the map stands.
  /// - Returns: The network of the other inputs.
  /// - Throws: ``ClaimError`` where a number lies beyond binary64.
  fileprivate func behind(_ map: [[Rational]], at position: SourcePosition) throws(ClaimError)
    -> Network
  {
    var numbers: [(value: Double, isExact: Bool)] = []
    for number in map.joined() {
      guard let rounded = number.binary64 else {
        throw ClaimError(position, "the map has a number beyond the range of binary64")
      }
      numbers.append(rounded)
    }
    let width = map[0].count
    let offsets = stride(from: 0, to: numbers.count, by: width).map { numbers[$0].value }
    let factors = numbers.indices.filter { $0 % width > 0 }.map { numbers[$0].value }
    // The offsets are weights of a constant, so that their rounding counts as that of weights.
    let one = Affine(terms: [], bias: [1], execution: .exact)
    let size = map.count
    let affine = Affine(
      terms: [
        .init(
          source: NodeIndex(0),
          map: .dense(DenseMatrix(rows: size, columns: width - 1, weights: factors))),
        .init(
          source: NodeIndex(1), map: .dense(DenseMatrix(rows: size, columns: 1, weights: offsets))),
      ],
      relativeWeightError: numbers.allSatisfy(\.isExact) ? 0 : 0x1p-52)
    var moved = [
      Node(name: "latent", size: width - 1, operation: .input),
      Node(name: "one", size: 1, operation: .affine(one)),
      Node(name: nodes[0].name, size: size, operation: .affine(affine)),
    ]
    let place = { (node: NodeIndex) in NodeIndex(node.position + 2) }
    for node in nodes.dropFirst() {
      moved.append(
        Node(
          name: node.name, size: node.size, operation: node.operation.replacingSources(place)))
    }
    let type = inputs[0].elementType
    let ports = outputs.map {
      Port(name: $0.name, shape: $0.shape, elementType: $0.elementType, node: place($0.node))
    }
    return Network(
      nodes: moved,
      inputs: [Port(name: "latent", shape: [width - 1], elementType: type, node: NodeIndex(0))],
      outputs: ports
        + [Port(name: "input", shape: [size], elementType: type, node: NodeIndex(2))])
  }
}

extension Rational {
  /// A binary64 number within 2^-52 of this one, relative to either, and whether it is this one; nil
  /// where the normal numbers do not reach.
  fileprivate var binary64: (value: Double, isExact: Bool)? {
    guard signum != 0 else { return (0, true) }
    let size = numerator.magnitude.bitWidth - denominator.bitWidth
    let floored = roundedDown(toFractionalBits: 54 - size)
    let excess = max(0, floored.mantissa.magnitude.bitWidth - 53)
    let kept = Dyadic(
      floored.mantissa.flooredShift(by: excess), exponent: floored.exponent + excess)
    guard (-1000...900).contains(kept.exponent) else { return nil }
    let value = Double(
      sign: .plus, exponent: kept.exponent, significand: Double(Int64(narrowing: kept.mantissa)))
    guard value.isFinite, Dyadic(exactly: value) == kept else { return nil }
    return (value, Rational(kept) == self)
  }
}
