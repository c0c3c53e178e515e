internal import Approximation
internal import ClaimLanguage
internal import ExactArithmetic

/// How far a point reaches in a family of claims, in binary64: the threshold of the weakest claim
/// that it refutes.
enum Reach {
  /// By case, disjunct and row: the bound at threshold 0, and what it grows by with the threshold.
  case value([[[(start: Double, slope: Double)]]])
  /// The distance from the centres, where the rows are met.
  case radius([ClaimFamily.BallPlace])

  /// Reads off how the rows of a family move.
  ///
  /// - Returns: nil where its problems differ in more than the bounds of rows.
  init?(_ family: ClaimFamily) throws(FamilyError) {
    switch family.threshold {
    case .radius(let balls): self = .radius(balls)
    case .value:
      let (start, end) = (
        FloatProblem(try family.problem(.zero)), FloatProblem(try family.problem(.one))
      )
      guard start.cases.count == end.cases.count else { return nil }
      var bounds: [[[(start: Double, slope: Double)]]] = []
      for (first, second) in zip(start.cases, end.cases) {
        guard first.disjuncts.map(\.count) == second.disjuncts.map(\.count),
          first.disjuncts.allSatisfy({ !$0.isEmpty })
        else { return nil }
        bounds.append(
          zip(first.disjuncts, second.disjuncts).map { rows in
            zip(rows.0, rows.1).map { ($0.bound, $1.bound - $0.bound) }
          })
      }
      self = .value(bounds)
    }
  }

  /// The threshold of the weakest claim that a point refutes by one disjunct; nil where it refutes none.
  func threshold(
    of point: [Double], outputs: [Double], in item: FloatProblem.Case, caseIndex: Int,
    disjunct: Int, side: ClaimFamily.Side
  ) -> Double? {
    let rows = item.disjuncts[disjunct]
    switch self {
    case .radius(let balls):
      let isMet = rows.allSatisfy { $0.excess(inputs: point, outputs: outputs) <= 0 }
      return isMet ? balls.map { $0.distance(to: point) }.max() : nil
    case .value(let bounds):
      // Claims above the number are refuted up to the lowest of the rows' thresholds.
      var best = side == .above ? Double.infinity : -.infinity
      for (row, move) in zip(rows, bounds[caseIndex][disjunct]) {
        let left = row.excess(inputs: point, outputs: outputs) + row.bound
        guard move.slope != 0 else {
          if left > move.start { return nil }
          continue
        }
        let threshold = (left - move.start) / move.slope
        best = side == .above ? min(best, threshold) : max(best, threshold)
      }
      return best.isFinite ? best : nil
    }
  }
}

extension ClaimFamily.BallPlace {
  /// How far a point is from the centre.
  func distance(to point: [Double]) -> Double {
    let parts = zip(entries, centre).map { (point[$0] - $1.nearestDouble).magnitude }
    return switch norm {
    case .one: parts.reduce(0, +)
    case .two: parts.reduce(0) { $0 + $1 * $1 }.squareRoot()
    case .infinity: parts.max() ?? 0
    }
  }

  /// A radius with so many decimal places within which a point is.
  func radius(reaching point: [Rational], places: Int) -> Rational {
    radius(from: entries.map { point[$0] }, places: places)
  }

  /// A radius with so many decimal places within which the ball's entries of a point are.
  func radius(from part: [Rational], places: Int) -> Rational {
    let parts = zip(part, centre).map { ($0 - $1).magnitude }
    switch norm {
    case .one: return parts.reduce(.zero, +).roundedUp(toDecimalPlaces: places)
    case .infinity: return (parts.max() ?? .zero).roundedUp(toDecimalPlaces: places)
    case .two:
      let square = parts.reduce(.zero) { $0 + $1 * $1 }
      guard let unit = Rational(decimal: "1e-\(places)"),
        let guess = Dyadic(exactly: square.nearestDouble.squareRoot())
      else { return .zero }
      var radius = Rational(guess).roundedUp(toDecimalPlaces: places)
      while radius * radius < square { radius = radius + unit }
      return radius
    }
  }
}
