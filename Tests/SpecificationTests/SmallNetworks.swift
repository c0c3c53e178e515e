import ExactArithmetic
import NetworkModel
import Specification

/// `second · relu(first · x + bias)`, from 2 inputs over 3 units to 3 outputs.
func network(first: [Double], bias: [Double], second: [Double]) -> Network {
  func affine(_ source: Int, _ weights: [Double], columns: Int, bias: [Double]) -> Operation {
    let matrix = DenseMatrix(rows: 3, columns: columns, weights: weights)
    return .affine(
      Affine(
        terms: [Affine.Term(source: NodeIndex(source), map: .dense(matrix))], bias: bias))
  }
  return Network(
    nodes: [
      Node(name: "in", size: 2, operation: .input),
      Node(name: "a", size: 3, operation: affine(0, first, columns: 2, bias: bias)),
      Node(name: "b", size: 3, operation: .relu(NodeIndex(1))),
      Node(name: "out", size: 3, operation: affine(2, second, columns: 3, bias: [0, 0, 0])),
    ],
    inputs: [Port(name: "in", shape: [1, 2], elementType: .float32, node: NodeIndex(0))],
    outputs: [Port(name: "out", shape: [1, 3], elementType: .float32, node: NodeIndex(3))])
}

extension Specification.Claim {
  /// The text of a claim that says that a condition holds.
  var condition: ClaimText? { if case .condition(let text) = form { text } else { nil } }

  /// What a claim asks that asks for a number.
  var number: NumberClaim? { if case .number(let number) = form { number } else { nil } }
}

enum SmallNetworks {
  /// Its pre-activations have a name; those of `g` have none.
  static let f = {
    var f = network(
      first: [1, 2, -1, 1, 0.5, -1], bias: [0.5, 0, -0.25], second: [1, 0, 1, 0, 1, -1, 1, -1, 0])
    f.values["a"] = Port(name: "a", shape: [1, 3], elementType: .float32, node: NodeIndex(1))
    return f
  }()
  static let g = network(
    first: [1, 1, -1, 2, 0, -1], bias: [0, 0.25, 0.5], second: [1, 1, 0, 0, 1, 0, -1, 0, 1])

  /// Its one output is the sum of its three inputs.
  static let wide = sum(of: 3)
  /// The same of 23 inputs.
  static let broad = sum(of: 23)

  private static func sum(of inputs: Int) -> Network {
    let ones = DenseMatrix(
      rows: 1, columns: inputs, weights: [Double](repeating: 1, count: inputs))
    return Network(
      nodes: [
        Node(name: "in", size: inputs, operation: .input),
        Node(
          name: "out", size: 1,
          operation: .affine(
            Affine(terms: [Affine.Term(source: NodeIndex(0), map: .dense(ones))], bias: [0]))),
      ],
      inputs: [Port(name: "in", shape: [inputs], elementType: .float64, node: NodeIndex(0))],
      outputs: [Port(name: "out", shape: [1], elementType: .float64, node: NodeIndex(1))])
  }

  struct Missing: Error, CustomStringConvertible {
    var description: String { "no such file" }
  }

  static func load(_ path: String) throws -> Network {
    switch path {
    case "specs/f.onnx": f
    case "specs/g.onnx": g
    case "specs/wide.onnx": wide
    case "specs/broad.onnx": broad
    default: throw Missing()
    }
  }

  static func read(_ text: String) throws(SpecificationError) -> Specification {
    try Specification.read(
      text: text, path: "specs/test.yaml", networks: load,
      files: { path in
        switch path {
        case "specs/points/a.csv": "0.25, 0.5\n"
        case "specs/points/column.csv": "0.25\r\n0.5"
        case "specs/points/bad.csv": "0.25\nx,1"
        default: throw Missing()
        }
      },
      tables: { _ in throw Missing() })
  }
}
