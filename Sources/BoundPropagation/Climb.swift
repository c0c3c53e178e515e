internal import Glibc
internal import LinearAlgebra

/// The ascent of a batch of objectives; each has a row, and the copy of its box with the same number.
///
/// Rows that reached the goal change places with the last that did not, and rest.
struct Climb {
  let propagator: Propagator
  let settings: AscentSettings
  var items: [ClimbingItem]
  /// How many of the items, the first ones, still climb.
  var active: Int
  var adam: Adam
  /// What is kept of the rectifiers that the quantities depend on.
  let layers: [ClimbingLayer]
  /// The last node that the quantities depend on.
  let lastNode: Int

  /// Loads the objectives' boxes and starting slopes into the propagator.
  init(
    _ propagator: Propagator, _ objectives: ArraySlice<Objective>, on subproblems: [Subproblem],
    settings: AscentSettings
  ) {
    let boxes = objectives.map { subproblems[$0.subproblem] }
    let lastNode = objectives.map { propagator.lastNode(of: $0.quantity) }.max() ?? 0
    propagator.load(boxes, boxes.indices)
    propagator.fixLines(
      through: lastNode, rowsAfterwards: 2 * settings.steps + 1,
      carrying: Set(boxes.flatMap { $0.splits.map(\.unit) }))
    self.propagator = propagator
    self.settings = settings
    self.lastNode = lastNode
    let places = propagator.placesOfUnits()
    items = objectives.enumerated().map { row, objective in
      let splits = boxes[row].splits.enumerated().compactMap { order, split in
        places.isEmpty ? nil : SplitPlace(split, order: order, at: places)
      }
      return ClimbingItem(objective, place: row, splits: splits, of: boxes[row].splits.count)
    }
    active = items.count
    adam = Adam(decay: settings.decay)
    layers = propagator.relaxations.map {
      ClimbingLayer(
        rows: $0.lower.rows, columns: $0.lower.columns, moves: settings.steps > 0)
    }
    for row in items.indices { startSlopes(row) }
  }

  /// Climbs, and bounds once more with the best multipliers.
  mutating func run() -> [AscentResult] {
    // Without a step there is nothing to choose from: the start is bounded once.
    for step in 0...settings.steps where active > 0 && settings.steps > 0 {
      var (coefficients, constants) = passBackward()
      rest(coefficients[0], &constants)
      if step < settings.steps && active > 0 { climb(from: coefficients, constants) }
      coefficients.finish()
    }
    return results()
  }

  /// Bounds the climbing rows and keeps what is best.
  private mutating func passBackward() -> (CoefficientRows, constants: [Double]) {
    let (coefficients, constants) = rowsAtInput()
    for row in 0..<active {
      let bound = propagator.height(
        coefficients[0], constant: constants[0, row], row: row, box: row,
        deviations: settings.deviations)
      guard items[row].improve(to: bound) else { continue }
      for (layer, relaxation) in zip(layers, propagator.relaxations) {
        layer.bestSlopes.copyRow(row, of: relaxation.lower)
      }
    }
    return (coefficients, constants.array(ofRow: 0))
  }

  /// The combinations as affine functions of the input, and their constants.
  private func rowsAtInput() -> (CoefficientRows, MatrixView) {
    var coefficients = CoefficientRows(
      propagator.network, signed: active, pool: propagator.pool)
    let constants = propagator.freshConstants(active)
    for (row, item) in items[0..<active].enumerated() {
      propagator.add(
        item.objective.quantity, weights: item.weights, to: row, of: &coefficients,
        constants: constants)
    }
    let rows = Array(0..<active)
    propagator.passBackward(&coefficients, constants: constants) { ordinal, matrix in
      layers[ordinal].coefficients.rows(0..<active).copy(matrix)
      propagator.relax(matrix, at: ordinal, constants: constants, rowBoxes: rows[...])
      addSplits(at: ordinal, to: matrix)
    }
    return (coefficients, constants)
  }

  private func addSplits(at ordinal: Int, to matrix: MatrixView) {
    for row in 0..<active {
      for (split, variable) in zip(items[row].splits, items[row].splitVariables)
      where split.rectifier == ordinal {
        matrix[row, split.place] += split.sign * variable.value
      }
    }
  }

  /// Lets the rows that reached the goal rest.
  private mutating func rest(_ input: MatrixView?, _ constants: inout [Double]) {
    for row in (0..<active).reversed() where items[row].best > settings.goal {
      active -= 1
      swapRows(row, active)
      input?.swapRows(row, active)
      constants.swapAt(row, active)
    }
  }

  private mutating func swapRows(_ left: Int, _ right: Int) {
    guard left != right else { return }
    items.swapAt(left, right)
    propagator.swapBoxes(left, right)
    for layer in layers { layer.swapRows(left, right) }
  }

  private func startSlopes(_ row: Int) {
    guard let slopes = items[row].objective.start?.slopes else { return }
    propagator.forEachOpenUnit(row) { unit, relaxation, place in
      guard unit < slopes.count else { return }
      relaxation.lower[row, place] = Double(slopes[unit]) / 255
    }
  }

  /// Bounds with the best multipliers, rounded to the short numbers of results.
  private mutating func results() -> [AscentResult] {
    active = items.count
    for (layer, relaxation) in zip(layers, propagator.relaxations) {
      for row in items.indices where items[row].best > -.infinity {
        relaxation.lower.copyRow(row, of: layer.bestSlopes)
      }
    }
    let unitCount = propagator.relaxations.indices.last
      .map { propagator.network.rectifiers[$0].units.upperBound }
    let slopes = items.indices.map { row in
      items[row].restoreBest()
      return roundedSlopes(row, count: unitCount ?? 0)
    }
    var (coefficients, constants) = rowsAtInput()
    defer { coefficients.finish() }
    let input = coefficients.atNode(0, propagator.compaction)
    return items.indices.sorted { items[$0].place < items[$1].place }.map { row in
      result(row, input, constant: constants[0, row], slopes: slopes[row])
    }
  }

  /// Rounds the slopes of a row to 255ths.
  private func roundedSlopes(_ row: Int, count: Int) -> [UInt8] {
    var slopes = [UInt8](repeating: 0, count: count)
    propagator.forEachOpenUnit(row) { unit, relaxation, place in
      let slope = relaxation.lower[row, place]
      let code = slope > 0 ? UInt8((min(1, slope) * 255).rounded()) : 0
      slopes[unit] = code
      relaxation.lower[row, place] = Double(code) / 255
    }
    return slopes
  }

  private func result(
    _ row: Int, _ input: MatrixView, constant: Double, slopes: [UInt8]
  ) -> AscentResult {
    AscentResult(
      bound: propagator.height(
        input, constant: constant, row: row, box: row, deviations: settings.deviations),
      multipliers: Multipliers(
        slopes: slopes, splits: items[row].splitValues, weights: items[row].weights),
      coefficients: input.array(ofRow: row), constant: constant,
      magnitude: propagator.magnitude(input, constant: constant, row: row, box: row),
      costliestUnits: costliestUnits(row))
  }

  /// The units whose lines cost a row most in the last pass, the costliest first.
  private func costliestUnits(_ row: Int) -> [CostlyUnit] {
    var best: [(unit: CostlyUnit, cost: Double)] = []
    propagator.forEachOpenUnit(row) { unit, ordinal, relaxation, place in
      let coefficient = layers[ordinal].coefficients[row, place]
      let slope = relaxation.lower[row, place]
      let cost: Double
      if coefficient < 0 {
        cost = -coefficient * relaxation.intercept[row, place]
      } else {
        let low = propagator.unitLower[row, unit]
        cost = 1e-6 * coefficient * max(-slope * low, (1 - slope) * propagator.unitUpper[row, unit])
      }
      let isFull = best.count == AscentResult.mostUnits
      guard cost > (isFull ? best[best.count - 1].cost : 0) else { return }
      if isFull { best.removeLast() }
      let rank = best.firstIndex { $0.cost < cost } ?? best.count
      let entry = CostlyUnit(
        unit: unit, activeMultiplier: max(coefficient, 0) * (1 - slope),
        inactiveMultiplier: max(coefficient, 0) * slope)
      best.insert((entry, cost), at: rank)
    }
    return best.map(\.unit)
  }
}

/// What is kept of a rectifier, `[rows][carried units]`.
struct ClimbingLayer {
  /// The coefficients of the rectifier in the last pass.
  let coefficients: MatrixView
  /// Running averages of the slopes' gradients.
  let first: MatrixView
  /// Running averages of the squares.
  let second: MatrixView
  let bestSlopes: MatrixView

  /// Makes room for the slopes' own numbers only where they are to be moved.
  init(rows: Int, columns: Int, moves: Bool) {
    coefficients = MatrixView(rows: rows, columns: columns)
    let moving = moves ? columns : 0
    first = MatrixView(rows: rows, columns: moving)
    second = MatrixView(rows: rows, columns: moving)
    bestSlopes = MatrixView(rows: rows, columns: moving)
  }

  func swapRows(_ left: Int, _ right: Int) {
    for matrix in [coefficients, first, second, bestSlopes] { matrix.swapRows(left, right) }
  }
}

/// One objective's own variables.
struct ClimbingItem {
  let objective: Objective
  /// Its place among the batch's objectives.
  let place: Int
  /// The splits that the quantity depends on.
  let splits: [SplitPlace]
  private let splitCount: Int
  var splitVariables: [ClimbingVariable]
  /// The size of the coefficients that each split multiplier adds to; zero before the first step.
  var splitScales: [Double]
  /// Logarithms of the weights, up to a common summand.
  var logarithms: [ClimbingVariable]
  private(set) var best = -Double.infinity
  private var bestSplits: [ClimbingVariable]
  private var bestLogarithms: [ClimbingVariable]

  /// Starts from the objective's multipliers, of the `count` splits of its subproblem those that the
  /// quantity depends on.
  init(_ objective: Objective, place: Int, splits: [SplitPlace], of count: Int) {
    self.objective = objective
    self.place = place
    self.splits = splits
    splitCount = count
    let given = objective.start?.splits ?? []
    splitVariables = splits.map {
      ClimbingVariable(given.indices.contains($0.order) ? max(given[$0.order], 0) : 0)
    }
    splitScales = splits.map { _ in 0 }
    let rows = objective.quantity.weightCount
    let weights =
      objective.start?.weights ?? [Double](repeating: 1 / Double(rows), count: rows)
    logarithms = weights.map { ClimbingVariable(log(max($0, 1e-6))) }
    bestSplits = splitVariables
    bestLogarithms = logarithms
  }

  /// The factors of all splits of the subproblem.
  var splitValues: [Double] {
    var values = [Double](repeating: 0, count: splitCount)
    for (split, variable) in zip(splits, splitVariables) { values[split.order] = variable.value }
    return values
  }

  /// The weights of the rows.
  var weights: [Double] {
    guard logarithms.count > 1 else { return [1] }
    let largest = logarithms.map(\.value).max() ?? 0
    let powers = logarithms.map { exp($0.value - largest) }
    let sum = powers.reduce(0, +)
    return powers.map { $0 / sum }
  }

  /// Keeps the current multipliers if their bound is the best yet.
  mutating func improve(to bound: Double) -> Bool {
    guard bound > best else { return false }
    best = bound
    bestSplits = splitVariables
    bestLogarithms = logarithms
    return true
  }

  /// Goes back to the best multipliers, those of the splits rounded to 24 bits.
  mutating func restoreBest() {
    splitVariables = bestSplits.map { ClimbingVariable(Double(Float($0.value))) }
    logarithms = bestLogarithms
  }
}

/// A split unit among the carried ones.
struct SplitPlace {
  let rectifier: Int
  let place: Int
  /// The sign of what the multiplier adds to the coefficient of the unit's argument.
  let sign: Double
  /// The split's place among the subproblem's.
  let order: Int

  /// Finds a split by rectifier and place of each unit; nil where the quantities do not depend on it.
  init?(_ split: UnitSplit, order: Int, at places: [(rectifier: Int, place: Int)?]) {
    guard split.unit < places.count, let found = places[split.unit] else { return nil }
    rectifier = found.rectifier
    place = found.place
    sign = split.isActive ? -1 : 1
    self.order = order
  }
}
