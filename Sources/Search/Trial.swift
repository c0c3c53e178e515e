/// The time that a method is given to show what it can do.
struct Trial: Sendable {
  private let run: Run
  private let start: Double
  /// Seconds that the method has whatever it achieves.
  private let granted: Double
  /// Seconds after which the method must have proved everything.
  private let most: Double

  /// Starts a trial.
  ///
  /// - Parameters:
  ///   - run: The search's clock.
  ///   - granted: Seconds that the method has whatever it achieves.
  ///   - most: Seconds after which it must have proved everything; by default no limit of its own.
  init(_ run: Run, granted: Double, most: Double = .infinity) {
    self.run = run
    self.granted = granted
    self.most = most
    start = run.seconds
  }

  /// Whether a method that has proved a share of all trees is likely to prove the rest in time.
  func isWorthwhile(_ proved: Double) -> Bool {
    let used = run.seconds - start
    guard used > granted else { return true }
    return proved > 0 && used / proved < most
  }
}
