package import ClaimLanguage
package import ExactArithmetic
package import NetworkModel

/// Seeded random numbers (SplitMix64), so that a failure can be repeated.
package struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  package init(seed: UInt64) { state = seed }

  package mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}

extension SparseMatrix {
  /// A matrix by its compressed rows; zeros are left out.
  package init(
    rows: Int, columns: Int, rowStarts: [Int], columnIndices: [Int], weights: [Double]
  ) {
    self.init(rows: rows, columns: columns) { row in
      (rowStarts[row]..<rowStarts[row + 1]).map { (columnIndices[$0], weights[$0]) }
    }
  }
}

/// A dense network with rectifiers between its layers.
package func denseNetwork(
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
package func randomNetwork(_ sizes: [Int], using generator: inout SeededGenerator) -> Network {
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

/// A random dense network with weights that are multiples of 1/8: its exact values are short.
package func coarseNetwork(_ sizes: [Int], using generator: inout SeededGenerator) -> Network {
  denseNetwork(
    zip(sizes, sizes.dropFirst()).map { columns, rows in
      (
        (0..<rows).map { _ in
          (0..<columns).map { _ in Double(Int.random(in: -12...12, using: &generator)) / 8 }
        },
        (0..<rows).map { _ in Double(Int.random(in: -6...6, using: &generator)) / 8 }
      )
    })
}

/// A network given by its nodes, with node 0 as input and the last one as output.
package func network(
  _ operations: [(size: Int, operation: NetworkModel.Operation)], output: Int? = nil
)
  -> Network
{
  let last = output ?? operations.count - 1
  return Network(
    nodes: operations.enumerated().map {
      Node(name: "n\($0.offset)", size: $0.element.size, operation: $0.element.operation)
    },
    inputs: [
      Port(name: "x", shape: [operations[0].size], elementType: .float32, node: NodeIndex(0))
    ],
    outputs: [
      Port(
        name: "y", shape: [operations[last].size], elementType: .float32, node: NodeIndex(last))
    ])
}

/// `Σ matrix · source + bias`.
package func affine(_ terms: [(source: Int, rows: [[Double]])], bias: [Double])
  -> NetworkModel.Operation
{
  .affine(
    Affine(
      terms: terms.map { source, rows in
        Affine.Term(
          source: NodeIndex(source),
          map: .dense(
            DenseMatrix(
              rows: rows.count, columns: rows[0].count, weights: rows.flatMap { $0 })))
      }, bias: bias))
}

/// The value of every output at a point, in binary64.
package func outputs(of network: Network, at point: [Double]) -> [Double] {
  var values: [[Double]] = []
  for node in network.nodes {
    switch node.operation {
    case .input: values.append(point)
    case .relu(let source): values.append(values[source.position].map { max(0, $0) })
    case .gate(let source, let sign):
      values.append(zip(values[source.position], values[sign.position]).map { $1 > 0 ? $0 : 0 })
    case .affine(let affine):
      var sum = affine.bias
      for term in affine.terms {
        for (row, weights) in matrix(of: term.map).enumerated() {
          for (column, weight) in weights.enumerated() {
            sum[row] += weight * values[term.source.position][column]
          }
        }
      }
      values.append(sum)
    }
  }
  return network.outputs.flatMap { values[$0.node.position] }
}

/// `Σ coefficients · x ≤ bound`, or `<`.
package func inputRow(
  _ coefficients: [Int], curves: [Row.Curve] = [], atMost bound: Double, strict: Bool = false
) -> Row {
  Row(
    inputs: coefficients.enumerated().filter { $0.element != 0 }.map {
      .init(index: $0.offset, coefficient: Rational($0.element))
    },
    outputs: [], curves: curves, bound: exact(bound), isStrict: strict)
}

/// `Σ coefficients · y ≤ bound`, or `<`.
package func outputRow(_ coefficients: [Int], atMost bound: Double, strict: Bool = false) -> Row {
  outputRow(coefficients, atMost: exact(bound), strict: strict)
}

/// `Σ coefficients · y ≤ bound`, or `<`.
package func outputRow(_ coefficients: [Int], atMost bound: Rational, strict: Bool = false) -> Row {
  Row(
    inputs: [],
    outputs: coefficients.enumerated().filter { $0.element != 0 }.map {
      .init(index: $0.offset, coefficient: Rational($0.element))
    },
    bound: bound, isStrict: strict)
}

/// The exact value of a finite number.
package func exact(_ value: Double) -> Rational { Rational(Dyadic(exactly: value) ?? .zero) }

/// A problem with one case over a box.
package func problem(
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
