import Approximation
import ClaimLanguage
import ExactArithmetic
import Foundation
import ProofChecker
import Search
import TestSupport
import Testing

/// Events about the Jacobians of random networks, against the sums of the masses of exact regions.
@Suite("Twins of Jacobians in two dimensions") struct SlopeTwinTests {
  private static let isSoak = ProcessInfo.processInfo.environment["AFFIDAVIT_SOAK"] == "1"
  #if DEBUG
    private static let count = isSoak ? 200 : 4
  #else
    private static let count = isSoak ? 200 : 20
  #endif
  private let gap = 1e-4
  /// What is known to within 1e-10.
  private let error = 1e-9

  @Test("The proved interval holds the exact probability", arguments: 0..<(isSoak ? 10 : 1))
  func twins(block: Int) throws {
    var narrow = 0
    // Of the last one the checker rejected a cell that a sign with an end of zero decided.
    for seed in Array(0..<Self.count) + [142] {
      var generator = SeededGenerator(seed: UInt64(90_000 + block * 1000 + seed))
      let twin = PlanarTwin(using: &generator)
      let event = PlanarEvent.ofSlopes(using: &generator)
      let exact = twin.probability(of: event)
      let name = "block \(block), seed \(seed): \(event.text), \(twin.law.components)"
      let problem = try derivativeProblem(
        twin.network, directions: 2, [event.text],
        twin.law.components.map { component($0, withDirections: 2) })
      let options = SearchOptions(timeLimit: 20, nodeLimit: 4000)
      switch Search.bound(problem, gap: Closeness(absolute: gap), options: options) {
      case .success(let found):
        let (lower, upper) = (
          found.verified.lower.nearestDouble, found.verified.upper.nearestDouble
        )
        #expect(
          lower <= exact + error && exact <= upper + error,
          "\(name): \(exact) is not in \(lower) ... \(upper)")
        if upper - lower <= gap { narrow += 1 }
        if Self.isSoak, upper - lower > gap { print("\(name): \(upper - lower) wide") }
      case .failure(let reason): Issue.record("\(name): \(reason)")
      }
    }
    print("block \(block): \(narrow) of \(Self.count) narrower than \(gap)")
    #expect(narrow >= Self.count * 3 / 4)
  }

  /// y = relu(x₀ + x₁) + 2 relu(x₀ − x₁): along x₀ it grows by 1 and 2, on half-planes that cross.
  private let wedge = denseNetwork([([[1, 1], [1, -1]], [0, 0]), ([[1, 2]], [0])])

  private func expect(
    _ event: String, _ laws: String, is lower: Double, _ upper: Double, within width: Double = 1e-6,
    at location: SourceLocation = #_sourceLocation
  ) throws {
    let law = component("(component 1 \(laws))", withDirections: 2)
    let problem = try derivativeProblem(wedge, directions: 2, [event], [law])
    let found = try Search.bound(
      problem, gap: Closeness(absolute: width), options: SearchOptions(timeLimit: 20, threads: 1)
    ).get().verified
    let (low, high) = (found.lower.nearestDouble, found.upper.nearestDouble)
    #expect(low <= lower && upper <= high, "\(low) \(high)", sourceLocation: location)
    #expect(
      lower - low <= width && high - upper <= width, "\(low) \(high)", sourceLocation: location)
  }

  @Test("Half-planes, one or two of them") func wedges() throws {
    let square = "(uniform -1 1) (uniform -1 1)"
    try expect("(> D[0] 1.5)", square, is: 0.5, 0.5)
    try expect("(> D[0] 2.5)", square, is: 0.25, 0.25)
    try expect("(> D[0] 0)", "(normal 0 1) (normal 0 1)", is: 0.75, 0.75)
    // On the right of the wedge y = 3 x₀ − x₁ is positive everywhere.
    try expect("(and (> D[0] 2.5) (> Y[0] 0))", square, is: 0.25, 0.25)
    // y > 1 there where x₁ < 3 x₀ − 1, which leaves out a triangle of 1/4 with the corners 0, (1/4, −1/4), (1/2, 1/2).
    try expect("(and (> D[0] 2.5) (> Y[0] 1))", square, is: 0.25 - 0.03125, 0.25 - 0.03125)
  }

  @Test("Values that a derivative has on regions") func values() throws {
    // 0, 1, 2 and 3 on a quarter each. Directions that are constants make a row that is zero with zero coefficients.
    let square = "(uniform -1 1) (uniform -1 1) (map (0 1 0) (0 0 1))"
    for (event, value) in [
      ("> D[0] 1", 0.5), (">= D[0] 1", 0.75), ("<= D[0] 2", 0.75), ("< D[0] 2", 0.5),
    ] {
      try expect("(\(event))", square, is: value, value)
    }
  }

  /// The gradient is 0, (1, 1), (2, −2) or (3, −1) on the four parts.
  @Test("Lengths of gradients") func lengths() throws {
    let square = "(uniform -1 1) (uniform -1 1)"
    let length = "(norm (D[0] D1[0]))"
    try expect("(> \(length) 3.1)", square, is: 0.25, 0.25)
    try expect("(> \(length) 3.2)", square, is: 0, 0)
    try expect("(>= \(length) 2.8)", square, is: 0.5, 0.5)
    try expect("(<= \(length) 1)", "(normal 0 1) (normal 0 1)", is: 0.25, 0.25)
    try expect("(and (> \(length) 1) (< \(length) 2.5))", square, is: 0.25, 0.25)
    // Beside an output: as above.
    try expect(
      "(and (> \(length) 3) (> Y[0] 1))", square, is: 0.25 - 0.03125, 0.25 - 0.03125)
    let point = "(points (-1 1/4) (0 1/2) (1 1/4)) (points (0 1))"
    try expect("(> \(length) 2.9)", point, is: 0.25, 0.75)
  }

  @Test("Where a law has a mass at a kink, either way counts") func kinks() throws {
    // On the line x₀ = x₁ = 0 both units are at zero: the derivative is between 0 and 3.
    let point = "(points (-1 1/4) (0 1/2) (1 1/4)) (points (0 1))"
    try expect("(> D[0] 2.5)", point, is: 0.25, 0.75)
    try expect("(> D[0] -1)", point, is: 1, 1)
    try expect("(< D[0] 0.5)", point, is: 0.25, 0.75)
  }
}
