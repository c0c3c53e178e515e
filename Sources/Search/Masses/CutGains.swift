/// What cuts of cells have gained so far, by coordinate, beside what their scores promised.
///
/// Scores see how far bounds are from one another, not how much of that a cut will take away: where one
/// coordinate's cuts keep gaining less than they promise, the others' turn comes earlier.
struct CutGains {
  /// A cut and the cell that it was made in.
  struct Cut: Sendable {
    let entry: Int
    /// The score, as a share of the scores of all coordinates.
    let share: Double
    /// The undecided part of the cell.
    let undecided: Double
  }

  /// What is forgotten with each cut that is learned from.
  private static let forgotten = 1.0 / 1024
  /// How much is to be learned before scores lose their say, in cells.
  private static let prior = 16.0
  /// How far a score is moved at most: whatever was gained before, every coordinate has its turn.
  private static let range = 0.25...4.0

  private var gained: [Double]
  private var promised: [Double]

  init(coordinates: Int) {
    gained = [Double](repeating: 0, count: coordinates)
    promised = gained
  }

  /// Learns from a half of a cell.
  mutating func learn(from cut: Cut, undecided: Double) {
    for entry in gained.indices {
      gained[entry] *= 1 - Self.forgotten
      promised[entry] *= 1 - Self.forgotten
    }
    gained[cut.entry] += max(0, 1 - undecided / cut.undecided)
    promised[cut.entry] += cut.share
  }

  /// What to multiply the scores of a coordinate by.
  func factor(of entry: Int) -> Double {
    let mean = rate(gained.reduce(0, +), promised.reduce(0, +), around: 1)
    let own = rate(gained[entry], promised[entry], around: mean) / mean
    return max(Self.range.lowerBound, min(Self.range.upperBound, own))
  }

  private func rate(_ gained: Double, _ promised: Double, around mean: Double) -> Double {
    (gained + Self.prior * mean) / (promised + Self.prior)
  }
}
