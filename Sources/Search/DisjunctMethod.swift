internal import BoundPropagation
internal import ProofFormat

/// A way to close one disjunct of a case by branching.
protocol DisjunctMethod: Sendable {
  init(_ context: SearchContext, caseIndex: Int, disjunct: Int)

  /// Bounds a batch of branches.
  func process(_ branches: ArraySlice<Branch>, with propagator: Propagator) -> [BranchOutcome]
}

/// A branch to be bounded.
struct Branch: Sendable {
  let node: Int
  let subproblem: Subproblem
  /// The share of all trees that lies below this node.
  let share: Double
}

/// What bounding a branch gave.
struct BranchOutcome: Sendable {
  /// What is to be done with the branch.
  enum Next: Sendable {
    /// It is closed.
    case closed
    /// It has become smaller and is worth another look.
    case again(Subproblem)
    /// It is split by a record into two.
    case split(Record, Subproblem, Subproblem)
    /// Nothing is left to try.
    case stuck
  }

  var records: [Record] = []
  var next = Next.stuck
  /// A point that satisfies the disjunct in binary64.
  var witness: [Double]?
  var bound = -Double.infinity
}
