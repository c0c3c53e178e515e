import BoundPropagation
import NetworkModel

/// The rules, written down as plainly as possible: every map a full matrix, one row at a time.
struct Reference {
  let network: Network
  private let matrices: [[[[Double]]]]

  init(_ network: Network) {
    self.network = network
    matrices = network.nodes.map { node in
      guard case .affine(let affine) = node.operation else { return [] }
      return affine.terms.map { Self.matrix($0.map) }
    }
  }

  private static func matrix(_ map: LinearMap) -> [[Double]] {
    var result = [[Double]](
      repeating: [Double](repeating: 0, count: map.columns), count: map.rows)
    switch map {
    case .identity(let size): for index in 0..<size { result[index][index] = 1 }
    case .dense(let dense):
      for row in 0..<dense.rows {
        for column in 0..<dense.columns {
          result[row][column] = dense.weights[row * dense.columns + column]
        }
      }
    case .sparse(let sparse):
      for row in 0..<sparse.rows {
        for entry in sparse.rowStarts[row]..<sparse.rowStarts[row + 1] {
          result[row][sparse.columnIndices[entry]] += sparse.weights[entry]
        }
      }
    case .convolution(let shape): fill(&result, shape)
    }
    return result
  }

  private static func fill(_ result: inout [[Double]], _ shape: Convolution) {
    let perGroup = shape.inputChannels / shape.groups
    let outputsPerGroup = shape.outputChannels / shape.groups
    for channel in 0..<shape.outputChannels {
      for y in 0..<shape.rows.output {
        for x in 0..<shape.columns.output {
          for input in 0..<perGroup {
            for ky in 0..<shape.rows.kernel {
              for kx in 0..<shape.columns.kernel {
                let iy = y * shape.rows.stride + ky * shape.rows.dilation - shape.rows.padding
                let ix =
                  x * shape.columns.stride + kx * shape.columns.dilation - shape.columns.padding
                guard (0..<shape.rows.input).contains(iy), (0..<shape.columns.input).contains(ix)
                else { continue }
                let source = channel / outputsPerGroup * perGroup + input
                let row = (channel * shape.rows.output + y) * shape.columns.output + x
                let column = (source * shape.rows.input + iy) * shape.columns.input + ix
                let weight = ((channel * perGroup + input) * shape.rows.kernel + ky)
                result[row][column] += shape.weights[weight * shape.columns.kernel + kx]
              }
            }
          }
        }
      }
    }
  }

  /// The values of all nodes at a point.
  func values(at point: [Double]) -> [[Double]] {
    var values: [[Double]] = []
    for (position, node) in network.nodes.enumerated() {
      switch node.operation {
      case .input: values.append(point)
      case .relu(let source): values.append(values[source.position].map { max($0, 0) })
      case .gate: preconditionFailure("files have no gates")
      case .affine(let affine):
        var result = affine.bias
        for (term, matrix) in zip(affine.terms, matrices[position]) {
          for row in result.indices {
            for (column, weight) in matrix[row].enumerated() {
              result[row] += weight * values[term.source.position][column]
            }
          }
        }
        values.append(result)
      }
    }
    return values
  }

  /// The outputs of all ports at a point.
  func outputs(at point: [Double]) -> [Double] {
    let values = values(at: point)
    return network.outputs.flatMap { values[$0.node.position] }
  }

  func value(of row: LinearRow, at point: [Double]) -> Double {
    let outputs = outputs(at: point)
    return row.constant + row.inputs.reduce(0) { $0 + $1.coefficient * point[$1.index] }
      + row.outputs.reduce(0) { $0 + $1.coefficient * outputs[$1.index] }
  }

  struct Line {
    var lower: [Double]
    var constant: Double
  }

  /// A lower bound of a form over the nodes, and the affine function whose minimum it is.
  ///
  /// `slopes` and `multipliers` are per unit; a multiplier is added to the argument's coefficient.
  func bound(
    _ start: [Int: [Double]], constant: Double, box: Subproblem, slopes: [Double?] = [],
    multipliers: [Double] = []
  ) -> (bound: Double, coefficients: [Double], constant: Double) {
    var coefficients = network.nodes.map { [Double](repeating: 0, count: $0.size) }
    for (node, values) in start { coefficients[node] = values }
    var constant = constant
    var firstUnit = box.unitLower.count
    for (position, node) in network.nodes.enumerated().reversed() {
      switch node.operation {
      case .input: break
      case .affine(let affine):
        for row in 0..<node.size {
          let factor = coefficients[position][row]
          constant += factor * affine.bias[row]
          for (term, matrix) in zip(affine.terms, matrices[position]) {
            for (column, weight) in matrix[row].enumerated() {
              coefficients[term.source.position][column] += factor * weight
            }
          }
        }
      case .gate: preconditionFailure("files have no gates")
      case .relu(let source):
        firstUnit -= node.size
        for index in 0..<node.size {
          let unit = firstUnit + index
          let factor = coefficients[position][index]
          let (low, high) = (box.unitLower[unit], box.unitUpper[unit])
          var passed = 0.0
          if high <= 0 {
            passed = 0
          } else if low >= 0 {
            passed = factor
          } else if factor > 0 {
            passed = factor * ((slopes.isEmpty ? nil : slopes[unit]) ?? (high > -low ? 1 : 0))
          } else {
            passed = factor * (high / (high - low))
            constant += factor * (-low * high / (high - low))
          }
          if !multipliers.isEmpty { passed += multipliers[unit] }
          coefficients[source.position][index] += passed
        }
      }
    }
    var bound = constant
    for (index, factor) in coefficients[0].enumerated() {
      bound += factor * (factor < 0 ? box.upper[index] : box.lower[index])
    }
    return (bound, coefficients[0], constant)
  }

  /// A row's coefficients over the nodes.
  func start(of row: LinearRow) -> [Int: [Double]] {
    var result: [Int: [Double]] = [:]
    func add(_ node: Int, _ entry: Int, _ coefficient: Double) {
      result[node, default: [Double](repeating: 0, count: network.nodes[node].size)][entry] +=
        coefficient
    }
    let places = network.outputs.flatMap { port in
      (0..<port.size).map { (port.node.position, $0) }
    }
    for entry in row.outputs {
      add(places[entry.index].0, places[entry.index].1, entry.coefficient)
    }
    for entry in row.inputs { add(0, entry.index, entry.coefficient) }
    return result
  }

  /// Interval bounds and backward passes over all units, in topological order.
  func refreshed(_ given: Subproblem, backward: Bool) -> Subproblem {
    var box = given
    var intervals = network.nodes.map { node in
      [(low: Double, high: Double)](repeating: (0, 0), count: node.size)
    }
    var firstUnit = 0
    for (position, node) in network.nodes.enumerated() {
      switch node.operation {
      case .input: intervals[position] = zip(box.lower, box.upper).map { ($0, $1) }
      case .affine(let affine):
        for row in 0..<node.size {
          var (low, high) = (affine.bias[row], affine.bias[row])
          for (term, matrix) in zip(affine.terms, matrices[position]) {
            for (column, weight) in matrix[row].enumerated() {
              let interval = intervals[term.source.position][column]
              low += min(weight * interval.low, weight * interval.high)
              high += max(weight * interval.low, weight * interval.high)
            }
          }
          intervals[position][row] = (low, high)
        }
      case .gate: preconditionFailure("files have no gates")
      case .relu(let source):
        for index in 0..<node.size {
          let unit = firstUnit + index
          let interval = intervals[source.position][index]
          box.unitLower[unit] = max(box.unitLower[unit], interval.low)
          box.unitUpper[unit] = min(box.unitUpper[unit], interval.high)
        }
        let units = firstUnit..<firstUnit + node.size
        if backward { tighten(&box, units, source.position) }
        for (index, unit) in units.enumerated() {
          intervals[position][index] = (max(box.unitLower[unit], 0), max(box.unitUpper[unit], 0))
        }
        firstUnit += node.size
      }
    }
    return box
  }

  private func tighten(_ box: inout Subproblem, _ units: Range<Int>, _ node: Int) {
    for sign in [-1.0, 1.0] {
      let before = box
      for unit in units where before.isUnstable(unit) {
        var start = [Double](repeating: 0, count: units.count)
        start[unit - units.lowerBound] = sign
        let found = bound([node: start], constant: 0, box: before).bound
        if sign > 0 {
          box.unitLower[unit] = max(box.unitLower[unit], found)
        } else {
          box.unitUpper[unit] = min(box.unitUpper[unit], -found)
        }
      }
    }
  }
}

/// Boxes around random points.
func randomBoxes(
  _ count: Int, in network: FloatNetwork, radius: Double, numbers: inout SeededNumbers
) -> [Subproblem] {
  (0..<count).map { _ in
    let centre = numbers.weights(network.inputSize)
    let radii = (0..<network.inputSize).map { _ in
      Double.random(in: 0...radius, using: &numbers)
    }
    return Subproblem(
      lower: zip(centre, radii).map { $0 - $1 }, upper: zip(centre, radii).map { $0 + $1 },
      of: network)
  }
}

/// A random row over all outputs and inputs.
func randomRow(in network: FloatNetwork, numbers: inout SeededNumbers) -> LinearRow {
  LinearRow(
    inputs: (0..<network.inputSize).map {
      LinearRow.Entry(index: $0, coefficient: .random(in: -0.2...0.2, using: &numbers))
    },
    outputs: (0..<network.outputSize).map {
      LinearRow.Entry(index: $0, coefficient: .random(in: -1...1, using: &numbers))
    }, constant: .random(in: -1...1, using: &numbers))
}

/// Points of a box: its corners (some of them where there are many) and points within.
func points(of box: Subproblem, _ count: Int, numbers: inout SeededNumbers) -> [[Double]] {
  (0..<count).map { index in
    zip(box.lower, box.upper).map { low, high in
      index % 2 == 0
        ? (Bool.random(using: &numbers) ? low : high) : .random(in: low...high, using: &numbers)
    }
  }
}

/// Whether two numbers agree to a relative 1e-9.
func agree(_ left: Double, _ right: Double) -> Bool {
  left == right || abs(left - right) <= 1e-9 * max(1, abs(left), abs(right))
}
