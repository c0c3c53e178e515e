import TestSupport
import ClaimLanguage
import ExactArithmetic
import NetworkModel

// A second evaluation of networks, written apart from the checker's: what it must agree with.

/// The same network with full matrices only.
func densified(_ network: Network) -> Network {
  Network(
    nodes: network.nodes.map { node in
      guard case .affine(let affine) = node.operation else { return node }
      let terms = affine.terms.map { term in
        Affine.Term(
          source: term.source,
          map: .dense(
            DenseMatrix(
              rows: term.map.rows, columns: term.map.columns,
              weights: matrix(of: term.map).flatMap { $0 })))
      }
      return Node(
        name: node.name, size: node.size,
        operation: .affine(
          Affine(
            terms: terms, bias: affine.bias, relativeWeightError: affine.relativeWeightError,
            execution: affine.execution)))
    }, inputs: network.inputs, outputs: network.outputs)
}

/// The exact values of all nodes at a point.
func exactValues(of network: Network, at point: [Rational]) -> [[Rational]] {
  var values: [[Rational]] = []
  for node in network.nodes {
    switch node.operation {
    case .input: values.append(point)
    case .relu(let source): values.append(values[source.position].map { max(.zero, $0) })
    case .gate: preconditionFailure("files have no gates")
    case .affine(let affine):
      var sum = affine.bias.map(exact)
      for term in affine.terms {
        for (row, weights) in matrix(of: term.map).enumerated() {
          for (column, weight) in weights.enumerated() where weight != 0 {
            sum[row] = sum[row] + exact(weight) * values[term.source.position][column]
          }
        }
      }
      values.append(sum)
    }
  }
  return values
}

/// The exact minimum of the first output over a box of one or two inputs, and all corners of the
/// linear regions: the box is cut along the zeros of one unit after the other.
func exactMinimum(of network: Network, lower: [Double], upper: [Double])
  -> (value: Rational, corners: [[Rational]])
{
  let (low, high) = (lower.map(exact), upper.map(exact))
  var regions =
    lower.count == 1
    ? [[low, high]]
    : [[low, [high[0], low[1]], high, [low[0], high[1]]]]
  for node in network.nodes {
    guard case .relu(let source) = node.operation else { continue }
    for unit in 0..<node.size {
      regions = regions.flatMap { region in
        cut(
          region, byZerosOf: region.map { exactValues(of: network, at: $0)[source.position][unit] })
      }
    }
  }
  let corners = Array(Set(regions.flatMap { $0 }))
  let output = network.outputs[0].node.position
  let values = corners.map { exactValues(of: network, at: $0)[output][0] }
  return (values.reduce(values[0], min), corners)
}

/// The parts of a convex region where a linear function, given at the corners, has one sign.
private func cut(_ region: [[Rational]], byZerosOf values: [Rational]) -> [[[Rational]]] {
  guard values.contains(where: { $0.signum < 0 }), values.contains(where: { $0.signum > 0 }) else {
    return [region]
  }
  var parts: [[[Rational]]] = [[], []]
  for place in region.indices {
    let next = (place + 1) % region.count
    if values[place].signum <= 0 { parts[0].append(region[place]) }
    if values[place].signum >= 0 { parts[1].append(region[place]) }
    guard values[place].signum * values[next].signum < 0 else { continue }
    let share = values[place] / (values[place] - values[next])
    let crossing = zip(region[place], region[next]).map { $0 + share * ($1 - $0) }
    parts[0].append(crossing)
    parts[1].append(crossing)
  }
  return parts
}
