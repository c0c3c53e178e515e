internal import BoundPropagation

/// Looks for points that satisfy a disjunct, by projected gradient descent from many starts, or by
/// linear programs where inputs are few.
struct Attack {
  /// A point that satisfies a disjunct in binary64.
  struct Suspect {
    let caseIndex: Int
    let point: [Double]
  }

  /// Starts of each descent, and its steps.
  private static let starts = 24
  private static let steps = 40
  /// Problems with more disjuncts than this are attacked on evenly spaced ones only.
  private static let mostTargets = 200

  let problem: FloatProblem
  let network: FloatNetwork
  let seed: UInt64

  /// Attacks one disjunct after the other.
  ///
  /// - Parameters:
  ///   - isOver: Whether to stop early.
  ///   - accept: Takes a suspect; returns what ends the attack.
  /// - Returns: What `accept` returned.
  func run<Result>(until isOver: () -> Bool, accept: (Suspect) -> Result?) -> Result? {
    let propagator = Propagator(network, batchSize: Self.starts)
    var generator = SplitMix(seed: seed)
    let targets = problem.cases.indices.flatMap { index in
      problem.cases[index].isEmptyBox
        ? [] : problem.cases[index].disjuncts.indices.map { (index, $0) }
    }
    let stride = max(1, targets.count / Self.mostTargets)
    for target in Swift.stride(from: 0, to: targets.count, by: stride) {
      guard !isOver() else { return nil }
      let (caseIndex, disjunct) = targets[target]
      if problem.isNarrow && problem.cases[caseIndex].ball == nil {
        let points = startingPoints(problem.cases[caseIndex], &generator)
        let descent = LinearDescent(
          problem: problem, caseIndex: caseIndex, disjunct: disjunct, propagator: propagator)
        for start in points {
          guard let point = descent.point(from: start, until: isOver),
            let result = accept(Suspect(caseIndex: caseIndex, point: point))
          else { continue }
          return result
        }
        continue
      }
      let found = descend(
        problem.cases[caseIndex], problem.cases[caseIndex].disjuncts[disjunct], propagator,
        &generator, isOver)
      for point in found {
        if let result = accept(Suspect(caseIndex: caseIndex, point: point)) { return result }
      }
    }
    return nil
  }

  /// Descends on the largest excess of a disjunct's rows.
  ///
  /// - Returns: Points where none is positive.
  private func descend(
    _ item: FloatProblem.Case, _ rows: [FloatProblem.Row], _ propagator: Propagator,
    _ generator: inout SplitMix, _ isOver: () -> Bool
  ) -> [[Double]] {
    var points = startingPoints(item, &generator)
    var size = 0.25
    for _ in 0..<Self.steps where !isOver() {
      let outputs = propagator.evaluate(points.flatMap { $0 })
      let width = outputs.count / points.count
      let excesses = points.enumerated().map { place, point in
        let values = Array(outputs[place * width..<(place + 1) * width])
        return rows.map { $0.excess(inputs: point, outputs: values) }
      }
      let hits = points.indices.filter { place in
        excesses[place].allSatisfy { $0 <= 0 } && item.contains(points[place])
      }
      if !hits.isEmpty { return hits.map { points[$0] } }
      let worst = excesses.map { values in
        values.indices.max { values[$0] < values[$1] } ?? 0
      }
      guard !rows.isEmpty else { return [] }
      let gradients = propagator.gradient(
        points.flatMap { $0 }, of: worst.map { rows[$0].linearRow }
      ).gradients
      for place in points.indices {
        let inputs = points[place].count
        points[place] = item.stepped(
          points[place], against: Array(gradients[place * inputs..<(place + 1) * inputs]), by: size)
      }
      size *= 0.93
    }
    return []
  }

  private func startingPoints(_ item: FloatProblem.Case, _ generator: inout SplitMix) -> [[Double]]
  {
    (0..<Self.starts).map { start in
      let point = zip(item.lower, item.upper).map { low, high in
        let share = start == 0 ? 0.5 : Double.random(in: 0...1, using: &generator)
        // Corners lie far apart, and descents from there end elsewhere than those from within.
        return low + (high - low) * (start > 0 && start.isMultiple(of: 2) ? share.rounded() : share)
      }
      return item.pulledInside(point)
    }
  }
}

extension FloatProblem.Case {
  /// Moves each entry against the sign of the gradient by a share of its width, and back into the set.
  func stepped(_ point: [Double], against gradient: [Double], by share: Double) -> [Double] {
    let moved = point.indices.map { entry in
      let step = share * (upper[entry] - lower[entry])
      let direction: Double = gradient[entry] > 0 ? -1 : gradient[entry] < 0 ? 1 : 0
      return min(upper[entry], max(lower[entry], point[entry] + direction * step))
    }
    return pulledInside(moved)
  }
}

/// Seeded random numbers (Steele, Lea and Flood, "Fast splittable pseudorandom number generators").
struct SplitMix: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
