package import NetworkModel

/// A random network of two inputs and two outputs with a law of the inputs; probabilities of events are
/// known from exact regions.
package struct PlanarTwin {
  package let network: Network
  package let law: PlanarLaw

  package init(using generator: inout some RandomNumberGenerator) {
    network = Self.network(using: &generator)
    law = PlanarLaw(using: &generator)
  }

  /// With units that are never active, weights of zero, and outputs that are equal or zero on regions.
  private static func network(using generator: inout some RandomNumberGenerator) -> Network {
    func quarters(_ range: ClosedRange<Int>) -> Double {
      Double(Int.random(in: range, using: &generator)) / 4
    }
    let hidden = [[3], [4], [3, 2], [2, 3]].randomElement(using: &generator) ?? [3]
    let sizes = [2] + hidden + [2]
    var layers = zip(sizes, sizes.dropFirst()).map { columns, rows in
      (
        weights: (0..<rows).map { _ in
          (0..<columns).map { _ in
            Int.random(in: 0..<5, using: &generator) == 0 ? 0 : quarters(-6...6)
          }
        },
        bias: (0..<rows).map { _ in quarters(-4...4) }
      )
    }
    if Int.random(in: 0..<3, using: &generator) == 0 {
      layers[0].bias[0] = -64
    }
    switch Int.random(in: 0..<6, using: &generator) {
    case 0:
      let last = layers.count - 1
      layers[last].weights[1] = layers[last].weights[0]
      layers[last].bias[1] = layers[last].bias[0]
    case 1, 2:
      // Outputs behind rectifiers.
      layers.append(([[1, 0], [0, 1]], [0, 0]))
    default: break
    }
    return denseNetwork(layers)
  }

  /// The probability of an event, to within 1e-10.
  package func probability(of event: PlanarEvent) -> Double {
    law.probability(of: event, network)
  }
}
