import BoundPropagation
import NetworkModel
import Testing

/// What is not a number, or infinite, must never look like a proof.
@Suite struct OverflowTests {
  private static func network(_ first: [Double], _ second: [Double]) -> Network {
    var builder = NetworkBuilder(inputSize: 2, seed: 1)
    let maps = [first, second].map {
      LinearMap.dense(DenseMatrix(rows: $0.count / 2, columns: 2, weights: $0))
    }
    let hidden = builder.relu(builder.affine([(0, maps[0])], bias: [0, 0]))
    let output = builder.affine([(hidden, maps[1])], bias: [1])
    return builder.network(outputs: [output])
  }

  @Test(arguments: [Double.nan, .infinity, -.infinity])
  func weightsThatAreNotFiniteAreRefused(weight: Double) {
    #expect(throws: BoundPropagationError.notFinite(node: "n3")) {
      try FloatNetwork(Self.network([1, 2, 3, 4], [1, weight]))
    }
    var builder = NetworkBuilder(inputSize: 1, seed: 1)
    let output = builder.affine([(0, .identity(1))], bias: [weight])
    #expect(throws: BoundPropagationError.notFinite(node: "n1")) {
      try FloatNetwork(builder.network(outputs: [output]))
    }
  }

  @Test func otherInputsAreRefused() {
    let node = Node(name: "x", size: 1, operation: .input)
    let network = Network(nodes: [node, node], inputs: [], outputs: [])
    #expect(throws: BoundPropagationError.notOneInput(found: 2)) { try FloatNetwork(network) }
    let error = BoundPropagationError.notOneInput(found: 2)
    #expect("\(error)" == "found 2 input nodes, expected one joint input as the first node")
  }

  // The output takes both signs, and is above every bound of the arithmetic's.
  @Test(arguments: [
    [1e200, -1e200, 1e200, 1e200], [1e308, 1e308, -1e308, 1e308], [1e300, 1, 1, -1e300],
  ])
  func overflowProvesNothing(weights: [Double]) throws {
    let prepared = try FloatNetwork(Self.network(weights, [1e200, -1e200]))
    let propagator = Propagator(prepared)
    let rows = [1.0, -1.0].map { LinearRow(outputs: [.init(index: 0, coefficient: $0)]) }
    for refresh in [Refresh.none, .intervals, .backward(from: 0)] {
      var boxes = [
        Subproblem(lower: [-2, -2], upper: [2, 2], of: prepared),
        Subproblem(lower: [-1e300, -1e300], upper: [1e300, 1e300], of: prepared),
      ]
      let bounds = propagator.bound(rows, on: &boxes, refresh: refresh)
      #expect(!bounds.lower.contains { $0 > 0 })
      let objectives = rows.map { Objective(subproblem: 0, quantity: .rows([$0])) }
      let results = propagator.ascend(objectives, on: boxes, settings: AscentSettings(steps: 5))
      #expect(!results.contains { $0.bound > 0 })
    }
  }

  // Adding up 2 · 1.7e308 − 3 · 1.7e308 from the left overflows upward, though the sum is negative.
  @Test func sumsThatOverflowProveNothing() throws {
    var builder = NetworkBuilder(inputSize: 5, seed: 1)
    let signs = [1.0, 1, -1, -1, -1]
    let map = LinearMap.sparse(
      SparseMatrix(rows: 1, columns: 5) { _ in
        signs.enumerated().map { ($0, 1.7e308 * $1) }
      })
    let sum = builder.affine([(0, map)], bias: [0])
    let hidden = builder.relu(sum)
    let prepared = try FloatNetwork(builder.network(outputs: [sum, hidden]))
    let ones = [Double](repeating: 1, count: 5)
    let propagator = Propagator(prepared)
    let rows = [
      LinearRow(outputs: [.init(index: 0, coefficient: 1)]),
      LinearRow(outputs: [.init(index: 1, coefficient: 1)], constant: -1),
    ]
    for refresh in [Refresh.none, .intervals, .backward(from: 0)] {
      var boxes = [Subproblem(lower: ones, upper: ones, of: prepared)]
      let bounds = propagator.bound(rows, on: &boxes, refresh: refresh)
      #expect(!bounds.lower.contains { $0 > 0 } && boxes[0].contradiction == nil)
      #expect(!(boxes[0].unitLower[0] > 0))
    }
    let parts = LinearRow(
      outputs: [], constant: .infinity)
    var boxes = [Subproblem(lower: ones, upper: ones, of: prepared)]
    #expect(propagator.bound([parts], on: &boxes, refresh: .none).lower[0].isNaN)
  }

  @Test func unboundedBoxesProveNothing() throws {
    let prepared = try FloatNetwork(Shape.perceptron.network(seed: 2))
    let propagator = Propagator(prepared)
    let row = LinearRow(outputs: [.init(index: 0, coefficient: 1)])
    let boxes = [
      (-Double.infinity, Double.infinity), (.nan, 1), (0, .nan), (0, .infinity),
    ].map { low, high in
      Subproblem(lower: [low, 0, 0], upper: [high, 1, 1], of: prepared)
    }
    for refresh in [Refresh.none, .intervals, .backward(from: 0)] {
      for sign in [1.0, -1.0] {
        var given = boxes
        let signed = LinearRow(outputs: [.init(index: 0, coefficient: sign)], constant: -1e6)
        #expect(
          !propagator.bound([row, signed], on: &given, refresh: refresh).lower[1...].contains {
            $0 > 0
          })
        #expect(given.allSatisfy { $0.contradiction == nil })
      }
    }
  }
}
