import BoundPropagation
import NetworkModel
import Testing

@Suite struct PointTests {
  @Test(arguments: Shape.allCases)
  func valuesAndGradientsAreThoseOfTheNetwork(shape: Shape) throws {
    let network = shape.network(seed: 7)
    let prepared = try FloatNetwork(network)
    let reference = Reference(network)
    var numbers = SeededNumbers(307)
    let size = prepared.inputSize
    let count = 5
    let points = (0..<count).map { _ in numbers.weights(size) }
    let rows = points.map { _ in randomRow(in: prepared, numbers: &numbers) }
    let propagator = Propagator(prepared, batchSize: 2)
    let outputs = propagator.evaluate(points.flatMap { $0 })
    let found = propagator.gradient(points.flatMap { $0 }, of: rows)
    #expect(found.outputs == outputs)
    for (index, point) in points.enumerated() {
      for (place, value) in reference.outputs(at: point).enumerated() {
        #expect(agree(outputs[index * prepared.outputSize + place], value))
      }
      let value = reference.value(of: rows[index], at: point)
      #expect(agree(found.values[index], value))
      for entry in 0..<size {
        var (left, right) = (point, point)
        left[entry] -= 1e-7
        right[entry] += 1e-7
        let difference =
          reference.value(of: rows[index], at: right) - reference.value(of: rows[index], at: left)
        #expect(abs(found.gradients[index * size + entry] - difference / 2e-7) < 1e-5)
      }
    }
  }

  @Test(arguments: Shape.allCases)
  func noGradientExceedsItsBound(shape: Shape) throws {
    let network = shape.network(seed: 8)
    let prepared = try FloatNetwork(network)
    var numbers = SeededNumbers(308)
    var boxes = randomBoxes(3, in: prepared, radius: 0.6, numbers: &numbers)
    let rows = (0..<2).map { _ in randomRow(in: prepared, numbers: &numbers) }
    let propagator = Propagator(prepared, batchSize: 2, chunk: 4)
    _ = propagator.bound([], on: &boxes, refresh: .backward(from: 0))
    let magnitudes = propagator.gradientMagnitudes(of: rows, on: boxes)
    let size = prepared.inputSize
    #expect(magnitudes.count == boxes.count * rows.count * size)
    for (index, box) in boxes.enumerated() {
      for (place, row) in rows.enumerated() {
        for point in points(of: box, 20, numbers: &numbers) {
          let gradient = propagator.gradient(point, of: [row]).gradients
          for entry in 0..<size {
            let bound = magnitudes[(index * rows.count + place) * size + entry]
            #expect(gradient[entry].magnitude <= bound + 1e-9)
          }
        }
      }
    }
  }

  @Test func derivativesAtAPointAreExact() throws {
    let prepared = try FloatNetwork(Shape.residual.network(seed: 9))
    var numbers = SeededNumbers(309)
    var boxes = randomBoxes(1, in: prepared, radius: 0, numbers: &numbers)
    let row = randomRow(in: prepared, numbers: &numbers)
    let propagator = Propagator(prepared)
    _ = propagator.bound([], on: &boxes, refresh: .intervals)
    let magnitudes = propagator.gradientMagnitudes(of: [row], on: boxes)
    let gradient = propagator.gradient(boxes[0].lower, of: [row]).gradients
    #expect(zip(magnitudes, gradient).allSatisfy { agree($0, $1.magnitude) })
  }
}
