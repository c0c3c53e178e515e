/// Where the attack goes on while boxes are bounded: random points, many of their entries at the ends of
/// the box, where networks are most extreme.
///
/// A function of the seed and of how many boxes were bounded, so that runs stay alike.
struct DescentStarts {
  /// A descent to be made.
  struct Start {
    let caseIndex: Int
    let disjunct: Int
    /// The one that is closest to a witness is where the descent begins.
    let points: [[Double]]
    let trust: Double
  }

  /// How many boxes there are for each start, and after so many starts.
  private static let boxesPerStart = 4
  private static let first = 128
  private static let boxesPerLaterStart = 64
  /// The points that are drawn for a start.
  private static let draws = 8
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
    let wanted = min(
      (boxes + Self.boxesPerStart - 1) / Self.boxesPerStart,
      Self.first + boxes / Self.boxesPerLaterStart)
    return (made..<max(made, wanted)).map { number in
      made = number + 1
      let (caseIndex, disjunct) = targets[number % targets.count]
      let item = problem.cases[caseIndex]
      let points = (0..<Self.draws).map { _ in
        zip(item.lower, item.upper).map { low, high in
          let place = Double.random(in: 0...1, using: &generator)
          let share = (place - Self.chanceOfEnd) / (1 - 2 * Self.chanceOfEnd)
          return low + (high - low) * min(1, max(0, share))
        }
      }
      return Start(caseIndex: caseIndex, disjunct: disjunct, points: points, trust: Self.trust)
    }
  }
}
