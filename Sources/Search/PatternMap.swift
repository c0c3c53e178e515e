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
      convolution.forEachWeight(body)
    }
  }
}

extension Convolution {
  private func forEachWeightOfRow(
    channel: Int, _ y: Int, _ x: Int, _ body: (_ column: Int, _ weight: Double) -> Void
  ) {
    let depth = inputChannels / groups
    let first = channel / (outputChannels / groups) * depth
    for inner in 0..<depth {
      for kernelRow in 0..<kernel.height {
        let row = y * stride.height - padding.height + kernelRow * dilation.height
        guard row >= 0, row < input.height else { continue }
        for kernelColumn in 0..<kernel.width {
          let column = x * stride.width - padding.width + kernelColumn * dilation.width
          guard column >= 0, column < input.width else { continue }
          body(
            ((first + inner) * input.height + row) * input.width + column,
            weights[
              ((channel * depth + inner) * kernel.height + kernelRow) * kernel.width + kernelColumn]
          )
        }
      }
    }
  }

  fileprivate func forEachWeight(_ body: (_ row: Int, _ column: Int, _ weight: Double) -> Void) {
    for channel in 0..<outputChannels {
      for y in 0..<output.height {
        for x in 0..<output.width {
          let row = (channel * output.height + y) * output.width + x
          forEachWeightOfRow(channel: channel, y, x) { body(row, $0, $1) }
        }
      }
    }
  }
}
