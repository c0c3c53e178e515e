import Approximation
import ClaimLanguage
import ExactArithmetic
import Foundation
import ProofChecker
import Search
import TestSupport
import Testing

/// Laws with values that have a mass of their own, on the surface of the event or close to it.
@Suite("Atoms") struct AtomTests {
  private let gap = 1e-3

  /// Expects bounds around a value that are as close as they are asked to be.
  private func expect(
    _ network: [(weights: [[Double]], bias: [Double])], _ event: String, _ law: String,
    _ value: Double, gap: Double, cells: Int, at location: SourceLocation = #_sourceLocation
  ) throws {
    let found = try Search.bound(
      probabilityProblem(denseNetwork(network), [event], [law]), gap: Closeness(absolute: gap),
      options: SearchOptions(timeLimit: 60, nodeLimit: 4000)
    ).get()
    let (lower, upper) = (found.verified.lower.nearestDouble, found.verified.upper.nearestDouble)
    let name = "\(event) under \(law): \(lower) ... \(upper), not \(value)"
    #expect(
      lower <= value + 1e-12 && value - 1e-12 <= upper, "\(name)", sourceLocation: location)
    #expect(upper - lower <= gap, "\(name)", sourceLocation: location)
    #expect(found.stop == nil && found.cells <= cells, "\(name)", sourceLocation: location)
  }

  private let line: [(weights: [[Double]], bias: [Double])] = [([[1]], [0])]
  private let sum: [(weights: [[Double]], bias: [Double])] = [([[1, 1]], [0])]

  @Test("A value on the surface, from both sides") func ties() throws {
    for (value, below, above) in [("-0.25", 0, 0.75), ("0", 0.25, 0.5), ("0.5", 0.5, 0)] {
      for (event, share) in [
        ("(< Y[0] \(value))", below), ("(<= Y[0] \(value))", 1 - above),
        ("(> Y[0] \(value))", above), ("(>= Y[0] \(value))", 1 - below),
      ] {
        try expect(
          line, event, "(component 1 (points (-1/4 1/4) (0 1/4) (1/2 1/2)))", share, gap: 1e-8,
          cells: 8)
      }
    }
  }

  @Test("Values in two coordinates whose sums lie on the surface") func sums() throws {
    let values = "(component 1 (points (-1 1/3) (0 1/3) (1 1/3)) (points (-1 1/2) (1 1/2)))"
    // The sums −2, −1, 0, 0, 1, 2.
    for (event, count) in [
      ("(< Y[0] 0)", 2.0), ("(<= Y[0] 0)", 4), ("(> Y[0] 1)", 1), ("(>= Y[0] 1)", 2),
    ] {
      try expect(sum, event, values, count / 6, gap: 1e-8, cells: 24)
    }
  }

  /// A value and a normal coordinate: no cut but one beside the value leaves one density alone.
  @Test("Values beside a density") func mixed() throws {
    let law = "(component 1 (points (-1 1/2) (1 1/2)) (normal 0 1))"
    // P(Z ≤ 1) and P(Z ≤ −1).
    try expect(sum, "(<= Y[0] 0)", law, 0.5, gap: 1e-8, cells: 24)
    let above = 0.5 * erfc(0.5 / 2.0.squareRoot()) / 2 + 0.5 * erfc(-1.5 / 2.0.squareRoot()) / 2
    try expect(sum, "(> Y[0] -0.5)", law, above, gap: 1e-8, cells: 24)
  }

  /// Sums with a clipped coordinate are counted in steps, and an atom may lie on either side of one: binary64 expects
  /// other masses than the checker finds.
  @Test("Bounds are as close as asked for where sums are counted") func counted() throws {
    let law = "(component 1 (clipped (normal 0 1) -1/2 1/2) (normal 0 1))"
    try expect(sum, "(<= Y[0] 0)", law, 0.5, gap: gap, cells: 400)
    try expect(sum, "(< Y[0] 0)", law, 0.5, gap: gap, cells: 400)
  }
}
