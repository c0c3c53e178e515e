internal import LinearAlgebra

extension Propagator {
  /// What halving a box by each input takes from the gaps between the lines around unstable units, as far as
  /// these separate rows from the functions below and above them.
  ///
  /// A unit between `l` and `u` lies up to `g(l, u) = −l u / (u − l)` below its chord. Halving an input by
  /// which its argument changes by `d` leaves the mean of `g(l, u − d/2)` and `g(l + d/2, u)`. The gain counts
  /// times the unit's share in the row, in parts of what the row changes by over the box. Derivatives are
  /// those with the chords' slopes; what earlier gaps add to the arguments' bounds is not seen.
  ///
  /// - Parameters:
  ///   - rows: The same on every box.
  ///   - weights: What each row counts, `[boxes][rows]`.
  ///   - subproblems: The boxes, with the unit bounds to be used.
  /// - Returns: The gains, `[boxes][inputs]`; none where the network has gates, or more inputs than a batch
  ///   has points.
  public func gapGains(
    of rows: [LinearRow], weights: [Double], on subproblems: [Subproblem]
  ) -> [Double]? {
    let points = network.inputSize + 1
    let boxesAtOnce = min(2 * batchSize / points, chunk / max(1, rows.count))
    guard !network.hasGates, boxesAtOnce > 0 else { return nil }
    var result: [Double] = []
    result.reserveCapacity(subproblems.count * network.inputSize)
    compaction = everything
    for first in stride(from: 0, to: subproblems.count, by: boxesAtOnce) {
      let part = first..<min(first + boxesAtOnce, subproblems.count)
      result += gapGains(
        of: rows, weights: weights[part.lowerBound * rows.count..<part.upperBound * rows.count],
        on: subproblems[part])
    }
    return result
  }

  private func gapGains(
    of rows: [LinearRow], weights: ArraySlice<Double>, on batch: ArraySlice<Subproblem>
  ) -> [Double] {
    let inputs = network.inputSize
    let values = changes(on: batch)
    let count = batch.count * rows.count
    var coefficients = CoefficientRows(network, signed: count, pool: pool)
    let constants = freshConstants(count)
    for index in 0..<count {
      add(rows[index % rows.count], scaledBy: 1, to: index, of: &coefficients, constants: constants)
    }
    var gains = [Double](repeating: 0, count: count * inputs)
    for node in network.nodes.indices.dropFirst().reversed() {
      guard let matrix = coefficients[node] else { continue }
      switch network.nodes[node].operation {
      case .input: break
      case .affine: coefficients.crossAffine(node, everything)
      case .rectifier(let ordinal, let source, _):
        let first = network.rectifiers[ordinal].firstUnit
        for (index, box) in batch.enumerated() {
          matrix.collectGains(
            of: box, firstUnit: first, rows: index * rows.count..<(index + 1) * rows.count,
            values[source], firstPoint: index * (inputs + 1), into: &gains)
        }
        coefficients.crossRectifier(node, source: source)
      }
    }
    let input = coefficients.atNode(0, everything)
    defer { coefficients.finish() }
    var result = [Double](repeating: 0, count: batch.count * inputs)
    for (row, weight) in weights.enumerated() {
      let (box, index) = (batch[batch.startIndex + row / rows.count], row / rows.count)
      let range = (0..<inputs).reduce(0.0) {
        $0 + (input[row, $1] * (box.upper[$1] - box.lower[$1])).magnitude
      }
      guard weight > 0, range > 0 else { continue }
      for entry in 0..<inputs {
        result[index * inputs + entry] += weight * gains[row * inputs + entry] / range
      }
    }
    return result
  }

  /// The values of all nodes at a corner of each box and at its neighbours, with the chords in place of the
  /// rectifiers.
  private func changes(on batch: ArraySlice<Subproblem>) -> NodeValues {
    let points = network.inputSize + 1
    let values = NodeValues(
      network, signed: batch.count * points, everything, memory: nodeMemory)
    for (node, description) in network.nodes.enumerated() {
      switch description.operation {
      case .input:
        for (index, box) in batch.enumerated() {
          for point in 0..<points {
            values[node].setRow(index * points + point, to: box.lower)
            if point > 0 { values[node][index * points + point, point - 1] = box.upper[point - 1] }
          }
        }
      case .affine: values.computeAffine(node, everything)
      case .rectifier(let ordinal, let source, _):
        let first = network.rectifiers[ordinal].firstUnit
        values[node].copy(values[source])
        for (index, box) in batch.enumerated() {
          let slopes = (0..<description.size).map { box.chord(of: first + $0) }
          for row in index * points..<(index + 1) * points {
            for entry in slopes.indices { values[node][row, entry] *= slopes[entry] }
          }
        }
      }
    }
    return values
  }
}

extension Subproblem {
  /// The slope of the line through a unit's ends.
  fileprivate func chord(of unit: Int) -> Double {
    if unitUpper[unit] <= 0 { return 0 }
    return unitLower[unit] >= 0 ? 1 : unitUpper[unit] / (unitUpper[unit] - unitLower[unit])
  }
}

extension MatrixView {
  /// Adds what rows gain with a rectifier's units, and makes their coefficients those of its argument.
  fileprivate func collectGains(
    of box: Subproblem, firstUnit: Int, rows: Range<Int>, _ values: MatrixView, firstPoint: Int,
    into gains: inout [Double]
  ) {
    let inputs = box.lower.count
    for entry in 0..<columns {
      let (unit, slope) = (firstUnit + entry, box.chord(of: firstUnit + entry))
      if box.isUnstable(unit) {
        let (low, high) = (box.unitLower[unit], box.unitUpper[unit])
        for input in 0..<inputs {
          let change =
            (values[firstPoint + input + 1, entry] - values[firstPoint, entry]).magnitude / 2
          let gain =
            Self.gap(low, high)
            - (Self.gap(low, high - change) + Self.gap(low + change, high)) / 2
          for row in rows { gains[row * inputs + input] += self[row, entry].magnitude * gain }
        }
      }
      for row in rows { self[row, entry] *= slope }
    }
  }

  private static func gap(_ low: Double, _ high: Double) -> Double {
    low < 0 && high > 0 ? -low * high / (high - low) : 0
  }
}
