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

  /// Calls `body` with every weight of a row that may be nonzero.
  ///
  /// Written once for all forms; the compiler specialises it for each caller.
  @inline(__always)
  private func forEachWeight(of row: Int, _ body: (_ column: Int, _ weight: Int64) -> Void) {
    switch form {
    case .identity: body(row, 1)
    case .dense(let columns, let weights, _):
      for column in 0..<columns { body(column, weights[row &* columns &+ column]) }
    case .sparse(let matrix, let weights):
      for entry in matrix.rowStarts[row]..<matrix.rowStarts[row + 1] {
        body(matrix.columnIndices[entry], weights[entry])
      }
    case .convolution(let convolution, let weights):
      convolution.forEachTap(of: row) { body($0, weights[$1]) }
    }
  }

  /// `map · centre` and `|map| · radius`, exactly: products of at most 109 bits, at most 2^16 a row.
  func forward(centre: [Int64], radius: [Int64]) -> (centre: [Int128], radius: [Int128]) {
    var mapped = [Int128](repeating: 0, count: rows)
    var spread = mapped
    for row in 0..<rows {
      var (sum, width): (Int128, Int128) = (0, 0)
      forEachWeight(of: row) { column, weight in
        sum &+= Int128(weight) &* Int128(centre[column])
        width &+= Int128(weight.magnitude) &* Int128(radius[column])
      }
      (mapped[row], spread[row]) = (sum, width)
    }
    return (mapped, spread)
  }

  /// `Σ |weight| · magnitude`, `Σ magnitude` over nonzero weights, and their number, by row.
  func magnitudes(_ magnitude: [Int64]) -> (weighted: [Int128], plain: [Int128], counts: [Int]) {
    var weighted = [Int128](repeating: 0, count: rows)
    var plain = weighted
    var counts = [Int](repeating: 0, count: rows)
    for row in 0..<rows {
      // A weight that rounds to zero may be a tiny one: unless the map is exact, every weight counts.
      forEachWeight(of: row) { column, weight in
        guard weight != 0 || !isExact else { return }
        weighted[row] += Int128(weight.magnitude) &* Int128(magnitude[column])
        plain[row] += Int128(magnitude[column])
        counts[row] += 1
      }
    }
    return (weighted, plain, counts)
  }

  /// `mapᵀ · form` for every form, exactly, at the columns that `live` names; zero elsewhere.
  func backward(_ forms: Forms, live: [Int]) -> WideForms {
    var result = WideForms(count: forms.exponents.count, size: columns, exponent: 0)
    for form in forms.exponents.indices {
      result.exponents[form] = forms.exponents[form] + exponent
      let first = form * rows
      if case .dense(_, _, let transposed) = self.form {
        var places: [Int] = []
        places.reserveCapacity(rows)
        for row in 0..<rows where forms.entries[first + row] != 0 { places.append(row) }
        let values = places.map { forms.entries[first + $0] }
        for column in live {
          result.entries[form * columns + column] = dot(
            values, places, transposed, from: column * rows)
        }
      } else {
        for row in 0..<rows where forms.entries[first + row] != 0 {
          let coefficient = Int128(forms.entries[first + row])
          forEachWeight(of: row) { column, weight in
            result.entries[form * columns + column] += Int128(weight) &* coefficient
          }
        }
      }
    }
    return result
  }

  /// `Σ values[k] · weights[start + places[k]]`; products of at most 102 bits, at most 2^24.
  @inline(__always)
  private func dot(_ values: [Int64], _ places: [Int], _ weights: [Int64], from start: Int)
    -> Int128
  {
    var sum: Int128 = 0
    for k in values.indices { sum &+= Int128(values[k]) &* Int128(weights[start &+ places[k]]) }
    return sum
  }
}
