import BoundPropagation
import NetworkModel
import Testing

@Suite struct AscentTests {
  /// A box with unit bounds and a few random splits that one of its points satisfies.
  private static func splitBoxes(
    _ count: Int, _ network: Network, _ prepared: FloatNetwork, numbers: inout SeededNumbers
  ) -> [Subproblem] {
    var boxes = randomBoxes(count, in: prepared, radius: 0.8, numbers: &numbers)
    let propagator = Propagator(prepared)
    _ = propagator.bound([], on: &boxes, refresh: .backward(from: 0))
    let reference = Reference(network)
    for index in boxes.indices {
      let point = points(of: boxes[index], 1, numbers: &numbers)[0]
      let arguments = arguments(at: point, reference)
      let open = (0..<prepared.unitCount).filter { boxes[index].isUnstable($0) }
      for unit in open.shuffled(using: &numbers).prefix(index) {
        boxes[index].add(UnitSplit(unit: unit, isActive: arguments[unit] >= 0))
      }
    }
    return boxes
  }

  private static func arguments(at point: [Double], _ reference: Reference) -> [Double] {
    let values = reference.values(at: point)
    return reference.network.rectifiers.flatMap { node -> [Double] in
      guard case .relu(let source) = reference.network[node].operation else { return [] }
      return values[source.position]
    }
  }

  /// The bound that the plain rules give with some multipliers.
  private static func referenceBound(
    of rows: [LinearRow], _ multipliers: Multipliers, _ box: Subproblem, _ reference: Reference
  ) -> (bound: Double, coefficients: [Double], constant: Double) {
    var start: [Int: [Double]] = [:]
    var constant = 0.0
    for (weight, row) in zip(multipliers.weights, rows) {
      constant += weight * row.constant
      for (node, values) in reference.start(of: row) {
        let scaled = values.map { weight * $0 }
        start[node] = start[node].map { zip($0, scaled).map { $0 + $1 } } ?? scaled
      }
    }
    var added = [Double](repeating: 0, count: box.unitLower.count)
    for (split, factor) in zip(box.splits, multipliers.splits) {
      added[split.unit] += split.isActive ? -factor : factor
    }
    return reference.bound(
      start, constant: constant, box: box, slopes: multipliers.slopes.map { Double($0) / 255 },
      multipliers: added)
  }

  @Test(arguments: Shape.allCases, [UInt64(1), 2])
  func resultsAreTheBoundsOfTheirMultipliers(shape: Shape, seed: UInt64) throws {
    let network = shape.network(seed: seed)
    let prepared = try FloatNetwork(network)
    let reference = Reference(network)
    var numbers = SeededNumbers(seed + 300)
    var boxes = Self.splitBoxes(5, network, prepared, numbers: &numbers)
    let rows = (0..<10).map { index in
      (0...index % 3).map { _ in randomRow(in: prepared, numbers: &numbers) }
    }
    let objectives = rows.enumerated().map { index, rows in
      Objective(subproblem: index % 5, quantity: .rows(rows))
    }
    let propagator = Propagator(prepared, batchSize: 4)
    let plain = objectives.map { objective in
      propagator.ascend([objective], on: boxes, settings: AscentSettings(steps: 0))[0]
    }
    let results = propagator.ascend(
      objectives, on: boxes, settings: AscentSettings(steps: 12, goal: 0.3))
    #expect(results.count == objectives.count)
    for (index, result) in results.enumerated() {
      let objective = objectives[index]
      let box = boxes[objective.subproblem]
      let (bound, coefficients, constant) = Self.referenceBound(
        of: rows[index], result.multipliers, box, reference)
      #expect(agree(result.bound, bound) && agree(result.constant, constant))
      #expect(zip(result.coefficients, coefficients).allSatisfy { agree($0, $1) })
      // The slopes are rounded to 255ths in the end.
      #expect(result.bound >= plain[index].bound - 0.01 * (1 + result.magnitude))
      #expect(result.magnitude >= result.bound.magnitude - 1e-9)
      #expect(result.costliestUnits.allSatisfy { box.isUnstable($0.unit) })
      #expect(result.multipliers.splits.count == box.splits.count)
      #expect(result.multipliers.splits.allSatisfy { $0 >= 0 })
      #expect(agree(result.multipliers.weights.reduce(0, +), 1))
      for point in points(of: box, 40, numbers: &numbers) {
        let arguments = Self.arguments(at: point, reference)
        let satisfies = box.splits.allSatisfy { ($0.isActive ? 1 : -1) * arguments[$0.unit] >= 0 }
        guard satisfies else { continue }
        let value = zip(result.multipliers.weights, rows[index]).reduce(0) {
          $0 + $1.0 * reference.value(of: $1.1, at: point)
        }
        #expect(result.bound <= value + 1e-9)
      }
    }
    let single = rows.indices.filter { rows[$0].count == 1 && objectives[$0].subproblem == 0 }
    let bounds = propagator.bound(single.flatMap { rows[$0] }, on: &boxes, refresh: .none)
    for (place, index) in single.enumerated() {
      let start = propagator.ascend(
        [objectives[index]], on: boxes, settings: AscentSettings(steps: 0))
      #expect(agree(start[0].bound, bounds.lower[place]))
    }
  }

  /// With the multiplier that a costly unit names, its split leaves the bound where it was.
  @Test(arguments: Shape.allCases, [UInt64(1), 2])
  func splitsOfCostlyUnitsLoseNothing(shape: Shape, seed: UInt64) throws {
    let network = shape.network(seed: seed)
    let prepared = try FloatNetwork(network)
    let reference = Reference(network)
    var numbers = SeededNumbers(seed + 700)
    let boxes = Self.splitBoxes(3, network, prepared, numbers: &numbers)
    let rows = boxes.map { _ in [randomRow(in: prepared, numbers: &numbers)] }
    let results = Propagator(prepared).ascend(
      boxes.indices.map { Objective(subproblem: $0, quantity: .rows(rows[$0])) }, on: boxes,
      settings: AscentSettings(steps: 6, goal: .infinity))
    for (place, result) in results.enumerated() {
      #expect(result.costliestUnits.count <= AscentResult.mostUnits)
      for costly in result.costliestUnits
      where costly.activeMultiplier + costly.inactiveMultiplier > 0 {
        for isActive in [false, true] {
          var child = boxes[place]
          child.add(UnitSplit(unit: costly.unit, isActive: isActive))
          var multipliers = result.multipliers
          multipliers.splits.append(
            isActive ? costly.activeMultiplier : costly.inactiveMultiplier)
          let found = Self.referenceBound(of: rows[place], multipliers, child, reference)
          #expect(agree(found.bound, result.bound), "unit \(costly.unit), \(isActive)")
        }
      }
    }
  }

  /// A unit's argument stays within the bounds that it climbs to, alone or beside units of other
  /// rectifiers, and these are no worse than where they started.
  @Test(arguments: Shape.allCases, [UInt64(1), 2])
  func argumentsAreBounded(shape: Shape, seed: UInt64) throws {
    let network = shape.network(seed: seed)
    let prepared = try FloatNetwork(network)
    let reference = Reference(network)
    var numbers = SeededNumbers(seed + 400)
    let boxes = Self.splitBoxes(4, network, prepared, numbers: &numbers)
    let objectives = (0..<prepared.unitCount).flatMap { unit in
      [false, true].map { isNegated in
        Objective(
          subproblem: unit % 4, quantity: .argument(unit: unit, isNegated: isNegated))
      }
    }
    let settings = AscentSettings(steps: 10, goal: .infinity)
    let propagator = Propagator(prepared, batchSize: 8)
    let results = propagator.ascend(objectives, on: boxes, settings: settings)
    let plain = propagator.ascend(objectives, on: boxes, settings: AscentSettings(steps: 0))
    for (place, result) in results.enumerated() {
      let objective = objectives[place]
      guard case .argument(let unit, let isNegated) = objective.quantity else { continue }
      let box = boxes[objective.subproblem]
      // The slopes are rounded to 255ths in the end.
      let slack = 0.01 * (1 + result.magnitude)
      #expect(result.bound >= plain[place].bound - slack)
      let alone = propagator.ascend([objective], on: boxes, settings: settings)[0]
      #expect(abs(alone.bound - result.bound) <= slack)
      #expect(alone.multipliers.slopes.count <= prepared.rectifier(of: unit).firstUnit)
      for point in points(of: box, 40, numbers: &numbers) {
        let arguments = Self.arguments(at: point, reference)
        let satisfies = box.splits.allSatisfy { ($0.isActive ? 1 : -1) * arguments[$0.unit] >= 0 }
        guard satisfies else { continue }
        #expect(result.bound <= (isNegated ? -arguments[unit] : arguments[unit]) + 1e-9)
      }
    }
  }

  @Test func rowsOverArgumentsAreArguments() throws {
    let network = Shape.deep.network(seed: 5)
    let prepared = try FloatNetwork(network)
    var numbers = SeededNumbers(305)
    let boxes = Self.splitBoxes(4, network, prepared, numbers: &numbers)
    let propagator = Propagator(prepared)
    for unit in (0..<prepared.unitCount).suffix(4) {
      let row = LinearRow(outputs: [], arguments: [.init(index: unit, coefficient: -1)])
      let quantities = [Quantity.rows([row]), .argument(unit: unit, isNegated: true)]
      let results = quantities.map { quantity in
        propagator.ascend(
          boxes.indices.map { Objective(subproblem: $0, quantity: quantity) }, on: boxes,
          settings: AscentSettings(steps: 8, goal: .infinity))
      }
      for (left, right) in zip(results[0], results[1]) { #expect(agree(left.bound, right.bound)) }
      #expect(results[0].contains { $0.bound != 0 })
    }
  }

  @Test func climbingHelps() throws {
    let network = Shape.deep.network(seed: 3)
    let prepared = try FloatNetwork(network)
    var numbers = SeededNumbers(303)
    let boxes = Self.splitBoxes(6, network, prepared, numbers: &numbers)
    let row = LinearRow(outputs: [.init(index: 0, coefficient: 1)])
    let objectives = boxes.indices.map { Objective(subproblem: $0, quantity: .rows([row])) }
    let propagator = Propagator(prepared)
    func bounds(steps: Int, from start: [AscentResult]? = nil) -> [AscentResult] {
      let begun = objectives.enumerated().map { index, objective in
        Objective(
          subproblem: objective.subproblem, quantity: objective.quantity,
          start: start?[index].multipliers)
      }
      return propagator.ascend(
        begun, on: boxes, settings: AscentSettings(steps: steps, goal: .infinity))
    }
    let plain = bounds(steps: 0)
    let climbed = bounds(steps: 30)
    let again = bounds(steps: 0, from: climbed)
    let further = bounds(steps: 10, from: climbed)
    #expect(zip(plain, climbed).contains { $1.bound > $0.bound + 1e-3 })
    #expect(climbed.contains { $0.multipliers.splits.contains { $0 > 0 } })
    for index in boxes.indices {
      #expect(agree(again[index].bound, climbed[index].bound))
      #expect(
        further[index].bound >= climbed[index].bound - 0.01 * (1 + climbed[index].magnitude))
    }
  }

  @Test func contraryRowsAreRefutedTogether() throws {
    let prepared = try FloatNetwork(Shape.perceptron.network(seed: 4))
    var numbers = SeededNumbers(304)
    var boxes = randomBoxes(1, in: prepared, radius: 0.5, numbers: &numbers)
    let propagator = Propagator(prepared)
    // 8 (y − m) ≤ 0 and 0.4 − (y − m) ≤ 0 cannot both be.
    let middle = propagator.evaluate(zip(boxes[0].lower, boxes[0].upper).map { ($0 + $1) / 2 })[0]
    let rows = [
      LinearRow(outputs: [.init(index: 0, coefficient: 8)], constant: -8 * middle),
      LinearRow(outputs: [.init(index: 0, coefficient: -1)], constant: 0.4 + middle),
    ]
    _ = propagator.bound([], on: &boxes, refresh: .backward(from: 0))
    let result = propagator.ascend(
      [Objective(subproblem: 0, quantity: .rows(rows))], on: boxes,
      settings: AscentSettings(steps: 100, goal: 0.3))[0]
    #expect(result.bound > 0.3)
    #expect(result.multipliers.weights[1] > result.multipliers.weights[0])
  }

  @Test func impossibleSplitsAreNoticed() throws {
    var builder = NetworkBuilder(inputSize: 1, seed: 6)
    let map = LinearMap.dense(DenseMatrix(rows: 1, columns: 1, weights: [1]))
    let first = builder.relu(builder.affine([(0, map)], bias: [2]))
    let second = builder.relu(builder.affine([(first, map)], bias: [1]))
    let prepared = try FloatNetwork(builder.network(outputs: [second]))
    let propagator = Propagator(prepared)
    var box = Subproblem(lower: [-1], upper: [1], of: prepared)
    box.add(UnitSplit(unit: 1, isActive: false))
    #expect(box.contradiction == nil)
    var boxes = [box]
    _ = propagator.bound([], on: &boxes, refresh: .intervals)
    #expect(boxes[0].contradiction == 1)
    box.add(UnitSplit(unit: 1, isActive: true))
    #expect(box.contradiction == nil)
    box.unitLower[0] = 0.5
    box.add(UnitSplit(unit: 0, isActive: false))
    #expect(box.contradiction == 0)
  }
}
