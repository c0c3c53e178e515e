import ClaimLanguage
import ExactArithmetic
import NetworkModel

/// The values of all nodes of a small network at a point, exactly.
func values(of network: Network, at inputs: [NodeIndex: [Rational]]) -> [[Rational]] {
  var values: [[Rational]] = []
  for (position, node) in network.nodes.enumerated() {
    switch node.operation {
    case .input: values.append(inputs[NodeIndex(position)] ?? [])
    case .relu(let source): values.append(values[source.position].map { max(.zero, $0) })
    case .gate: preconditionFailure("files have no gates")
    case .affine(let affine):
      var sum = affine.bias.map(exact)
      for term in affine.terms {
        for (row, value) in product(term.map, values[term.source.position]).enumerated() {
          sum[row] = sum[row] + value
        }
      }
      values.append(sum)
    }
  }
  return values
}

private func product(_ map: LinearMap, _ vector: [Rational]) -> [Rational] {
  switch map {
  case .identity: vector
  case .dense(let matrix):
    (0..<matrix.rows).map { row in
      vector.indices.reduce(.zero) {
        $0 + exact(matrix.weights[row * matrix.columns + $1]) * vector[$1]
      }
    }
  case .sparse(let matrix):
    (0..<matrix.rows).map { row in
      (matrix.rowStarts[row]..<matrix.rowStarts[row + 1]).reduce(.zero) {
        $0 + exact(matrix.weights[$1]) * vector[matrix.columnIndices[$1]]
      }
    }
  case .convolution: []
  }
}

private func exact(_ value: Double) -> Rational {
  Dyadic(exactly: value).map(Rational.init) ?? .zero
}

/// Whether some case of a problem holds a point.
func answers(_ problem: Problem, at input: [Rational]) -> Bool {
  let values = values(of: problem.network, at: [NodeIndex(0): input])
  let outputs = problem.outputs.map { values[$0.node.position][$0.index] }
  func holds(_ row: Row) -> Bool {
    var sum = Rational.zero
    for entry in row.inputs { sum = sum + entry.coefficient * input[entry.index] }
    for entry in row.outputs { sum = sum + entry.coefficient * outputs[entry.index] }
    for curve in row.curves {
      switch curve {
      case .square(let index, let centre, let coefficient):
        sum = sum + coefficient * (input[index] - centre) * (input[index] - centre)
      case .absolute(let index, let centre, let coefficient):
        sum = sum + coefficient * (input[index] - centre).magnitude
      }
    }
    return row.isStrict ? sum < row.bound : sum <= row.bound
  }
  return problem.cases.contains { set in
    input.indices.allSatisfy { set.lower[$0] <= input[$0] && input[$0] <= set.upper[$0] }
      && set.inputRows.allSatisfy(holds)
      && set.disjuncts.contains { $0.allSatisfy(holds) }
  }
}
