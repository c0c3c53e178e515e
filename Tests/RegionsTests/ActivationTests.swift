import Approximation
import NetworkModel
import Regions
import TestSupport
import Testing

@Suite struct ActivationTests {
  private func network(_ activation: PiecewiseLinearActivation) -> Network {
    let input = Node(name: "x", size: 1, operation: .input)
    let nodes = [input] + activation.nodes(of: NodeIndex(0), size: 1, at: 1)
    let port = { (node: Int) in
      Port(name: "p", shape: [1], elementType: .float64, node: NodeIndex(node))
    }
    return Network(nodes: nodes, inputs: [port(0)], outputs: [port(3)])
  }

  @Test func lowersToRectifiersPieceByPiece() throws {
    let activations = [
      PiecewiseLinearActivation(knots: [0], slopes: [0.125, 1]),
      PiecewiseLinearActivation(knots: [0], slopes: [-1, 1], intercept: 0.5),
      PiecewiseLinearActivation(knots: [-1, 2], slopes: [0, 1, 0], intercept: -1),
      PiecewiseLinearActivation(knots: [-1, 0, 1], slopes: [1, 1, -0.5, 2], intercept: 3),
    ]
    for activation in activations {
      let activation = try #require(activation)
      let network = network(activation)
      let prepared = try RegionNetwork(network)
      for region in try prepared.regions(meeting: Scope(allInputsOf: prepared)) {
        let piece = (0..<region.pattern.unitCount).count { region.pattern[$0] }
        #expect(region.map.matrix == [activation.slopes[piece]])
        #expect(region.map.offset == [activation.intercepts[piece]])
        #expect(activation.piece(of: region.interiorPoint[0]) == piece)
      }
      for number in [-3.5, -1, -0.25, 0, 0.5, 1, 2, 7] {
        #expect(activation(number) == network.evaluate([[number]])[0][0])
      }
    }
  }

  @Test func leakySlopeIsPositiveBelowZero() throws {
    // The printed sign, −γ x below zero, would make the function positive there.
    let leaky = try #require(PiecewiseLinearActivation(knots: [0], slopes: [0.25, 1]))
    #expect(leaky(-2) == -0.5 && leaky(2) == 2)
  }

  @Test func refusesWhatIsNoFunction() {
    #expect(PiecewiseLinearActivation(knots: [0], slopes: [1]) == nil)
    #expect(PiecewiseLinearActivation(knots: [1, 0], slopes: [1, 2, 3]) == nil)
    #expect(PiecewiseLinearActivation(knots: [.nan], slopes: [1, 2]) == nil)
  }
}
