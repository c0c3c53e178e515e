import BoundPropagation
import NetworkModel
import Testing

@Suite struct BoundTests {
  @Test(arguments: Shape.allCases, [UInt64(1), 2, 3, 4])
  func boundsAgreeWithTheReference(shape: Shape, seed: UInt64) throws {
    let network = shape.network(seed: seed)
    let prepared = try FloatNetwork(network)
    let reference = Reference(network)
    var numbers = SeededNumbers(seed + 100)
    var boxes = randomBoxes(7, in: prepared, radius: 0.4, numbers: &numbers)
    let rows = (0..<3).map { _ in randomRow(in: prepared, numbers: &numbers) }
    for (refresh, backward) in [(Refresh.intervals, false), (.backward(from: 0), true)] {
      var found = boxes
      let propagator = Propagator(prepared, batchSize: 3, chunk: 5)
      let bounds = propagator.bound(rows, on: &found, refresh: refresh)
      for (index, box) in boxes.enumerated() {
        let expected = reference.refreshed(box, backward: backward)
        for unit in 0..<prepared.unitCount {
          #expect(agree(found[index].unitLower[unit], expected.unitLower[unit]))
          #expect(agree(found[index].unitUpper[unit], expected.unitUpper[unit]))
        }
        #expect(found[index].contradiction == nil)
        for (place, row) in rows.enumerated() {
          let (bound, coefficients, constant) = reference.bound(
            reference.start(of: row), constant: row.constant, box: expected)
          let position = index * rows.count + place
          #expect(agree(bounds.lower[position], bound))
          #expect(agree(bounds.constants[position], constant))
          for (entry, coefficient) in coefficients.enumerated() {
            let value = bounds.coefficients[position * prepared.inputSize + entry]
            #expect(agree(value, coefficient))
          }
        }
      }
      boxes = found
    }
  }

  @Test(arguments: Shape.allCases, [UInt64(11), 12])
  func noPointLiesBelowABound(shape: Shape, seed: UInt64) throws {
    let network = shape.network(seed: seed)
    let prepared = try FloatNetwork(network)
    let reference = Reference(network)
    var numbers = SeededNumbers(seed + 200)
    var boxes = randomBoxes(5, in: prepared, radius: 1, numbers: &numbers)
    let rows = (0..<2).map { _ in randomRow(in: prepared, numbers: &numbers) }
    let bounds = Propagator(prepared).bound(rows, on: &boxes, refresh: .backward(from: 0))
    for (index, box) in boxes.enumerated() {
      for point in points(of: box, 40, numbers: &numbers) {
        let values = reference.values(at: point)
        let arguments = network.rectifiers.flatMap { node -> [Double] in
          guard case .relu(let source) = network[node].operation else { return [] }
          return values[source.position]
        }
        for (unit, value) in arguments.enumerated() {
          #expect(value >= box.unitLower[unit] - 1e-9 && value <= box.unitUpper[unit] + 1e-9)
        }
        for (place, row) in rows.enumerated() {
          let value = reference.value(of: row, at: point)
          #expect(bounds.lower[index * rows.count + place] <= value + 1e-9)
        }
      }
    }
  }
}
