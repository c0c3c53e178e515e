internal import ExactArithmetic
internal import NetworkModel

/// A linear map with integer weights, ready for exact products.
struct IntegerMap {
  private enum Form {
    case identity
    case dense(columns: Int, weights: [Int64], transposed: [Int64])
    case sparse(SparseMatrix, weights: [Int64])
    case convolution(Convolution, weights: [Int64])
  }

  private let form: Form
  let rows: Int
  let columns: Int
  /// The power of two all weights are scaled by.
  let exponent: Int
  /// Whether every weight is the stored one; else each is less than `2^exponent` below it.
  let isExact: Bool
  /// The largest number of weights in a row.
  let fanIn: Int

  init(_ map: LinearMap) throws(Rejection) {
    rows = map.rows
    columns = map.columns
    switch map {
    case .identity:
      form = .identity
      (exponent, isExact, fanIn) = (0, true, 1)
    case .dense(let matrix):
      let (block, exact) = try Block.quantised(matrix.weights, bits: Block.weightBits)
      var transposed = [Int64](repeating: 0, count: block.entries.count)
      for row in 0..<matrix.rows {
        for column in 0..<matrix.columns {
          transposed[column * matrix.rows + row] = block.entries[row * matrix.columns + column]
        }
      }
      form = .dense(columns: matrix.columns, weights: block.entries, transposed: transposed)
      (exponent, isExact, fanIn) = (block.exponent, exact, matrix.columns)
    case .sparse(let matrix):
      let (block, exact) = try Block.quantised(matrix.weights, bits: Block.weightBits)
      form = .sparse(matrix, weights: block.entries)
      let widest = (0..<matrix.rows).map { matrix.rowStarts[$0 + 1] - matrix.rowStarts[$0] }.max()
      (exponent, isExact, fanIn) = (block.exponent, exact, widest ?? 0)
    case .convolution(let convolution):
      let (block, exact) = try Block.quantised(convolution.weights, bits: Block.weightBits)
      form = .convolution(convolution, weights: block.entries)
      (exponent, isExact) = (block.exponent, exact)
      fanIn = block.entries.count / max(1, convolution.outputChannels)
    }
  }

  /// Calls `body` with every nonzero weight of the rows that `wanted` names.
  ///
  /// Written once for all forms; the compiler specialises it for each caller.
  @inline(__always)
  private func forEachWeight(
    inRowsWhere wanted: (Int) -> Bool, _ body: (_ row: Int, _ column: Int, _ weight: Int64) -> Void
  ) {
    switch form {
    case .identity:
      for row in 0..<rows where wanted(row) { body(row, row, 1) }
    case .dense(let columns, let weights, _):
      for row in 0..<rows where wanted(row) {
        for column in 0..<columns { body(row, column, weights[row * columns + column]) }
      }
    case .sparse(let matrix, let weights):
      for row in 0..<rows where wanted(row) {
        for entry in matrix.rowStarts[row]..<matrix.rowStarts[row + 1] {
          body(row, matrix.columnIndices[entry], weights[entry])
        }
      }
    case .convolution(let convolution, let weights):
      for row in 0..<rows where wanted(row) {
        convolution.forEachTap(of: row) { body(row, $0, weights[$1]) }
      }
    }
  }

  /// `map · centre` and `|map| · radius` (or `|map| · magnitude`), exactly.
  func forward(centre: [Int64], radius: [Int64]) -> (centre: [Int128], radius: [Int128]) {
    var mapped = [Int128](repeating: 0, count: rows)
    var spread = mapped
    forEachWeight(inRowsWhere: { _ in true }) { row, column, weight in
      mapped[row] += Int128(weight) &* Int128(centre[column])
      spread[row] += Int128(weight.magnitude) &* Int128(radius[column])
    }
    return (mapped, spread)
  }

  /// `Σ |weight| · magnitude`, `Σ magnitude` over nonzero weights, and their number, by row.
  func magnitudes(_ magnitude: [Int64]) -> (weighted: [Int128], plain: [Int128], counts: [Int]) {
    var weighted = [Int128](repeating: 0, count: rows)
    var plain = weighted
    var counts = [Int](repeating: 0, count: rows)
    // A weight that rounds to zero may be a tiny one: unless the map is exact, every weight counts.
    forEachWeight(inRowsWhere: { _ in true }) { row, column, weight in
      guard weight != 0 || !isExact else { return }
      weighted[row] += Int128(weight.magnitude) &* Int128(magnitude[column])
      plain[row] += Int128(magnitude[column])
      counts[row] += 1
    }
    return (weighted, plain, counts)
  }

  /// `mapᵀ · coefficients`, exactly, at the columns that `live` names; zero elsewhere.
  func backward(_ coefficients: [Int64], live: [Int]?) -> [Int128] {
    var result = [Int128](repeating: 0, count: columns)
    if case .dense(_, _, let transposed) = form {
      let used = coefficients.indices.filter { coefficients[$0] != 0 }
      let values = used.map { coefficients[$0] }
      if let live {
        for column in live { result[column] = dot(values, used, transposed, from: column * rows) }
      } else {
        for column in 0..<columns {
          result[column] = dot(values, used, transposed, from: column * rows)
        }
      }
    } else {
      forEachWeight(inRowsWhere: { coefficients[$0] != 0 }) { row, column, weight in
        result[column] += Int128(weight) &* Int128(coefficients[row])
      }
    }
    return result
  }

  /// `Σ values[k] · weights[start + places[k]]`; products of at most 102 bits, fewer than 2^24.
  @inline(__always)
  private func dot(_ values: [Int64], _ places: [Int], _ weights: [Int64], from start: Int)
    -> Int128
  {
    var sum: Int128 = 0
    for k in values.indices { sum &+= Int128(values[k]) &* Int128(weights[start + places[k]]) }
    return sum
  }
}
