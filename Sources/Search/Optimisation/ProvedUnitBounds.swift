internal import BoundPropagation
internal import ClaimLanguage
internal import ExactArithmetic
internal import NetworkModel
internal import ProofChecker
internal import ProofFormat

/// Bounds of all pre-activations on a box that the checker accepted: sound constants for integer
/// programs.
struct ProvedUnitBounds {
  let lower: [Double]
  let upper: [Double]

  /// Bounds the units of a network and has the checker replay it; fails where the checker does not
  /// accept bounds that are a millionth wider than those of bound propagation.
  ///
  /// - Parameters:
  ///   - network: The network, of one input node.
  ///   - item: The case whose box counts.
  init?(_ network: Network, on item: Case) {
    guard !network.nodes.contains(where: { if case .gate = $0.operation { true } else { false } })
    else { return nil }
    let network = Self.preactivations(of: network)
    guard let floats = try? FloatNetwork(network) else { return nil }
    let box = FloatProblem.Case(item)
    var subproblems = [Subproblem(lower: box.lower, upper: box.upper, of: floats)]
    let units = network.outputs.reduce(0) { $0 + $1.size }
    let rows = (0..<2 * units).map { place in
      LinearRow(
        outputs: [.init(index: place / 2, coefficient: place.isMultiple(of: 2) ? 1 : -1)])
    }
    // The same substitutions as in the proof: intervals may be tighter, but would need other records.
    let least = Propagator(floats, batchSize: 1)
      .bound(rows, on: &subproblems, refresh: .backward(from: 0)).lower
      .map { $0 - 1e-6 * max(1, $0.magnitude) }
    lower = (0..<units).map { least[2 * $0] }
    upper = (0..<units).map { -least[2 * $0 + 1] }
    guard let problem = claim(about: network, on: item) else { return nil }
    var writer = ProofWriter()
    if units > 0 { writer.append(.tightenAll) }
    for disjunct in problem.cases[0].disjuncts.indices {
      writer.append(.close(disjunct: disjunct, .standard))
    }
    guard (try? ProofChecker.check(writer.bytes, of: problem)) != nil else { return nil }
  }

  /// The network with all pre-activations as outputs, in the order of the units.
  private static func preactivations(of network: Network) -> Network {
    let outputs: [Port] = network.nodes.compactMap { node in
      guard case .relu(let source) = node.operation else { return nil }
      return Port(
        name: "argument of \(node.name)", shape: [node.size], elementType: .float64, node: source)
    }
    return Network(nodes: network.nodes, inputs: network.inputs, outputs: outputs)
  }

  /// The claim that every pre-activation lies between its bounds.
  private func claim(about network: Network, on item: Case) -> ClaimLanguage.Problem? {
    var disjuncts: [[Row]] = []
    for unit in lower.indices {
      guard let low = Dyadic(exactly: lower[unit]), let high = Dyadic(exactly: upper[unit])
      else { return nil }
      for (factor, bound) in [(Rational.one, Rational(low)), (-Rational.one, -Rational(high))] {
        disjuncts.append([
          Row(
            inputs: [], outputs: [.init(index: unit, coefficient: factor)], bound: bound,
            isStrict: true)
        ])
      }
    }
    return ClaimLanguage.Problem(
      network: network, inputNames: item.lower.indices.map { "input \($0)" }, variables: [],
      cases: [
        Case(
          lower: item.lower, upper: item.upper, inputRows: item.inputRows, disjuncts: disjuncts)
      ], meaning: .real)
  }
}
