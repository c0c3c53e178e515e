internal import NetworkModel

/// The affine functions of the inputs that the pre-activations and the outputs are while every unit
/// keeps its phase.
struct PatternMap {
  /// By node, row-major `[size][inputs + 1]`; the last column is the constant.
  private let forms: [[Double]]
  private let width: Int

  /// Composes the maps of one activation pattern.
  ///
  /// - Parameters:
  ///   - network: A network with one input node, the first.
  ///   - isActive: The phase of each unit, by rectifier ordinal and index.
  init(_ network: Network, isActive: (_ rectifier: Int, _ index: Int) -> Bool) {
    let inputs = network.nodes[0].size
    let width = inputs + 1
    var forms: [[Double]] = []
    var ordinal = 0
    for node in network.nodes {
      var form = [Double](repeating: 0, count: node.size * width)
      switch node.operation {
      case .input:
        for entry in 0..<inputs { form[entry * width + entry] = 1 }
      case .affine(let affine):
        for row in 0..<node.size { form[row * width + inputs] = affine.bias[row] }
        for term in affine.terms {
          let source = forms[term.source.position]
          term.map.forEachWeight { row, column, weight in
            for place in 0..<width {
              form[row * width + place] += weight * source[column * width + place]
            }
          }
        }
      case .gate: preconditionFailure("derivatives are not searched by patterns")
      case .relu(let source):
        for entry in 0..<node.size where isActive(ordinal, entry) {
          let place = entry * width..<(entry + 1) * width
          form.replaceSubrange(place, with: forms[source.position][place])
        }
        ordinal += 1
      }
      forms.append(form)
    }
    self.forms = forms
    self.width = width
  }

  /// The coefficients and the constant of one entry of a node.
  func form(node: Int, entry: Int) -> (coefficients: [Double], constant: Double) {
    let row = Array(forms[node][entry * width..<(entry + 1) * width])
    return (Array(row.dropLast()), row[width - 1])
  }
}

extension LinearMap {
  /// Calls `body` with every weight that may be nonzero.
  func forEachWeight(_ body: (_ row: Int, _ column: Int, _ weight: Double) -> Void) {
    switch self {
    case .identity(let size):
      for row in 0..<size { body(row, row, 1) }
    case .dense(let matrix):
      for row in 0..<matrix.rows {
        for column in 0..<matrix.columns {
          body(row, column, matrix.weights[row * matrix.columns + column])
        }
      }
    case .sparse(let matrix):
      for row in 0..<matrix.rows {
        for entry in matrix.rowStarts[row]..<matrix.rowStarts[row + 1] {
          body(row, matrix.columnIndices[entry], matrix.weights[entry])
        }
      }
    case .convolution(let convolution):
      for row in 0..<convolution.outputSize {
        convolution.forEachTap(of: row) { body(row, $0, convolution.weights[$1]) }
      }
    }
  }
}
