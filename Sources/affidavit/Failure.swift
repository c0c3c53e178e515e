/// Why the program cannot go on: one line on standard error, and an exit status.
struct Failure: Error, CustomStringConvertible {
  let message: String
  let status: ExitStatus

  init(_ message: String, status: ExitStatus) {
    self.message = message
    self.status = status
  }

  var description: String { message }

  /// Something that was given is wrong or cannot be read.
  static func badInput(_ message: String) -> Failure { Failure(message, status: .badInput) }

  /// A promise of the program to itself is broken.
  static func broken(_ message: String) -> Failure {
    Failure("internal error: \(message)", status: .broken)
  }
}

/// The exit statuses of all commands.
enum ExitStatus: Int32 {
  /// All claims hold; all certificates are accepted; an answer was printed.
  case success = 0
  /// A claim is refuted; a certificate is rejected.
  case negative = 1
  /// A claim is undecided; a check could not run.
  case couldNotRun = 2
  /// The arguments make no sense (`EX_USAGE`).
  case usage = 64
  /// What was given is wrong (`EX_DATAERR`).
  case badInput = 65
  /// The program is at fault (`EX_SOFTWARE`).
  case broken = 70
}
