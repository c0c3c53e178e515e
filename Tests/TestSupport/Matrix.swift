package import NetworkModel

/// The full matrix of a map.
package func matrix(of map: LinearMap) -> [[Double]] {
  var matrix = [[Double]](
    repeating: [Double](repeating: 0, count: map.columns), count: map.rows)
  switch map {
  case .identity(let size):
    for place in 0..<size { matrix[place][place] = 1 }
  case .dense(let dense):
    for row in 0..<dense.rows {
      matrix[row] = Array(dense.weights[row * dense.columns..<(row + 1) * dense.columns])
    }
  case .sparse(let sparse):
    for row in 0..<sparse.rows {
      for entry in sparse.rowStarts[row]..<sparse.rowStarts[row + 1] {
        matrix[row][sparse.columnIndices[entry]] += sparse.weights[entry]
      }
    }
  case .convolution(let convolution):
    fill(&matrix, with: convolution)
  }
  return matrix
}

private func fill(_ matrix: inout [[Double]], with convolution: Convolution) {
  let (input, output, kernel) = (convolution.input, convolution.output, convolution.kernel)
  let depth = convolution.inputChannels / convolution.groups
  let width = convolution.outputChannels / convolution.groups
  for channel in 0..<convolution.outputChannels {
    for (row, column) in pairs(output) {
      for inner in 0..<depth {
        for (y, x) in pairs(kernel) {
          let fromRow =
            row * convolution.stride.height + y * convolution.dilation.height
            - convolution.padding.height
          let fromColumn =
            column * convolution.stride.width + x * convolution.dilation.width
            - convolution.padding.width
          guard (0..<input.height).contains(fromRow), (0..<input.width).contains(fromColumn) else {
            continue
          }
          let source = channel / width * depth + inner
          matrix[(channel * output.height + row) * output.width + column][
            (source * input.height + fromRow) * input.width + fromColumn] +=
            convolution.weights[
              ((channel * depth + inner) * kernel.height + y) * kernel.width + x]
        }
      }
    }
  }
}

private func pairs(_ extent: Convolution.Extent) -> [(Int, Int)] {
  (0..<extent.height).flatMap { row in (0..<extent.width).map { (row, $0) } }
}
