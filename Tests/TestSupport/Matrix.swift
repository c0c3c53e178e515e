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
  let (rows, columns) = (convolution.rows, convolution.columns)
  let depth = convolution.inputChannels / convolution.groups
  let width = convolution.outputChannels / convolution.groups
  for channel in 0..<convolution.outputChannels {
    for (row, column) in pairs(rows.output, columns.output) {
      for inner in 0..<depth {
        for (y, x) in pairs(rows.kernel, columns.kernel) {
          let fromRow = row * rows.stride + y * rows.dilation - rows.padding
          let fromColumn = column * columns.stride + x * columns.dilation - columns.padding
          guard 0..<rows.input ~= fromRow, 0..<columns.input ~= fromColumn else { continue }
          let source = channel / width * depth + inner
          matrix[(channel * rows.output + row) * columns.output + column][
            (source * rows.input + fromRow) * columns.input + fromColumn] +=
            convolution.weights[
              ((channel * depth + inner) * rows.kernel + y) * columns.kernel + x]
        }
      }
    }
  }
}

private func pairs(_ rows: Int, _ columns: Int) -> [(Int, Int)] {
  (0..<rows).flatMap { row in (0..<columns).map { (row, $0) } }
}
