/// Where the attack goes on while boxes are bounded: random points, many of their entries at the ends of
/// the box, where networks are most extreme.
///
/// A function of the seed and of how many boxes were bounded, so that runs stay alike.
struct DescentStarts {
  /// A descent to be made.
  struct Start {
    let caseIndex: Int
    let disjunct: Int
    let point: [Double]
    let trust: Double
  }

  /// For so many boxes there is a start each, afterwards one for so many boxes.
  private static let first = 512
  private static let boxesPerStart = 16
  /// The chance of an entry to be at a given end.
  private static let chanceOfEnd = 0.3
  /// Far enough to leave the end again.
  private static let trust = 0.4

  private let problem: FloatProblem
  private let targets: [(caseIndex: Int, disjunct: Int)]
  private var generator: SplitMix
  private var made = 0

  init(_ problem: FloatProblem, seed: UInt64) {
    self.problem = problem
    generator = SplitMix(seed: seed ^ 0x5EED_0F_DE5C)
    targets = problem.cases.indices.flatMap { index in
      problem.cases[index].isEmptyBox || problem.cases[index].ball != nil
        ? [] : problem.cases[index].disjuncts.indices.map { (index, $0) }
    }
  }

  /// The starts that are due.
  ///
  /// - Parameter boxes: How many boxes were bounded so far.
  /// - Returns: Those that were not given before.
  mutating func due(after boxes: Int) -> [Start] {
    guard !targets.isEmpty else { return [] }
    let wanted = min(boxes, Self.first + boxes / Self.boxesPerStart)
    return (made..<max(made, wanted)).map { number in
      made = number + 1
      let (caseIndex, disjunct) = targets[number % targets.count]
      let item = problem.cases[caseIndex]
      let point = zip(item.lower, item.upper).map { low, high in
        let place = Double.random(in: 0...1, using: &generator)
        let share = (place - Self.chanceOfEnd) / (1 - 2 * Self.chanceOfEnd)
        return low + (high - low) * min(1, max(0, share))
      }
      return Start(caseIndex: caseIndex, disjunct: disjunct, point: point, trust: Self.trust)
    }
  }
}
