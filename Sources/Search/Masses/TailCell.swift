internal import BoundPropagation
internal import ProofFormat

/// A cell with what half-spaces show of it: where the event is excluded, and where it is certain.
struct TailCell: Sendable {
  /// What units are split for.
  enum Aim {
    /// To exclude the event.
    case outside
    /// To make sure of it.
    case inside
  }

  /// The ends of the cell.
  let lower: [Double]
  let upper: [Double]
  /// Its mass, times that of the mixture's component.
  let mass: Double
  let confined: ConfinedCell
  /// What the units' bounds were chosen for: what the rest misses.
  let expected: Double
  private(set) var excluding: [MarginTree]
  private(set) var holding: MarginTree
  let aim: Aim
  /// Whether twice as many leaves have shown hardly more.
  private(set) var isStalled = false
  private var last: (leaves: Int, missed: Double)?

  /// Splitting goes on while twice as many leaves leave not more than this part undecided.
  private static let leastGain = 0.95
  /// Units are bounded anew where they give up more than this part of what is missed otherwise.
  private static let mostGivenUp = 0.2
  /// That must have fallen to less than this part of what it was when they were bounded.
  private static let leastFall = 0.3
  /// Fewer leaves are no reason to stop.
  private static let leastLeaves = 256

  init(
    lower: [Double], upper: [Double], mass: Double, confined: ConfinedCell, expected: Double,
    excluding: [MarginTree], holding: MarginTree
  ) {
    (self.lower, self.upper, self.mass) = (lower, upper, mass)
    (self.confined, self.expected) = (confined, expected)
    (self.excluding, self.holding) = (excluding, holding)
    // A sum over disjuncts may exceed one though the event is rare.
    let outside = excluding.map { $0.missed(withSplits: false) }.max() ?? 0
    aim = holding.missed(withSplits: false) < outside ? .inside : .outside
  }

  /// The shares of the mass where the event may happen, and where it may fail.
  ///
  /// Where units are split for one of them, nothing is shown of the other.
  var missed: (outside: Double, inside: Double) {
    let isSplit = trees.contains(where: \.isSplit)
    func missed(_ trees: [MarginTree], for goal: Aim) -> Double {
      guard goal == aim || !isSplit else { return 1 }
      return min(1, trees.reduce(confined.givenUp) { $0 + $1.missed(withSplits: goal == aim) })
    }
    return (missed(excluding, for: .outside), missed([holding], for: .inside))
  }

  /// The mass that is not decided.
  var undecided: Double {
    let missed = missed
    return mass * max(0, missed.outside + missed.inside - 1)
  }

  /// The lower and the upper bound of the event's mass in the cell.
  var bounds: (lower: Double, upper: Double) {
    let missed = missed
    return (mass * (1 - missed.inside), mass * missed.outside)
  }

  /// What is missed with splits, however much, without what is given up.
  var missedByTrees: Double { trees.reduce(0) { $0 + $1.missed(withSplits: true) } }

  /// The trees that are grown.
  var trees: [MarginTree] { aim == .outside ? excluding : [holding] }

  /// How many leaves they have.
  var leaves: Int { trees.reduce(0) { $0 + $1.leafCount } }

  /// How many linear combinations its records have, those of parts of trees that show nothing counted.
  var proofSize: Int { trees.reduce(confined.records.count) { $0 + $1.combinations } }

  /// What each coordinate adds to what is missed.
  var slopes: [Double] {
    trees.map(\.slopes).filter { !$0.isEmpty }
      .reduce([Double](repeating: 0, count: lower.count)) { zip($0, $1).map(+) }
  }

  /// Takes what splitting a leaf gave; nothing where it could not be split.
  mutating func split(
    _ leaf: Int, of tree: Int, _ result: (unit: Int, children: [MarginTree.Leaf])?
  ) {
    switch aim {
    case .outside: excluding[tree].take(leaf, result)
    case .inside: holding.take(leaf, result)
    }
    let missed = missedByTrees
    guard let last else { return last = (leaves, missed) }
    guard trees.contains(where: \.canBeSplit) else { return isStalled = true }
    guard leaves >= Self.leastLeaves, leaves >= 2 * last.leaves else { return }
    isStalled = missed > Self.leastGain * last.missed
    self.last = (leaves, missed)
  }

  /// Says that splits show nothing more.
  mutating func stall() { isStalled = true }

  /// Whether the bounds of units give up much of what is missed, now that splits miss less than was expected.
  var givesUpTooMuch: Bool {
    let rest = missedByTrees
    return confined.givenUp > Self.mostGivenUp * rest && rest < Self.leastFall * expected
  }
}
