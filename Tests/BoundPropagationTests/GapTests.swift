import BoundPropagation
import NetworkModel
import Testing

/// What cuts take from the gaps around units.
@Suite struct GapTests {
  @Test func onlyInputsOfUnstableUnitsGain() throws {
    // relu(x_0) + x_1 + relu(x_2 + 5), where x_1 is relu(x_1 + 9) - 9.
    var builder = NetworkBuilder(inputSize: 3, seed: 1)
    let identity = LinearMap.dense(
      DenseMatrix(rows: 3, columns: 3, weights: [1, 0, 0, 0, 1, 0, 0, 0, 1]))
    let hidden = builder.relu(builder.affine([(0, identity)], bias: [0, 9, 5]))
    let sum = LinearMap.dense(DenseMatrix(rows: 1, columns: 3, weights: [1, 1, 1]))
    let output = builder.affine([(hidden, sum)], bias: [-9])
    let network = try FloatNetwork(builder.network(outputs: [output]))
    var boxes = [Subproblem(lower: [-1, -1, -1], upper: [1, 1, 1], of: network)]
    let propagator = Propagator(network)
    _ = propagator.bound([], on: &boxes, refresh: .backward(from: 0))
    let row = LinearRow(outputs: [LinearRow.Entry(index: 0, coefficient: -3)], constant: 0)
    // The gap of 1/2 vanishes; the sum changes by 1 + 2 + 2 with the chord's slope 1/2.
    let gains = try #require(propagator.gapGains(of: [row], weights: [1], on: boxes))
    #expect(zip(gains, [0.1, 0, 0]).allSatisfy { agree($0, $1) })
    #expect(propagator.gapGains(of: [row], weights: [0], on: boxes) == [0, 0, 0])
  }

  @Test(arguments: Shape.allCases)
  func gainsAreNoLosses(shape: Shape) throws {
    let network = try FloatNetwork(shape.network(seed: 5))
    var numbers = SeededNumbers(305)
    var boxes = randomBoxes(7, in: network, radius: 0.6, numbers: &numbers)
    let rows = (0..<2).map { _ in randomRow(in: network, numbers: &numbers) }
    let propagator = Propagator(network, batchSize: 2 * network.inputSize)
    _ = propagator.bound([], on: &boxes, refresh: .backward(from: 0))
    let ones = [Double](repeating: 1, count: boxes.count * rows.count)
    let gains = try #require(propagator.gapGains(of: rows, weights: ones, on: boxes))
    #expect(gains.count == boxes.count * network.inputSize)
    #expect(gains.allSatisfy { $0 >= -1e-12 } && gains.contains { $0 > 0 })
    #expect(propagator.gapGains(of: rows, weights: [], on: []) == [])
    #expect(Propagator(network, batchSize: 1).gapGains(of: rows, weights: ones, on: boxes) == nil)
  }
}
