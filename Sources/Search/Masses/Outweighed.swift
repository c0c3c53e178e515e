internal import Approximation
internal import BoundPropagation
internal import ExactArithmetic
internal import ProofFormat

/// A disjunct in a leaf, but for what the half-spaces of its row and of the leaf's splits have in common.
struct Outweighed: Sendable {
  let record: Record
  /// The share of the cell's mass that they have in common, at most.
  let share: Double
}

extension TailBounding {
  /// Bounds what a leaf misses by its row and its splits together.
  ///
  /// - Parameters:
  ///   - leaf: The leaf.
  ///   - goal: What is to be shown.
  ///   - propagator: Bounds the network.
  /// - Returns: The bound; nil where it is no better than that by the margin with multiples of the splits.
  func outweighed(_ leaf: MarginTree.Leaf, for goal: Goal, with propagator: Propagator)
    -> Outweighed?
  {
    let subproblem = leaf.cell.subproblem
    guard case .excluding(let disjunct) = goal, leaf.missed > 0, !subproblem.splits.isEmpty,
      let margin = leaf.margins.first, let normal = subproblem.normal
    else { return nil }
    let forms = forms(of: quantities(of: goal)[0], margin, on: subproblem, with: propagator)
    let spreads = forms.map {
      normal.spread(
        $0.coefficients, constant: $0.constant, lower: subproblem.lower, upper: subproblem.upper)
    }
    guard spreads.allSatisfy({ $0.centre.isFinite && $0.deviation.isFinite }) else { return nil }
    let scaled = forms.map { zip($0.coefficients, normal.deviation).map(*) }
    // More half-spaces need not bound better.
    let splits = Array(forms.indices.dropFirst(2))
    let choices = [[0] + splits, [1] + splits, [0, 1] + splits].map { chosen in
      TiltedChoice(
        forms: chosen,
        rows: TiltedRows(
          chosen.map { scaled[$0] }, limits: chosen.map { -spreads[$0].centre }))
    }
    guard let best = choices.min(by: { $0.rows.mass < $1.rows.mass }) else { return nil }
    let share = min(1, leaf.cell.factor * best.rows.mass)
    let place = best.rows.place.dropLast().compactMap { Quantised.below($0) }
    guard share < leaf.margins.reduce(0, { $0 + $1.share }), place.count == best.order.count - 1
    else { return nil }
    let derivations = best.order.map { derivation(of: $0, forms[$0].multipliers, on: subproblem) }
    return Outweighed(
      record: .outweigh(disjunct: disjunct, derivations, place: place), share: share)
  }

  private func derivation(of form: Int, _ multipliers: Multipliers, on subproblem: Subproblem)
    -> Derivation
  {
    let own = subproblem.derivation(multipliers, of: network)
    let rows = Quantised.multipliers(multipliers.weights)
    switch form {
    case 0: return Derivation(rows: rows, slopes: own.slopes)
    case 1: return Derivation(rows: rows, slopes: own.slopes, units: own.units)
    default:
      let unit = network.unit(subproblem.splits[form - 2].unit)
      return Derivation(slopes: own.slopes, units: [Term(unit, .one)])
    }
  }

  /// Some forms of a leaf, and how well they bound it together.
  private struct TiltedChoice {
    let forms: [Int]
    let rows: TiltedRows

    /// The forms that take part, in the order of the record.
    var order: [Int] { rows.order.map { forms[$0] } }
  }

  /// The forms of a leaf: of the row by itself, of the row with the multiples of the splits that were best for
  /// it, whose lines were chosen for the sum, and of each split.
  private func forms(
    of row: Quantity, _ margin: Margin, on subproblem: Subproblem, with propagator: Propagator
  ) -> [AscentResult] {
    var plain = margin.multipliers
    plain.splits = plain.splits.map { _ in 0 }
    let rows = [plain, margin.multipliers].map {
      Objective(subproblem: 0, quantity: row, start: $0)
    }
    let splits = subproblem.splits.map {
      Objective(subproblem: 0, quantity: .argument(unit: $0.unit, isNegated: $0.isActive))
    }
    return propagator.ascend(
      rows + splits, on: [subproblem], settings: AscentSettings(steps: 0, goal: .infinity))
  }
}
