internal import ExactArithmetic
internal import NetworkModel

/// The exact forms behind ``PrefixForms``, each computed when somebody asks for it.
///
/// Every weight, bias and number of the chart is a dyadic, so the forms are too.
final class ExactPrefix {
  private struct Place: Hashable {
    let node: Int
    let entry: Int
  }

  private let network: RegionNetwork
  private let chart: Chart
  private let parent: ExactPrefix?
  /// The bits of the rectifier at ``firstNode``; none at the root.
  private let bits: [Bool]
  /// Forms of earlier nodes are the parent's.
  private let firstNode: Int
  private var known: [Place: [Dyadic]] = [:]

  /// The prefix that fixes nothing.
  init(_ network: RegionNetwork, on chart: Chart) {
    self.network = network
    self.chart = chart
    parent = nil
    bits = []
    firstNode = 0
  }

  /// The prefix that also fixes the rectifier at a node.
  init(_ parent: ExactPrefix, fixing node: Int, to bits: [Bool]) {
    network = parent.network
    chart = parent.chart
    self.parent = parent
    self.bits = bits
    firstNode = node
  }

  /// One form: the coefficients of the coordinates, then the constant.
  func form(ofNode node: Int, entry: Int) -> [Dyadic] {
    if let parent, node < firstNode { return parent.form(ofNode: node, entry: entry) }
    let place = Place(node: node, entry: entry)
    if let form = known[place] { return form }
    let form = computed(place)
    known[place] = form
    return form
  }

  private func computed(_ place: Place) -> [Dyadic] {
    switch network.steps[place.node].operation {
    case .input:
      let start = place.entry * chart.dimension
      return (chart.basis[start..<start + chart.dimension] + [chart.origin[place.entry]])
        .map(Dyadic.init(constant:))
    case .rectifier(_, let source):
      guard bits[place.entry] else { return zeros }
      return form(ofNode: source, entry: place.entry)
    case .affine(let terms, let bias):
      var form = zeros
      form[chart.dimension] = Dyadic(constant: bias[place.entry])
      for (source, rows) in terms {
        for entry in rows.starts[place.entry]..<rows.starts[place.entry + 1] {
          let weight = Dyadic(constant: rows.weights[entry])
          let other = self.form(ofNode: source, entry: rows.columns[entry])
          for (index, value) in other.enumerated() where value != .zero {
            form[index] += weight * value
          }
        }
      }
      return form
    }
  }

  private var zeros: [Dyadic] { Array(repeating: .zero, count: chart.dimension + 1) }
}
