import ClaimLanguage
import ExactArithmetic
import NetworkModel
import ProofFormat

/// Seeded random numbers (SplitMix64), so that a failure can be repeated.
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}

/// A dense network with rectifiers between its layers.
func denseNetwork(
  _ layers: [(weights: [[Double]], bias: [Double])], relativeWeightError: Double = 0
) -> Network {
  let inputs = layers[0].weights[0].count
  var nodes = [Node(name: "x", size: inputs, operation: .input)]
  for (depth, layer) in layers.enumerated() {
    let matrix = DenseMatrix(
      rows: layer.weights.count, columns: layer.weights[0].count,
      weights: layer.weights.flatMap { $0 })
    let source = NodeIndex(nodes.count - 1)
    let affine = Affine(
      terms: [.init(source: source, map: .dense(matrix))], bias: layer.bias,
      relativeWeightError: relativeWeightError)
    nodes.append(Node(name: "z\(depth)", size: layer.bias.count, operation: .affine(affine)))
    guard depth + 1 < layers.count else { continue }
    nodes.append(
      Node(
        name: "a\(depth)", size: layer.bias.count, operation: .relu(NodeIndex(nodes.count - 1))))
  }
  let last = NodeIndex(nodes.count - 1)
  return Network(
    nodes: nodes,
    inputs: [Port(name: "x", shape: [inputs], elementType: .float32, node: NodeIndex(0))],
    outputs: [
      Port(name: "y", shape: [nodes[last.position].size], elementType: .float32, node: last)
    ])
}

/// A random dense network with float32 weights in [−1, 1].
func randomNetwork(_ sizes: [Int], using generator: inout SeededGenerator) -> Network {
  denseNetwork(
    zip(sizes, sizes.dropFirst()).map { columns, rows in
      let number = { (generator: inout SeededGenerator) in
        Double(Float.random(in: -1...1, using: &generator))
      }
      return (
        (0..<rows).map { _ in (0..<columns).map { _ in number(&generator) } },
        (0..<rows).map { _ in number(&generator) }
      )
    })
}

/// The value of every output at a point, in binary64.
func outputs(of network: Network, at point: [Double]) -> [Double] {
  var values: [[Double]] = []
  for node in network.nodes {
    switch node.operation {
    case .input: values.append(point)
    case .relu(let source): values.append(values[source.position].map { max(0, $0) })
    case .affine(let affine):
      var sum = affine.bias
      for term in affine.terms {
        guard case .dense(let matrix) = term.map else { continue }
        for row in 0..<matrix.rows {
          for column in 0..<matrix.columns {
            sum[row] +=
              matrix.weights[row * matrix.columns + column] * values[term.source.position][column]
          }
        }
      }
      values.append(sum)
    }
  }
  return network.outputs.flatMap { values[$0.node.position] }
}

/// `Σ coefficients · y ≤ bound`, or `<`.
func outputRow(_ coefficients: [Int], atMost bound: Double, strict: Bool = false) -> Row {
  Row(
    inputs: [],
    outputs: coefficients.enumerated().filter { $0.element != 0 }.map {
      .init(index: $0.offset, coefficient: Rational($0.element))
    },
    bound: exact(bound), isStrict: strict)
}

/// The exact value of a finite number.
func exact(_ value: Double) -> Rational { Rational(Dyadic(exactly: value) ?? .zero) }

/// A problem with one case over a box.
func problem(
  _ network: Network, lower: [Double], upper: [Double], inputRows: [Row] = [],
  disjuncts: [[Row]], meaning: Meaning = .real
) -> Problem {
  Problem(
    network: network, inputNames: lower.indices.map { "X[\($0)]" }, variables: [],
    cases: [
      Case(
        lower: lower.map(exact), upper: upper.map(exact), inputRows: inputRows,
        disjuncts: disjuncts)
    ], meaning: meaning)
}

/// The bytes of a proof.
func proof(_ records: Record...) -> [UInt8] {
  var writer = ProofWriter()
  for record in records { writer.append(record) }
  return writer.bytes
}
