internal import LinearAlgebra

extension Propagator {
  /// Computes the unit bounds of the loaded batch, writes them back, and fixes all lines.
  ///
  /// - Parameters:
  ///   - subproblems: Where the bounds go.
  ///   - batch: Which of them are loaded.
  ///   - refresh: What to compute.
  ///   - rowsAfterwards: How many rows per box will use the lines.
  func refreshUnits(
    _ subproblems: inout [Subproblem], _ batch: Range<Int>, _ refresh: Refresh,
    rowsAfterwards: Int
  ) {
    var contradictions = [Int?](repeating: nil, count: boxes)
    let first = refresh.firstTightened(of: network)
    let compacting = first < network.rectifiers.count || boxes * rowsAfterwards >= 64
    let values = NodeValues(
      network, signed: boxes, radii: boxes, everything, memory: nodeMemory)
    for (node, description) in network.nodes.enumerated() {
      switch description.operation {
      case .input: if refresh != .none { enclose(lower, upper, in: values[node]) }
      case .affine:
        if compacting { compaction.prepareSeeds(at: node) }
        if refresh != .none && description.feedsRectifier {
          values.computeAffine(node, everything)
        }
      case .rectifier(let ordinal, let source, _):
        if refresh != .none { intersect(ordinal, with: values[source], &contradictions) }
        if ordinal >= first && !network.nodes[source].intervalsAreExact {
          tighten(ordinal, where: subproblems[batch], &contradictions)
        } else if kept == .ofUnits {
          keepUnstable(ordinal)
        }
        keepActive(ordinal, subproblems[batch])
        if kept != .none { keepSplits(ordinal, subproblems[batch]) }
        relax(ordinal, compacting: compacting)
        if refresh != .none && description.feedsRectifier { rectify(ordinal, into: values[node]) }
      }
    }
    guard refresh != .none else { return }
    for (box, index) in batch.enumerated() {
      let (low, high) = (unitLower.array(ofRow: box), unitUpper.array(ofRow: box))
      if first == 0 {
        subproblems[index].settle(lower: low, upper: high)
      } else {
        (subproblems[index].unitLower, subproblems[index].unitUpper) = (low, high)
      }
      if let unit = contradictions[box] { subproblems[index].contradiction = unit }
    }
  }

  /// Writes boxes as centres, and radii below them.
  private func enclose(_ lower: MatrixView, _ upper: MatrixView, in values: MatrixView) {
    for box in 0..<boxes {
      let low = unsafe lower.pointer(toRow: box)
      let high = unsafe upper.pointer(toRow: box)
      let centre = unsafe values.pointer(toRow: box)
      let radius = unsafe values.pointer(toRow: boxes + box)
      for entry in 0..<values.columns {
        unsafe centre[entry] = 0.5 * low[entry] + 0.5 * high[entry]
        unsafe radius[entry] = 0.5 * high[entry] - 0.5 * low[entry]
      }
    }
  }

  /// Writes the interval bounds behind a rectifier as centres and radii.
  private func rectify(_ ordinal: Int, into values: MatrixView) {
    let units = network.rectifiers[ordinal].units
    if let gate = network.rectifiers[ordinal].gate {
      return passGates(units, signs: network.rectifiers[gate].units, into: values)
    }
    for box in 0..<boxes {
      let low = unsafe unitLower.pointer(toRow: box) + units.lowerBound
      let high = unsafe unitUpper.pointer(toRow: box) + units.lowerBound
      let centre = unsafe values.pointer(toRow: box)
      let radius = unsafe values.pointer(toRow: boxes + box)
      for entry in 0..<values.columns {
        let atLeast = unsafe low[entry] > 0 ? low[entry] : 0
        let atMost = unsafe high[entry] <= 0 ? 0 : high[entry]
        unsafe centre[entry] = 0.5 * atMost + 0.5 * atLeast
        unsafe radius[entry] = 0.5 * atMost - 0.5 * atLeast
      }
    }
  }

  /// Writes the interval bounds behind gates as centres and radii.
  private func passGates(_ units: Range<Int>, signs: Range<Int>, into values: MatrixView) {
    for box in 0..<boxes {
      for (entry, (unit, sign)) in zip(units, signs).enumerated() {
        let (low, high) = (unitLower[box, unit], unitUpper[box, unit])
        // At an end of zero the checker's intervals leave the gate undecided.
        let isOpen = unitLower[box, sign] > 0
        let isShut = unitUpper[box, sign] < 0
        let atLeast = isOpen ? low : isShut ? 0 : min(low, 0)
        let atMost = isOpen ? high : isShut ? 0 : max(high, 0)
        values[box, entry] = 0.5 * atMost + 0.5 * atLeast
        values[boxes + box, entry] = 0.5 * atMost - 0.5 * atLeast
      }
    }
  }

  /// Intersects a rectifier's unit bounds with intervals.
  private func intersect(
    _ ordinal: Int, with values: MatrixView, _ contradictions: inout [Int?]
  ) {
    let first = network.rectifiers[ordinal].firstUnit
    for box in 0..<boxes {
      let centre = unsafe values.pointer(toRow: box)
      let radius = unsafe values.pointer(toRow: boxes + box)
      for entry in 0..<values.columns {
        let (middle, half) = unsafe (centre[entry], radius[entry])
        raiseLower(of: first + entry, box, to: middle - half, &contradictions)
        reduceUpper(of: first + entry, box, to: middle + half, &contradictions)
      }
    }
  }

  /// Bounds the unstable units of a rectifier by backward passes, on the boxes where it is not settled.
  ///
  /// From above first: a unit found inactive needs no bound from below.
  private func tighten(
    _ ordinal: Int, where batch: ArraySlice<Subproblem>, _ contradictions: inout [Int?]
  ) {
    let first = network.rectifiers[ordinal].firstUnit
    let above = unstableUnits(of: ordinal) { box in
      batch[batch.startIndex + box].settledUnits <= first
    }
    boundUnits(above, of: ordinal, scale: -1) { row, bound in
      reduceUpper(of: first + above.entries[row], above.boxes[row], to: -bound, &contradictions)
    }
    let open = above.entries.indices.filter {
      !(unitUpper[above.boxes[$0], first + above.entries[$0]] <= 0)
    }
    let below = (boxes: open.map { above.boxes[$0] }, entries: open.map { above.entries[$0] })
    boundUnits(below, of: ordinal, scale: 1) { row, bound in
      raiseLower(of: first + below.entries[row], below.boxes[row], to: bound, &contradictions)
    }
  }

  /// Keeps the functions of units whose bounds come from intervals.
  private func keepUnstable(_ ordinal: Int) {
    let unstable = unstableUnits(of: ordinal)
    for scale in [1.0, -1] { boundUnits(unstable, of: ordinal, scale: scale) { _, _ in } }
  }

  /// Lets units that are split to be active count as such though they can hardly be positive: a proof's
  /// checker knows the split, and rounds differently.
  private func keepActive(_ ordinal: Int, _ subproblems: ArraySlice<Subproblem>) {
    let units = network.rectifiers[ordinal].units
    for (box, subproblem) in subproblems.enumerated() {
      for split in subproblem.splits where split.isActive && units.contains(split.unit) {
        unitUpper[box, split.unit] = max(unitUpper[box, split.unit], .leastNonzeroMagnitude)
      }
    }
  }

  /// Keeps the functions that must not be positive because units are split.
  private func keepSplits(_ ordinal: Int, _ subproblems: ArraySlice<Subproblem>) {
    let units = network.rectifiers[ordinal].units
    for isActive in [false, true] {
      var list: (boxes: [Int], entries: [Int]) = ([], [])
      for (box, subproblem) in subproblems.enumerated() {
        for split in subproblem.splits
        where split.isActive == isActive && units.contains(split.unit) {
          list.boxes.append(box)
          list.entries.append(split.unit - units.lowerBound)
        }
      }
      boundUnits(list, of: ordinal, scale: isActive ? -1 : 1) { _, _ in }
    }
  }

  private func unstableUnits(
    of ordinal: Int, onBoxesWhere isWanted: (Int) -> Bool = { _ in true }
  ) -> (boxes: [Int], entries: [Int]) {
    let rectifier = network.rectifiers[ordinal]
    var found: (boxes: [Int], entries: [Int]) = ([], [])
    for box in 0..<boxes where isWanted(box) {
      let low = unsafe unitLower.pointer(toRow: box)
      let high = unsafe unitUpper.pointer(toRow: box)
      for entry in 0..<rectifier.size {
        let unit = rectifier.firstUnit + entry
        guard unsafe !(high[unit] <= 0) && !(low[unit] >= 0) else { continue }
        found.boxes.append(box)
        found.entries.append(entry)
      }
    }
    return found
  }

  private func boundUnits(
    _ list: (boxes: [Int], entries: [Int]), of ordinal: Int, scale: Double,
    found: (Int, Double) -> Void
  ) {
    let rectifier = network.rectifiers[ordinal]
    var first = 0
    while first < list.entries.count {
      let part = first..<min(first + chunk, list.entries.count)
      var coefficients = CoefficientRows(network, signed: part.count, pool: pool)
      let constants = freshConstants(part.count)
      coefficients.start(
        entries: list.entries[part], of: rectifier.source, scaledBy: scale, constants: constants,
        compaction)
      passBackward(&coefficients, constants: constants) { ordinal, rows in
        relax(rows, at: ordinal, constants: constants, rowBoxes: list.boxes[part])
      }
      for row in part {
        let bound = minimum(
          coefficients[0], constant: constants[0, row - first], row: row - first,
          box: list.boxes[row])
        found(row, bound)
        if unitFunctions != nil {
          unitFunctions?[list.boxes[row]].append(
            unit: rectifier.firstUnit + list.entries[row], isNegated: scale < 0,
            coefficients: coefficients[0]?.array(ofRow: row - first)
              ?? [Double](repeating: 0, count: network.inputSize),
            constant: constants[0, row - first])
        }
      }
      coefficients.finish()
      first = part.upperBound
    }
  }

  private func raiseLower(
    of unit: Int, _ box: Int, to bound: Double, _ contradictions: inout [Int?]
  ) {
    let bound = bound - slack * max(1, bound.magnitude)
    guard bound > unitLower[box, unit], bound < .infinity else { return }
    if bound <= unitUpper[box, unit] {
      unitLower[box, unit] = bound
    } else if contradict(bound, unitUpper[box, unit]) {
      contradictions[box] = contradictions[box] ?? unit
    }
  }

  private func reduceUpper(
    of unit: Int, _ box: Int, to bound: Double, _ contradictions: inout [Int?]
  ) {
    let bound = bound + slack * max(1, bound.magnitude)
    guard bound < unitUpper[box, unit], bound > -.infinity else { return }
    if bound >= unitLower[box, unit] {
      unitUpper[box, unit] = bound
    } else if contradict(unitLower[box, unit], bound) {
      contradictions[box] = contradictions[box] ?? unit
    }
  }

  /// Whether a lower bound exceeds an upper bound by more than rounding explains.
  private func contradict(_ lower: Double, _ upper: Double) -> Bool {
    lower - upper > 1e-9 * max(1, lower.magnitude, upper.magnitude)
  }
}

extension Refresh {
  fileprivate func firstTightened(of network: FloatNetwork) -> Int {
    switch self {
    case .none, .intervals: network.rectifiers.count
    case .backward(let from): from
    }
  }
}
