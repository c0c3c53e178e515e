import BoundPropagation
import NetworkModel
import Testing

@Suite struct BoundTests {
  // Small boxes leave many units inactive, which are then not carried.
  @Test(arguments: Shape.allCases, [0.02, 0.1, 0.4, 0.8])
  func boundsAgreeWithTheReference(shape: Shape, radius: Double) throws {
    let seed = UInt64(radius * 100)
    let network = shape.network(seed: seed)
    let prepared = try FloatNetwork(network)
    let reference = Reference(network)
    var numbers = SeededNumbers(seed + 100)
    var boxes = randomBoxes(7, in: prepared, radius: radius, numbers: &numbers)
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

  @Test func affineNetworksAreBoundedExactly() throws {
    var builder = NetworkBuilder(inputSize: 3, seed: 5)
    let first = builder.dense(0, 4)
    let second = builder.sum(builder.dense(first, 4), first)
    let hidden = builder.relu(second)
    let network = builder.network(outputs: [second, hidden])
    let prepared = try FloatNetwork(network)
    let reference = Reference(network)
    var boxes = randomBoxes(1, in: prepared, radius: 1, numbers: &builder.numbers)
    let rows = (0..<4).flatMap { index in
      [1.0, -1.0].map { LinearRow(outputs: [.init(index: index, coefficient: $0)]) }
    }
    let bounds = Propagator(prepared).bound(rows, on: &boxes, refresh: .backward(from: 0))
    let corners = (0..<8).map { corner in
      (0..<3).map { corner >> $0 & 1 == 0 ? boxes[0].lower[$0] : boxes[0].upper[$0] }
    }
    for (index, row) in rows.enumerated() {
      let least = corners.map { reference.value(of: row, at: $0) }.min() ?? .nan
      #expect(agree(bounds.lower[index], least))
    }
    for unit in 0..<4 {
      let found = boxes[0]
      let open = bounds.lower[2 * unit] < 0 && bounds.lower[2 * unit + 1] < 0
      #expect(found.isUnstable(unit) == open)
      #expect(!open || agree(found.unitLower[unit], bounds.lower[2 * unit]))
      #expect(!open || agree(found.unitUpper[unit], -bounds.lower[2 * unit + 1]))
    }
  }

  @Test(arguments: Shape.allCases)
  func aPointIsBoundedByItsValue(shape: Shape) throws {
    let network = shape.network(seed: 21)
    let prepared = try FloatNetwork(network)
    let reference = Reference(network)
    var numbers = SeededNumbers(22)
    var boxes = randomBoxes(3, in: prepared, radius: 0, numbers: &numbers)
    let row = randomRow(in: prepared, numbers: &numbers)
    let bounds = Propagator(prepared).bound([row], on: &boxes, refresh: .backward(from: 0))
    for (index, box) in boxes.enumerated() {
      #expect(agree(bounds.lower[index], reference.value(of: row, at: box.lower)))
      #expect(box.contradiction == nil)
    }
  }

  @Test func nothingIsBoundedWhereNothingIsAsked() throws {
    let prepared = try FloatNetwork(Shape.residual.network(seed: 31))
    let propagator = Propagator(prepared)
    var numbers = SeededNumbers(32)
    let row = randomRow(in: prepared, numbers: &numbers)
    var none: [Subproblem] = []
    #expect(propagator.bound([row], on: &none, refresh: .backward(from: 0)).lower.isEmpty)
    #expect(propagator.ascend([], on: none, settings: AscentSettings()).isEmpty)
    #expect(propagator.gradientMagnitudes(of: [row], on: none).isEmpty)
    #expect(propagator.evaluate([]).isEmpty)
    var boxes = randomBoxes(2, in: prepared, radius: 0.3, numbers: &numbers)
    let empty = propagator.bound([], on: &boxes, refresh: .backward(from: 0))
    #expect(empty.lower.isEmpty && empty.coefficients.isEmpty)
    #expect(propagator.gradientMagnitudes(of: [], on: boxes).isEmpty)
    #expect(boxes.allSatisfy { $0.unitLower.allSatisfy(\.isFinite) })
  }

  @Test func aRowWithoutTermsIsItsConstant() throws {
    let prepared = try FloatNetwork(Shape.perceptron.network(seed: 41))
    var numbers = SeededNumbers(42)
    var boxes = randomBoxes(1, in: prepared, radius: 0.3, numbers: &numbers)
    let row = LinearRow(outputs: [], constant: -2.5)
    let propagator = Propagator(prepared)
    #expect(propagator.bound([row], on: &boxes, refresh: .intervals).lower == [-2.5])
    let climbed = propagator.ascend(
      [Objective(subproblem: 0, quantity: .rows([row]))], on: boxes, settings: AscentSettings())
    #expect(climbed[0].bound == -2.5)
  }

  @Test func threadsShareANetwork() async throws {
    let prepared = try FloatNetwork(Shape.deep.network(seed: 71))
    var numbers = SeededNumbers(72)
    let given = randomBoxes(40, in: prepared, radius: 0.3, numbers: &numbers)
    let rows = [randomRow(in: prepared, numbers: &numbers)]
    let results = await withTaskGroup(of: [Double].self) { group in
      for _ in 0..<4 {
        group.addTask {
          var boxes = given
          return Propagator(prepared).bound(rows, on: &boxes, refresh: .backward(from: 0)).lower
        }
      }
      return await group.reduce(into: []) { $0.append($1) }
    }
    #expect(results.count == 4 && results.allSatisfy { $0 == results[0] })
  }

  @Test func laterRectifiersCanBeTightenedAlone() throws {
    let prepared = try FloatNetwork(Shape.deep.network(seed: 51))
    var numbers = SeededNumbers(52)
    let given = randomBoxes(2, in: prepared, radius: 0.3, numbers: &numbers)
    let propagator = Propagator(prepared)
    var (some, intervals) = (given, given)
    _ = propagator.bound([], on: &intervals, refresh: .intervals)
    _ = propagator.bound([], on: &some, refresh: .backward(from: 3))
    let early = 0..<prepared.rectifiers[3].firstUnit
    #expect(some.map { Array($0.unitLower[early]) } == intervals.map { Array($0.unitLower[early]) })
    #expect(some[0].unitUpper != intervals[0].unitUpper)
  }

  @Test func scoresAreLossesOfUnstableUnits() throws {
    let network = Shape.perceptron.network(seed: 61)
    let prepared = try FloatNetwork(network)
    var numbers = SeededNumbers(62)
    var boxes = randomBoxes(4, in: prepared, radius: 1, numbers: &numbers)
    let rows = [LinearRow(outputs: [.init(index: 1, coefficient: 1)])]
    let bounds = Propagator(prepared).bound(
      rows, on: &boxes, refresh: .backward(from: 0), scoringUnits: true)
    guard case .affine(let last) = network.nodes[5].operation,
      case .dense(let matrix) = last.terms[0].map
    else { throw UnexpectedShape() }
    for (index, box) in boxes.enumerated() {
      for unit in 0..<prepared.unitCount {
        let score = bounds.unitScores[index * prepared.unitCount + unit]
        #expect(box.isUnstable(unit) ? score >= 0 : score == 0)
      }
      for (place, unit) in prepared.rectifiers[1].units.enumerated() where box.isUnstable(unit) {
        let coefficient = matrix.weights[matrix.columns + place]
        let (low, high) = (box.unitLower[unit], box.unitUpper[unit])
        let expected =
          coefficient > 0
          ? coefficient * min(-low, high) : -coefficient * (-low * high / (high - low))
        #expect(agree(bounds.unitScores[index * prepared.unitCount + unit], expected))
      }
    }
  }
}

struct UnexpectedShape: Error {}
