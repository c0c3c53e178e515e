internal import LinearAlgebra

/// What a network and one combination of its outputs do at points.
public struct PointValues: Sendable {
  /// The outputs, `[points][outputs]`.
  public let outputs: [Double]
  /// The row's value at each point.
  public let values: [Double]
  /// The row's gradient in the inputs, `[points][inputs]`; a unit whose argument is zero counts as
  /// inactive.
  public let gradients: [Double]
}

extension Propagator {
  /// Evaluates the network at points.
  ///
  /// - Parameter points: `[points][inputs]`.
  /// - Returns: The outputs, `[points][outputs]`.
  public func evaluate(_ points: [Double]) -> [Double] {
    var outputs: [Double] = []
    forEachBatch(of: points) { batch in
      outputs += outputEntries(of: forward(batch))
    }
    return outputs
  }

  /// The arguments of all units at points.
  ///
  /// - Parameter points: `[points][inputs]`.
  /// - Returns: The arguments, `[points][units]`.
  public func arguments(_ points: [Double]) -> [Double] {
    var arguments: [Double] = []
    forEachBatch(of: points) { batch in
      let values = forward(batch)
      for point in 0..<batch.rows {
        for rectifier in network.rectifiers {
          arguments += values[rectifier.source].array(ofRow: point)
        }
      }
    }
    return arguments
  }

  /// Evaluates the network and the gradient of a row at points.
  ///
  /// - Parameters:
  ///   - points: `[points][inputs]`.
  ///   - rows: One row per point.
  /// - Returns: Outputs, values and gradients.
  public func gradient(_ points: [Double], of rows: [LinearRow]) -> PointValues {
    precondition(rows.count * network.inputSize == points.count, "one row per point")
    var (outputs, values, gradients): ([Double], [Double], [Double]) = ([], [], [])
    var next = 0
    forEachBatch(of: points) { batch in
      let chosen = rows[next..<next + batch.rows]
      next += batch.rows
      let nodeValues = forward(batch)
      outputs += outputEntries(of: nodeValues)
      for (point, row) in chosen.enumerated() {
        values.append(nodeValues.value(of: row, point))
      }
      gradients += backward(chosen, through: nodeValues)
    }
    return PointValues(outputs: outputs, values: values, gradients: gradients)
  }

  private func forEachBatch(of points: [Double], _ body: (MatrixView) -> Void) {
    let size = network.inputSize
    precondition(size > 0 && points.count.isMultiple(of: size), "points have one entry per input")
    for first in stride(from: 0, to: points.count / size, by: batchSize) {
      let count = min(batchSize, points.count / size - first)
      let batch = MatrixView(
        rows: count, columns: size,
        entries: Array(points[first * size..<(first + count) * size]))
      body(batch)
    }
  }

  /// The values of all nodes at points.
  func forward(_ points: MatrixView) -> NodeValues {
    let values = NodeValues(network, signed: points.rows, everything, memory: nodeMemory)
    for (node, description) in network.nodes.enumerated() {
      switch description.operation {
      case .input: values[node].copy(points)
      case .affine: values.computeAffine(node, everything)
      case .rectifier(_, let source, let sign?):
        values[node].copy(values[source])
        values[node].mask(where: values[sign])
      case .rectifier(_, let source, nil): values[node].rectify(values[source])
      }
    }
    return values
  }

  private func outputEntries(of values: NodeValues) -> [Double] {
    (0..<values.signed).flatMap { point in
      network.outputs.map { values[$0.node][point, $0.entry] }
    }
  }

  private func backward(_ rows: ArraySlice<LinearRow>, through values: NodeValues) -> [Double] {
    var coefficients = CoefficientRows(network, signed: rows.count, pool: pool)
    let constants = freshConstants(rows.count)
    compaction = everything
    for (place, row) in rows.enumerated() {
      add(row, scaledBy: 1, to: place, of: &coefficients, constants: constants)
    }
    passBackward(&coefficients, constants: constants) { ordinal, matrix in
      let signs = network.rectifiers[ordinal].gate ?? ordinal
      matrix.mask(where: values[network.rectifiers[signs].source])
    }
    let input = coefficients.atNode(0, everything)
    defer { coefficients.finish() }
    return (0..<rows.count).flatMap { input.array(ofRow: $0) }
  }
}

extension NodeValues {
  /// The value of a row of the caller's at one point.
  func value(of row: LinearRow, _ point: Int) -> Double {
    let inputs = row.inputs.reduce(row.constant) {
      $0 + $1.coefficient * self[0][point, $1.index]
    }
    return row.outputs.reduce(inputs) {
      let output = network.outputs[$1.index]
      return $0 + $1.coefficient * self[output.node][point, output.entry]
    }
  }
}

extension MatrixView {
  /// Writes max(0, ·) of another matrix; what is not a number stays so.
  fileprivate func rectify(_ arguments: MatrixView) {
    for row in 0..<rows {
      let (result, argument) = unsafe (pointer(toRow: row), arguments.pointer(toRow: row))
      for column in 0..<columns {
        unsafe result[column] = argument[column] < 0 ? 0 : argument[column]
      }
    }
  }

  /// Keeps the entries where another matrix is positive.
  fileprivate func mask(where arguments: MatrixView) {
    for row in 0..<rows {
      let (result, argument) = unsafe (pointer(toRow: row), arguments.pointer(toRow: row))
      for column in 0..<columns {
        unsafe result[column] = argument[column] > 0 ? result[column] : 0
      }
    }
  }
}
