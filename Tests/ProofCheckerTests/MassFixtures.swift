import ClaimLanguage
import ExactArithmetic
import NetworkModel
import ProofChecker
import ProofFormat
import Search
import TestSupport
import Testing

func massProof(_ records: [Record]) -> [UInt8] {
  var writer = ProofWriter()
  for record in records { writer.append(record) }
  return writer.bytes
}

func splitInput(_ entry: Int = 0, at value: Double) throws -> Record {
  .splitInput(entry: entry, value: try #require(Dyadic(exactly: value)))
}

/// Whether |x| < 1/4, for x uniform in [−1, 1].
func absoluteProblem(from lower: String = "0.0", to upper: String = "1.0") throws
  -> ProbabilityProblem
{
  try probabilityProblem(
    absolute, ["(< Y[0] 0.25)"], ["(component 1 (uniform -1 1))"], from: lower, to: upper)
}

/// Decides |x| ≥ 3/8 and |x| ≤ 1/8: a mass of 5/8 outside, 1/8 inside.
func absoluteRecords() throws -> [Record] {
  [
    try splitInput(at: -0.375), .tightenAll, leaf,
    try splitInput(at: 0.375), try splitInput(at: -0.125), .leave,
    try splitInput(at: 0.125), .tightenAll, .hold(disjunct: 0, []),
    .leave,
    .tightenAll, leaf,
  ]
}

/// Expects a rejection of a proof about a probability, with a text in its description.
func expectRejected(
  _ records: [Record], of problem: ProbabilityProblem, _ text: String,
  at location: SourceLocation = #_sourceLocation
) {
  do {
    let found = try ProofChecker.check(massProof(records), of: problem)
    Issue.record("accepted: \(found)", sourceLocation: location)
  } catch {
    #expect(error.description.contains(text), "\(error)", sourceLocation: location)
  }
}

/// Expects that bounds enclose a number and are close to it.
func expect(
  _ found: VerifiedProbability, encloses value: Rational, within slack: Rational,
  at location: SourceLocation = #_sourceLocation
) {
  let (lower, upper) = (Rational(found.lower), Rational(found.upper))
  #expect(lower <= value && value <= upper, "\(lower) \(upper)", sourceLocation: location)
  #expect(upper - lower <= slack, "\(lower) \(upper)", sourceLocation: location)
}
