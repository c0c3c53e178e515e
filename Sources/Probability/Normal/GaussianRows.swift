internal import LinearAlgebra

/// Rows with a joint centred normal law, and the limits that each must keep.
///
/// The law is known through loadings on independent standard normal numbers and independent noise, or
/// through covariances. Loadings say more: a covariance of low rank is only seen up to rounding.
struct GaussianRows: Sendable {
  /// A column and its coefficient.
  struct Loading: Sendable, Hashable {
    var column: Int
    var value: Double
  }

  /// What is known of the joint law.
  enum Law: Sendable {
    /// Row i is the sum of its loadings times standard normal numbers, and noise of variance
    /// `noise[i]` of its own.
    case loadings([[Loading]], noise: [Double])
    /// Row-major, `[count][count]`.
    case covariance([Double])
  }

  var law: Law
  var lower: [Double]
  var upper: [Double]

  var count: Int { lower.count }

  /// The covariance of two rows.
  func covariance(_ first: Int, _ second: Int) -> Double {
    switch law {
    case .covariance(let entries): return entries[first * count + second]
    case .loadings(let rows, let noise):
      return Self.product(rows[first], rows[second]) + (first == second ? noise[first] : 0)
    }
  }

  /// The standard deviation of a row; squares are taken on a scale where they keep within range.
  func standardDeviation(_ row: Int) -> Double {
    switch law {
    case .covariance(let entries): return max(0, entries[row * count + row]).squareRoot()
    case .loadings(let rows, let noise):
      let largest = rows[row].reduce(noise[row].squareRoot()) { max($0, abs($1.value)) }
      guard largest > 0 else { return 0 }
      let scale = largest.binade
      let squares = rows[row].reduce(noise[row] / scale / scale) { sum, loading in
        let scaled = loading.value / scale
        return sum + scaled * scaled
      }
      return scale * squares.squareRoot()
    }
  }

  /// The sum of products of loadings on the same column; columns ascend.
  private static func product(_ first: [Loading], _ second: [Loading]) -> Double {
    var (sum, i, j) = (0.0, 0, 0)
    while i < first.count, j < second.count {
      if first[i].column == second[j].column {
        sum += first[i].value * second[j].value
        i += 1
        j += 1
      } else if first[i].column < second[j].column {
        i += 1
      } else {
        j += 1
      }
    }
    return sum
  }

  /// Some of the rows.
  func selecting(_ rows: [Int]) -> GaussianRows {
    let law: Law =
      switch law {
      case .covariance(let entries):
        .covariance(rows.flatMap { i in rows.map { j in entries[i * count + j] } })
      case .loadings(let loadings, let noise):
        .loadings(rows.map { loadings[$0] }, noise: rows.map { noise[$0] })
      }
    return GaussianRows(
      law: law, lower: rows.map { lower[$0] }, upper: rows.map { upper[$0] })
  }

  /// Each row divided by a positive number.
  func divided(by scales: [Double]) -> GaussianRows {
    var result = self
    switch law {
    case .covariance(var entries):
      for i in 0..<count {
        for j in 0..<count { entries[i * count + j] /= scales[i] * scales[j] }
        entries[i * count + i] = 1
      }
      result.law = .covariance(entries)
    case .loadings(let loadings, let noise):
      result.law = .loadings(
        zip(loadings, scales).map { row, scale in
          row.map { Loading(column: $0.column, value: $0.value / scale) }
        }, noise: zip(noise, scales).map { $0 / $1 / $1 })
    }
    result.lower = zip(lower, scales).map { $0 / $1 }
    result.upper = zip(upper, scales).map { $0 / $1 }
    return result
  }

  /// The covariances of all pairs.
  func covariances() -> SymmetricMatrix {
    switch law {
    case .covariance(let entries): return SymmetricMatrix(count: count, entries: entries)
    case .loadings(let rows, let noise):
      let columns = Self.renumbered(rows)
      if rows.reduce(0, { $0 + $1.count }) > 8 * count, columns.count > 0 {
        return denseCovariances(columns: columns, rows, noise)
      }
      var result = SymmetricMatrix(count: count)
      for i in 0..<count {
        for j in 0...i { result[i, j] = covariance(i, j) }
      }
      return result
    }
  }

  /// The columns that occur, each with a place of its own.
  static func renumbered(_ rows: [[Loading]]) -> [Int: Int] {
    var places: [Int: Int] = [:]
    for row in rows {
      for loading in row where places[loading.column] == nil {
        places[loading.column] = places.count
      }
    }
    return places
  }

  private func denseCovariances(
    columns: [Int: Int], _ rows: [[Loading]], _ noise: [Double]
  ) -> SymmetricMatrix {
    let matrix = MatrixView(rows: count, columns: columns.count)
    for (i, row) in rows.enumerated() {
      for loading in row {
        if let place = columns[loading.column] { matrix[i, place] += loading.value }
      }
    }
    let product = MatrixView(rows: count, columns: count)
    product.setProduct(matrix, transposed: matrix, accumulating: false)
    var result = SymmetricMatrix(count: count)
    for i in 0..<count {
      for j in 0...i { result[i, j] = product[i, j] + (i == j ? noise[i] : 0) }
    }
    return result
  }
}

/// A symmetric matrix, row-major.
struct SymmetricMatrix: Sendable {
  let count: Int
  private(set) var entries: [Double]

  init(count: Int) {
    self.count = count
    entries = Array(repeating: 0, count: count * count)
  }

  init(count: Int, entries: [Double]) {
    precondition(entries.count == count * count, "a square matrix")
    self.count = count
    self.entries = entries
  }

  /// An entry; setting it sets its mirror image too.
  subscript(row: Int, column: Int) -> Double {
    get { entries[row * count + column] }
    set {
      entries[row * count + column] = newValue
      entries[column * count + row] = newValue
    }
  }

  /// The part with some rows and the same columns.
  func selecting(_ rows: [Int]) -> SymmetricMatrix {
    SymmetricMatrix(
      count: rows.count, entries: rows.flatMap { i in rows.map { j in self[i, j] } })
  }
}
