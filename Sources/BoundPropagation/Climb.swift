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
  let layers: [ClimbingLayer]

  /// Loads the objectives' boxes and starting slopes into the propagator.
  init(
    _ propagator: Propagator, _ objectives: ArraySlice<Objective>, on subproblems: [Subproblem],
    settings: AscentSettings
  ) {
    var boxes = objectives.map { subproblems[$0.subproblem] }
    propagator.load(boxes, boxes.indices)
    propagator.refreshUnits(
      &boxes, boxes.indices, .none, rowsAfterwards: 2 * settings.steps + 1,
      carrying: Set(boxes.flatMap { $0.splits.map(\.unit) }))
    self.propagator = propagator
    self.settings = settings
    items = objectives.enumerated().map { row, objective in
      ClimbingItem(
        objective, place: row, splits: boxes[row].splits.map { propagator.place(of: $0) })
    }
    active = items.count
    adam = Adam(decay: settings.decay)
    layers = propagator.relaxations.map {
      ClimbingLayer(rows: $0.lower.rows, columns: $0.lower.columns)
    }
    for row in items.indices { startSlopes(row) }
  }

  /// Climbs, and bounds once more with the best multipliers.
  mutating func run() -> [AscentResult] {
    for step in 0...settings.steps where active > 0 {
      var coefficients = passBackward()
      rest(coefficients[0])
      if step < settings.steps && active > 0 { climb(from: coefficients) }
      coefficients.finish()
    }
    return results()
  }

  /// Bounds the climbing rows and keeps what is best.
  private mutating func passBackward() -> CoefficientRows {
    let (coefficients, constants) = rowsAtInput()
    for row in 0..<active {
      let bound = propagator.minimum(
        coefficients[0], constant: constants[0, row], row: row, box: row)
      guard items[row].improve(to: bound) else { continue }
      for (layer, relaxation) in zip(layers, propagator.relaxations) {
        layer.bestSlopes.copyRow(row, of: relaxation.lower)
      }
    }
    return coefficients
  }

  /// The combinations as affine functions of the input, and their constants.
  private func rowsAtInput() -> (CoefficientRows, MatrixView) {
    var coefficients = CoefficientRows(
      propagator.network, signed: active, pool: propagator.pool)
    let constants = propagator.freshConstants(active)
    for (row, item) in items[0..<active].enumerated() {
      for (weight, objectiveRow) in zip(item.weights, item.objective.rows) {
        propagator.add(
          objectiveRow, scaledBy: weight, to: row, of: &coefficients, constants: constants)
      }
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
  private mutating func rest(_ input: MatrixView?) {
    for row in (0..<active).reversed() where items[row].best > settings.goal {
      active -= 1
      swapRows(row, active)
      input?.swapRows(row, active)
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
      relaxation.lower[row, place] = min(max(slopes[unit], 0), 1)
    }
  }

  /// Bounds with the best multipliers, and tells all about the bounds.
  private mutating func results() -> [AscentResult] {
    active = items.count
    for (layer, relaxation) in zip(layers, propagator.relaxations) {
      for row in items.indices where items[row].best > -.infinity {
        relaxation.lower.copyRow(row, of: layer.bestSlopes)
      }
    }
    for row in items.indices { items[row].restoreBest() }
    var (coefficients, constants) = rowsAtInput()
    defer { coefficients.finish() }
    let input = coefficients.atNode(0, propagator.compaction)
    return items.indices.sorted { items[$0].place < items[$1].place }.map { row in
      result(row, input, constant: constants[0, row])
    }
  }

  private func result(_ row: Int, _ input: MatrixView, constant: Double) -> AscentResult {
    let unitCount = propagator.network.unitCount
    var slopes = [Double](repeating: 0, count: unitCount)
    var scores = slopes
    propagator.forEachOpenUnit(row) { unit, relaxation, place in
      slopes[unit] = relaxation.lower[row, place]
    }
    for (ordinal, layer) in layers.enumerated() {
      propagator.score(layer.coefficients, row: row, box: row, ordinal, at: 0, into: &scores)
    }
    return AscentResult(
      bound: propagator.minimum(input, constant: constant, row: row, box: row),
      multipliers: Multipliers(
        slopes: slopes, splits: items[row].splitVariables.map(\.value),
        weights: items[row].weights),
      coefficients: input.array(ofRow: row), constant: constant, unitScores: scores)
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

  init(rows: Int, columns: Int) {
    coefficients = MatrixView(rows: rows, columns: columns)
    first = MatrixView(rows: rows, columns: columns)
    second = MatrixView(rows: rows, columns: columns)
    bestSlopes = MatrixView(rows: rows, columns: columns)
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
  let splits: [SplitPlace]
  var splitVariables: [ClimbingVariable]
  /// The size of the coefficients that each split multiplier adds to; zero before the first step.
  var splitScales: [Double]
  /// Logarithms of the weights, up to a common summand.
  var logarithms: [ClimbingVariable]
  private(set) var best = -Double.infinity
  private var bestSplits: [ClimbingVariable]
  private var bestLogarithms: [ClimbingVariable]

  init(_ objective: Objective, place: Int, splits: [SplitPlace]) {
    self.objective = objective
    self.place = place
    self.splits = splits
    let given = objective.start?.splits ?? []
    splitVariables = splits.indices.map {
      ClimbingVariable(given.indices.contains($0) ? max(given[$0], 0) : 0)
    }
    splitScales = splits.map { _ in 0 }
    let weights =
      objective.start?.weights
      ?? [Double](repeating: 1 / Double(objective.rows.count), count: objective.rows.count)
    logarithms = weights.map { ClimbingVariable(log(max($0, 1e-6))) }
    bestSplits = splitVariables
    bestLogarithms = logarithms
  }

  /// The weights of the rows.
  var weights: [Double] {
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

  mutating func restoreBest() {
    splitVariables = bestSplits
    logarithms = bestLogarithms
  }
}

/// A split unit among the carried ones.
struct SplitPlace {
  let rectifier: Int
  let place: Int
  /// The sign of what the multiplier adds to the coefficient of the unit's argument.
  let sign: Double
}
