internal import BoundPropagation
internal import ProofFormat

/// Cells in which few units matter whose signs open and shut gates.
extension CellBounding {
  /// How many units may matter in a cell that is split, how many are tried at once, and how many splits follow
  /// one another.
  private static let (mostUnits, mostTried, mostSplits) = (6, 3, 3)

  /// Splits units in cells.
  ///
  /// - Parameters:
  ///   - undecided: The cells.
  ///   - subproblems: Their boxes, among others.
  ///   - parts: Of each cell.
  ///   - propagator: Bounds the network.
  /// - Returns: What each is charged with so.
  func inPieces(
    _ undecided: [Undecided], _ subproblems: [Subproblem], _ parts: [CellParts],
    with propagator: Propagator
  ) -> [Charged] {
    var cells = [CellPieces?](repeating: nil, count: undecided.count)
    for (index, item) in undecided.enumerated()
    where !item.open.isEmpty && 1...Self.mostUnits ~= item.unitCosts.count {
      let subproblem = subproblems[item.place]
      let piece = CellPieces.Piece(
        subproblem, item.open, elsewhere: [], item.unitCosts, parts[index].part
      ) { isPositive($0, subproblem) }
      cells[index] = CellPieces(piece, of: parts[index])
    }
    for _ in 0..<Self.mostSplits {
      let trials = trials(cells)
      guard !trials.isEmpty else { break }
      var halves = trials.flatMap(\.halves)
      let bounds = propagator.bound(
        directions, on: &halves, refresh: .backward(from: 0), scoringUnits: true,
        keeping: .ofSplits)
      var first = 0
      for trial in trials {
        let item = undecided[trial.cell]
        let tried = trial.units.map { unit in
          defer { first += 2 }
          return (
            unit: unit,
            halves: [first, first + 1].map {
              piece(halves[$0], $0, bounds, item, parts[trial.cell].part, propagator.network)
            }
          )
        }
        cells[trial.cell]?.split(trial.place, trying: tried)
      }
    }
    return undecided.indices.map { index in
      cells[index]?.charge(after: undecided[index].records, propagator.network) ?? Charged()
    }
  }

  /// A piece that may be split.
  private struct Trial {
    let cell: Int
    let place: Int
    let subproblem: Subproblem
    let units: [Int]

    /// For each unit both halves, as a proof has them.
    var halves: [Subproblem] {
      units.flatMap { unit in
        [false, true].map { isActive in
          var half = subproblem
          half.add(UnitSplit(unit: unit, isActive: isActive))
          return half
        }
      }
    }
  }

  private func trials(_ cells: [CellPieces?]) -> [Trial] {
    cells.enumerated().flatMap { index, cell in
      (cell?.open ?? []).compactMap { place, piece in
        let units = piece.candidates(atMost: Self.mostTried)
        return units.isEmpty
          ? nil : Trial(cell: index, place: place, subproblem: piece.subproblem, units: units)
      }
    }
  }

  /// A half of a piece, as it was bounded.
  private func piece(
    _ subproblem: Subproblem, _ box: Int, _ bounds: RowBounds, _ item: Undecided, _ part: CellPart,
    _ network: FloatNetwork
  ) -> CellPieces.Piece {
    let open = item.open.map { disjunct in
      let rows = problem.cases[0].disjuncts[disjunct.place]
      return OpenDisjunct(
        place: disjunct.place,
        functions: rows.map { [BoundForm(function(of: $0, isContrary: false, bounds, box))] },
        contraries: rows.map { [BoundForm(function(of: $0, isContrary: true, bounds, box))] })
    }
    let functions = bounds.unitFunctions[box]
    let elsewhere = subproblem.splits.compactMap { split in
      functions.function(of: split.unit, inputs: subproblem.lower.count).map {
        CellPieces.Form(
          source: .unit(split.unit), function: $0,
          mass: part.mass($0, stepBits: CellParts.exactBits))
      }
    }
    return CellPieces.Piece(
      subproblem, open, elsewhere: elsewhere,
      unitCosts(open, bounds, box, on: subproblem, of: network), part
    ) { isPositive($0, subproblem) }
  }

  /// What the units whose signs are open cost the bounds of rows that are not decided.
  func unitCosts(
    _ open: [OpenDisjunct], _ bounds: RowBounds, _ box: Int, on subproblem: Subproblem,
    of network: FloatNetwork
  ) -> [Int: Double] {
    var chosen: Set<Int> = []
    for disjunct in open {
      for (place, row) in problem.cases[0].disjuncts[disjunct.place].enumerated() {
        // Functions and contraries that are positive need no better bounds; entries of norms need both ends.
        let isOpen = [disjunct.functions, disjunct.contraries].map {
          !($0[place][0].function.minimum > 0)
        }
        let isNorm = row.norm != nil && isOpen.contains(true)
        if isOpen[0] || isNorm { chosen.formUnion(row.directions) }
        if isOpen[1] || isNorm { chosen.formUnion(row.directions.map { rows + $0 }) }
      }
    }
    var costs: [Int: Double] = [:]
    for rectifier in network.rectifiers {
      let signs = rectifier.gate.map { network.rectifiers[$0].units } ?? rectifier.units
      for (sign, unit) in zip(signs, rectifier.units) where subproblem.isUnstable(sign) {
        let cost = chosen.reduce(0) {
          $0 + bounds.unitScores[(box * bounds.rowCount + $1) * network.unitCount + unit]
        }
        if cost > 0 { costs[sign, default: 0] += cost }
      }
    }
    return costs
  }

  /// By how much cutting each coordinate moves the units that matter.
  ///
  /// - Returns: The scores; none where no unit does.
  func spreadScores(_ item: Undecided, _ functions: UnitFunctions) -> [Double]? {
    let widths = zip(item.cell.lower, item.cell.upper).map { $1 - $0 }
    var scores = [Double](repeating: 0, count: widths.count)
    for (unit, cost) in item.unitCosts.sorted(by: { $0.key < $1.key }) {
      guard let function = functions.function(of: unit, inputs: widths.count) else { continue }
      let spreads = zip(function.coefficients, widths).map { ($0 * $1).magnitude }
      let range = spreads.reduce(0, +)
      guard range > 0, range.isFinite else { continue }
      for entry in scores.indices { scores[entry] += cost * spreads[entry] / range }
    }
    return scores.contains { $0 > 0 } ? scores : nil
  }
}

extension UnitFunctions {
  /// The first function below a unit's argument, or below its negative.
  fileprivate func function(of unit: Int, inputs: Int) -> LowerFunction? {
    units.firstIndex(of: unit).map {
      LowerFunction(
        coefficients: Array(coefficients[$0 * inputs..<($0 + 1) * inputs]), constant: constants[$0])
    }
  }
}
