internal import LinearAlgebra

extension Climb {
  /// Moves all multipliers of the climbing rows along their gradients.
  ///
  /// - Parameters:
  ///   - coefficients: The rows of the last pass, at the input.
  ///   - constants: Their constants.
  mutating func climb(from coefficients: CoefficientRows, _ constants: [Double]) {
    let network = propagator.network
    let values = NodeValues(
      network, signed: active, propagator.compaction, memory: propagator.nodeMemory)
    adam.advance()
    let mixes = items[0..<active].contains { $0.objective.quantity.weightCount > 1 }
    for (node, description) in network.nodes[...lastNode].enumerated() {
      guard mixes || description.feedsRectifier || description.operation.isRectifier else {
        continue
      }
      // The value of the quantity itself is not needed.
      if node == lastNode && !mixes && !description.operation.isRectifier { break }
      switch description.operation {
      case .input: placeMinimisers(of: coefficients[0], constants, into: values[0])
      case .affine: values.computeAffine(node, propagator.compaction)
      case .rectifier(let ordinal, let source, _):
        moveSplits(at: ordinal, arguments: values[source])
        moveSlopes(at: ordinal, arguments: values[source], results: values[node])
      }
    }
    if mixes { moveWeights(values) }
  }

  private func placeMinimisers(
    of coefficients: MatrixView?, _ constants: [Double], into points: MatrixView
  ) {
    guard let coefficients else { return points.copy(propagator.lower.rows(0..<active)) }
    for row in 0..<active {
      propagator.placeLowest(
        coefficients, constant: constants[row], row: row, box: row,
        deviations: settings.deviations, into: points)
    }
  }

  /// Goes through a rectifier along its lines, and moves the slopes.
  private func moveSlopes(at ordinal: Int, arguments: MatrixView, results: MatrixView) {
    let relaxation = propagator.relaxations[ordinal]
    let layer = layers[ordinal]
    let step = adam.step(rate: settings.slopeRate)
    for row in 0..<active {
      let coefficients = unsafe layer.coefficients.pointer(toRow: row)
      let first = unsafe layer.first.pointer(toRow: row)
      let second = unsafe layer.second.pointer(toRow: row)
      let slope = unsafe relaxation.lower.pointer(toRow: row)
      let upper = unsafe relaxation.upper.pointer(toRow: row)
      let intercept = unsafe relaxation.intercept.pointer(toRow: row)
      let argument = unsafe arguments.pointer(toRow: row)
      let result = unsafe results.pointer(toRow: row)
      for place in 0..<results.columns {
        let (coefficient, value) = unsafe (coefficients[place], argument[place])
        let isLower = coefficient > 0
        unsafe result[place] =
          isLower ? slope[place] * value : upper[place] * value + intercept[place]
        guard unsafe intercept[place] != 0 else { continue }
        let moved =
          unsafe slope[place]
          + step.move(
            &first[place], &second[place], gradient: isLower ? coefficient * value : 0)
        unsafe slope[place] = min(max(moved, 0), 1)
      }
    }
  }

  private mutating func moveSplits(at ordinal: Int, arguments: MatrixView) {
    let step = adam.step(rate: settings.splitRate)
    for row in 0..<active {
      for (index, split) in items[row].splits.enumerated() where split.rectifier == ordinal {
        if items[row].splitScales[index] == 0 {
          items[row].splitScales[index] = layers[ordinal].coefficients.largestMagnitude(ofRow: row)
        }
        let scale = items[row].splitScales[index]
        items[row].splitVariables[index].move(
          step, gradient: split.sign * arguments[row, split.place], scale: scale)
        items[row].splitVariables[index].value = max(items[row].splitVariables[index].value, 0)
      }
    }
  }

  /// Moves the logarithms of the weights, whose gradient is each row's excess over the mean.
  private mutating func moveWeights(_ values: NodeValues) {
    let step = adam.step(rate: settings.weightRate)
    for row in 0..<active {
      guard case .rows(let rows) = items[row].objective.quantity, rows.count > 1 else { continue }
      let weights = items[row].weights
      let found = rows.map { values.value(of: $0, row) }
      let mean = zip(weights, found).reduce(0) { $0 + $1.0 * $1.1 }
      for (index, value) in found.enumerated() {
        items[row].logarithms[index].move(step, gradient: weights[index] * (value - mean), scale: 1)
      }
    }
  }
}

extension Propagator {
  /// Exchanges two boxes of the batch, with their lines.
  func swapBoxes(_ left: Int, _ right: Int) {
    for matrix in [lower, upper, unitLower, unitUpper] { matrix.swapRows(left, right) }
    normals.swapAt(left, right)
    for relaxation in relaxations {
      for matrix in [relaxation.lower, relaxation.upper, relaxation.intercept] {
        matrix.swapRows(left, right)
      }
    }
  }

  /// Rectifier and place of each unit in front of the batch's last node; none where not carried.
  func placesOfUnits() -> [(rectifier: Int, place: Int)?] {
    guard let last = relaxations.indices.last else { return [] }
    var places = [(rectifier: Int, place: Int)?](
      repeating: nil, count: network.rectifiers[last].units.upperBound)
    for (ordinal, relaxation) in relaxations.enumerated() {
      let rectifier = network.rectifiers[ordinal]
      let entries = compaction.entries[rectifier.node]
      for place in 0..<relaxation.lower.columns {
        places[rectifier.firstUnit + (entries?[place] ?? place)] = (ordinal, place)
      }
    }
    return places
  }

  /// Visits the unstable units of a box, with their lines and their place there.
  func forEachOpenUnit(_ box: Int, _ body: (Int, Relaxation, Int) -> Void) {
    forEachOpenUnit(box) { unit, _, relaxation, place in body(unit, relaxation, place) }
  }

  /// Visits the unstable units of a box, with their rectifier's ordinal, their lines and their place.
  func forEachOpenUnit(_ box: Int, _ body: (Int, Int, Relaxation, Int) -> Void) {
    for (ordinal, relaxation) in relaxations.enumerated() {
      let rectifier = network.rectifiers[ordinal]
      let entries = compaction.entries[rectifier.node]
      let intercept = unsafe relaxation.intercept.pointer(toRow: box)
      for place in 0..<relaxation.lower.columns where unsafe intercept[place] != 0 {
        body(rectifier.firstUnit + (entries?[place] ?? place), ordinal, relaxation, place)
      }
    }
  }
}

extension MatrixView {
  fileprivate func largestMagnitude(ofRow row: Int) -> Double {
    let entries = unsafe pointer(toRow: row)
    var largest = 0.0
    for column in 0..<columns { largest = unsafe max(largest, entries[column].magnitude) }
    return largest
  }

  func copyRow(_ row: Int, of other: MatrixView) {
    precondition(other.columns == columns, "rows have the same length")
    unsafe pointer(toRow: row).update(from: other.pointer(toRow: row), count: columns)
  }

  func swapRows(_ left: Int, _ right: Int) {
    let (first, second) = unsafe (pointer(toRow: left), pointer(toRow: right))
    for column in 0..<columns {
      (unsafe first[column], unsafe second[column]) = unsafe (second[column], first[column])
    }
  }
}
