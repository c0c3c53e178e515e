internal import NetworkModel

extension NetworkBuilder {
  /// `MatMul`, with one constant factor.
  mutating func matrixProduct(_ call: Call) throws(ONNXError) -> Value {
    .activation(
      try product(try call.argument(0), try call.argument(1), extraRoundings: 0, call))
  }

  /// `Gemm`: α A B + β C, where an execution may multiply by α before or after it sums.
  mutating func generalProduct(_ call: inout Call) throws(ONNXError) -> Value {
    var factors: [Value] = []
    for (position, attribute) in ["transA", "transB"].enumerated() {
      let value = try call.argument(position)
      guard value.shape.count == 2 else {
        throw call.malformed("its argument of shape \(value.shape) is not a matrix")
      }
      let axes = Shape.offsets(value.shape)
      let isTransposed = try call.integer(attribute, default: 0) != 0
      factors.append(isTransposed ? move(value, try call.arrangement(axes.reversed())) : value)
    }
    let alpha = try call.float("alpha", default: 1)
    let beta = try call.float("beta", default: 1)
    let sum = try product(factors[0], factors[1], extraRoundings: alpha == 1 ? 0 : 1, call)
    let scaled = try scale(.activation(sum), by: alpha, call)
    guard let addend = call.optional(2) else { return scaled }
    let result = try combine(.add, scaled, try scale(addend, by: beta, call), call)
    guard result.shape == sum.shape else {
      throw call.malformed("the shape \(addend.shape) of C does not fit \(sum.shape)")
    }
    return result
  }

  private mutating func scale(
    _ value: Value, by factor: Double, _ call: Call
  ) throws(ONNXError) -> Value {
    if factor == 1 { return value }
    let factor = Tensor(shape: [], type: value.type, elements: .numbers([factor]))
    return try combine(.multiply, value, .constant(factor), call)
  }

  /// The product of two tensors whose last two axes are matrices; a vector counts as a row on the
  /// left and as a column on the right.
  private mutating func product(
    _ left: Value, _ right: Value, extraRoundings: Int, _ call: Call
  ) throws(ONNXError) -> Activation {
    guard left.type == right.type, left.type.elementType != nil else {
      throw call.unsupported(
        "it multiplies \(left.type) and \(right.type), expected FLOAT or DOUBLE in both")
    }
    let right: Value =
      left.constant == nil ? right : .activation(try activation(right, of: call))
    let layout = try MatrixProduct(left.shape, right.shape, call)
    let source: Activation
    let map: LinearMap
    switch (left, right) {
    case (.activation(let activation), .constant(let weights)):
      source = activation
      map = layout.map(weights: weights.numbers ?? [], weightsOnLeft: false)
    case (.constant(let weights), .activation(let activation)):
      source = activation
      map = layout.map(weights: weights.numbers ?? [], weightsOnLeft: true)
    default: throw call.unsupported("it multiplies two computed values, expected a constant factor")
    }
    return affine(
      [Affine.Term(source: source.node, map: map)], shape: layout.shape, type: source.type,
      execution: .rounded(extraRoundings: extraRoundings))
  }
}

/// The extents of a product of (stacks of) matrices.
private struct MatrixProduct {
  let rows: Int
  let inner: Int
  let columns: Int
  /// Which matrix of the left and of the right stack meet in each matrix of the result.
  let leftStack: [Int]
  let rightStack: [Int]
  let shape: [Int]

  init(_ left: [Int], _ right: [Int], _ call: Call) throws(ONNXError) {
    guard !left.isEmpty, !right.isEmpty else {
      throw call.malformed("one of its factors is a scalar, expected vectors or matrices")
    }
    let a = left.count == 1 ? [1] + left : left
    let b = right.count == 1 ? right + [1] : right
    (rows, inner, columns) = (a[a.count - 2], a[a.count - 1], b[b.count - 1])
    let (stackA, stackB) = (Array(a.dropLast(2)), Array(b.dropLast(2)))
    guard b[b.count - 2] == inner, let stack = Shape.broadcast(stackA, stackB) else {
      throw call.malformed("the shapes \(left) and \(right) do not fit each other")
    }
    leftStack = try call.stretching(stackA, to: stack).sources
    rightStack = try call.stretching(stackB, to: stack).sources
    shape = stack + (left.count == 1 ? [] : [rows]) + (right.count == 1 ? [] : [columns])
    // Also bounds the number of weights that are written out below.
    let work = stack + [rows, inner, columns]
    guard Shape.size(work) != nil, !work.contains(0) else { throw call.tooLarge }
  }

  /// The map of the flattened variable factor: dense where every output sees all of it.
  func map(weights: [Double], weightsOnLeft: Bool) -> LinearMap {
    let isDense = leftStack.count == 1 && (weightsOnLeft ? columns : rows) == 1
    return isDense
      ? denseMap(weights, weightsOnLeft: weightsOnLeft)
      : .sparse(sparseMap(weights, weightsOnLeft: weightsOnLeft))
  }

  private func denseMap(_ weights: [Double], weightsOnLeft: Bool) -> LinearMap {
    let zeros = weights.count { $0 == 0 }
    // Pruned and block-structured layers are kept by their nonzero entries.
    if weights.count > 4096, (weights.count - zeros) * 5 < weights.count {
      return .sparse(sparseMap(weights, weightsOnLeft: weightsOnLeft))
    }
    if weightsOnLeft {
      return .dense(DenseMatrix(rows: rows, columns: inner, weights: weights))
    }
    var transposed: [Double] = []
    transposed.reserveCapacity(weights.count)
    for column in 0..<columns {
      for k in 0..<inner { transposed.append(weights[k * columns + column]) }
    }
    return .dense(DenseMatrix(rows: columns, columns: inner, weights: transposed))
  }

  private func sparseMap(_ weights: [Double], weightsOnLeft: Bool) -> SparseMatrix {
    var result = SparseRows()
    for (left, right) in zip(leftStack, rightStack) {
      for row in 0..<rows {
        for column in 0..<columns {
          for k in 0..<inner {
            let a = (left * rows + row) * inner + k
            let b = (right * inner + k) * columns + column
            result.append(weights[weightsOnLeft ? a : b], at: weightsOnLeft ? b : a)
          }
          result.endRow()
        }
      }
    }
    let variableSize =
      weightsOnLeft
      ? ((rightStack.max() ?? 0) + 1) * inner * columns
      : ((leftStack.max() ?? 0) + 1) * rows * inner
    return result.matrix(columns: variableSize)
  }
}
