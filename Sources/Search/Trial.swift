/// The time that a method is given to show what it can do.
struct Trial: Sendable {
  /// Seconds, and the share of the time limit, that a method has whatever it achieves.
  private static let shortest = 1.0
  private static let share = 0.1

  private let run: Run
  private let start: Double
  private let limit: Double

  init(_ run: Run, limit: Double?) {
    self.run = run
    self.limit = limit ?? .infinity
    start = run.seconds
  }

  /// Whether a method that has proved a share of all trees is likely to prove the rest in time.
  func isWorthwhile(_ proved: Double) -> Bool {
    let used = run.seconds - start
    let granted = limit.isFinite ? max(Self.shortest, Self.share * limit) : 10
    guard used > granted else { return true }
    return proved > 0 && start + used / proved < (limit.isFinite ? limit : 100 * granted)
  }
}
