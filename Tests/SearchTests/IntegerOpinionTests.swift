import Approximation
import ClaimLanguage
import ExactArithmetic
import NetworkModel
import Search
import TestSupport
import Testing

/// GLPK's integer programs beside branch and bound, which have next to nothing in common.
@Suite("Second opinions")
struct IntegerOpinionTests {
  private let options = SearchOptions(timeLimit: 60)

  private func row(_ side: ClaimFamily.Side, _ threshold: Rational) -> Row {
    side == .above
      ? outputRow([-1, 0], atMost: -threshold, strict: true)
      : outputRow([1, 0], atMost: threshold, strict: true)
  }

  @Test(
    "Extrema agree with branch and bound", arguments: 0..<6, [ClaimFamily.Side.above, .below])
  func extrema(seed: UInt64, side: ClaimFamily.Side) throws {
    var generator = SeededGenerator(seed: 200 + seed)
    let network = randomNetwork([3, 7, 5, 2], using: &generator)
    let family = ClaimFamily(side: side, threshold: .value) { threshold in
      problem(
        network, lower: [-1, -1, -1], upper: [1, 1, 1], disjuncts: [[row(side, threshold)]])
    }
    let found = Search.narrow(
      family, to: { _, _ in Rational(1) / Rational(200) }, options: options)
    guard case .narrow = found.end,
      case .reported(let value, let point) = try Search.integerOpinion(
        on: family, upTo: .zero, options: options)
    else {
      Issue.record(
        "\(found.end), \(try Search.integerOpinion(on: family, upTo: .zero, options: options))")
      return
    }
    let lower = try #require(found.lower(on: side)).nearestDouble
    let upper = try #require(found.upper(on: side)).nearestDouble
    #expect(lower - 1e-6 <= value && value <= upper + 1e-6)
    #expect((outputs(of: network, at: point)[0] - value).magnitude < 1e-5)
  }

  @Test("Decisions agree with branch and bound", arguments: 0..<8)
  func decisions(seed: UInt64) {
    var generator = SeededGenerator(seed: 300 + seed)
    let network = randomNetwork([4, 8, 6, 2], using: &generator)
    let bound = Double.random(in: -3...1, using: &generator)
    let question = problem(
      network, lower: [-1, -1, -1, -1], upper: [1, 1, 1, 1],
      inputRows: [inputRow([1, 1, -1, 0], atMost: 0.5)],
      disjuncts: [
        [outputRow([1, 0], atMost: bound), outputRow([0, 1], atMost: 1)],
        [outputRow([1, 1], atMost: 2 * bound)],
      ])
    let opinion = Search.integerOpinion(on: question, options: options)
    guard case .reported(let excess, _) = opinion else {
      Issue.record("found \(opinion)")
      return
    }
    switch Search.decide(question, options: options).verdict {
    case .holds: #expect(excess > -1e-6)
    case .refuted: #expect(excess < 1e-6)
    case .undecided(let reason): Issue.record("\(reason)")
    }
  }

  @Test("Radii agree with branch and bound", arguments: 0..<4, Norm.allCases)
  func radii(seed: UInt64, norm: Norm) throws {
    var generator = SeededGenerator(seed: 400 + seed)
    let network = randomNetwork([3, 6, 4, 1], using: &generator)
    let centre = [Rational.zero, .zero, .zero]
    let bound = exact(outputs(of: network, at: [0, 0, 0])[0] + 0.3)
    let ball = ClaimFamily.BallPlace(entries: [0, 1, 2], centre: centre, norm: norm)
    let family = ClaimFamily(side: .below, threshold: .radius([ball])) { radius in
      Problem(
        network: network, inputNames: ["a", "b", "c"], variables: [],
        cases: [
          Case(
            lower: centre.map { _ in max(-radius, -Rational(4)) },
            upper: centre.map { _ in min(radius, Rational(4)) },
            inputRows: ballRows(norm, centre, radius),
            disjuncts: [[outputRow([-1], atMost: -bound, strict: true)]])
        ], meaning: .real)
    }
    let opinion = try Search.integerOpinion(on: family, upTo: Rational(16), options: options)
    let found = Search.narrow(family, to: { _, upper in upper / Rational(100) }, options: options)
    switch (opinion, found.end) {
    case (.reportedInfeasible, .unlimited): break
    case (.reported(let value, _), .narrow):
      let lower = try #require(found.lower(on: .below)).nearestDouble
      let upper = try #require(found.upper(on: .below)).nearestDouble
      #expect(lower - 1e-5 <= value && value <= upper + 1e-5)
    default: Issue.record("found \(opinion) and \(found.end)")
    }
  }

  @Test("What integer programs cannot say is refused, not ignored")
  func refusals() {
    let network = denseNetwork([([[1, -1]], [0])])
    let ball = ballRows(.two, [.zero, .zero], .one)
    let curved = problem(
      network, lower: [-1, -1], upper: [1, 1], inputRows: ball,
      disjuncts: [[outputRow([1], atMost: -1.9)]])
    guard case .stopped = Search.integerOpinion(on: curved, options: options) else {
      Issue.record("a ball was ignored")
      return
    }
    let rounded = problem(
      network, lower: [-1, -1], upper: [1, 1], disjuncts: [[outputRow([1], atMost: 0)]],
      meaning: .float32)
    guard case .stopped = Search.integerOpinion(on: rounded, options: options) else {
      Issue.record("roundings were ignored")
      return
    }
  }
}
