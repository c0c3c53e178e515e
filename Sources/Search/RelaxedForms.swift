internal import BoundPropagation
internal import NetworkModel

/// The pre-activations and the rows of a disjunct as affine functions of the inputs and of the units
/// that are unstable at a root.
///
/// Stable units are replaced by what they are, so that the columns are few: first the inputs, then the
/// unstable units in order. A pre-activation has earlier columns only.
struct RelaxedForms: Sendable {
  /// `Σ coefficients[column] · column + constant`.
  struct Form: Sendable {
    var coefficients: [Double]
    var constant: Double

    init(columns: Int) {
      coefficients = [Double](repeating: 0, count: columns)
      constant = 0
    }

    mutating func add(_ other: Form, times factor: Double) {
      guard factor != 0 else { return }
      for column in coefficients.indices {
        coefficients[column] += factor * other.coefficients[column]
      }
      constant += factor * other.constant
    }
  }

  let inputCount: Int
  /// The units with a column, in ascending order.
  let units: [Int]
  /// Their pre-activations, in the same order.
  let preactivations: [Form]
  /// The excesses of the disjunct's rows.
  let rows: [Form]

  var columnCount: Int { inputCount + units.count }

  /// Composes the maps; nil where the forms have too many coefficients.
  ///
  /// - Parameters:
  ///   - network: A network with one input node, the first.
  ///   - floats: The same network, which numbers the units.
  ///   - root: The unit bounds that say which units are stable.
  ///   - rows: The rows of a disjunct.
  ///   - mostEntries: How many coefficients the forms may have together.
  init?(
    _ network: Network, _ floats: FloatNetwork, root: Subproblem, rows: [FloatProblem.Row],
    mostEntries: Int
  ) {
    let units = (0..<floats.unitCount).filter { root.isUnstable($0) }
    let inputs = network.nodes[0].size
    let columns = inputs + units.count
    let size = network.nodes.reduce(0) { $0 + $1.size }
    guard size * columns <= mostEntries else { return nil }
    var places: [Int: Int] = [:]
    for (place, unit) in units.enumerated() { places[unit] = place }
    var preactivations = [Form](repeating: Form(columns: columns), count: units.count)
    var forms: [[Form]] = []
    var ordinal = 0
    for node in network.nodes {
      var values = [Form](repeating: Form(columns: columns), count: node.size)
      switch node.operation {
      case .input: for entry in 0..<node.size { values[entry].coefficients[entry] = 1 }
      case .affine(let affine):
        for row in 0..<node.size { values[row].constant = affine.bias[row] }
        for term in affine.terms {
          term.map.forEachWeight { row, column, weight in
            values[row].add(forms[term.source.position][column], times: weight)
          }
        }
      case .gate: return nil
      case .relu(let source):
        for entry in 0..<node.size {
          let unit = floats.rectifiers[ordinal].firstUnit + entry
          if let place = places[unit] {
            preactivations[place] = forms[source.position][entry]
            values[entry].coefficients[inputs + place] = 1
          } else if root.unitLower[unit] >= 0, root.unitUpper[unit] > 0 {
            values[entry] = forms[source.position][entry]
          }
        }
        ordinal += 1
      }
      forms.append(values)
    }
    let outputs = network.outputs.flatMap { port in
      (0..<port.size).map { (node: port.node.position, entry: $0) }
    }
    self.units = units
    self.preactivations = preactivations
    inputCount = inputs
    self.rows = rows.map { row in
      var form = Form(columns: columns)
      form.constant = -row.bound
      for entry in row.inputs { form.coefficients[entry.index] += entry.coefficient }
      for entry in row.outputs {
        form.add(
          forms[outputs[entry.index].node][outputs[entry.index].entry],
          times: entry.coefficient)
      }
      return form
    }
  }
}
