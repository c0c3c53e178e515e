import BigInt
import ClaimLanguage
import ExactArithmetic
import MassArithmetic
import NetworkModel
import ProofChecker
import ProofFormat
import TestSupport
import Testing

/// Cells of laws of points reach from the least to the greatest value between their cuts.
@Suite("Cells of laws of points") struct PointCellTests {
  private let line = denseNetwork([([[1]], [0])])
  private let points = ["(component 1 (points (0 1/2) (1/4 1/4) (1/2 1/4)))"]
  private let held: [Record] = [.tightenAll, .hold(disjunct: 0, [])]
  private let excluded: [Record] = [.tightenAll, .close(disjunct: 0, .standard)]

  private func expect(
    _ records: [Record], of event: String, show value: Rational,
    at location: SourceLocation = #_sourceLocation
  ) throws {
    let found = try ProofChecker.enclose(
      probabilityProblem(line, [event], points), by: massProof(records))
    #expect(
      Rational(found.lower) == value && Rational(found.upper) == value, "\(event): \(found)",
      sourceLocation: location)
  }

  @Test("A value on the surface of an event is decided") func ties() throws {
    let half = Rational(1, over: 2)
    try expect([splitInput(at: 0.125)] + excluded + held, of: "(> X[0] 0)", show: half)
    try expect([splitInput(at: 0.125)] + held + excluded, of: "(<= X[0] 0)", show: half)
    let most = Rational(3, over: 4)
    try expect([splitInput(at: 0.375)] + held + excluded, of: "(< X[0] 0.5)", show: most)
    // A value belongs to the cell below a cut at it; cells without values cost nothing.
    try expect([splitInput(at: 0.25)] + held + excluded, of: "(<= X[0] 0.25)", show: most)
    try expect(
      [splitInput(at: 0.25)] + held + [splitInput(at: 0.375), .leave] + excluded,
      of: "(<= X[0] 0.25)", show: most)
  }

  @Test("All values between cuts count") func others() throws {
    for (cut, event) in [(0.375, "(> X[0] 0)"), (0.375, "(< X[0] 0.25)"), (0.25, "(< X[0] 0.25)")] {
      try expectRejected(
        [splitInput(at: cut)] + held + [.leave],
        of: probabilityProblem(line, [event], points), "proves nothing")
    }
    for (cut, event) in [(0.125, "(> X[0] 0.25)"), (0.125, "(< X[0] 0.5)"), (0.25, "(< X[0] 0.5)")]
    {
      try expectRejected(
        [splitInput(at: cut), .leave] + held,
        of: probabilityProblem(line, [event], points), "proves nothing")
    }
  }

  /// x0 + x1 ≤ 1/2, x0 zero or one, x1 uniform: where x0 has one value, the other coordinate is integrated.
  @Test("One value is a constant in a half-space") func charges() throws {
    let sum = denseNetwork([([[1, 1]], [0])])
    let problem = try probabilityProblem(
      sum, ["(<= Y[0] 0.5)"], ["(component 1 (points (0 1/2) (1 1/2)) (uniform 0 1))"])
    let charge = Charge(excluding: [.standard], disjunct: 0, holding: [.standard], stepBits: 6)
    let found = try ProofChecker.enclose(
      problem, by: massProof([splitInput(at: 0.5), .tightenAll, .charge(charge)] + excluded))
    let (lower, upper) = (Rational(found.lower), Rational(found.upper))
    let quarter = Rational(1, over: 4)
    #expect(lower <= quarter && quarter <= upper && upper - lower < Rational(1, over: 1 << 50))
    #expect(found.cells.map(\.count) == [2])
    #expect(Rational(found.cells[0][0].inside.lower) == lower)
  }
}
