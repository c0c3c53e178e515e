internal import LinearAlgebra

extension Propagator {
  /// Bounds the same rows on every box of the loaded batch.
  func boundRows(_ rows: [LinearRow], batch: Range<Int>, into result: inout RowBounds) {
    let count = boxes * rows.count
    let rowBoxes = (0..<count).map { $0 / rows.count }
    var first = 0
    while first < count {
      let part = first..<min(first + chunk, count)
      var coefficients = CoefficientRows(network, signed: part.count, pool: pool)
      let constants = freshConstants(part.count)
      for index in part {
        start(
          rows[index % rows.count], scaledBy: 1, at: index - first, of: &coefficients,
          constants: constants)
      }
      let target = batch.lowerBound * rows.count + first
      passBackward(&coefficients, constants: constants) { ordinal, matrix in
        if !result.unitScores.isEmpty {
          score(matrix, ordinal, rowBoxes[part], at: target, into: &result.unitScores)
        }
        relax(matrix, at: ordinal, constants: constants, rowBoxes: rowBoxes[part])
      }
      store(coefficients, constants, rowBoxes[part], at: target, into: &result)
      coefficients.finish()
      first = part.upperBound
    }
  }

  /// Adds a multiple of a row of the caller's to a row of coefficients.
  func start(
    _ row: LinearRow, scaledBy scale: Double, at place: Int, of coefficients: inout CoefficientRows,
    constants: MatrixView
  ) {
    var constant = scale * row.constant
    for entry in row.outputs {
      let output = network.outputs[entry.index]
      constant += coefficients.start(
        row: place, at: output.node, entry: output.entry, scale: scale * entry.coefficient,
        compaction)
    }
    if !row.inputs.isEmpty {
      let input = coefficients.atNode(0, compaction)
      for entry in row.inputs { input[place, entry.index] += scale * entry.coefficient }
    }
    constants[0, place] += constant
  }

  private func store(
    _ coefficients: CoefficientRows, _ constants: MatrixView, _ rowBoxes: ArraySlice<Int>,
    at target: Int, into result: inout RowBounds
  ) {
    for (row, box) in rowBoxes.enumerated() {
      let constant = constants[0, row]
      result.constants[target + row] = constant
      result.lower[target + row] = constant
      guard let input = coefficients[0] else { continue }
      result.lower[target + row] += minimum(input, row: row, box: box)
      let values = unsafe input.pointer(toRow: row)
      let start = (target + row) * network.inputSize
      for entry in 0..<network.inputSize {
        unsafe result.coefficients[start + entry] = values[entry]
      }
    }
  }

  /// Writes the most that each unit of a rectifier can lose in each row.
  private func score(
    _ rows: MatrixView, _ ordinal: Int, _ rowBoxes: ArraySlice<Int>, at target: Int,
    into scores: inout [Double]
  ) {
    let rectifier = network.rectifiers[ordinal]
    let units = compaction.entries[rectifier.node]
    let relaxation = relaxations[ordinal]
    for (row, box) in rowBoxes.enumerated() {
      for place in 0..<rows.columns where relaxation.intercept[box, place] != 0 {
        let unit = rectifier.firstUnit + (units?[place] ?? place)
        scores[(target + row) * network.unitCount + unit] = loss(
          of: rows[row, place], slope: relaxation.lower[box, place],
          intercept: relaxation.intercept[box, place], lower: unitLower[box, unit],
          upper: unitUpper[box, unit])
      }
    }
  }

  /// The most that a unit's lines lose: see ``RowBounds/unitScores``.
  func loss(
    of coefficient: Double, slope: Double, intercept: Double, lower: Double, upper: Double
  ) -> Double {
    coefficient > 0
      ? coefficient * max(-slope * lower, (1 - slope) * upper) : -coefficient * intercept
  }
}
