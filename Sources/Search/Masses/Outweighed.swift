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
  /// Bounds what a leaf misses by its margin and its splits together.
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
    guard case .excluding(let disjunct) = goal, leaf.missed > 0,
      !subproblem.splits.isEmpty, let margin = leaf.margins.first, let normal = subproblem.normal
    else { return nil }
    var plain = margin.multipliers
    plain.splits = plain.splits.map { _ in 0 }
    let row = Objective(subproblem: 0, quantity: quantities(of: goal)[0], start: plain)
    let splits = subproblem.splits.map {
      Objective(subproblem: 0, quantity: .argument(unit: $0.unit, isNegated: $0.isActive))
    }
    let forms = propagator.ascend(
      [row] + splits, on: [subproblem], settings: AscentSettings(steps: 0, goal: .infinity))
    let spreads = forms.map {
      normal.spread(
        $0.coefficients, constant: $0.constant, lower: subproblem.lower, upper: subproblem.upper)
    }
    guard spreads.allSatisfy({ $0.centre.isFinite && $0.deviation.isFinite }) else { return nil }
    let tilted = TiltedRows(
      forms.map { zip($0.coefficients, normal.deviation).map(*) },
      limits: spreads.map { -$0.centre })
    let share = min(1, leaf.cell.factor * tilted.mass)
    let place = tilted.place.dropLast().compactMap { Quantised.below($0) }
    guard share < leaf.margins.reduce(0, { $0 + $1.share }), place.count == tilted.order.count - 1
    else { return nil }
    let derivations = tilted.order.map { order in
      let own = subproblem.derivation(forms[order].multipliers, of: network)
      return order == 0
        ? Derivation(
          rows: Quantised.multipliers(forms[order].multipliers.weights), slopes: own.slopes)
        : Derivation(
          slopes: own.slopes,
          units: [Term(network.unit(subproblem.splits[order - 1].unit), .one)])
    }
    return Outweighed(
      record: .outweigh(disjunct: disjunct, derivations, place: place), share: share)
  }
}
