internal import LinearAlgebra

extension Propagator {
  /// Bounds the same rows on every box of the loaded batch.
  func boundRows(_ rows: [LinearRow], batch: Range<Int>, into result: inout RowBounds) {
    var starts = CoefficientRows(
      network, signed: rows.count, pool: BufferPool(capacity: rows.count * network.widest))
    let startConstants = MatrixView(rows: 1, columns: rows.count)
    for (place, row) in rows.enumerated() {
      add(row, scaledBy: 1, to: place, of: &starts, constants: startConstants)
      for entry in row.arguments {
        let rectifier = network.rectifier(of: entry.index)
        starts.add(
          entry: entry.index - rectifier.firstUnit, of: rectifier.source,
          scaledBy: entry.coefficient, to: place, constants: startConstants, compaction)
      }
    }
    let count = boxes * rows.count
    var first = 0
    while first < count {
      let part = first..<min(first + chunk, count)
      let rowBoxes = part.map { $0 / rows.count }
      let chosen = part.map { $0 % rows.count }
      var coefficients = CoefficientRows(network, signed: part.count, pool: pool)
      coefficients.copy(starts, rows: chosen, compaction)
      let constants = freshConstants(part.count)
      for (row, start) in chosen.enumerated() { constants[0, row] = startConstants[0, start] }
      let target = batch.lowerBound * rows.count + first
      passBackward(&coefficients, constants: constants) { ordinal, matrix in
        if !result.unitScores.isEmpty {
          for (row, box) in rowBoxes.enumerated() {
            score(
              matrix, row: row, box: box, ordinal, at: (target + row) * network.unitCount,
              into: &result.unitScores)
          }
        }
        relax(matrix, at: ordinal, constants: constants, rowBoxes: rowBoxes[...])
      }
      store(coefficients, constants, rowBoxes, at: target, into: &result)
      coefficients.finish()
      first = part.upperBound
    }
  }

  /// Adds a multiple of a row of the caller's to a row of coefficients.
  func add(
    _ row: LinearRow, scaledBy scale: Double, to place: Int,
    of coefficients: inout CoefficientRows, constants: MatrixView
  ) {
    constants[0, place] += scale * row.constant
    for entry in row.outputs {
      let output = network.outputs[entry.index]
      coefficients.add(
        entry: output.entry, of: output.node, scaledBy: scale * entry.coefficient, to: place,
        constants: constants, compaction)
    }
    guard !row.inputs.isEmpty else { return }
    let input = coefficients.atNode(0, compaction)
    for entry in row.inputs { input[place, entry.index] += scale * entry.coefficient }
  }

  /// Adds a quantity, its rows with these weights, to a row of coefficients.
  func add(
    _ quantity: Quantity, weights: [Double], to place: Int,
    of coefficients: inout CoefficientRows, constants: MatrixView
  ) {
    switch quantity {
    case .rows(let rows):
      for (weight, row) in zip(weights, rows) {
        add(row, scaledBy: weight, to: place, of: &coefficients, constants: constants)
        for entry in row.arguments {
          add(
            argument: entry.index, scaledBy: weight * entry.coefficient, to: place,
            of: &coefficients, constants: constants)
        }
      }
    case .argument(let unit, let isNegated):
      add(
        argument: unit, scaledBy: isNegated ? -1 : 1, to: place, of: &coefficients,
        constants: constants)
    }
  }

  private func add(
    argument unit: Int, scaledBy scale: Double, to place: Int,
    of coefficients: inout CoefficientRows, constants: MatrixView
  ) {
    let rectifier = network.rectifier(of: unit)
    coefficients.add(
      entry: unit - rectifier.firstUnit, of: rectifier.source, scaledBy: scale, to: place,
      constants: constants, compaction)
  }

  /// The last node that a quantity depends on.
  func lastNode(of quantity: Quantity) -> Int {
    switch quantity {
    case .rows: network.nodes.count - 1
    case .argument(let unit, _): network.rectifier(of: unit).source
    }
  }

  private func store(
    _ coefficients: CoefficientRows, _ constants: MatrixView, _ rowBoxes: [Int],
    at target: Int, into result: inout RowBounds
  ) {
    for (row, box) in rowBoxes.enumerated() {
      let constant = constants[0, row]
      result.constants[target + row] = constant
      result.lower[target + row] = minimum(
        coefficients[0], constant: constant, row: row, box: box)
      guard let input = coefficients[0] else { continue }
      let values = unsafe input.pointer(toRow: row)
      let start = (target + row) * network.inputSize
      for entry in 0..<network.inputSize {
        unsafe result.coefficients[start + entry] = values[entry]
      }
    }
  }

  /// Writes the most that each unit of a rectifier can lose in a row: ``RowBounds/unitScores``.
  ///
  /// - Parameters:
  ///   - rows: Coefficients of the rectifier.
  ///   - row: Which of them.
  ///   - box: Its box.
  ///   - ordinal: Which rectifier.
  ///   - first: The place of the first unit of the network in `scores`.
  ///   - scores: One number per unit is written.
  func score(
    _ rows: MatrixView, row: Int, box: Int, _ ordinal: Int, at first: Int,
    into scores: inout [Double]
  ) {
    let rectifier = network.rectifiers[ordinal]
    let entries = compaction.entries[rectifier.node]
    let relaxation = relaxations[ordinal]
    if let gate = rectifier.gate {
      return scoreGates(
        rows, row: row, box: box, rectifier, network.rectifiers[gate], at: first, into: &scores)
    }
    for place in 0..<rows.columns where relaxation.intercept[box, place] != 0 {
      let unit = rectifier.firstUnit + (entries?[place] ?? place)
      let (coefficient, slope) = (rows[row, place], relaxation.lower[box, place])
      scores[first + unit] =
        coefficient > 0
        ? coefficient * max(-slope * unitLower[box, unit], (1 - slope) * unitUpper[box, unit])
        : -coefficient * relaxation.intercept[box, place]
    }
  }

  /// The same of gates: all that may be behind those that are neither open nor shut.
  private func scoreGates(
    _ rows: MatrixView, row: Int, box: Int, _ gates: FloatNetwork.Rectifier,
    _ signs: FloatNetwork.Rectifier, at first: Int, into scores: inout [Double]
  ) {
    let entries = compaction.entries[gates.node]
    for place in 0..<rows.columns {
      let entry = entries?[place] ?? place
      let (unit, sign) = (gates.firstUnit + entry, signs.firstUnit + entry)
      guard case .either = GatePosition(unitLower[box, sign], unitUpper[box, sign]) else {
        continue
      }
      let spread = max(0, unitUpper[box, unit]) + max(0, -unitLower[box, unit])
      scores[first + unit] = rows[row, place].magnitude * spread
    }
  }
}
