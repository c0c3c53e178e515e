internal import BoundPropagation
internal import ExactArithmetic
internal import ProofFormat

/// Branch and bound for few inputs: boxes are narrowed by what must hold in them and halved, and where
/// few units are left unstable, those are split.
struct InputSplitting {
  /// Where no more units than this are unstable, they are split instead of the box.
  static let mostUnitsToSplit = 12
  /// A box that narrowing leaves less than this share of is bounded again before it is split.
  static let worthwhileShare = 0.5
  /// Bounds of a box are left out of the proof where more of the unstable units than this share stay
  /// unstable: what they decide costs both halves of the box less than they do.
  static let dispensableShare = 0.4
  /// How often a box is bounded.
  static let mostLooks = 3

  /// A box to be bounded.
  struct OpenBox {
    let node: Int
    let caseIndex: Int
    var subproblem: Subproblem
    var disjuncts: [Int]
    /// The share of all trees that lies below this node.
    let share: Double
    /// How often it was bounded before.
    var looks = 0

    /// Whether a unit was split and nothing bounded since.
    var isBelowSplit: Bool { looks == 0 && !subproblem.splits.isEmpty }
  }

  /// What bounding a box gave.
  struct Outcome {
    var records: [Record] = []
    var subproblem: Subproblem
    var openDisjuncts: [Int] = []
    var next = Next.closed
    /// A point that satisfies a disjunct in binary64.
    var witness: [Double]?
    var lowestBound = Double.infinity
    /// A point that comes close to satisfying an open disjunct.
    var nearest: Nearest?
  }

  /// A point of a box and its largest excess over the rows of a disjunct.
  struct Nearest {
    let point: [Double]
    let disjunct: Int
    let excess: Double
  }

  /// What is to be done with a box.
  enum Next {
    /// Nothing: it is closed.
    case closed
    /// To be bounded again, for it has become smaller.
    case again
    /// To be split by a record into two.
    case split(Record, Subproblem, Subproblem)
    /// To be split into a disjunct and the others.
    case separate(disjunct: Int)
    /// Nothing is left to try.
    case stuck
  }

  let problem: FloatProblem

  /// Bounds a batch of boxes, closes disjuncts and says how to go on.
  ///
  /// Below a unit's split few units are left: there the bounds of the box above are used while they
  /// say what to split, for a few splits more cost less than bounds of all units, in the proof too.
  ///
  /// - Parameters:
  ///   - boxes: The boxes.
  ///   - propagator: Over the problem's network.
  ///   - splitting: Whether to narrow and split what stays open.
  /// - Returns: One outcome a box.
  func process(
    _ boxes: ArraySlice<OpenBox>, with propagator: Propagator, splitting: Bool = true
  ) -> [Outcome] {
    let boxes = Array(boxes)
    var outcomes = [Outcome?](repeating: nil, count: boxes.count)
    let split = boxes.indices.filter { splitting && boxes[$0].isBelowSplit }
    var looks = looks(at: split.map { boxes[$0] }, with: propagator, .none, keeping: .ofSplits)
    for (place, number) in split.enumerated() { outcomes[number] = looks[place].outcomeAtOnce() }
    let rest = boxes.indices.filter { outcomes[$0] == nil }
    looks = self.looks(
      at: rest.map { boxes[$0] }, with: propagator, .backward(from: 0),
      keeping: splitting ? .ofUnits : .none)
    for (place, number) in rest.enumerated() {
      outcomes[number] = looks[place].outcome(splitting: splitting)
    }
    return outcomes.compactMap(\.self)
  }

  /// Bounds the rows on boxes, after their units where asked to.
  ///
  /// Units are scored where theirs are the bounds of the box above.
  private func looks(
    at boxes: [OpenBox], with propagator: Propagator, _ refresh: Refresh,
    keeping kept: KeptFunctions
  ) -> [BoxLook] {
    guard !boxes.isEmpty else { return [] }
    var wanted: Set<Int> = []
    for open in boxes {
      for disjunct in open.disjuncts {
        wanted.formUnion(problem.cases[open.caseIndex].disjuncts[disjunct].map(\.direction))
      }
    }
    let directions = wanted.sorted()
    var places: [Int: Int] = [:]
    for (place, direction) in directions.enumerated() { places[direction] = place }
    var subproblems = boxes.map(\.subproblem)
    let bounds = propagator.bound(
      directions.map { problem.directions[$0] }, on: &subproblems, refresh: refresh,
      scoringUnits: refresh == .none, keeping: kept)
    return boxes.indices.map { box in
      BoxLook(
        problem: problem, open: boxes[box], subproblem: subproblems[box],
        units: kept == .none ? UnitFunctions() : bounds.unitFunctions[box],
        propagator: propagator,
        rows: BoxRows(
          bounds: bounds, box: box, places: places, units: propagator.network.unitCount))
    }
  }
}

extension Subproblem {
  /// The middle of the entry with the best score that binary64 can still halve.
  func bestHalving(by scores: [Double]) -> (entry: Int, value: Double)? {
    var best: (entry: Int, value: Double, score: Double)?
    for entry in lower.indices {
      let middle = lower[entry] / 2 + upper[entry] / 2
      guard lower[entry] < middle, middle < upper[entry] else { continue }
      let score = scores[entry].isNaN ? 0 : scores[entry]
      if let present = best, present.score >= score { continue }
      best = (entry, middle, score)
    }
    return best.map { ($0.entry, $0.value) }
  }

  /// How much of a box, which holds this one, is left: the product of the shares of its sides.
  func share(of other: Subproblem) -> Double {
    lower.indices.reduce(1) { share, entry in
      let whole = other.upper[entry] - other.lower[entry]
      return whole > 0 ? share * (upper[entry] - lower[entry]) / whole : share
    }
  }

  /// How many units are unstable.
  var unstableCount: Int { unitLower.indices.count { isUnstable($0) } }
}

extension RowBounds {
  /// The affine function below a row's excess on a box.
  func function(box: Int, row: Int, less bound: Double) -> LowerFunction {
    let place = box * rowCount + row
    return LowerFunction(
      coefficients: Array(coefficients[place * inputSize..<(place + 1) * inputSize]),
      constant: constants[place] - bound, minimum: lower[place] - bound)
  }
}

extension Propagator {
  /// The lower function of a weighted sum of rows and of arguments of units, by a substitution of
  /// its own.
  ///
  /// Not the sum of their lower functions: what a unit's line is depends on the sign of all that is
  /// added up there, and the checker adds it up.
  func combination(
    of rows: [FloatProblem.Row], _ weights: [Double], arguments: [LinearRow.Entry] = [],
    on subproblem: Subproblem
  ) -> LowerFunction {
    let sum = FloatProblem.Row.sum(rows, weights)
    let row = LinearRow(
      inputs: sum.linearRow.inputs, outputs: sum.linearRow.outputs, arguments: arguments)
    var subproblems = [subproblem]
    return bound([row], on: &subproblems, refresh: .none)
      .function(box: 0, row: 0, less: sum.bound)
  }

  /// What each unit costs the bound of a weighted sum of rows.
  func unitScores(
    of rows: [FloatProblem.Row], _ weights: [Double], on subproblem: Subproblem
  ) -> [Double] {
    var subproblems = [subproblem]
    return bound(
      [FloatProblem.Row.sum(rows, weights).linearRow], on: &subproblems, refresh: .none,
      scoringUnits: true
    ).unitScores
  }
}
