public import NetworkModel

/// A network prepared for affine arithmetic: for the maps that it is on its regions.
///
/// Units are numbered through all rectifiers in topological order.
public struct RegionNetwork: Sendable {
  /// The number of input entries.
  public let inputSize: Int
  /// The number of entries of all outputs together.
  public let outputSize: Int
  /// The number of units of each rectifier; the groups of every ``ActivationPattern``.
  public let groupSizes: [Int]

  let steps: [Step]
  /// Node of each output port.
  let outputs: [Int]

  /// Prepares a network.
  ///
  /// - Parameter network: One with a single input; of several outputs all entries follow one another.
  /// - Throws: ``RegionsError`` when a weight is not finite or there are other inputs.
  public init(_ network: Network) throws(RegionsError) {
    guard network.inputs.count == 1, let input = network.inputs.first else {
      throw .notOneInput(found: network.inputs.count)
    }
    var steps: [Step] = []
    var groupSizes: [Int] = []
    for (position, node) in network.nodes.enumerated() {
      let operation: Step.Operation
      switch node.operation {
      case .input:
        guard position == input.node.position else { throw .notOneInput(found: 2) }
        operation = .input
      case .gate: preconditionFailure("files have no gates")
      case .relu(let source):
        operation = .rectifier(ordinal: groupSizes.count, source: source.position)
        groupSizes.append(node.size)
      case .affine(let affine):
        let rows = affine.terms.map { (source: $0.source.position, rows: SparseRows($0.map)) }
        let isFinite =
          affine.bias.allSatisfy(\.isFinite)
          && rows.allSatisfy { $0.rows.weights.allSatisfy(\.isFinite) }
        guard isFinite else { throw .notFinite(node: node.name) }
        operation = .affine(rows, bias: affine.bias)
      }
      steps.append(Step(size: node.size, operation: operation))
    }
    outputs = network.outputs.map(\.node.position)
    Step.describe(&steps, outputs: outputs)
    self.steps = steps
    self.groupSizes = groupSizes
    inputSize = input.size
    outputSize = network.outputs.reduce(0) { $0 + $1.size }
  }

  /// The number of units of all rectifiers together.
  public var unitCount: Int { groupSizes.reduce(0, +) }

  /// The number of the first unit of a rectifier.
  ///
  /// - Parameter ordinal: Which rectifier.
  /// - Returns: The number among all units.
  public func firstUnit(of ordinal: Int) -> Int { groupSizes[..<ordinal].reduce(0, +) }

  /// The activation pattern at a point.
  ///
  /// Rounding: pre-activations are computed in doubles.
  ///
  /// - Parameter point: `[inputSize]`.
  /// - Returns: The pattern; a unit at exactly zero has bit 0.
  /// - Throws: ``RegionsError/wrongCount(of:found:expected:)``.
  public func pattern(at point: [Double]) throws(RegionsError) -> ActivationPattern {
    var forms = PrefixForms(self, on: try Chart(point: point, of: self))
    var pattern = ActivationPattern(groupSizes: groupSizes)
    var unit = 0
    while let rows = forms.preActivations {
      let bits = (0..<rows.count).map { rows.values[$0] > 0 }
      for bit in bits {
        pattern[unit] = bit
        unit += 1
      }
      forms.fix(bits)
    }
    return pattern
  }
}

/// A node, with its maps as lists of rows.
struct Step: Sendable {
  enum Operation: Sendable {
    case input
    case affine([(source: Int, rows: SparseRows)], bias: [Double])
    case rectifier(ordinal: Int, source: Int)
  }

  let size: Int
  let operation: Operation
  /// The last node that uses this one; the network's end for an output.
  var lastUse = 0
  /// How many unit roundoffs, relative to the sums of magnitudes, a computed form may be off.
  var roundings = 0.0

  static func describe(_ steps: inout [Step], outputs: [Int]) {
    for (position, step) in steps.enumerated() {
      switch step.operation {
      case .input: break
      case .rectifier(_, let source):
        steps[source].lastUse = position
        steps[position].roundings = steps[source].roundings
      case .affine(let terms, _):
        var roundings = 0.0
        for term in terms {
          steps[term.source].lastUse = position
          roundings = max(roundings, steps[term.source].roundings)
        }
        let longest = terms.reduce(0) { $0 + $1.rows.longest }
        steps[position].roundings = roundings + Double(longest + 2)
      }
    }
    for output in outputs { steps[output].lastUse = steps.count }
  }
}

/// A linear map by the nonzero entries of its rows.
struct SparseRows: Sendable {
  private(set) var starts = [0]
  private(set) var columns: [Int] = []
  private(set) var weights: [Double] = []

  init(_ map: LinearMap) {
    switch map {
    case .identity(let size):
      starts = Array(0...size)
      columns = Array(0..<size)
      weights = Array(repeating: 1, count: size)
    case .dense(let matrix):
      for row in 0..<matrix.rows {
        for column in 0..<matrix.columns {
          append(matrix.weights[row * matrix.columns + column], at: column)
        }
        starts.append(weights.count)
      }
    case .sparse(let matrix):
      for row in 0..<matrix.rows {
        for entry in matrix.rowStarts[row]..<matrix.rowStarts[row + 1] {
          append(matrix.weights[entry], at: matrix.columnIndices[entry])
        }
        starts.append(weights.count)
      }
    case .convolution(let convolution):
      for row in 0..<convolution.outputSize {
        convolution.forEachTap(of: row) { place, weight in
          append(convolution.weights[weight], at: place)
        }
        starts.append(weights.count)
      }
    }
  }

  private mutating func append(_ weight: Double, at column: Int) {
    guard weight != 0 else { return }
    columns.append(column)
    weights.append(weight)
  }

  /// The number of entries of the longest row.
  var longest: Int { zip(starts, starts.dropFirst()).map { $1 - $0 }.max() ?? 0 }
}
