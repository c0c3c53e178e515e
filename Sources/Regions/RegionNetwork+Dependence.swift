extension RegionNetwork {
  /// The forms of a chart's coordinates through which alone the network depends on them: those that
  /// the first rectifiers, and all else that is not affine alone, are given.
  ///
  /// - Parameter chart: The coordinates.
  /// - Returns: Linear parts, row-major `[forms][chart.dimension]`.
  public func dependence(on chart: Chart) -> [Double] {
    var forms: [Forms?] = Array(repeating: nil, count: steps.count)
    for (position, step) in steps.enumerated() {
      switch step.operation {
      case .input: forms[position] = Forms(chart, tracksMagnitudes: false)
      case .rectifier: break
      case .affine(let terms, let bias):
        var result = Forms(bias: bias, width: chart.dimension + 1, tracksMagnitudes: false)
        let sources = terms.compactMap { term in forms[term.source].map { (term.rows, $0) } }
        guard sources.count == terms.count else { continue }
        for (rows, source) in sources { result.add(rows, of: source) }
        forms[position] = result
      }
    }
    return frontier(of: forms.map { $0 != nil }).flatMap { position -> [Double] in
      guard let form = forms[position] else { return [] }
      return (0..<form.count).flatMap { form.row($0).dropLast() }
    }
  }

  /// The nodes that are affine in the input and that others than such nodes use.
  private func frontier(of isAffine: [Bool]) -> [Int] {
    var isUsed = Array(repeating: false, count: steps.count)
    for output in outputs { isUsed[output] = true }
    for (position, step) in steps.enumerated() where !isAffine[position] {
      switch step.operation {
      case .input: break
      case .rectifier(_, let source): isUsed[source] = true
      case .affine(let terms, _): for term in terms { isUsed[term.source] = true }
      }
    }
    return steps.indices.filter { isAffine[$0] && isUsed[$0] }
  }
}

/// Orthonormal directions that span the rows of a matrix.
public struct RowSpace: Sendable {
  /// The number of columns of the matrix.
  public let dimension: Int
  /// The directions, each `[dimension]`.
  public private(set) var directions: [[Double]] = []

  /// Finds the directions, by the method of Gram and Schmidt with the largest remainder first.
  ///
  /// Rounding: a row's part outside of the directions is at most about 1e-12 of its length.
  ///
  /// - Parameters:
  ///   - rows: Row-major `[rows][dimension]`.
  ///   - dimension: The number of columns.
  public init(rows: [Double], dimension: Int) {
    self.dimension = dimension
    var rest: [[Double]] = stride(from: 0, to: rows.count, by: max(dimension, 1)).compactMap {
      let row = Array(rows[$0..<$0 + dimension])
      let length = Self.length(row)
      return length > 0 ? row.map { $0 / length } : nil
    }
    while directions.count < dimension {
      let lengths = rest.map(Self.length)
      guard let largest = lengths.indices.max(by: { lengths[$0] < lengths[$1] }),
        lengths[largest] > 1e-12
      else { return }
      var direction = rest[largest].map { $0 / lengths[largest] }
      for earlier in directions { Self.remove(earlier, from: &direction) }
      let length = Self.length(direction)
      direction = direction.map { $0 / length }
      for index in rest.indices { Self.remove(direction, from: &rest[index]) }
      directions.append(direction)
    }
  }

  private static func length(_ row: [Double]) -> Double {
    row.reduce(0) { $0 + $1 * $1 }.squareRoot()
  }

  private static func remove(_ direction: [Double], from row: inout [Double]) {
    var along = 0.0
    for place in row.indices { along += direction[place] * row[place] }
    for place in row.indices { row[place] -= along * direction[place] }
  }
}

extension Chart {
  /// The chart of new coordinates along orthonormal directions of the old ones; what is orthogonal to
  /// them stays at zero.
  ///
  /// - Parameter directions: Each `[dimension]`.
  /// - Returns: The chart, one coordinate a direction.
  public func along(_ directions: [[Double]]) -> Chart {
    var basis: [Double] = []
    basis.reserveCapacity(origin.count * directions.count)
    for place in origin.indices {
      let row = self.basis[place * dimension..<(place + 1) * dimension]
      for direction in directions {
        basis.append(zip(row, direction).reduce(0) { $0 + $1.0 * $1.1 })
      }
    }
    return Chart(trusted: origin, basis, directions.count)
  }
}
