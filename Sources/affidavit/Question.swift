internal import ClaimLanguage
internal import Search

/// One query with its networks, ready to be decided.
struct Question {
  let query: Query
  let problem: Problem
  let networks: [String: NetworkLibrary.Entry]

  /// Reads a query from a file.
  init(_ file: InputFile, networks: [String: NetworkLibrary.Entry]) throws(Failure) {
    do {
      let query = try Query(parsing: file.bytes)
      try self.init(query, networks: networks)
    } catch { throw .badInput("\(file.path):\(error.description)") }
  }

  init(_ query: Query, networks: [String: NetworkLibrary.Entry]) throws(ClaimError) {
    let problem = try Problem(query: query, networks: networks.mapValues(\.network))
    self.init(query, problem: problem, networks: networks)
  }

  init(_ query: Query, problem: Problem, networks: [String: NetworkLibrary.Entry]) {
    self.query = query
    self.problem = problem
    self.networks = networks
  }

  /// Decides the question, with a line of progress where somebody watches.
  func decide(_ options: SearchOptions, interrupt: Interrupt, label: String) -> Decision {
    let line = ProgressLine(label)
    defer { line.clear() }
    return Search.decide(
      problem, options: options, interrupt: interrupt, progress: line.reporter)
  }
}
