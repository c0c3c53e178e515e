internal import NetworkModel

extension Call {
  /// `Gemm`: α A B + β C, where an execution may multiply by α before or after it sums.
  mutating func generalProduct(_ first: Tensor) throws(ONNXError) -> Tensor {
    var factors = [first, try argument(1)]
    for (position, attribute) in ["transA", "transB"].enumerated() {
      try expect(
        factors[position].shape.count == 2,
        "its argument of shape \(factors[position].shape) is not a matrix")
      guard try integer(attribute, default: 0) != 0 else { continue }
      factors[position] = try permuted(factors[position], [1, 0])
    }
    let alpha = try number("alpha", default: 1)
    let beta = try number("beta", default: 1)
    let product = try product(factors[0], factors[1], extraRoundings: alpha == 1 ? 0 : 1)
    let scaled = try scale(product, by: alpha)
    guard let addend = optional(2) else { return scaled }
    let result = try combine(.add, scaled, try scale(addend, by: beta))
    try expect(
      result.shape == product.shape, "the shape \(addend.shape) of C does not fit \(product.shape)")
    return result
  }

  private mutating func scale(_ tensor: Tensor, by factor: Double) throws(ONNXError) -> Tensor {
    if factor == 1 { return tensor }
    let factor = Tensor(shape: [], type: tensor.type, content: .numbers([factor]))
    return try combine(.multiply, tensor, factor)
  }

  /// `MatMul`, with one constant factor: the product of two tensors whose last two axes are
  /// matrices; a vector counts as a row on the left and as a column on the right.
  mutating func product(
    _ left: Tensor, _ right: Tensor, extraRoundings: Int = 0
  ) throws(ONNXError) -> Tensor {
    let a = left.shape.count == 1 ? [1] + left.shape : left.shape
    let b = right.shape.count == 1 ? right.shape + [1] : right.shape
    guard left.type == right.type, a.count > 1, b.count > 1, a[a.count - 1] == b[b.count - 2],
      let stack = Shape.broadcast(a.dropLast(2), b.dropLast(2))
    else { throw refusal("the shapes \(left.shape) and \(right.shape) or types do not fit") }
    let (rows, inner, columns) = (a[a.count - 2], a[a.count - 1], b[b.count - 1])
    // Also bounds the number of weights that are written out below.
    let work = stack + [rows, inner, columns]
    guard Shape.size(work) != nil, !work.contains(0) else { throw tooLarge }
    let stackA = try places(Layout(a.dropLast(2), stretchedTo: stack))
    let stackB = try places(Layout(b.dropLast(2), stretchedTo: stack))
    let weightsAreRight = right.numbers != nil
    let variable = weightsAreRight ? left : right
    let source = try source(variable)
    guard let weights = weightsAreRight ? right.numbers : left.numbers else {
      throw refusal("it multiplies two computed values, expected a constant factor")
    }
    // The weight and the variable's place of each product that an entry of the result sums.
    let pair = { (entry: Int, k: Int) in
      let (matrix, row, column) = (entry / columns / rows, entry / columns % rows, entry % columns)
      let a = (stackA[matrix] * rows + row) * inner + k
      let b = (stackB[matrix] * inner + k) * columns + column
      return weightsAreRight ? (column: a, weight: weights[b]) : (column: b, weight: weights[a])
    }
    let size = stackA.count * rows * columns
    // Dense where every output sees all of a vector, unless it is pruned or of blocks.
    let isDense =
      variable.size == inner
      && (weights.count <= 4096 || weights.count { $0 != 0 } * 5 >= weights.count)
    let map: LinearMap =
      isDense
      ? .dense(
        DenseMatrix(
          rows: size, columns: inner,
          weights: (0..<size).flatMap { entry in (0..<inner).map { pair(entry, $0).weight } }))
      : .sparse(
        SparseMatrix(rows: size, columns: variable.size) { entry in
          (0..<inner).map { pair(entry, $0) }
        })
    let shape =
      stack + (left.shape.count == 1 ? [] : [rows]) + (right.shape.count == 1 ? [] : [columns])
    return network.affine(
      Affine(
        terms: [.init(source: source, map: map)],
        execution: .rounded(extraRoundings: extraRoundings)),
      shape: shape, type: left.type)
  }
}
