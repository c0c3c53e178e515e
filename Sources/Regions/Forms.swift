/// Affine forms of a chart's coordinates, one for each entry of a node.
///
/// Form `i` is `Σ values[i · width + k] · u[k] + values[i · width + width − 1]`.
struct Forms {
  let count: Int
  /// The number of coordinates and one for the constant.
  let width: Int
  var values: [Double]
  /// Per value, the sum of the magnitudes that it was computed from; empty where nobody asked.
  var magnitudes: [Double]

  init(count: Int, width: Int, tracksMagnitudes: Bool) {
    self.count = count
    self.width = width
    values = Array(repeating: 0, count: count * width)
    magnitudes = tracksMagnitudes ? values : []
  }

  /// The values of one form.
  func row(_ index: Int) -> ArraySlice<Double> { values[index * width..<(index + 1) * width] }

  /// The forms of the inputs.
  init(_ chart: Chart, tracksMagnitudes: Bool) {
    self.init(
      count: chart.origin.count, width: chart.dimension + 1, tracksMagnitudes: tracksMagnitudes)
    for place in chart.origin.indices {
      for coordinate in 0..<chart.dimension {
        values[place * width + coordinate] = chart.basis[place * chart.dimension + coordinate]
      }
      values[place * width + chart.dimension] = chart.origin[place]
    }
    if tracksMagnitudes { magnitudes = values.map(\.magnitude) }
  }

  /// The constants of a bias.
  init(bias: [Double], width: Int, tracksMagnitudes: Bool) {
    self.init(count: bias.count, width: width, tracksMagnitudes: tracksMagnitudes)
    for (place, constant) in bias.enumerated() {
      values[place * width + width - 1] = constant
      if tracksMagnitudes { magnitudes[place * width + width - 1] = constant.magnitude }
    }
  }

  /// Adds the image of other forms.
  mutating func add(_ rows: SparseRows, of source: Forms) {
    Self.add(rows, source.values, width, to: &values) { $0 }
    if !magnitudes.isEmpty {
      Self.add(rows, source.magnitudes, width, to: &magnitudes) { $0.magnitude }
    }
  }

  @inline(__always)
  private static func add(
    _ rows: SparseRows, _ source: [Double], _ width: Int, to result: inout [Double],
    weight factor: (Double) -> Double
  ) {
    for row in 0..<rows.starts.count - 1 {
      let place = row * width
      for entry in rows.starts[row]..<rows.starts[row + 1] {
        let weight = factor(rows.weights[entry])
        let start = rows.columns[entry] * width
        for column in 0..<width { result[place + column] += weight * source[start + column] }
      }
    }
  }

  /// Sets the forms of inactive units to zero.
  mutating func keep(_ bits: [Bool]) {
    precondition(bits.count == count, "one bit per unit")
    for unit in 0..<count where !bits[unit] {
      for place in unit * width..<(unit + 1) * width { values[place] = 0 }
      if !magnitudes.isEmpty {
        for place in unit * width..<(unit + 1) * width { magnitudes[place] = 0 }
      }
    }
  }
}

/// The forms of a network's nodes, as far as the units of the first rectifiers are fixed.
struct PrefixForms {
  let network: RegionNetwork
  let width: Int
  private let tracksMagnitudes: Bool
  private var forms: [Forms?]
  /// The next node to compute: a rectifier that waits for its bits, or the end.
  private(set) var next = 0

  /// Computes what does not depend on any unit.
  init(_ network: RegionNetwork, on chart: Chart, tracksMagnitudes: Bool = false) {
    self.network = network
    width = chart.dimension + 1
    self.tracksMagnitudes = tracksMagnitudes
    forms = Array(repeating: nil, count: network.steps.count)
    proceed(inputs: Forms(chart, tracksMagnitudes: tracksMagnitudes))
  }

  private mutating func proceed(inputs: Forms? = nil) {
    while next < network.steps.count {
      switch network.steps[next].operation {
      case .rectifier: return
      case .input: forms[next] = inputs
      case .affine(let terms, let bias):
        var result = Forms(bias: bias, width: width, tracksMagnitudes: tracksMagnitudes)
        for term in terms { result.add(term.rows, of: value(of: term.source)) }
        forms[next] = result
        for term in terms { release(term.source) }
      }
      next += 1
    }
  }

  private func value(of node: Int) -> Forms {
    guard let value = forms[node] else { preconditionFailure("sources precede their users") }
    return value
  }

  private mutating func release(_ node: Int) {
    if network.steps[node].lastUse <= next { forms[node] = nil }
  }

  /// The rectifier that waits for its bits; none when all units are fixed.
  var ordinal: Int? {
    guard next < network.steps.count,
      case .rectifier(let ordinal, _) = network.steps[next].operation
    else { return nil }
    return ordinal
  }

  /// The pre-activations of the rectifier that waits.
  var preActivations: Forms? {
    guard next < network.steps.count, case .rectifier(_, let source) = network.steps[next].operation
    else { return nil }
    return value(of: source)
  }

  /// How many unit roundoffs, relative to their magnitudes, the pre-activations may be off.
  var roundings: Double { network.steps[next].roundings }

  /// Fixes the units of the rectifier that waits, and computes on to the next one.
  mutating func fix(_ bits: [Bool]) {
    guard next < network.steps.count, case .rectifier(_, let source) = network.steps[next].operation
    else { preconditionFailure("a rectifier waits for its bits") }
    var kept = value(of: source)
    kept.keep(bits)
    forms[next] = kept
    release(source)
    next += 1
    proceed()
  }

  /// The forms of all outputs, once all units are fixed.
  var outputs: Forms {
    var result = Forms(count: network.outputSize, width: width, tracksMagnitudes: false)
    result.values = network.outputs.flatMap { value(of: $0).values }
    result.magnitudes = network.outputs.flatMap { value(of: $0).magnitudes }
    return result
  }
}
