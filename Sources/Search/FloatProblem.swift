internal import Approximation
internal import BoundPropagation
internal import ClaimLanguage
internal import ExactArithmetic

/// A problem in binary64, for a search whose results are proved elsewhere.
struct FloatProblem {
  struct Row {
    private(set) var inputs: [(index: Int, coefficient: Double)]
    private(set) var outputs: [(index: Int, coefficient: Double)]
    private(set) var bound: Double
    let isStrict: Bool
    /// A norm of outputs on the left side.
    let norm: ClaimLanguage.Row.Norm?
    /// The place among the problem's directions of the linear left side.
    var direction = 0
    /// The places of the entries of the norm's matrix.
    var normDirections: [[Int]] = []

    /// The places of all directions that bounds of the row follow from.
    var directions: [Int] { [direction] + normDirections.joined() }

    init(_ row: ClaimLanguage.Row) {
      inputs = row.inputs.map { ($0.index, $0.coefficient.nearestDouble) }
      outputs = row.outputs.map { ($0.index, $0.coefficient.nearestDouble) }
      bound = row.bound.nearestDouble
      isStrict = row.isStrict
      norm = row.norm
    }

    /// A row over the inputs alone.
    init(inputs: [(index: Int, coefficient: Double)], bound: Double) {
      self.inputs = inputs
      outputs = []
      self.bound = bound
      isStrict = false
      norm = nil
    }

    /// A weighted sum of rows.
    static func sum(_ rows: [Row], _ weights: [Double]) -> Row {
      var sum = Row(inputs: [], bound: 0)
      for (row, weight) in zip(rows, weights) where weight > 0 {
        sum.inputs += row.inputs.map { ($0.index, weight * $0.coefficient) }
        sum.outputs += row.outputs.map { ($0.index, weight * $0.coefficient) }
        sum.bound += weight * row.bound
      }
      return sum
    }

    /// The left side.
    var linearRow: LinearRow {
      LinearRow(
        inputs: inputs.map { .init(index: $0.index, coefficient: $0.coefficient) },
        outputs: outputs.map { .init(index: $0.index, coefficient: $0.coefficient) })
    }

    /// The left side less the bound: not positive where the row holds.
    func excess(inputs point: [Double], outputs values: [Double]) -> Double {
      var sum = -bound
      for entry in inputs { sum += entry.coefficient * point[entry.index] }
      for entry in outputs { sum += entry.coefficient * values[entry.index] }
      if let norm {
        let range = NormRange(norm.outputs.map { $0.map { (values[$0], values[$0]) } })
        sum += norm.isNegated ? -range.upper : range.lower
      }
      return sum
    }
  }

  struct Case {
    /// Rounded down.
    let lower: [Double]
    /// Rounded up.
    let upper: [Double]
    let inputRows: [Row]
    /// The balls that input rows state.
    let balls: [Ball]
    /// The one that bounds are found with: the last.
    var ball: Ball? { balls.last }
    var disjuncts: [[Row]]
    let isEmptyBox: Bool

    init(_ item: ClaimLanguage.Case) {
      lower = item.lower.map { $0.nearestDouble.down(unlessAtMost: $0) }
      upper = item.upper.map { -(-$0).nearestDouble.down(unlessAtMost: -$0) }
      inputRows = item.inputRows.map(Row.init)
      balls = item.inputRows.indices.compactMap { Ball(item.inputRows[$0], at: $0) }
      disjuncts = item.disjuncts.map { $0.map(Row.init) }
      isEmptyBox = zip(item.lower, item.upper).contains { $0 > $1 }
    }

    /// The nearest point towards the centres that lies in all balls.
    func pulledInside(_ point: [Double]) -> [Double] {
      balls.reduce(point) { $1.pulledInside($0) }
    }

    /// Whether a point of the box satisfies all input rows.
    func contains(_ point: [Double]) -> Bool {
      inputRows.indices.allSatisfy { place in
        if let ball = balls.first(where: { $0.inputRow == place }) {
          return ball.size(at: point) <= ball.bound
        }
        let excess = inputRows[place].excess(inputs: point, outputs: [])
        return inputRows[place].isStrict ? excess < 0 : excess <= 0
      }
    }
  }

  let cases: [Case]
  /// The different linear left sides of all rows, and the entries of norms.
  let directions: [LinearRow]

  init(_ problem: Problem) {
    var cases = problem.cases.map(Case.init)
    var directions: [LinearRow] = []
    var places: [LinearRow: Int] = [:]
    for item in cases.indices {
      for disjunct in cases[item].disjuncts.indices {
        for row in cases[item].disjuncts[disjunct].indices {
          func place(_ direction: LinearRow) -> Int {
            let place = places[direction] ?? directions.count
            if place == directions.count { directions.append(direction) }
            places[direction] = place
            return place
          }
          let own = cases[item].disjuncts[disjunct][row]
          cases[item].disjuncts[disjunct][row].direction = place(own.linearRow)
          cases[item].disjuncts[disjunct][row].normDirections = (own.norm?.outputs ?? []).map {
            $0.map { place(LinearRow(inputs: [], outputs: [.init(index: $0, coefficient: 1)])) }
          }
        }
      }
    }
    self.cases = cases
    self.directions = directions
  }

  /// Above this many inputs that are not fixed, rectifier units are split instead of boxes.
  private static let mostInputsToSplit = 12

  /// Whether no case has many inputs that are not fixed.
  var isNarrow: Bool {
    cases.allSatisfy { item in
      zip(item.lower, item.upper).count { $0 < $1 } <= Self.mostInputsToSplit
    }
  }

  /// Whether a point of a case's box seems to satisfy a disjunct, ties included.
  func isSatisfied(_ disjunct: Int, of caseIndex: Int, at point: [Double], outputs: [Double])
    -> Bool
  {
    cases[caseIndex].contains(point)
      && cases[caseIndex].disjuncts[disjunct].allSatisfy {
        $0.excess(inputs: point, outputs: outputs) <= 0
      }
  }
}

extension Double {
  /// The next number below where this one, the nearest, lies above the exact one.
  fileprivate func down(unlessAtMost exact: Rational) -> Double {
    guard let value = Dyadic(exactly: self), Rational(value) > exact else { return self }
    return nextDown
  }
}
