internal import BoundPropagation
internal import NetworkModel

/// How much work a network is, to size rounds so that limits and interrupts are honoured within a
/// fraction of a second; a function of the network alone, so that runs stay alike.
struct Workload {
  /// Multiplications of one evaluation.
  private let products: Int
  private let units: Int

  init(_ network: Network, _ floats: FloatNetwork) {
    var products = 1
    for node in network.nodes {
      guard case .affine(let affine) = node.operation else { continue }
      for term in affine.terms { products += term.map.products }
    }
    self.products = products
    units = max(1, floats.unitCount)
  }

  /// Boxes whose units are all bounded anew: about 15 ps a unit and product.
  var boxesPerRound: Int {
    max(2, min(128, Int(5e10 / (Double(products) * Double(units)))))
  }

  /// Branches that climb: about 60 passes each.
  var branchesPerRound: Int { max(2, min(64, 60_000_000 / products)) }
}

extension LinearMap {
  fileprivate var products: Int {
    switch self {
    case .identity: 0
    case .dense(let matrix): matrix.weights.count
    case .sparse(let matrix): matrix.weights.count
    case .convolution(let convolution):
      convolution.weights.count * convolution.output.height * convolution.output.width
    }
  }
}
