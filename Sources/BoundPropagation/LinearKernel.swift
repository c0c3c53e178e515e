internal import LinearAlgebra
internal import NetworkModel

/// A linear map prepared for batches; a batch has one vector per row.
enum LinearKernel {
  case identity(Int)
  case dense(DenseKernel)
  case sparse(SparseKernel)
  case convolution(ConvolutionKernel)

  /// Which weights a product takes.
  enum Weights {
    /// The weights.
    case signed
    /// Their magnitudes: what multiplies radii.
    case absolute
  }

  init(_ map: LinearMap) {
    switch map {
    case .identity(let size): self = .identity(size)
    case .dense(let matrix): self = .dense(DenseKernel(matrix))
    case .sparse(let matrix): self = .sparse(SparseKernel(matrix))
    case .convolution(let convolution): self = .convolution(ConvolutionKernel(convolution))
    }
  }

  var isFinite: Bool {
    switch self {
    case .identity: true
    case .dense(let kernel): kernel.isFinite
    case .sparse(let kernel): kernel.isFinite
    case .convolution(let kernel): kernel.isFinite
    }
  }

  /// The stored full matrix, if it is one.
  var matrix: MatrixView? {
    if case .dense(let kernel) = self { kernel.weights } else { nil }
  }

  /// Whether every result depends on one entry, and no entry serves two results.
  var keepsEntriesApart: Bool {
    switch self {
    case .identity: true
    case .dense(let kernel): kernel.weights.rows <= 1 && kernel.weights.columns <= 1
    case .sparse(let kernel): kernel.keepsEntriesApart
    case .convolution: false
    }
  }

  /// `results (+)= arguments · Mᵀ`.
  func apply(
    _ weights: Weights, to arguments: MatrixView, results: MatrixView, accumulating: Bool
  ) {
    switch self {
    case .identity: results.take(arguments, accumulating: accumulating)
    case .dense(let kernel):
      results.setProduct(
        arguments, transposed: kernel.matrix(weights), accumulating: accumulating)
    case .sparse(let kernel):
      if !accumulating { results.fill(0) }
      kernel.addProducts(weights, of: arguments, to: results)
    case .convolution(let kernel):
      if !accumulating { results.fill(0) }
      kernel.addProducts(weights, of: arguments, to: results)
    }
  }

  /// `arguments (+)= results · M`: coefficients of the result become coefficients of the argument.
  func applyTransposed(
    _ weights: Weights, to results: MatrixView, arguments: MatrixView, accumulating: Bool
  ) {
    switch self {
    case .identity: arguments.take(results, accumulating: accumulating)
    case .dense(let kernel):
      arguments.setProduct(results, kernel.matrix(weights), accumulating: accumulating)
    case .sparse(let kernel):
      if !accumulating { arguments.fill(0) }
      kernel.addTransposedProducts(weights, of: results, to: arguments)
    case .convolution(let kernel):
      if !accumulating { arguments.fill(0) }
      kernel.addTransposedProducts(weights, of: results, to: arguments)
    }
  }

  /// Adds `scale` times one row of the map to each row of coefficients of its argument.
  func addRows(_ chosen: ArraySlice<Int>, scaledBy scale: Double, to coefficients: MatrixView) {
    switch self {
    case .identity:
      for (row, index) in chosen.enumerated() { coefficients[row, index] += scale }
    case .dense(let kernel):
      coefficients.setRows(chosen, of: kernel.weights, scaledBy: scale, accumulating: true)
    case .sparse(let kernel): kernel.addRows(chosen, scaledBy: scale, to: coefficients)
    case .convolution(let kernel): kernel.addRows(chosen, scaledBy: scale, to: coefficients)
    }
  }
}

/// A full matrix and its magnitudes.
struct DenseKernel {
  let weights: MatrixView
  let magnitudes: MatrixView

  init(_ matrix: DenseMatrix) {
    weights = MatrixView(rows: matrix.rows, columns: matrix.columns, entries: matrix.weights)
    magnitudes = MatrixView(
      rows: matrix.rows, columns: matrix.columns, entries: matrix.weights.map(\.magnitude))
  }

  var isFinite: Bool {
    (0..<weights.rows).allSatisfy { weights.array(ofRow: $0).allSatisfy(\.isFinite) }
  }

  func matrix(_ form: LinearKernel.Weights) -> MatrixView {
    switch form {
    case .signed: weights
    case .absolute: magnitudes
    }
  }
}

/// A matrix by its nonzero entries.
struct SparseKernel {
  let rowStarts: [Int]
  let columnIndices: [Int]
  let weights: [Double]
  let magnitudes: [Double]
  let keepsEntriesApart: Bool

  init(_ matrix: SparseMatrix) {
    rowStarts = matrix.rowStarts
    columnIndices = matrix.columnIndices
    weights = matrix.weights
    magnitudes = matrix.weights.map(\.magnitude)
    keepsEntriesApart =
      zip(rowStarts, rowStarts.dropFirst()).allSatisfy { $1 - $0 <= 1 }
      && Set(columnIndices).count == columnIndices.count
  }

  var isFinite: Bool { weights.allSatisfy(\.isFinite) }

  private func entries(_ form: LinearKernel.Weights) -> [Double] {
    switch form {
    case .signed: weights
    case .absolute: magnitudes
    }
  }

  func addProducts(
    _ form: LinearKernel.Weights, of arguments: MatrixView, to results: MatrixView
  ) {
    let weights = entries(form)
    for row in 0..<arguments.rows {
      let argument = unsafe arguments.pointer(toRow: row)
      let result = unsafe results.pointer(toRow: row)
      for output in 0..<results.columns {
        var sum = unsafe result[output]
        for entry in rowStarts[output]..<rowStarts[output + 1] {
          sum += unsafe weights[entry] * argument[columnIndices[entry]]
        }
        unsafe result[output] = sum
      }
    }
  }

  func addTransposedProducts(
    _ form: LinearKernel.Weights, of results: MatrixView, to arguments: MatrixView
  ) {
    let weights = entries(form)
    for row in 0..<results.rows {
      let result = unsafe results.pointer(toRow: row)
      let argument = unsafe arguments.pointer(toRow: row)
      for output in 0..<results.columns {
        let coefficient = unsafe result[output]
        for entry in rowStarts[output]..<rowStarts[output + 1] {
          unsafe argument[columnIndices[entry]] += weights[entry] * coefficient
        }
      }
    }
  }

  func addRows(_ chosen: ArraySlice<Int>, scaledBy scale: Double, to coefficients: MatrixView) {
    for (row, index) in chosen.enumerated() {
      for entry in rowStarts[index]..<rowStarts[index + 1] {
        coefficients[row, columnIndices[entry]] += scale * weights[entry]
      }
    }
  }
}

extension MatrixView {
  /// Copies or adds another matrix of the same shape.
  func take(_ other: MatrixView, accumulating: Bool) {
    guard accumulating else { return copy(other) }
    setRows(0..<rows, of: other, scaledBy: 1, accumulating: true)
  }

  /// Sets each row to a multiple of a row of another matrix with as many columns, or adds that.
  func setRows(
    _ chosen: some Collection<Int>, of other: MatrixView, scaledBy scale: Double,
    accumulating: Bool
  ) {
    precondition(other.columns == columns && chosen.count <= rows, "rows have the same length")
    for (row, index) in chosen.enumerated() {
      let source = unsafe other.pointer(toRow: index)
      let target = unsafe pointer(toRow: row)
      if accumulating {
        for column in 0..<columns { unsafe target[column] += scale * source[column] }
      } else {
        for column in 0..<columns { unsafe target[column] = scale * source[column] }
      }
    }
  }

  /// Copies a row of another matrix, with as many columns, to each row of this one.
  func copyRows(_ chosen: [Int], of other: MatrixView) {
    precondition(other.columns == columns && chosen.count <= rows, "rows have the same length")
    for (row, index) in chosen.enumerated() {
      unsafe pointer(toRow: row).update(from: other.pointer(toRow: index), count: columns)
    }
  }
}
