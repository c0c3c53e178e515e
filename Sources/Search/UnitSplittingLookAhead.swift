internal import BoundPropagation

/// Chooses the unit to split by trying: what a unit's line costs says which units to try, and bounding
/// both children once says what is gained.
///
/// "Filtered smart branching" of De Palma et al., "Improved branch and bound for neural network
/// verification via Lagrangian decomposition" (2021), with the sum of both gains in place of the smaller:
/// of a network's splits most help one side alone.
extension UnitSplitting {
  /// A unit that is tried on a branch.
  private struct Attempt {
    let place: Int
    let unit: CostlyUnit
  }

  /// How many units are tried together.
  private static var attemptsAtOnce: Int { 32 }

  /// Sets the unit to split of each disjunct's branch that is open.
  func chooseUnits(
    _ branches: ArraySlice<Branch>, _ ascents: [AscentResult], _ subproblems: [Subproblem],
    _ results: inout [Result], with propagator: Propagator
  ) {
    var attempts: [Attempt] = []
    for (place, branch) in branches.enumerated() where results[place].closing == nil {
      guard case .disjunct = branch.goal, ascents[place].costliestUnits.count > 1 else { continue }
      attempts += ascents[place].costliestUnits.map { Attempt(place: place, unit: $0) }
    }
    let goals = branches.map(\.goal)
    var bounds: [Double] = []
    // Children are large in wide networks: few are held at once.
    for start in stride(from: 0, to: attempts.count, by: Self.attemptsAtOnce) {
      var children: [Subproblem] = []
      var objectives: [Objective] = []
      for attempt in attempts[start..<min(start + Self.attemptsAtOnce, attempts.count)] {
        for isActive in [false, true] {
          var child = subproblems[attempt.place]
          child.add(UnitSplit(unit: attempt.unit.unit, isActive: isActive))
          objectives.append(
            Objective(
              subproblem: children.count,
              quantity: quantity(goals[attempt.place], on: child),
              start: ascents[attempt.place].multipliers.split(attempt.unit, isActive: isActive)))
          children.append(child)
        }
      }
      bounds += propagator.ascend(objectives, on: children, settings: AscentSettings(steps: 0))
        .map(\.bound)
    }
    take(attempts, bounds, into: &results)
  }

  /// Takes of each branch the unit whose children's bounds together gain most on the way to zero, of equal
  /// ones the costliest.
  ///
  /// A child may begin below its parent, where the split bounds points that it excludes; climbing mends
  /// that, so it counts as no gain instead of a loss.
  private func take(_ attempts: [Attempt], _ bounds: [Double], into results: inout [Result]) {
    var best: [Int: Double] = [:]
    for (order, attempt) in attempts.enumerated() {
      let parent = results[attempt.place].bound
      let gain = [bounds[2 * order], bounds[2 * order + 1]].reduce(0) {
        $0 + max(0, min($1, 0) - parent)
      }
      // A difference that rounding makes is none.
      guard gain > best[attempt.place].map({ $0 + 1e-6 * parent.magnitude }) ?? -.infinity
      else { continue }
      best[attempt.place] = gain
      results[attempt.place].unit = attempt.unit
    }
  }
}

extension Multipliers {
  /// Where a child starts to climb: with the bound of its parent.
  func split(_ unit: CostlyUnit, isActive: Bool) -> Multipliers {
    var child = self
    child.splits.append(isActive ? unit.activeMultiplier : unit.inactiveMultiplier)
    return child
  }
}
