internal import BoundPropagation

/// Moves points in binary64 so that they refute weaker claims of a family.
struct Pursuit {
  /// A point and the threshold of the weakest claim that it seems to refute.
  struct Candidate {
    let caseIndex: Int
    let disjunct: Int
    let point: [Double]
    let threshold: Double
  }

  /// Points that move together, and how often they do.
  private static let starts = 24
  private static let steps = 60

  let reach: Reach
  let side: ClaimFamily.Side
  let propagator: Propagator

  init(_ reach: Reach, side: ClaimFamily.Side, network: FloatNetwork) {
    self.reach = reach
    self.side = side
    propagator = Propagator(network, batchSize: Self.starts)
  }

  /// Descends on the excesses of a disjunct's rows, with ever smaller steps, from near a point and from
  /// all over the set.
  ///
  /// - Parameters:
  ///   - point: Where to begin; it is pulled into the set.
  ///   - problem: The problem of a claim that is not refuted yet.
  ///   - caseIndex: The case.
  ///   - disjunct: The disjunct.
  ///   - generator: Random numbers.
  /// - Returns: The best point that was met; nil where none refutes any claim.
  func best(
    near point: [Double], of problem: FloatProblem, caseIndex: Int, disjunct: Int,
    using generator: inout SplitMix
  ) -> Candidate? {
    let item = problem.cases[caseIndex]
    let rows = item.disjuncts[disjunct]
    guard !rows.isEmpty else { return nil }
    var points = startingPoints(near: point, item, &generator)
    var best: Candidate?
    var size = 0.25
    for _ in 0..<Self.steps {
      let outputs = propagator.evaluate(points.flatMap { $0 })
      let width = outputs.count / points.count
      var worst: [Int] = []
      for (place, point) in points.enumerated() {
        let values = Array(outputs[place * width..<(place + 1) * width])
        let excesses = rows.map { $0.excess(inputs: point, outputs: values) }
        worst.append(excesses.indices.max { excesses[$0] < excesses[$1] } ?? 0)
        guard item.contains(point),
          let threshold = reach.threshold(
            of: point, outputs: values, in: item, caseIndex: caseIndex, disjunct: disjunct,
            side: side), isEasier(threshold, than: best?.threshold)
        else { continue }
        best = Candidate(
          caseIndex: caseIndex, disjunct: disjunct, point: point, threshold: threshold)
      }
      let gradients = propagator.gradient(
        points.flatMap { $0 }, of: worst.map { rows[$0].linearRow }
      ).gradients
      for place in points.indices {
        let inputs = points[place].count
        points[place] = item.stepped(
          points[place], against: Array(gradients[place * inputs..<(place + 1) * inputs]), by: size)
      }
      size *= 0.8
    }
    return best
  }

  /// Whether a threshold's claim is weaker.
  func isEasier(_ threshold: Double, than other: Double?) -> Bool {
    guard threshold.isFinite else { return false }
    guard let other else { return true }
    return side == .above ? threshold > other : threshold < other
  }

  /// The point itself, points at growing distances from it, and points anywhere in the box.
  private func startingPoints(
    near point: [Double], _ item: FloatProblem.Case, _ generator: inout SplitMix
  ) -> [[Double]] {
    (0..<Self.starts).map { start in
      let share = start < 16 ? Double(start) / 64 : 1
      let moved = point.indices.map { entry in
        let (low, high) = (item.lower[entry], item.upper[entry])
        let anywhere = low + (high - low) * Double.random(in: 0...1, using: &generator)
        let centre = min(high, max(low, point[entry]))
        return centre + share * (anywhere - centre)
      }
      return item.pulledInside(moved)
    }
  }
}
