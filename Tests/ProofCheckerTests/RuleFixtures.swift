import TestSupport
import ClaimLanguage
import ExactArithmetic
import NetworkModel
import ProofChecker
import ProofFormat
import Testing

/// y = |x| = relu(x) + relu(−x).
let absolute = denseNetwork([([[1], [-1]], [0, 0]), ([[1, 1]], [0])])
let leaf = Record.close(disjunct: 0, .standard)
let unit = Unit(rectifier: 0, index: 0)
/// Where x ≥ 0, y = x + relu(−x) ≥ x, and only the split says that x is not negative.
let positiveLeaf = Record.close(disjunct: 0, Derivation(units: [Term(unit, .one)]))

/// No x in [−1, 1] has |x| ≤ −1, or ≤ −2.
func twoDisjuncts() -> Problem {
  problem(
    absolute, lower: [-1], upper: [1],
    disjuncts: [[outputRow([1], atMost: -1)], [outputRow([1], atMost: -2)]])
}

func oneDisjunct(_ row: Row = outputRow([1], atMost: -1), inputRows: [Row] = []) -> Problem {
  problem(absolute, lower: [-1], upper: [1], inputRows: inputRows, disjuncts: [[row]])
}

/// Expects that the last of the records is invalid for a reason that contains a text.
func expectInvalid(
  _ records: [Record], of question: Problem, _ text: String,
  at location: SourceLocation = #_sourceLocation
) {
  guard case .invalid(let record, let reason)? = rejection(records, of: question) else {
    Issue.record(
      "\(String(describing: rejection(records, of: question)))", sourceLocation: location)
    return
  }
  #expect(record == records.count && reason.contains(text), sourceLocation: location)
}

func expectNotProved(
  _ records: [Record], of question: Problem, at location: SourceLocation = #_sourceLocation
) {
  guard case .notProved(let record, _)? = rejection(records, of: question) else {
    Issue.record(
      "\(String(describing: rejection(records, of: question)))", sourceLocation: location)
    return
  }
  #expect(record == records.count, sourceLocation: location)
}
