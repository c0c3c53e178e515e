import Approximation
import BigInt
import ClaimLanguage
import ExactArithmetic
import Foundation
import MassArithmetic
import NetworkModel
import ProofChecker
import ProofFormat
import TestSupport
import Testing

/// y₀ = relu(x₀), y₁ = relu(x₁) and y₂ = relu(−x₀).
private let halves = denseNetwork([
  ([[1, 0], [0, 1], [-1, 0]], [0, 0, 0]), ([[1, 0, 0], [0, 1, 0], [0, 0, 1]], [0, 0, 0]),
])
private let standard = ["(component 1 (normal 0 1) (normal 0 1))"]

private func row(_ index: Int) -> Derivation { Derivation(rows: [Term(index, .one)]) }

private func split(_ index: Int) -> Derivation {
  Derivation(units: [Term(Unit(rectifier: 0, index: index), .one)])
}

private func outweigh(_ disjunct: Int, _ derivations: [Derivation], at place: [Double])
  -> Record
{
  .outweigh(
    disjunct: disjunct, derivations, place: place.map { Dyadic(exactly: $0) ?? .zero })
}

private func bounds(_ records: [Record], _ problem: ProbabilityProblem) throws -> (
  lower: Double, upper: Double
) {
  let found = try ProofChecker.check(massProof(records), of: problem)
  return (found.lower.nearestDouble, found.upper.nearestDouble)
}

@Suite("Disjuncts but for the mass outside of several half-spaces") struct OutweighTests {
  /// P(Z > place).
  private func tail(_ place: Double) -> Double { erfc(place / 2.0.squareRoot()) / 2 }

  @Test("Independent rows multiply", arguments: [0.5, 2, 20])
  func independent(threshold: Double) throws {
    let problem = try probabilityProblem(
      halves, ["(>= X[0] \(threshold))", "(<= X[1] -\(threshold))"], standard)
    let found = try bounds([outweigh(0, [row(0), row(1)], at: [0.25])], problem)
    let exact = tail(threshold) * tail(threshold)
    #expect(abs(found.upper - exact) <= 1e-12 * exact)
    #expect(found.lower == 0)
    // One half-space alone is the tail of one coordinate.
    let alone = try bounds([outweigh(0, [row(0)], at: [])], problem)
    #expect(abs(alone.upper - tail(threshold)) <= 1e-12 * tail(threshold))
  }

  /// x₀ ≥ 0 and x₀ + x₁ ≥ 0: three eighths of the plane; x₁ − x₀ ≥ 0: one eighth.
  @Test("Whatever the place, the mass is no less", arguments: [("+", 0.375), ("-", 0.125)])
  func dependent(sign: String, exact: Double) throws {
    let sum = sign == "+" ? "(+ X[1] X[0])" : "(- X[1] X[0])"
    let problem = try probabilityProblem(halves, ["(>= X[0] 0)", "(>= \(sum) 0)"], standard)
    var best = 1.0
    for step in -16...16 {
      let upper = try bounds(
        [outweigh(0, [row(0), row(1)], at: [Double(step) / 8])], problem
      ).upper
      #expect(upper >= exact * (1 - 1e-12))
      best = min(best, upper)
    }
    #expect(best <= exact * 1.45)
  }

  @Test("A split unit is a half-space, too")
  func splitUnits() throws {
    let problem = try probabilityProblem(halves, ["(<= (- Y[1] Y[0]) -3)"], standard)
    // Where x₀ ≤ 0 no point has the event; where x₁ ≥ 0: x₀ − x₁ ≥ 3, else x₀ ≥ 3.
    let unit = { Record.splitUnit(Unit(rectifier: 0, index: $0)) }
    let records: [Record] = [
      unit(0), leaf, unit(1),
      outweigh(0, [Derivation(rows: [Term(0, .one)]), split(1)], at: [-3]),
      outweigh(0, [Derivation(rows: [Term(0, .one)]), split(1)], at: [-3.5]),
    ]
    let upper = try bounds(records, problem).upper
    // P(x₀ ≥ 3) / 2 and P(x₀ − x₁ ≥ 3, x₁ ≥ 0), by a sum over x₁.
    let slanted = (0..<60_000).reduce(0.0) { sum, step in
      let place = (Double(step) + 0.5) / 10_000
      return sum + tail(3 + place) * exp(-place * place / 2) / (2 * Double.pi).squareRoot() / 10_000
    }
    let exact = tail(3) / 2 + slanted
    #expect(upper >= exact * (1 - 1e-9))
    #expect(upper <= exact * 1.2)
  }

  @Test("Each disjunct has its own mass, a coordinate cut on both sides its slice's")
  func disjuncts() throws {
    let problem = try probabilityProblem(
      halves, ["(or (and (>= X[0] 2) (>= X[1] 2)) (and (<= X[0] -2) (<= X[1] -2)))"], standard)
    let each = [row(0), row(1)]
    let records = [outweigh(0, each, at: [2.5]), outweigh(1, each, at: [2.5])]
    let exact = 2 * tail(2) * tail(2)
    #expect(abs(try bounds(records, problem).upper - exact) <= 1e-12 * exact)
    // The cut ones: −1 < x₀ ≤ 3 leaves no point to the second disjunct, and of the first one its slice.
    let cut = [try splitInput(at: -1), .leave, try splitInput(at: 3)]
    let slice = 1 - tail(1) - tail(3)
    let low = try bounds(
      cut + [outweigh(0, [row(1)], at: []), .close(disjunct: 1, .standard), .leave], problem)
    #expect(abs(low.upper - (tail(1) + slice * tail(2) + tail(3))) <= 1e-12)
  }

  @Test("Of the other side nothing is shown, and above cells the mass is given up")
  func sides() throws {
    let problem = try probabilityProblem(
      halves, ["(or (>= X[0] 2) (<= Y[2] 100))"], standard)
    let found = try bounds(
      [outweigh(0, [row(0)], at: []), .leave], problem)
    #expect(found.lower == 0 && found.upper == 1)
    let held = try bounds(
      [outweigh(0, [row(0)], at: []), try splitInput(at: -50), .leave, .hold(disjunct: 1, [])],
      problem)
    #expect(abs(held.lower - (1 - tail(2))) <= 1e-12 && held.upper == 1)
  }

  @Test func sideConditions() throws {
    let problem = try probabilityProblem(
      halves, ["(or (and (>= X[0] 2) (>= X[0] 1)) (and (<= X[0] -2) (<= Y[1] 1)))"], standard)
    let closed = outweigh(0, [row(0)], at: [])
    expectRejected([closed, closed, .leave], of: problem, "is not open here")
    expectRejected([outweigh(2, [row(0)], at: []), .leave], of: problem, "is not open here")
    expectRejected(
      [outweigh(0, [row(0), row(1)], at: [0]), .leave], of: problem, "depend on one another")
    expectRejected(
      [outweigh(0, [.standard], at: []), .leave], of: problem, "depend on one another")
    expectRejected([outweigh(0, [row(2)], at: []), .leave], of: problem, "row of the disjunct")
    expectRejected(
      [outweigh(0, [row(0), split(1)], at: [0]), .leave], of: problem, "not split above")
    expectInvalid([outweigh(0, [row(0)], at: [])], of: oneDisjunct(), "belongs to a cell")
  }
}
