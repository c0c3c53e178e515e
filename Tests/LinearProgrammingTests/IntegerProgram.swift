import LinearProgramming

/// A linear program with small integer data, so that answers can be checked without rounding.
struct IntegerProgram {
  var columns: [ClosedRange<Int>]
  /// Each row's coefficients, and the closed interval of its value.
  var rows: [(coefficients: [Int], bounds: ClosedRange<Int>)]
  var costs: [Int]

  static func random(dimension: Int, rows: Int, using random: inout SplitMix) -> IntegerProgram {
    IntegerProgram(
      columns: (0..<dimension).map { _ in
        let lower = Int.random(in: -6...2, using: &random)
        return lower...(lower + Int.random(in: 0...8, using: &random))
      },
      rows: (0..<rows).map { _ in
        let coefficients = (0..<dimension).map { _ in Int.random(in: -4...4, using: &random) }
        let lower = Int.random(in: -20...10, using: &random)
        return (coefficients, lower...(lower + Int.random(in: 0...15, using: &random)))
      },
      costs: (0..<dimension).map { _ in Int.random(in: -5...5, using: &random) })
  }

  func load(into problem: inout Problem) throws {
    for (range, cost) in zip(columns, costs) {
      try problem.addColumn(in: Bounds(range), cost: Double(cost))
    }
    for row in rows {
      try problem.addRow(dense: row.coefficients.map(Double.init), in: Bounds(row.bounds))
    }
  }

  /// Whether the multipliers, rounded to 30 fractional bits, contradict the bounds exactly.
  func isContradicted(by ray: InfeasibilityRay) -> Bool {
    let multipliers = ray.rowMultipliers.map { Int128(($0 * 0x1p30).rounded()) }
    guard multipliers.count == rows.count else { return false }
    var least: Int128 = 0
    var sums = [Int128](repeating: 0, count: columns.count)
    for (multiplier, row) in zip(multipliers, rows) {
      let bound = multiplier > 0 ? row.bounds.lowerBound : row.bounds.upperBound
      least += multiplier * Int128(bound)
      for (column, coefficient) in row.coefficients.enumerated() {
        sums[column] += multiplier * Int128(coefficient)
      }
    }
    var greatest: Int128 = 0
    for (sum, range) in zip(sums, columns) {
      greatest += sum * Int128(sum > 0 ? range.upperBound : range.lowerBound)
    }
    return least > greatest
  }

  /// The least objective over all vertices, `nil` where none is feasible: in a box, this decides.
  func leastVertexObjective() -> Double? {
    var faces: [(normal: [Int], value: Int)] = []
    for (column, range) in columns.enumerated() {
      let normal = columns.indices.map { $0 == column ? 1 : 0 }
      faces += [(normal, range.lowerBound), (normal, range.upperBound)]
    }
    for row in rows {
      faces += [
        (row.coefficients, row.bounds.lowerBound), (row.coefficients, row.bounds.upperBound),
      ]
    }
    var least: Double?
    for choice in subsets(of: faces.count, size: columns.count) {
      let determinant = Self.determinant(choice.map { faces[$0].normal })
      guard determinant != 0 else { continue }
      let numerators = columns.indices.map { column in
        Self.determinant(
          choice.map { face in
            var normal = faces[face].normal
            normal[column] = faces[face].value
            return normal
          })
      }
      guard contains(numerators, over: determinant) else { continue }
      let objective = zip(costs, numerators).reduce(0) { $0 + $1.0 * $1.1 }
      let value = Double(objective) / Double(determinant)
      least = min(least ?? value, value)
    }
    return least
  }

  /// Whether the point `numerators / denominator` meets all bounds; exact.
  private func contains(_ numerators: [Int], over denominator: Int) -> Bool {
    let sign = denominator.signum()
    func isInside(_ value: Int, _ bounds: ClosedRange<Int>) -> Bool {
      let scaled = value * sign
      let scale = denominator * sign
      return bounds.lowerBound * scale <= scaled && scaled <= bounds.upperBound * scale
    }
    return zip(numerators, columns).allSatisfy(isInside)
      && rows.allSatisfy { row in
        isInside(zip(row.coefficients, numerators).reduce(0) { $0 + $1.0 * $1.1 }, row.bounds)
      }
  }

  private func subsets(of count: Int, size: Int) -> [[Int]] {
    guard size > 0 else { return [[]] }
    return (0..<count).flatMap { last in
      subsets(of: last, size: size - 1).map { $0 + [last] }
    }
  }

  /// By expansion along the first row: the matrices are 3 by 3 at most.
  private static func determinant(_ matrix: [[Int]]) -> Int {
    guard let first = matrix.first else { return 1 }
    var sum = 0
    for (column, value) in first.enumerated() {
      let minor = matrix.dropFirst().map { row in
        row.enumerated().filter { $0.offset != column }.map(\.element)
      }
      sum += (column % 2 == 0 ? 1 : -1) * value * determinant(minor)
    }
    return sum
  }
}

extension Bounds {
  init(_ range: ClosedRange<Int>) {
    self.init(from: Double(range.lowerBound), to: Double(range.upperBound))
  }
}
