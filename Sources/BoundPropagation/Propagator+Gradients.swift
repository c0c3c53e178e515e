internal import LinearAlgebra

extension Propagator {
  /// Bounds on the derivatives of rows over boxes, by interval arithmetic backward through the network.
  ///
  /// With unit bounds as given: inactive units pass nothing, active ones everything, unstable ones any
  /// share. The magnitude times the width of the box is the *smear* of an input, a score for splitting.
  ///
  /// - Parameters:
  ///   - rows: The same on every box.
  ///   - subproblems: The boxes.
  /// - Returns: The largest magnitude of each derivative, `[boxes][rows][inputs]`.
  public func gradientMagnitudes(
    of rows: [LinearRow], on subproblems: [Subproblem]
  ) -> [Double] {
    var result: [Double] = []
    result.reserveCapacity(subproblems.count * rows.count * network.inputSize)
    compaction = everything
    let boxesAtOnce = max(1, min(batchSize, chunk / 2 / max(rows.count, 1)))
    for first in stride(from: 0, to: subproblems.count, by: boxesAtOnce) {
      let batch = subproblems[first..<min(first + boxesAtOnce, subproblems.count)]
      for part in stride(from: 0, to: rows.count, by: chunk / 2) {
        let chosen = rows[part..<min(part + chunk / 2, rows.count)]
        result += gradientMagnitudes(of: chosen, on: batch)
      }
    }
    return result
  }

  private func gradientMagnitudes(
    of rows: ArraySlice<LinearRow>, on batch: ArraySlice<Subproblem>
  ) -> [Double] {
    let count = batch.count * rows.count
    var coefficients = CoefficientRows(network, signed: count, radii: count, pool: pool)
    let constants = freshConstants(count)
    for (index, row) in (0..<batch.count).flatMap({ _ in rows }).enumerated() {
      add(row, scaledBy: 1, to: index, of: &coefficients, constants: constants)
    }
    for node in network.nodes.indices.dropFirst().reversed() {
      guard let matrix = coefficients[node] else { continue }
      switch network.nodes[node].operation {
      case .input: break
      case .affine: coefficients.crossAffine(node, everything)
      case .rectifier(let ordinal, let source, _):
        let signs = network.rectifiers[network.rectifiers[ordinal].gate ?? ordinal]
        for (index, box) in batch.enumerated() {
          for row in index * rows.count..<(index + 1) * rows.count {
            matrix.admit(box, signs, centre: row, radius: count + row)
          }
        }
        coefficients.crossRectifier(node, source: source)
      }
    }
    let input = coefficients.atNode(0, everything)
    defer { coefficients.finish() }
    return (0..<count).flatMap { row in
      zip(input.array(ofRow: row), input.array(ofRow: count + row)).map { $0.magnitude + $1 }
    }
  }
}

extension MatrixView {
  /// Makes intervals of derivatives behind a rectifier those before it.
  ///
  /// An interval is a centre in one row and a radius in another.
  fileprivate func admit(
    _ box: Subproblem, _ rectifier: FloatNetwork.Rectifier, centre: Int, radius: Int
  ) {
    let (centres, radii) = unsafe (pointer(toRow: centre), pointer(toRow: radius))
    for entry in 0..<columns {
      let unit = rectifier.firstUnit + entry
      if box.unitUpper[unit] <= 0 {
        unsafe (centres[entry], radii[entry]) = (0, 0)
      } else if !(box.unitLower[unit] >= 0) {
        let low = unsafe min(centres[entry] - radii[entry], 0)
        let high = unsafe max(centres[entry] + radii[entry], 0)
        unsafe (centres[entry], radii[entry]) = (0.5 * (low + high), 0.5 * (high - low))
      }
    }
  }
}
