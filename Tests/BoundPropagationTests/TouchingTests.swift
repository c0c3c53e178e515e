import BoundPropagation
import NetworkModel
import Testing

/// Lines below units that touch these at a point.
@Suite struct TouchingTests {
  @Test(arguments: Shape.allCases, [UInt64(21), 22])
  func noPointLiesBelowAFunction(shape: Shape, seed: UInt64) throws {
    let network = shape.network(seed: seed)
    let prepared = try FloatNetwork(network)
    let reference = Reference(network)
    var numbers = SeededNumbers(seed + 300)
    var boxes = randomBoxes(5, in: prepared, radius: 1, numbers: &numbers)
    let rows = (0..<2).map { _ in randomRow(in: prepared, numbers: &numbers) }
    let propagator = Propagator(prepared, batchSize: 2)
    _ = propagator.bound(rows, on: &boxes, refresh: .backward(from: 0))
    let touched = boxes.flatMap { points(of: $0, 2, numbers: &numbers)[1] }
    let found = propagator.bound(rows, on: boxes, touchingAt: touched)
    for (index, box) in boxes.enumerated() {
      #expect(found.slopes[index].count == (0..<prepared.unitCount).count { box.isUnstable($0) })
      for point in points(of: box, 40, numbers: &numbers) {
        for (place, row) in rows.enumerated() {
          let position = index * rows.count + place
          let value = found.rows.value(of: position, at: point)
          #expect(value <= reference.value(of: row, at: point) + 1e-9)
          #expect(found.rows.lower[position] <= value + 1e-9)
        }
      }
    }
  }

  @Test func aPositiveSumOfUnitsIsTouched() throws {
    var builder = NetworkBuilder(inputSize: 3, seed: 5)
    let hidden = builder.relu(builder.dense(0, 16))
    let sum = LinearMap.dense(
      DenseMatrix(rows: 1, columns: 16, weights: (1...16).map { Double($0) / 16 }))
    let output = builder.affine([(hidden, sum)], bias: [0])
    let network = builder.network(outputs: [output])
    let prepared = try FloatNetwork(network)
    let reference = Reference(network)
    let row = LinearRow(
      inputs: [], outputs: [LinearRow.Entry(index: 0, coefficient: 1)], constant: 0)
    var numbers = SeededNumbers(6)
    var boxes = randomBoxes(20, in: prepared, radius: 1, numbers: &numbers)
    let propagator = Propagator(prepared)
    _ = propagator.bound([row], on: &boxes, refresh: .backward(from: 0))
    let touched = boxes.map { points(of: $0, 2, numbers: &numbers)[1] }
    let found = propagator.bound([row], on: boxes, touchingAt: touched.flatMap(\.self))
    for (index, point) in touched.enumerated() {
      #expect(
        agree(found.rows.value(of: index, at: point), reference.value(of: row, at: point)))
    }
    #expect(found.slopes.joined().contains(255) && found.slopes.joined().contains(0))
  }
}

extension RowBounds {
  /// The value of a function at a point.
  fileprivate func value(of position: Int, at point: [Double]) -> Double {
    point.indices.reduce(constants[position]) {
      $0 + coefficients[position * inputSize + $1] * point[$1]
    }
  }
}
