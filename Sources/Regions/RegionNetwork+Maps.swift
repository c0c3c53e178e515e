extension RegionNetwork {
  /// The network's outputs under a pattern, as functions of the inputs.
  ///
  /// Whether any input has the pattern is not looked at. Backwards from the outputs, so that wide inputs
  /// cost no more than narrow ones.
  ///
  /// - Parameter pattern: With the groups of the network.
  /// - Returns: `[outputSize]` rows, `[inputSize]` columns.
  public func map(under pattern: ActivationPattern) -> AffineMap {
    precondition(pattern.groupSizes == groupSizes, "a pattern of this network")
    var matrix: [Double] = []
    matrix.reserveCapacity(outputSize * inputSize)
    var offset: [Double] = []
    for node in outputs {
      for entry in 0..<steps[node].size {
        let (row, constant) = row(ofNode: node, entry: entry, under: pattern)
        matrix += row
        offset.append(constant)
      }
    }
    return AffineMap(rows: outputSize, columns: inputSize, matrix: matrix, offset: offset)
  }

  /// One entry of a node as a function of the inputs.
  private func row(
    ofNode node: Int, entry: Int, under pattern: ActivationPattern
  ) -> (row: [Double], constant: Double) {
    var weights: [[Double]] = Array(repeating: [], count: steps.count)
    weights[node] = Array(repeating: 0, count: steps[node].size)
    weights[node][entry] = 1
    var (row, constant) = ([Double](repeating: 0, count: inputSize), 0.0)
    for position in (0...node).reversed() where !weights[position].isEmpty {
      let factors = weights[position]
      weights[position] = []
      switch steps[position].operation {
      case .input: row = factors
      case .rectifier(let ordinal, let source):
        let first = firstUnit(of: ordinal)
        let kept = factors.indices.map { pattern[first + $0] ? factors[$0] : 0 }
        Self.add(kept, to: &weights[source])
      case .affine(let terms, let bias):
        for (factor, number) in zip(factors, bias) where factor != 0 { constant += factor * number }
        for term in terms {
          Self.add(
            term.rows.transposedProduct(factors, columns: steps[term.source].size),
            to: &weights[term.source])
        }
      }
    }
    return (row, constant)
  }

  private static func add(_ addend: [Double], to sum: inout [Double]) {
    if sum.isEmpty {
      sum = addend
    } else {
      for place in sum.indices { sum[place] += addend[place] }
    }
  }

  /// The half-spaces of all units under a pattern, one a unit: positive inside.
  ///
  /// - Parameters:
  ///   - pattern: With the groups of the network.
  ///   - chart: The coordinates.
  /// - Returns: One a unit, as computed, not scaled; the normal of a unit without dependence is zero.
  public func halfSpaces(
    of pattern: ActivationPattern, on chart: Chart
  ) -> [Region.Facet] {
    PatternRows(pattern, from: PrefixForms(self, on: chart)).allSides
  }

  /// The region of a pattern within a set: its needed half-spaces, a point inside, its map.
  ///
  /// - Parameters:
  ///   - pattern: With the groups of the network.
  ///   - scope: Where to look; a ball is not looked at.
  /// - Returns: `nil` where the region has no interior within the scope's polytope, as far as linear
  ///   programs in doubles see (up to a radius of 1e-9).
  /// - Throws: ``RegionsError``.
  public func region(
    of pattern: ActivationPattern, within scope: Scope
  ) throws(RegionsError) -> Region? {
    guard scope.chart.origin.count == inputSize else {
      throw .wrongCount(of: "inputs", found: scope.chart.origin.count, expected: inputSize)
    }
    let rows = PatternRows(
      pattern, from: PrefixForms(self, on: scope.chart, tracksMagnitudes: true))
    return try RegionPolytope(scope: scope).region(pattern, rows, isCancelled: { false })
  }

  /// The half-spaces of the points at which the first units are as a pattern has them.
  ///
  /// - Parameters:
  ///   - count: How many units are fixed, in the order of rectifiers.
  ///   - pattern: With the groups of the network; other bits do not matter.
  ///   - scope: Where to look.
  /// - Returns: The half-spaces that are needed, those of the scope too; `nil` where there is no interior,
  ///   as for ``region(of:within:)``.
  /// - Throws: ``RegionsError``.
  public func facets(
    ofFirst count: Int, of pattern: ActivationPattern, within scope: Scope
  ) throws(RegionsError) -> [Region.Facet]? {
    let rows = PatternRows(
      pattern, from: PrefixForms(self, on: scope.chart, tracksMagnitudes: true))
    guard rows.constantsAgree(below: count) else { return nil }
    let sides = rows.sides.filter {
      switch $0.origin {
      case .unit(let unit): unit < count
      case .scope, .infinity: true
      }
    }
    return try RegionPolytope(scope: scope).interior(of: sides, isCancelled: { false })?.facets
  }
}

extension SparseRows {
  /// The product of the transposed matrix and a vector.
  func transposedProduct(_ factors: [Double], columns count: Int) -> [Double] {
    var result = [Double](repeating: 0, count: count)
    for row in factors.indices where factors[row] != 0 {
      for entry in starts[row]..<starts[row + 1] {
        result[columns[entry]] += weights[entry] * factors[row]
      }
    }
    return result
  }
}
