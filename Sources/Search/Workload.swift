internal import BoundPropagation
internal import NetworkModel

/// How much work a network is, to size rounds so that limits and interrupts are honoured within a
/// fraction of a second; a function of the network alone, so that runs stay alike.
struct Workload {
  /// Multiplications of one evaluation.
  let products: Int
  /// Multiplications up to the arguments of each rectifier.
  let productsBefore: [Int]
  private let units: Int

  init(_ network: Network, _ floats: FloatNetwork) {
    var products = 1
    var soFar: [Int] = []
    for node in network.nodes {
      if case .affine(let affine) = node.operation {
        for term in affine.terms { products += term.map.products }
      }
      soFar.append(products)
    }
    self.products = products
    productsBefore = floats.rectifiers.map { soFar[$0.source] }
    units = max(1, floats.unitCount)
  }

  /// Boxes whose units are all bounded anew: about 15 ps a unit and product.
  var boxesPerRound: Int {
    max(2, min(128, Int(5e10 / (Double(products) * Double(units)))))
  }

  /// How many branches may climb together in a work space.
  var branchesAtOnce: Int { max(1, min(64, 2_000_000 / units)) }

  /// Branches that climb.
  ///
  /// - Parameters:
  ///   - passes: How many passes each takes.
  ///   - products: Multiplications of one pass.
  /// - Returns: How many.
  func branchesPerRound(passes: Int, products: Int) -> Int {
    max(2, min(4 * branchesAtOnce, 3_000_000_000 / (passes * products)))
  }
}

extension LinearMap {
  fileprivate var products: Int {
    switch self {
    case .identity: 0
    case .dense(let matrix): matrix.weights.count
    case .sparse(let matrix): matrix.weights.count
    case .convolution(let convolution):
      convolution.weights.count * convolution.rows.output * convolution.columns.output
    }
  }
}
